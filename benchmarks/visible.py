"""How long until a record is seen in a running Datasette, in a small archive and in a large one.

    python benchmarks/visible.py SMALL LARGE [--rounds 15]

Both archives (of `archives.py`) are served on loopback at once; an event is added, another one's
title corrected and a third one retracted, by the library and by the command line, in turn here and
there. The clock runs from before the append until a JSON response shows the row. What is appended
stays in the archives.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.log import writer
from timeline.readmodel.catchup import catch_up
from timeline.records.draft import fresh_id

PORTS = (8931, 8932)
COMMAND = Path(sys.executable).parent / "timeline"
ACTS = ("add", "correct", "retract")
PATIENCE = 120.0
COUNT = itertools.count(1)


class Served:
    """An archive that a running Datasette serves."""

    def __init__(self, root: Path, port: int) -> None:
        self.archive = Archive(root)
        self.port = port
        self._process = subprocess.Popen(
            [COMMAND, "-C", root, "serve", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()
        with contextlib.closing(sqlite3.connect(self.archive.database)) as connection:
            (self.size,) = connection.execute("SELECT count(*) FROM events").fetchone()
            rows = connection.execute("SELECT id FROM current_events").fetchall()
        self.events = [event for (event,) in rows]
        random.Random(1).shuffle(self.events)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.row("")
                return
            time.sleep(0.2)
        raise SystemExit(f"{self.archive.root}: the server does not answer")

    def row(self, event: str) -> dict[str, Any] | None:
        """The row of an event as Datasette gives it now."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/timeline/events.json?_shape=array&_nocount=1&id={event}")
        rows = json.loads(connection.getresponse().read())
        connection.close()
        return rows[0] if rows else None

    def until(self, event: str, shown: Callable[[dict[str, Any]], bool]) -> None:
        """Ask again and again until the row is there and as it should be."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            row = self.row(event)
            if row is not None and shown(row):
                return
        raise SystemExit(f"{event} did not show in {PATIENCE:.0f} s")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def by_library(served: Served, act: str, event: str, title: str) -> str:
    """Append one record and catch up, in this process; the event's id."""
    reason: dict[str, Any] = {"correct": "typing_error", "retract": "duplicate"}
    bodies: dict[str, dict[str, Any]] = {
        "add": {
            "kind": "event", "event": event, "type": "meeting.held", "title": title,
            "when": "2026-01-05", "claims": [{"source": "src:paper-1"}],
            "participants": [{"entity": "person:ka-0"}], "topics": ["t-ka"],
        },
        "correct": {
            "kind": "correction", "of": event, "changes": {"/title": {"from": None, "to": title}},
            "reason": reason.get(act),
        },
        "retract": {"kind": "retraction", "of": event, "reason": reason.get(act)},
    }  # fmt: skip
    # A new id, as the commands give it; an importer's (UUIDv5) is looked for in the whole log.
    record_id = fresh_id(time.time_ns() // 1_000_000)
    writer.append(served.archive, [{"id": record_id, "v": 1, "recorded_by": "ana", **bodies[act]}])
    catch_up(served.archive)
    return event


def by_command(served: Served, act: str, event: str, title: str) -> str:
    """Run the command that a person would type; the event's id."""
    arguments = {
        "add": [title, "-d", "2026-01-05", "-t", "meeting.held", "-s", "src:paper-1"],
        "correct": [event, f"title={title}", "-r", "typing_error"],
        "retract": [event, "-r", "duplicate"],
    }
    done = subprocess.run(
        [COMMAND, "-C", served.archive.root, "--no-input", act, *arguments[act]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{act}: {done.stderr}")
    return done.stdout.split()[0] if act == "add" else event


def seconds(served: Served, way: Callable[..., str], act: str) -> float:
    """From before the append until the row shows."""
    number = next(COUNT)
    title = f"Seen soon {number} {uuid.uuid4().hex[:8]}"
    event = f"seen-{uuid.uuid4().hex}" if act == "add" else served.events.pop()
    began = time.perf_counter()
    event = way(served, act, event, title)
    if act == "retract":
        served.until(event, lambda row: bool(row["retracted"]))
    else:
        served.until(event, lambda row: bool(row["title"] == title))
    return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("archives", nargs=2, type=Path, metavar="ARCHIVE")
    options.add_argument("--rounds", type=int, default=15)
    given = options.parse_args()
    served: list[Served] = []
    try:
        for root, port in zip(given.archives, PORTS, strict=True):
            served.append(Served(root, port))
        report(served, given.rounds)
    finally:
        for one in served:
            one.stop()


def report(served: list[Served], rounds: int) -> None:
    """Measure in turn and print a line for each way and act."""
    sizes = " | ".join(f"{one.size:,} events, ms" for one in served)
    print(f"| until it shows, median of {rounds} (fastest) | {sizes} | ratio |\n|---|--:|--:|--:|")
    for way, words in ((by_library, "library"), (by_command, "command line")):
        for act in ACTS:
            for one in served:
                seconds(one, way, act)  # what is loaded once
            times = [[seconds(one, way, act) * 1000 for one in served] for _ in range(rounds)]
            here = [list(column) for column in zip(*times, strict=True)]
            middle = [statistics.median(column) for column in here]
            cells = " | ".join(
                f"{m:.0f} ({min(column):.0f})" for m, column in zip(middle, here, strict=True)
            )
            print(f"| {act}, {words} | {cells} | {middle[1] / middle[0]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
