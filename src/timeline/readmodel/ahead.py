"""How far the log is ahead of the read model: asked for the price of a few file sizes.

A command that appends need not wait until the read model has caught up. Where the log holds no more
than a few events and sources that the read model lacks, they are laid over it for that command.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import orjson

from timeline.archive import Archive
from timeline.log.leaves import count_leaves, read_leaves
from timeline.log.segments import segment_files
from timeline.readmodel.database import connect, get_value
from timeline.readmodel.schema import VERSION

MOST: Final = 64 * 1024
"""Bytes of new lines, inclusive, that are laid over a read model rather than folded into it."""

_LAID_OVER: Final = frozenset({"event", "source", "claim", "assessment"})
"""Kinds of record that change no name, no source that was there, and no vocabulary."""

_TABLES: Final = """
CREATE TEMP TABLE new_events (id TEXT);
CREATE TEMP TABLE new_sources (id TEXT, url TEXT, archived_url TEXT, title TEXT);
CREATE TEMP VIEW events AS
  SELECT id FROM main.events UNION ALL SELECT id FROM new_events;
CREATE TEMP VIEW sources AS
  SELECT id, url, archived_url, title, root, retracted FROM main.sources
  UNION ALL SELECT id, url, archived_url, title, id, 0 FROM new_sources;
"""

Tail = list[tuple[Path, int, int]]
"""The unread end of each segment: its path, first byte, one past the last."""


def opened(archive: Archive) -> sqlite3.Connection | None:
    """The read model as it is, read-only; None where there is none of this version."""
    if not archive.database.exists():
        return None
    connection = connect(archive)
    if get_value(connection, "schema") == VERSION:
        return connection
    connection.close()
    return None


def bytes_ahead(archive: Archive) -> int:
    """Bytes of the log that catching up has to read: what is new, or all where it must build."""
    connection = opened(archive)
    if connection is not None:
        with closing(connection):
            tail = _tail(connection, archive)
        if tail is not None:
            return sum(end - start for _, start, end in tail)
    return sum(file.stat().st_size for _, file in segment_files(archive))


def is_current(connection: sqlite3.Connection, archive: Archive) -> bool:
    """Whether the read model has everything that is in the log, by sizes and times of its files.

    What it calls current is what catching up would call so.
    """
    return _tail(connection, archive) == []


def lay_over(connection: sqlite3.Connection, archive: Archive) -> bool:
    """Lets `events` and `sources` show what the log has gained, if that is little and plain.

    Afterwards these two have the columns that drafting an event asks for, on this connection alone.

    Returns:
        False where the read model must catch up first; nothing is changed then.
    """
    tail = _tail(connection, archive)
    if not tail:
        return tail is not None
    if sum(end - start for _, start, end in tail) > MOST:
        return False
    try:
        records = [orjson.loads(line) for part in tail for line in _lines(*part)]
        if not all(map(_is_plain, records)):
            return False
        _show(connection, records)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False  # a line that only the reader of the log can judge
    return True


def _is_plain(record: Mapping[str, Any]) -> bool:
    # Where a copied story began is found by folding.
    return record["kind"] in _LAID_OVER and "root" not in record


def _tail(connection: sqlite3.Connection, archive: Archive) -> Tail | None:
    """What stands behind the cursor; None where more happened than an append."""
    text = get_value(connection, "cursor")
    if text is None:
        return None
    cursor = orjson.loads(text)
    tail: Tail = []
    unseen = len(cursor["segments"])
    for year, file in segment_files(archive):
        mark = cursor["segments"].get(f"events/{year}/{file.name}")
        status = file.stat(follow_symlinks=False)
        if mark is not None:
            unseen -= 1
        if not _is_read(mark, status):
            if mark is not None and not _is_longer(mark, status):
                return None
            tail.append((Path(file.path), mark[0] if mark else 0, status.st_size))
    return None if unseen or not _same_seal(archive, cursor) else tail


def _is_read(mark: list[Any] | None, status: os.stat_result) -> bool:
    if mark is None:
        return status.st_size == 0
    return bool(status.st_size == mark[0] and status.st_mtime_ns == mark[2])


def _is_longer(mark: list[Any], status: os.stat_result) -> bool:
    return bool(status.st_size > mark[0] and status.st_ino == mark[3])


def _same_seal(archive: Archive, cursor: Mapping[str, Any]) -> bool:
    sealed = count_leaves(archive)
    if sealed != cursor["sealed"]:
        return False
    return not sealed or next(read_leaves(archive, sealed - 1, sealed)).hex() == cursor["seal"]


def _lines(path: Path, start: int, end: int) -> list[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start).splitlines()


def _show(connection: sqlite3.Connection, records: list[dict[str, Any]]) -> None:
    connection.executescript(_TABLES)
    for record in records:
        match record["kind"]:
            case "event":
                connection.execute("INSERT INTO new_events VALUES (?)", (record["event"],))
            case "source":
                row = [record.get(name) for name in ("source", "url", "archived_url", "title")]
                connection.execute("INSERT INTO new_sources VALUES (?, ?, ?, ?)", row)
