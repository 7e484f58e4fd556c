"""A selection of the commands and pages, answered from the bitmaps."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Final

from pyroaring import BitMap, FrozenBitMap

from timeline.edtf.days import jdn
from timeline.readmodel.facets.choosing import Chosen, choose
from timeline.readmodel.facets.counting import histogram
from timeline.readmodel.facets.filters import Filters
from timeline.readmodel.facets.layers import Layer
from timeline.readmodel.selection import Selection

FIELDS: Final = {
    "type": "type", "year": "year", "country": "country", "place": "place",
    "certainty": "certainty", "status": "status", "precision": "precision",
    "actors": "actor", "topics": "topic",
}  # fmt: skip
"""Field that a selection can be counted by -> dimension."""

_FEW = 5_000
_MOST_YEARS = 11

Stacked = list[tuple[int, str, int]]


def choose_selection(connection: sqlite3.Connection, selection: Selection) -> Chosen:
    """The events of a selection; a place counts wherever it stands among an event's places."""
    any_of = {
        "type": selection.types,
        "place": selection.places,
        "topic": selection.topics,
        "certainty": selection.certainty,
        "status": selection.status,
        "precision": selection.precision,
    }
    filters = Filters(
        any_of={dimension: values for dimension, values in any_of.items() if values},
        all_of={"actor": selection.who} if selection.who else {},
        first=selection.first,
        last=selection.last,
        text=selection.text,
        as_of=selection.as_of,
    )
    return choose(connection, filters)


def settled(connection: sqlite3.Connection, selection: Selection) -> Selection:
    """The same selection for SQL, which has no full-text index of superseded versions.

    Where it asks for words and goes back in time, the events that have them stand as `numbers`.
    """
    if selection.as_of is None or not selection.text.split():
        return selection
    found = choose_selection(connection, selection)
    past = Layer(connection, 1, found.shelf).columns(found.past, ["number"])
    # At one position at most one version of an event is believed: its number is enough.
    numbers = sorted([*found.now, *(number for _, number in past)])
    return replace(selection, text="", numbers=tuple(numbers))


def stacked(chosen: Chosen) -> Stacked:
    """First day, certainty and number of events, for a histogram, in order of days.

    Of many events the day is the first of the month, or of the year where they lie more than
    eleven years apart.
    """
    if chosen.total <= _FEW:
        return _by_day(chosen)
    years = [year for year, _ in histogram(chosen)]
    main = _main_years(chosen)
    found: Counter[tuple[int, str]] = Counter()
    for layer, bits in chosen.parts():
        stacks = _stacks(layer, bits)
        for year in years:
            inside = layer.bits("year", [year])
            parts = (
                [(jdn(year, 1, 1), inside)]
                if len(main) > _MOST_YEARS
                else [(jdn(year, m, 1), _month(layer, year, m) & inside) for m in range(1, 13)]
            )
            for day, part in parts:
                for certainty, stack in stacks:
                    found[day, certainty] += stack.intersection_cardinality(part)
    return [(day, certainty, n) for (day, certainty), n in sorted(found.items()) if n]


def _main_years(chosen: Chosen) -> range:
    """The years from the first that is not among the earliest hundredth to the last."""
    counted = histogram(chosen)
    if not counted:
        return range(0)
    allowed = sum(n for _, n in counted) / 100
    seen = 0
    for year, n in counted:
        seen += n
        if seen > allowed:
            return range(year, counted[-1][0] + 1)
    return range(counted[0][0], counted[-1][0] + 1)


def _by_day(chosen: Chosen) -> Stacked:
    found: Counter[tuple[int, str]] = Counter()
    for layer, bits in chosen.parts():
        for _, day, certainty in layer.columns(bits, ["start_min", "certainty"]):
            if day is not None:
                found[day, certainty] += 1
    return [(day, certainty, n) for (day, certainty), n in sorted(found.items())]


def _stacks(layer: Layer, bits: BitMap) -> list[tuple[str, BitMap]]:
    values = layer.connection.execute(
        "SELECT value FROM facet_values WHERE past = ? AND dimension = 'certainty'", (layer.past,)
    ).fetchall()
    return [(value, bits & layer.bits("certainty", [value])) for (value,) in values]


def _month(layer: Layer, year: int, number: int) -> FrozenBitMap:
    first = jdn(year, number, 1)
    last = jdn(year + number // 12, number % 12 + 1, 1) - 1
    return layer.beginning(first, last)
