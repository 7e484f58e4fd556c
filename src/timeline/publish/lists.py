"""Rows of events as lists show them: with names in place of ids, and the gaps between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from timeline.edtf import civil
from timeline.readmodel import page_queries as queries
from timeline.readmodel import subject_queries
from timeline.readmodel.database import get_value
from timeline.readmodel.selection import Query
from timeline.readmodel.subjects_then import entity_then, names_then

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something by name; `id` is empty where no entity is known."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a list.

    Attributes:
        row: its row.
        gap: years without an event between the line before and this one; 0 for none worth saying.
        heading: the year, where it is the first line of it.
    """

    row: Row
    place: Name | None
    actors: tuple[Name, ...]
    contested: int
    gap: int = 0
    heading: str = ""


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


def entity_known(connection: sqlite3.Connection, name: str, as_of: int | None) -> Row | None:
    """The row of an entity as it is, or as it was at a position; None where it was not known."""
    if as_of is None:
        return row(connection, subject_queries.entity(name))
    return entity_then(connection, name, as_of)


def names_known(connection: sqlite3.Connection, name: str, as_of: int | None) -> Sequence[Row]:
    """Its names in the order of the record."""
    if as_of is None:
        return rows(connection, subject_queries.entity_names(name))
    return names_then(connection, name, as_of)


def labels(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Label of every id among these that an entity has."""
    wanted = sorted({i for i in ids if i and ":" in i})
    found = rows(connection, queries.labels(orjson.dumps(wanted).decode()))
    return {entity["id"]: entity["label"] for entity in found}


def name_of(text: str, known: Mapping[str, str]) -> Name:
    """The entity of that id with its label, else the text itself."""
    return Name(text, known[text]) if text in known else Name("", text)


def lines(
    connection: sqlite3.Connection, found: Sequence[Row], *, newest: bool = False
) -> list[Line]:
    """Rows of events as lines, in their order, with years as headings and gaps between them."""
    actors = [orjson.loads(event["actors"]) for event in found]
    ids = {name for names in actors for name in names} | {e["place"] for e in found if e["place"]}
    known = labels(connection, ids)
    made: list[Line] = []
    before: int | None = None
    for event, names in zip(found, actors, strict=True):
        year = event["year"]
        same = made and year == before
        made.append(
            Line(
                row=event,
                place=name_of(event["place"], known) if event["place"] else None,
                actors=tuple(name_of(name, known) for name in names),
                contested=len(orjson.loads(event["contested"])),
                gap=0 if same or not made else _gap(before, year, newest=newest),
                heading="" if same else year_words(year),
            )
        )
        before = year
    return made


def _gap(before: int | None, year: int | None, *, newest: bool) -> int:
    """Whole years between two, where there are at least two of them."""
    if before is None or year is None:
        return 0
    years = (before - year if newest else year - before) - 1
    return years if years > 1 else 0


def year_words(year: int | None) -> str:
    """`1955`, `44 BC`; words where the start is not known."""
    if year is None:
        return "Start not known"
    return f"{1 - year} BC" if year <= 0 else str(year)


def year_of(day: int | None) -> int | None:
    """The year of a Julian Day Number."""
    return None if day is None else civil(day)[0]
