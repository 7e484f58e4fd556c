"""Loads a server with 8 clients that ask for mixed pages, and says how it bore it.

    python benchmarks/load.py ARCHIVE [--seconds 60] [--clients 8] [--append]

With `--append` a writer adds ten events a second meanwhile. Loopback only; nothing is cached
between requests, for every client asks for other filters.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import random
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

from timeline.archive import Archive
from timeline.log import writer
from timeline.readmodel.catchup import catch_up

PORT = 8917


def addresses(database: Path) -> list[str]:
    """Pages of every kind, with filters that the archive has values for."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found: dict[str, list[str]] = {}
        for dimension in ("topic", "actor", "type"):
            rows = connection.execute(
                "SELECT value FROM facet_values INDEXED BY facet_values_size"
                " WHERE past = 0 AND dimension = ? ORDER BY n_all DESC LIMIT 40",
                (dimension,),
            )
            found[dimension] = [value for (value,) in rows]
        events = [row[0] for row in connection.execute("SELECT id FROM events LIMIT 40")]
    topics = [f"/timeline?topic={topic}" for topic in found["topic"]]
    years = [f"/timeline?from={year}&to={year + 20}" for year in range(1950, 2006, 2)]
    return [
        "/timeline", *topics, *years,
        *(f"/timeline?who={actor}" for actor in found["actor"]),
        *(f"/timeline/events?_facet=type&_facet=certainty&type={kind}" for kind in found["type"]),
        *(f"/event/{event}" for event in events),
    ]  # fmt: skip


def client(pages: list[str], until: float, seed: int, times: list[float], bad: list[str]) -> None:
    """Asks for one page after the other over one connection."""
    chance = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    while time.monotonic() < until:
        page = chance.choice(pages)
        began = time.perf_counter()
        try:
            connection.request("GET", page)
            response = connection.getresponse()
            body = response.read()
        except OSError as error:
            bad.append(f"{page}: {error}")
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            continue
        times.append((time.perf_counter() - began) * 1000)
        if response.status != 200 or b"</html>" not in body:
            bad.append(f"{page}: {response.status}")


def appender(archive: Archive, until: float, bad: list[str]) -> None:
    """Adds ten events a second, as one batch."""
    while time.monotonic() < until:
        try:
            writer.append(archive, [event() for _ in range(10)])
            catch_up(archive)
        except Exception as error:  # noqa: BLE001 - every failure is a result here
            bad.append(f"append: {error}")
        time.sleep(1)


def event() -> dict[str, object]:
    """One more meeting."""
    number = str(uuid.uuid5(uuid.uuid4(), "load"))
    return {
        "id": number, "v": 1, "kind": "event", "recorded_by": "ana",
        "event": f"load-{number}", "type": "meeting.held", "title": "One more meeting",
        "when": "2026-01-05", "claims": [{"source": "src:paper-1"}], "topics": ["t-ka"],
    }  # fmt: skip


def memory(process: int) -> float:
    """Resident MB of a process."""
    for row in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    return 0.0


def ready() -> None:
    """Waits for the first page."""
    for _ in range(120):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            connection.request("GET", "/timeline")
            connection.getresponse().read()
            return
        time.sleep(0.5)
    raise SystemExit("the server does not answer")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("archive", type=Path)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--append", action="store_true")
    given = options.parse_args()
    archive = Archive(given.archive)
    server = subprocess.Popen(
        [Path(sys.executable).parent / "timeline", "-C", archive.root, "serve", "-p", str(PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        ready()
        pages, times, bad = addresses(archive.database), [], []
        before, until = memory(server.pid), time.monotonic() + given.seconds
        threads = [
            threading.Thread(target=client, args=(pages, until, n, times, bad))
            for n in range(given.clients)
        ]
        if given.append:
            threads.append(threading.Thread(target=appender, args=(archive, until, bad)))
        for thread in threads:
            thread.start()
        time.sleep(given.seconds / 2)
        middle = memory(server.pid)
        for thread in threads:
            thread.join()
        after = memory(server.pid)
    finally:
        server.terminate()
        server.wait()
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{given.clients} clients, {given.seconds} s, {len(times):,} pages,"
        f" {len(times) / given.seconds:.0f} a second; p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f},"
        f" p99 {cuts[98]:.0f} ms; errors {len(bad)};"
        f" memory {before:.0f} -> {middle:.0f} -> {after:.0f} MB"
    )
    for line in sorted(set(bad))[:10]:
        print(line)


if __name__ == "__main__":
    main()
