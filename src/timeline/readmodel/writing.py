"""Rows into tables: many at a time, and into the full-text table with its own rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from timeline.readmodel.schema import SEARCHED

_ROWS = 1_000
_TOGETHER = 50
"""Rows in one statement: the statement's own cost is shared (a sixth less in all)."""
_REPEATED = frozenset({"subjects", "targets", "problems", "successions"})


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows of all columns into a table; what links records may be said twice."""
    if not rows:
        return
    marks = f"({', '.join('?' * len(rows[0]))})"
    verb = "INSERT OR IGNORE" if table in _REPEATED else "INSERT"
    whole = len(rows) // _TOGETHER * _TOGETHER
    if whole:
        together = f"{verb} INTO {table} VALUES {', '.join([marks] * _TOGETHER)}"
        starts = range(0, whole, _TOGETHER)
        flat = ([*chain.from_iterable(rows[i : i + _TOGETHER])] for i in starts)
        connection.executemany(together, flat)
    connection.executemany(f"{verb} INTO {table} VALUES {marks}", rows[whole:])


class Buffers:
    """Rows kept back until there are enough of them to be worth a statement."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) >= _ROWS:
            insert(self._connection, table, rows)
            rows.clear()

    def extend(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Several rows of one table, as `add`."""
        kept = self._rows.setdefault(table, [])
        kept.extend(rows)
        if len(kept) >= _ROWS:
            insert(self._connection, table, kept)
            kept.clear()

    def flush(self) -> None:
        """Every row that was added is in its table."""
        for table, rows in self._rows.items():
            insert(self._connection, table, rows)
            rows.clear()


class Search:
    """Keeps the external-content full-text table in step with `events`.

    FTS5 takes a row out only when it is told the exact text that went in
    (https://sqlite.org/fts5.html section 4.4.3), so `replace` comes before the row changes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.added: list[int] = []

    def replace(self, number: int) -> None:
        """The row of this event is about to change."""
        columns = ", ".join(SEARCHED)
        if number not in self.added:
            self._connection.execute(
                f"INSERT INTO events_fts (events_fts, rowid, {columns})"
                f" SELECT 'delete', number, {columns} FROM events WHERE number = ?",
                (number,),
            )
            self.added.append(number)

    def flush(self) -> None:
        """Index the events that are new or changed, as they are now."""
        columns = ", ".join(SEARCHED)
        self._connection.executemany(
            f"INSERT INTO events_fts (rowid, {columns})"
            f" SELECT number, {columns} FROM events WHERE number = ?",
            [(number,) for number in self.added],
        )
        self.added.clear()
