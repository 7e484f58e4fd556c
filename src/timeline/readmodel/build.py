"""The full build: the whole log into a new file, which then takes the old one's place."""

from __future__ import annotations

import contextlib
import gc
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log.cursor import Cursor, read_from_start
from timeline.log.reader import Entry
from timeline.log.segments import segment_paths
from timeline.progress import Progress, unheard
from timeline.readmodel.database import connect_for_writing, set_value
from timeline.readmodel.facets import rebuild
from timeline.readmodel.ingest import Ingest, LogEntry
from timeline.readmodel.known import KnownInMemory
from timeline.readmodel.schema import VERSION, create_indexes, create_tables, fill_search


@dataclass(frozen=True, slots=True)
class Built:
    """What a read model holds."""

    records: int
    events: int
    entities: int
    sources: int
    problems: int


def build(
    archive: Archive,
    *,
    target: Path | None = None,
    as_of: int | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build the read model from the log; the old file serves until the new one is whole.

    Args:
        archive: where the log is.
        target: the file to make; the archive's own read model if None.
        as_of: last log position to take, inclusive; the whole log if None.
        progress: told of the records read, then of each later step.
    """
    path = target or archive.database
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with contextlib.closing(_new_file(temporary)) as connection:
            reading = read_from_start(archive)
            connection.execute("BEGIN")
            entries = taken(reading, as_of)
            if progress:
                entries = _counted(entries, progress, _size(archive))
            fill(connection, entries, progress or unheard)
            write_cursor(connection, reading.cursor() if as_of is None else Cursor())
            connection.execute("COMMIT")
            built = counts(connection)
        _sync(temporary)
        _swap(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return built


def _new_file(path: Path) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    connection = connect_for_writing(path)
    # Nobody reads this file before it is whole, and a crash throws it away.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    return connection


def fill(
    connection: sqlite3.Connection, entries: Iterable[LogEntry], progress: Progress = unheard
) -> None:
    """All tables of an empty database from the whole log, rows first and indexes after."""
    with _without_garbage_collection():
        create_tables(connection)
        _fill_rows(connection, entries, progress)
        progress(0, what="events indexed for full text")
        fill_search(connection)
        rebuild(connection, progress)


def _fill_rows(
    connection: sqlite3.Connection, entries: Iterable[LogEntry], progress: Progress
) -> None:
    # A function of its own: the ids that it remembers are given back before the facets are made.
    ingest = Ingest(connection, KnownInMemory(), None)
    for entry in entries:
        ingest.take(entry)
    ingest.finish_rows()
    progress(0, what="indexes made")
    create_indexes(connection)
    ingest.settle(progress)


def _counted(entries: Iterable[Entry], progress: Progress, size: int) -> Iterator[Entry]:
    """Tells of each; how many there are follows from the bytes of those that were read."""
    done = 0
    for count, entry in enumerate(entries, start=1):
        yield entry
        done += len(entry.raw) + 1
        progress(count, count * size // done)


def _size(archive: Archive) -> int:
    """Bytes of all segments."""
    return sum(path.stat().st_size for path in segment_paths(archive))


def taken(reading: Iterable[Entry | Problem], as_of: int | None = None) -> Iterator[Entry]:
    """The entries of a reading, up to a position; problems are for `check` to report."""
    for entry in reading:
        if isinstance(entry, Entry) and (as_of is None or entry.position <= as_of):
            yield entry


def write_cursor(connection: sqlite3.Connection, cursor: Cursor) -> None:
    """Where the reading ended, in the transaction of its rows."""
    set_value(connection, "schema", VERSION)
    set_value(connection, "cursor", orjson.dumps(cursor.as_json()).decode())


def counts(connection: sqlite3.Connection) -> Built:
    """What the read model holds now."""
    tables = ("records", "events", "entities", "sources", "problems")
    found = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]
    return Built(*found)


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    # Rows make no cycles; the collector would walk millions of them (a third of the time).
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(temporary: Path, path: Path) -> None:
    """Put the new file in place; a WAL of the old one must not be read into it."""
    with contextlib.suppress(sqlite3.DatabaseError):
        if path.exists():
            with contextlib.closing(connect_for_writing(path)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    temporary.replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _sync(path.parent)
