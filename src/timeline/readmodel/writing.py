"""Rows into tables: many at a time, and into the full-text table with its own rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

from timeline.readmodel.schema import SEARCHED

_RECORDS = 2_000
_TOGETHER = 50
"""Rows in one statement: the statement's own cost is shared (a sixth less in all)."""
_MOSTLY = 3
"""A third of a row has to be NULL for it to pay to look for empty columns."""
_BY_KEY = frozenset({"event_topics"})
"""Tables whose key is not the order in which rows come: neighbours go in together."""
_REPEATED = frozenset({"subjects", "targets", "problems", "successions"})


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows of all columns into a table; what links records may be said twice."""
    _put("INSERT OR IGNORE" if table in _REPEATED else "INSERT", connection, table, rows)


def replace(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows in the place of those with the same key."""
    _put("REPLACE", connection, table, rows)


def _put(
    verb: str, connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    if not rows:
        return
    names, rows = _without_empty_columns(connection, table, rows)
    into = f"{verb} INTO {table}{names} VALUES "
    marks = f"({', '.join('?' * len(rows[0]))})"
    whole = len(rows) // _TOGETHER * _TOGETHER
    if whole:
        starts = range(0, whole, _TOGETHER)
        flat = ([*chain.from_iterable(rows[i : i + _TOGETHER])] for i in starts)
        connection.executemany(into + ", ".join([marks] * _TOGETHER), flat)
    connection.executemany(into + marks, rows[whole:])


def _without_empty_columns(
    connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]
) -> tuple[str, Sequence[tuple[Any, ...]]]:
    """The columns to name, and the rows without those that are NULL in all of them.

    To bind a NULL costs as much as a value; a claim has eleven of them in twenty columns.
    """
    if len(rows) < _TOGETHER or rows[0].count(None) * _MOSTLY < len(rows[0]):
        return "", rows
    columns = [*zip(*rows, strict=True)]
    kept = [n for n, column in enumerate(columns) if column.count(None) < len(rows)]
    names = [row[0] for row in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]
    listed = ", ".join(names[n] for n in kept)
    return f" ({listed})", [*zip(*(columns[n] for n in kept), strict=True)]


class Buffers:
    """Rows kept back until there are enough of them to be worth a statement."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._leading = self.of("records")

    def of(self, table: str) -> list[tuple[Any, ...]]:
        """The list to put rows of a table into; it stays the same list."""
        return self._rows.setdefault(table, [])

    def drain(self) -> None:
        """Write everything, where there are enough records for it."""
        if len(self._leading) >= _RECORDS:
            self.flush()

    def flush(self) -> None:
        """Every row that was added is in its table."""
        for table, rows in self._rows.items():
            if table in _BY_KEY:
                rows.sort()
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
