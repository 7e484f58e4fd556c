"""Rows of a query by name, as pages take them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
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
