"""Lines that are in the archive already, given to it once more."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

from measures.figures import Line, Run
from timeline.archive import Archive
from timeline.log import writer

_LINES = 20_000


def again(archive: Archive, size: int, _run: Run) -> Iterator[Line]:
    """Known records appended again, their ids looked up in the read model: nothing is written."""
    records = _records(archive)
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        times = []
        for _ in range(3):
            used = time.process_time()
            receipt = writer.append(archive, records, known=lambda ids: _known(connection, ids))
            times.append(time.process_time() - used)
            if any(record.new for record in receipt.records):
                raise SystemExit("a known record was taken for a new one")
    yield Line(f"known lines again, {len(records):,} of {size:,}",
               f"{min(times) / len(records) * 1e6:.0f} µs CPU a line", goal="<= 40 µs")  # fmt: skip


def _records(archive: Archive) -> list[dict[str, Any]]:
    segment = min(archive.events.glob("*/*.jsonl"))
    with segment.open("rb") as lines:
        return [orjson.loads(line) for line in islice(lines, _LINES)]


def _known(connection: sqlite3.Connection, ids: Sequence[str]) -> Mapping[str, bytes]:
    query = "SELECT line FROM records WHERE id = ? LIMIT 1"
    rows = ((name, connection.execute(query, (name,)).fetchone()) for name in ids)
    return {name: row[0].encode() for name, row in rows if row is not None}
