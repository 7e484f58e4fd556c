"""Opening the read model: for reading as everybody, for writing as the fold alone."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import NotFound
from timeline.readmodel.functions import register


def connect(archive: Archive) -> sqlite3.Connection:
    """The read model, read-only, rows by name.

    Raises:
        NotFound: when it was not built yet.
    """
    if not archive.database.exists():
        raise NotFound(f"{archive.database}: not built yet", fix="timeline build")
    connection = sqlite3.connect(f"file:{_quoted(archive.database)}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA busy_timeout = 5000")
    register(connection)
    return connection


@contextlib.contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside belongs to one state, whatever is appended meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def connect_for_writing(path: Path, wait: float = 10.0) -> sqlite3.Connection:
    """The read model for one writer; transactions are begun and ended by hand.

    Args:
        path: the file.
        wait: seconds to wait for another writer.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    return connection


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def get_value(connection: sqlite3.Connection, key: str) -> str | None:
    """One value of the `archive` table; None where the key or the table is not there."""
    try:
        row = connection.execute("SELECT value FROM archive WHERE key = ?", (key,)).fetchone()
    except sqlite3.DatabaseError:
        return None
    return None if row is None else str(row[0])


def set_value(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Write one value of the `archive` table."""
    connection.execute(
        "INSERT INTO archive VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
