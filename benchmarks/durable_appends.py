"""Durable appends per second: one by one beside SQLite, in batches beside `eventsourcing`.

    python benchmarks/durable_appends.py [--singles 1000] [--batches 10] [--folder DIR]

One by one: `Writer.append` of one event, and one INSERT of the same line in a transaction of its
own into SQLite (WAL, synchronous=FULL), in turn, on the same disk; both check and encode the record
first, both keep their writer (we the `Writer`, SQLite its connection). In batches of 1,000:
`Writer.append` of 1,000 events, checked and encoded, and `Application.save` of 1,000 new aggregates
that hold the same lines (eventsourcing 9 on SQLite, if installed), in turn; what it takes to check
and encode the record and to make the aggregate is not counted for `save`. Every answer comes after
an fsync.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from timeline.archive import Archive
from timeline.log.writer import Writer
from timeline.records.codec import encode
from timeline.records.draft import fresh_id

BATCH = 1_000


def event(number: int) -> dict[str, Any]:
    """A meeting with two sides and one claim; a line of about 480 bytes."""
    return {
        "id": fresh_id(time.time_ns() // 1_000_000),
        "kind": "event",
        "v": 1,
        "recorded_by": "ana",
        "event": f"2024-meeting-{number}",
        "type": "meeting.held",
        "title": f"Meeting {number} of the working group on fisheries",
        "when": "2024-12-05",
        "participants": [
            {"entity": "state:france", "role": "party"},
            {"entity": "state:spain", "role": "party"},
        ],
        "claims": [{"source": "src:agency", "locator": f"page {number}"}],
    }


class Times(NamedTuple):
    """Seconds that one task took: by the clock, and of this process's CPU."""

    clock: float
    cpu: float


def timed(task: Callable[[], object]) -> Times:
    clock, cpu = time.perf_counter(), time.process_time()
    task()
    return Times(time.perf_counter() - clock, time.process_time() - cpu)


def database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE log (id TEXT PRIMARY KEY, line BLOB NOT NULL)")
    return connection


def insert(connection: sqlite3.Connection, record: dict[str, Any]) -> None:
    line = encode({**record, "recorded_at": "2026-01-01T00:00:00.000000Z"})
    connection.execute("INSERT INTO log VALUES (?, ?)", (record["id"], line))


def one_by_one(writer: Writer, folder: Path, count: int) -> None:
    connection = database(folder / "peer.db")
    ours, theirs = [], []
    for number in range(count):
        record = event(number)
        ours.append(timed(lambda record=record: writer.append([record])))  # type: ignore[misc]
        theirs.append(timed(lambda record=record: insert(connection, record)))  # type: ignore[misc]
    connection.close()
    report("one by one", count, ours, "SQLite WAL, synchronous=FULL", theirs)


def in_batches(writer: Writer, folder: Path, count: int) -> None:
    save = saver(folder)
    ours, theirs = [], []
    for number in range(count):
        records = [event(number * BATCH + index) for index in range(BATCH)]
        ours.append(timed(lambda records=records: writer.append(records)))  # type: ignore[misc]
        if save is not None:
            theirs.append(save(records))
    report(f"batches of {BATCH:,}", count * BATCH, ours, "eventsourcing Application.save", theirs)


def saver(folder: Path) -> Callable[[list[dict[str, Any]]], Times] | None:
    """Saves as many aggregates and tells the time; None where eventsourcing is not installed."""
    try:
        from eventsourcing.application import Application
        from eventsourcing.domain import Aggregate, event
    except ImportError:
        return None

    class Told(Aggregate):
        @event("Registered")  # type: ignore[untyped-decorator]
        def __init__(self, line: str) -> None:
            self.line = line

    os.environ["PERSISTENCE_MODULE"] = "eventsourcing.sqlite"
    os.environ["SQLITE_DBNAME"] = str(folder / "eventsourcing.db")
    application: Any = Application()

    def save(records: list[dict[str, Any]]) -> Times:
        stamp = "2026-01-01T00:00:00.000000Z"
        told = [Told(encode({**record, "recorded_at": stamp}).decode()) for record in records]
        return timed(lambda: application.save(*told))

    return save


def report(name: str, count: int, ours: list[Times], peer: str, theirs: list[Times]) -> None:
    print(f"{name}: {rate(count, ours)}")
    if theirs:
        print(f"  {peer}: {rate(count, theirs)}")
        print(
            f"  ratio {total(theirs) / total(ours):.2f}, of medians {ratio(ours, theirs, 0):.2f}, "
            f"of medians of CPU time {ratio(ours, theirs, 1):.2f}"
        )


def rate(count: int, times: list[Times]) -> str:
    per_record = median(times, 1) * len(times) / count
    return (
        f"{count / total(times):,.0f} a second, median {median(times, 0) * 1e3:.2f} ms, "
        f"CPU {per_record * 1e6:.0f} µs a record"
    )


def total(times: list[Times]) -> float:
    return sum(one.clock for one in times)


def median(times: list[Times], which: int) -> float:
    return statistics.median(one[which] for one in times)


def ratio(ours: list[Times], theirs: list[Times], which: int) -> float:
    return median(theirs, which) / median(ours, which)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--singles", type=int, default=1_000)
    options.add_argument("--batches", type=int, default=10)
    options.add_argument("--folder", type=Path, default=None, help="where, to choose the disk")
    given = options.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        archive = Archive(Path(folder))
        archive.events.mkdir()
        writer = Writer(archive)
        one_by_one(writer, Path(folder), given.singles)
        in_batches(writer, Path(folder), given.batches)


if __name__ == "__main__":
    main()
