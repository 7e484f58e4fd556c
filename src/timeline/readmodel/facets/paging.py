"""Pages of chosen events by date, in both directions, without walking past what was not chosen.

Order: start_min, then number; events without a known start come first. Few rows are read and
sorted. Of many, years are tried one by one with their bitmaps: an empty century costs a look at
each of its years.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from heapq import nlargest, nsmallest
from typing import Any, Final, NamedTuple

from pyroaring import BitMap

from timeline.edtf.days import civil, jdn
from timeline.readmodel.facets.choosing import Chosen
from timeline.readmodel.facets.layers import Layer
from timeline.readmodel.facets.values import NONE

COLUMNS: Final = (
    "number", "id", "revision", "known_from", "type", "title", "summary", "status", "date", "edtf",
    "start_min", "start_max", "end_min", "end_max", "end_state", "day", "year", "precision",
    "place", "country", "latitude", "longitude", "actors", "topics", "certainty", "likelihood",
    "n_claims", "n_sources", "n_roots", "best_reliability", "contested", "disputed", "retracted",
    "merged_into", "review", "language", "data",
)  # fmt: skip
"""What a row of a page holds."""

_UNDATED = -(1 << 62)
_WALK = 4
_FEW: Final = 200
"""So many rows are read and sorted in less time than two centuries take to be looked through."""


class Place(NamedTuple):
    """Where a row stands in the order by date: the keyset of the next page."""

    start_min: int
    number: int

    @classmethod
    def of(cls, row: sqlite3.Row) -> Place:
        """The place of a row of a page."""
        start = row["start_min"]
        return cls(_UNDATED if start is None else start, row["number"])


def page(
    chosen: Chosen,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
    newest_first: bool = False,
) -> list[sqlite3.Row]:
    """Rows of `COLUMNS` in the order asked for, next to a place that is not itself among them.

    Args:
        after: the last row of the page before this one, in the order asked for.
        before: the first row of the page after this one; the rows next to it are taken.
        limit: how many rows at most.
        newest_first: the latest date first.
    """
    backwards = newest_first if before is None else not newest_first
    found = list(_places(chosen, after or before, limit, backwards))
    if before is not None:
        found.reverse()
    return _rows(chosen, found)


def page_at(
    chosen: Chosen, offset: int, *, limit: int = 50, newest_first: bool = False
) -> list[sqlite3.Row]:
    """Rows of `COLUMNS` from a number on, counted from 0; years before it are only counted."""
    if chosen.total <= _FEW:
        return _rows(chosen, _few(chosen, None, newest_first)[offset : offset + limit])
    found: list[Place] = []
    for year in _years(chosen, None, newest_first):
        n = sum(len(inside) for _, inside in _of_year(chosen, year))
        if offset < n:
            wanted = offset + limit - len(found)
            found += _in_year(chosen, year, None, wanted, newest_first)[offset:]
        offset = max(0, offset - n)
        if len(found) >= limit:
            break
    return _rows(chosen, found[:limit])


def _places(chosen: Chosen, edge: Place | None, limit: int, backwards: bool) -> Iterator[Place]:
    if chosen.total <= _FEW:
        yield from _few(chosen, edge, backwards)[:limit]
        return
    left = limit
    for year in _years(chosen, edge, backwards):
        for place in _in_year(chosen, year, edge, left, backwards):
            yield place
            left -= 1
        if left <= 0:
            return


def _few(chosen: Chosen, edge: Place | None, backwards: bool) -> list[Place]:
    """All chosen rows beyond the edge, in order."""
    found = (
        place
        for layer, inside in chosen.parts()
        for place in _beyond(_read(layer, inside), edge, backwards)
    )
    return sorted(found, reverse=backwards)


def _years(chosen: Chosen, edge: Place | None, backwards: bool) -> list[int | None]:
    """Years that can hold rows beyond the edge, in order; None stands for no known start."""
    found = {
        year
        for layer, _ in chosen.parts()
        for (year,) in layer.connection.execute(
            "SELECT value FROM facet_values WHERE past = ? AND dimension = 'year'", (layer.past,)
        )
    }
    years: list[int | None] = [None, *sorted(found)]
    if backwards:
        years.reverse()
    if edge is None:
        return years
    at = None if edge.start_min == _UNDATED else civil(edge.start_min)[0]
    return years[years.index(at) :] if at in years else []


def _in_year(
    chosen: Chosen, year: int | None, edge: Place | None, limit: int, backwards: bool
) -> list[Place]:
    found: list[Place] = []
    for layer, inside in _of_year(chosen, year):
        if inside:
            found += _in_layer(layer, inside, year, edge, limit, backwards)
    return (nlargest if backwards else nsmallest)(limit, found)


def _of_year(chosen: Chosen, year: int | None) -> Iterator[tuple[Layer, BitMap]]:
    for layer, bits in chosen.parts():
        if year is None:
            yield layer, bits & layer.bits("start_min.year", [NONE])
        else:
            yield layer, bits & layer.bits("year", [year])


def _in_layer(
    layer: Layer,
    inside: BitMap,
    year: int | None,
    edge: Place | None,
    limit: int,
    backwards: bool,
) -> list[Place]:
    if layer.past or year is None or not _walks(layer, inside, year, limit):
        return _beyond(_read(layer, inside), edge, backwards)
    return _walked(layer, inside, year, edge, limit, backwards)


def _walks(layer: Layer, inside: BitMap, year: int, limit: int) -> bool:
    """Whether so many of the year are chosen that few need be passed to find a page of them."""
    steps = limit * len(layer.bits("year", [year])) / len(inside)
    return steps < _WALK * len(inside)


def _read(layer: Layer, inside: BitMap) -> Iterator[Place]:
    names = ["start_min", *(["number"] if layer.past else [])]
    for row in layer.columns(inside, names):
        yield Place(_UNDATED if row[1] is None else row[1], row[-1] if layer.past else row[0])


def _beyond(places: Iterator[Place], edge: Place | None, backwards: bool) -> list[Place]:
    if edge is None:
        return list(places)
    return [place for place in places if (place < edge if backwards else place > edge)]


def _walked(
    layer: Layer, inside: BitMap, year: int, edge: Place | None, limit: int, backwards: bool
) -> list[Place]:
    """Along the index of dates, as far as needed; reading all rows of the year if that is long."""
    way, sign = ("DESC", "<") if backwards else ("ASC", ">")
    start = edge if edge is not None and civil(edge.start_min)[0] == year else None
    beyond = f"AND (start_min, number) {sign} (:start, :number)" if start else ""
    rows = layer.connection.execute(
        "SELECT start_min, number FROM events INDEXED BY events_start"
        f" WHERE start_min BETWEEN :first AND :last {beyond}"
        f" ORDER BY start_min {way}, number {way}",
        {
            **_days_of(year),
            "start": start and start.start_min,
            "number": start and start.number,
        },
    )
    found: list[Place] = []
    for step, (day, number) in enumerate(rows):
        if number in inside:
            found.append(Place(day, number))
            if len(found) == limit:
                return found
        if step > _WALK * len(inside):
            return _beyond(_read(layer, inside), edge, backwards)
    return found


def _days_of(year: int) -> dict[str, int]:
    return {"first": jdn(year, 1, 1), "last": jdn(year, 12, 31)}


def _rows(chosen: Chosen, places: list[Place]) -> list[sqlite3.Row]:
    cursor = chosen.connection.cursor()
    cursor.row_factory = sqlite3.Row
    names = ", ".join(f"e.{name}" for name in COLUMNS)
    now = [place.number for place in places if place.number in chosen.now]
    rows: dict[Any, sqlite3.Row] = {
        row["number"]: row
        for row in cursor.execute(
            f"SELECT {names} FROM json_each(?) j CROSS JOIN events e ON e.number = j.value",
            (str(now),),
        )
    }
    for place in places:
        if place.number not in rows:
            rows[place.number] = cursor.execute(
                f"SELECT {names} FROM event_versions e WHERE number = :number"
                " AND known_from <= :as_of AND :as_of < known_to",
                {"number": place.number, "as_of": chosen.filters.as_of},
            ).fetchone()
    return [rows[place.number] for place in places]
