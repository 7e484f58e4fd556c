"""Rows by name, as pages take them: those of a query, and rows at hand as a table of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from timeline.readmodel.database import get_value
from timeline.readmodel.selection import Query

Row = Mapping[str, Any]


def rows(connection: sqlite3.Connection, query: Query) -> list[Row]:
    """All rows of a query, by name."""
    cursor = connection.execute(query.sql, query.parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def kept_rows(connection: sqlite3.Connection, query: Query) -> list[Row]:
    """All rows of a query over the whole archive, remembered until the read model changes."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    cursor = get_value(connection, "cursor")
    if not path or not cursor:
        return rows(connection, query)
    key = (path, cursor, query.sql, tuple(query.parameters.values()))
    if key not in _KEPT:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = rows(connection, query)
    return _KEPT[key]


_MOST_KEPT = 200
_KEPT: dict[tuple[Any, ...], list[Row]] = {}


def row(connection: sqlite3.Connection, query: Query) -> Row | None:
    """The first row of a query."""
    found = rows(connection, query)
    return found[0] if found else None


def number(connection: sqlite3.Connection, query: Query) -> int:
    """The one number that a query gives."""
    return int(connection.execute(query.sql, query.parameters).fetchone()[0])


def named(connection: sqlite3.Connection, table: str, held: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows of a table by the names of its columns."""
    names = columns(connection, table)
    return [dict(zip(names, values, strict=True)) for values in held]


def in_place(
    connection: sqlite3.Connection, query: Query, tables: Mapping[str, Sequence[Row]]
) -> list[Row]:
    """All rows of a query over tables that hold these rows, each table with the columns it has."""
    with closing(sqlite3.connect(":memory:")) as scratch:
        for table, held in tables.items():
            names = columns(connection, table)
            scratch.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            scratch.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})",
                [[one.get(name) for name in names] for one in held],
            )
        return rows(scratch, query)


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table, in order."""
    return [c[0] for c in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]
