"""Rows of events as lists show them: with names in place of ids, and the gaps between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from timeline.edtf import civil
from timeline.publish.site import Ask
from timeline.readmodel import page_queries as queries
from timeline.readmodel import subject_queries
from timeline.readmodel.asking import Row, kept_rows, row, rows
from timeline.readmodel.selection import Query
from timeline.readmodel.subjects_then import (
    counts_then,
    entity_then,
    labels_then,
    names_then,
    source_then,
    stood_then,
)


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


def entity_known(ask: Ask, name: str) -> Row | None:
    """The row of an entity; None where it was not known at the moment of the page."""
    if ask.known is None:
        return row(ask.connection, subject_queries.entity(name))
    return entity_then(ask.connection, name, ask.known)


def names_known(ask: Ask, name: str) -> Sequence[Row]:
    """Its names in the order of the record."""
    if ask.known is None:
        return rows(ask.connection, subject_queries.entity_names(name))
    return names_then(ask.connection, name, ask.known)


def source_known(ask: Ask, name: str) -> Row | None:
    """The row of a source; None where it was not known at the moment of the page."""
    if ask.known is None:
        return row(ask.connection, subject_queries.source(name))
    return source_then(ask.connection, name, ask.known)


def source_titles(ask: Ask, ids: Iterable[str]) -> dict[str, str]:
    """Title of every id among these that a source had at the moment of the page."""
    found = (source_known(ask, name) for name in ids if name.startswith("src:"))
    return {source["id"]: source["title"] for source in found if source is not None}


def totals_known(ask: Ask) -> Row:
    """How much the archive held at the moment of the page."""
    totals = kept_rows(ask.connection, queries.totals(ask.upto))[0]
    return totals if ask.known is None else {**totals, **counts_then(ask.connection, ask.known)}


def records_known(ask: Ask, query: Query) -> list[Row]:
    """Rows of `records`, with `effective` as it was at the moment of the page."""
    found = rows(ask.connection, query)
    return found if ask.known is None else stood_then(ask.connection, found, ask.known)


def labels(ask: Ask, ids: Iterable[str]) -> dict[str, str]:
    """Label of every id among these that an entity had at the moment of the page."""
    if ask.known is None:
        return labels_now(ask.connection, ids)
    return labels_then(ask.connection, _entities(ids), ask.known)


def labels_now(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Label of every id among these that an entity has."""
    found = rows(connection, queries.labels(orjson.dumps(_entities(ids)).decode()))
    return {entity["id"]: entity["label"] for entity in found}


def _entities(ids: Iterable[str]) -> list[str]:
    return sorted({i for i in ids if i and ":" in i})


def name_of(text: str, known: Mapping[str, str]) -> Name:
    """The entity of that id with its label, else the text itself."""
    return Name(text, known[text]) if text in known else Name("", text)


def lines(ask: Ask, found: Sequence[Row], *, newest: bool = False) -> list[Line]:
    """Rows of events as lines, in their order, with years as headings and gaps between them."""
    actors = [orjson.loads(event["actors"]) for event in found]
    ids = {name for names in actors for name in names} | {e["place"] for e in found if e["place"]}
    known = labels(ask, ids)
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
