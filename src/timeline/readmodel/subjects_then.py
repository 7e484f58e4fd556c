"""Rows of sources and entities as they were at a position, folded from their few records.

`sources`, `entities` and `names` hold what is known now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from timeline.readmodel.library import Library
from timeline.readmodel.tables.entities import entity_row, name_rows, source_row
from timeline.readmodel.tables.events import Row

Named = Mapping[str, Any]


def source_then(connection: sqlite3.Connection, source: str, upto: int) -> Named | None:
    """The row of `sources` when the log ended with `upto`, inclusive; None where there was none."""
    library = Library(connection)
    state = library.source_state(source, upto)
    if state is None:
        return None
    return _named(connection, "sources", source_row(state, library.source(source, upto).root))


def entity_then(connection: sqlite3.Connection, entity: str, upto: int) -> Named | None:
    """As `source_then`, of `entities`."""
    library = Library(connection)
    state = library.entity_state(entity, upto)
    if state is None:
        return None
    into = library.aliases(entity, upto).into.get(entity)
    return _named(connection, "entities", entity_row(state, into))


def names_then(connection: sqlite3.Connection, entity: str, upto: int) -> list[Named]:
    """The rows of `names` of an entity that was known at `upto`, in order."""
    state = Library(connection).entity_state(entity, upto)
    return [_named(connection, "names", row) for row in name_rows(state)] if state else []


def otherwise_then(
    connection: sqlite3.Connection, standing: Iterable[tuple[int, int]], upto: int
) -> list[int]:
    """Of (position, whether it stands now): those of which the reverse was true then."""
    now = dict(standing)
    stood = Library(connection).standing(now, upto)
    return [position for position, stands in now.items() if (position in stood) != bool(stands)]


def _named(connection: sqlite3.Connection, table: str, row: Row) -> Named:
    columns = connection.execute(f"SELECT * FROM {table} LIMIT 0").description
    return {column[0]: value for column, value in zip(columns, row, strict=True)}
