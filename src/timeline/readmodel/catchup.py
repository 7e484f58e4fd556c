"""Catching up: what the log has gained since the cursor, in one transaction; else a build."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import orjson

from timeline.archive import Archive
from timeline.log.cursor import Cursor, PrefixChanged, read_new
from timeline.progress import Progress
from timeline.readmodel.build import build, taken, write_cursor
from timeline.readmodel.database import connect_for_writing, get_value
from timeline.readmodel.ingest import Ingest, LogEntry
from timeline.readmodel.known import KnownInTables
from timeline.readmodel.schema import VERSION
from timeline.readmodel.writing import Search


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What had to be done, and how many records came in by it."""

    how: Literal["current", "caught up", "rebuilt"]
    records: int


def catch_up(archive: Archive, *, progress: Progress | None = None) -> CaughtUp:
    """Bring the read model up to the log; build it when it is missing or no longer fits.

    Readers see the rows before or after, never half of them.
    """
    if archive.database.exists():
        with contextlib.suppress(PrefixChanged):
            caught_up = follow(archive)
            if caught_up is not None:
                return caught_up
    return CaughtUp("rebuilt", build(archive, progress=progress).records)


def follow(archive: Archive, *, wait: float = 10.0) -> CaughtUp | None:
    """What is new, into the read model that is there; None where it is of another version.

    Args:
        archive: whose read model.
        wait: seconds to wait for another process that writes to it.

    Raises:
        PrefixChanged: it must be built anew.
        sqlite3.OperationalError: the other process wrote all the time.
    """
    with contextlib.closing(connect_for_writing(archive.database, wait)) as connection:
        if get_value(connection, "schema") != VERSION:
            return None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Under the write lock: another process may have caught up meanwhile.
            cursor = orjson.loads(get_value(connection, "cursor") or "{}")
            reading = read_new(archive, Cursor.from_json(cursor))
            count = add(connection, taken(reading))
            write_cursor(connection, reading.cursor())
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    return CaughtUp("caught up" if count else "current", count)


def add(connection: sqlite3.Connection, entries: Iterable[LogEntry]) -> int:
    """New entries into a read model that is there, inside a transaction; how many there were."""
    ingest = Ingest(connection, KnownInTables(connection), Search(connection))
    count = 0
    for entry in entries:
        ingest.take(entry)
        count += 1
    if count:
        ingest.settle()
    return count
