"""Which values an event has in every dimension: from its row to (dimension, value) pairs.

Besides the dimensions for readers there are some for filters: `first_place` (the column `place`),
`gone` (retracted or merged), `exact` (one day, four equal bounds), `open` (goes on), and for dates
that are not exact the year and month of each bound (`end_max.year`, …; `none` for no such bound).
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import orjson

from timeline.edtf.days import civil
from timeline.readmodel.facets.filters import Value

Key = tuple[str, Value]
Row = tuple[Any, ...]

COLUMNS: Final = (
    "type", "status", "certainty", "precision", "country", "year", "start_min", "start_max",
    "end_min", "end_max", "end_state", "actors", "topics", "places", "roots", "retracted",
    "merged_into", "place",
)  # fmt: skip
"""What `keys` reads of a row of `events` or `event_versions`, in this order."""

ARRAYS: Final = {"actor": "actors", "topic": "topics", "place": "places", "root": "roots"}
"""Dimension -> the column with the JSON array of its values."""

COLUMN_OF: Final = {**ARRAYS, "first_place": "place"}
"""Dimension -> column, where they are not of one name."""

BOUNDS: Final = ("start_max", "end_min", "end_max")
GONE: Final = ("gone", 1)
EXACT: Final = ("exact", 1)
OPEN: Final = ("open", 1)
NONE: Final = "none"
_STEP = 16_384


def keys(row: Row) -> tuple[Key, ...]:
    """Every pair of a row of `COLUMNS`, each once."""
    (kind, status, certainty, precision, country, year, start_min, start_max, end_min, end_max,
     end_state, actors, topics, places, roots, retracted, merged_into,
     first_place) = row  # fmt: skip
    found = (
        _words(kind, status, certainty, precision)
        + _placed(country, first_place, places)
        + _listed("actor", actors)
        + _listed("topic", topics)
        + _listed("root", roots)
        + _dated(year, start_min, start_max, end_min, end_max, end_state)
    )
    return (*found, GONE) if retracted or merged_into is not None else found


# Millions of rows are alike in each of these: their pairs are made once and shared.


@lru_cache(maxsize=65_536)
def _words(kind: str, status: str, certainty: str, precision: str) -> tuple[Key, ...]:
    return (
        ("type", kind),
        ("status", status),
        ("certainty", certainty),
        ("precision", precision),
    )


@lru_cache(maxsize=65_536)
def _placed(country: str | None, first_place: str | None, places: str) -> tuple[Key, ...]:
    single = (("country", country), ("first_place", first_place))
    return (
        *((name, value) for name, value in single if value is not None),
        *_listed("place", places),
    )


@lru_cache(maxsize=65_536)
def _listed(dimension: str, text: str) -> tuple[Key, ...]:
    return tuple((dimension, value) for value in dict.fromkeys(orjson.loads(text)))


@lru_cache(maxsize=65_536)
def _dated(
    year: int | None,
    start_min: int | None,
    start_max: int | None,
    end_min: int | None,
    end_max: int | None,
    end_state: str,
) -> tuple[Key, ...]:
    if start_min is not None and not end_state and start_min == start_max == end_min == end_max:
        return (("year", civil(start_min)[0]), ("month", month(start_min)), EXACT)
    found: list[Key] = [] if year is None else [("year", year)]
    if start_min is None:
        found.append(("start_min.year", NONE))
    elif start_max is not None and month(start_min) == month(start_max):
        found.append(("month", month(start_min)))
    else:
        found.append(("start_min.month", month(start_min)))
    for name, bound in zip(BOUNDS, (start_max, end_min, end_max), strict=True):
        found.append((f"{name}.year", NONE if bound is None else civil(bound)[0]))
        if bound is not None:
            found.append((f"{name}.month", month(bound)))
    if end_state == "open":
        found.append(OPEN)
    return tuple(found)


@lru_cache(maxsize=65_536)
def month(day: int) -> str:
    """`YYYY-MM` of a Julian Day Number; a minus before years under 0."""
    year, number, _ = civil(day)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{number:02d}"


def rows(
    connection: sqlite3.Connection, past: int, first: int, last: int
) -> Iterator[tuple[int, Row]]:
    """Number (of the past: rank) and `COLUMNS` of every row from `first` to `last`, inclusive."""
    names = ", ".join(f"e.{name}" for name in COLUMNS)
    source = (
        f"SELECT v.rank, {names} FROM facet_versions v CROSS JOIN event_versions e"
        " ON e.number = v.number AND e.known_from = v.known_from WHERE v.rank"
        if past
        else f"SELECT e.number, {names} FROM events e WHERE e.number"
    )
    for start in range(first, last + 1, _STEP):
        end = min(last, start + _STEP - 1)
        for row in connection.execute(f"{source} BETWEEN ? AND ?", (start, end)).fetchall():
            yield row[0], row[1:]


def gathered(numbered: Iterable[tuple[int, Row]]) -> dict[Key, array[int]]:
    """Pair -> numbers of the rows that have it, ascending as the rows are."""
    found: defaultdict[Key, array[int]] = defaultdict(lambda: array("I"))
    for number, row in numbered:
        for key in keys(row):
            found[key].append(number)
    return found


def order(key: Key) -> tuple[str, bool, Value]:
    """Sorts pairs as SQLite does: integers before text."""
    return (key[0], isinstance(key[1], str), key[1])
