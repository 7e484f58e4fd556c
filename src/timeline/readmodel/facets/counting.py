"""Counts events by value: exact, and without looking at values that cannot be among the first.

Values are visited from the commonest on; the visit ends when the rest are too rare to enter the
list. On the way sixteen at a time are looked at together: where few of the chosen events have any
of them, none of them can enter. Where few events are chosen their rows are read instead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import add, neg

import orjson
from pyroaring import BitMap

from timeline.readmodel.facets.choosing import Chosen
from timeline.readmodel.facets.filters import Value
from timeline.readmodel.facets.layers import Layer
from timeline.readmodel.facets.shelf import Ranked
from timeline.readmodel.facets.values import ARRAYS

_ROW_COST = 1.8
"""Microseconds for a row read for one of several dimensions."""

_VISIT_COST = 1.5
_VISIT_COST_OF_PART = 0.25
"""Microseconds for a bitmap at hand: at all, and for each 65,536 numbers in it."""

_READ_COST = 3
"""How many times that it costs to read it first."""

_TOGETHER = 16
_ONE_BY_ONE = 512
"""Values that are mostly looked at one by one, before so few have each that groups fall out."""

_FAR = 1 << 62

Count = tuple[Value, int]


def counts(chosen: Chosen, dimension: str, limit: int | None = 30) -> list[Count]:
    """The commonest values among the chosen events, ties by value; all of them if no limit."""
    if chosen.filters.is_open:
        return _stored(chosen, dimension, limit)
    if not chosen.total:
        return []
    if _few(chosen, dimension, limit):
        return _by_rows(chosen, dimension, limit)
    return _by_bitmaps(chosen, dimension, limit)


def histogram(chosen: Chosen) -> list[tuple[int, int]]:
    """Year of beginning (astronomical) and number of events, in the order of years."""
    return sorted((int(year), n) for year, n in counts(chosen, "year", None))


class _Top:
    """The first values so far, by number, then by value."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._ranks: Ranked = []

    def add(self, found: Iterable[tuple[int, Value]]) -> None:
        """Takes in pairs of minus a number and a value."""
        edge = self.last or (0, "")
        entering = [pair for pair in found if pair[0] and pair[0] <= edge[0]]
        if entering:
            self._ranks = sorted(self._ranks + entering)[: self._limit]

    @property
    def last(self) -> tuple[int, Value] | None:
        """What must be undercut to enter; None while there is room."""
        full = self._limit is not None and len(self._ranks) >= self._limit
        return self._ranks[-1] if full else None

    def counts(self) -> list[Count]:
        return [(value, -n) for n, value in self._ranks]


def _stored(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    """Counts of the whole archive, which are kept."""
    cursor = chosen.connection.cursor()
    cursor.row_factory = None
    cursor.execute(
        "SELECT -n_all, value, -n_standing FROM facet_values INDEXED BY facet_values_size"
        " WHERE past = 0 AND dimension = ? ORDER BY n_all DESC, value",
        (dimension,),
    )
    top = _Top(limit)
    while some := cursor.fetchmany(_TOGETHER):
        if top.last is not None and top.last < some[0][:2]:
            break
        top.add((n if chosen.filters.withdrawn else standing, value) for n, value, standing in some)
    return top.counts()


def _few(chosen: Chosen, dimension: str, limit: int | None) -> bool:
    """Whether reading the rows costs less than visiting the values that may be shown."""
    if dimension in ARRAYS and chosen.lists:
        return True
    total, last = chosen.total, max(chosen.now.max() if chosen.now else 1, 1)
    visits = _visits(chosen, dimension, limit, total / last)
    visit = _VISIT_COST + _VISIT_COST_OF_PART * last / 65_536
    return total * _ROW_COST < visits * visit * (1 if chosen.shelf.shared else _READ_COST)


def _visits(chosen: Chosen, dimension: str, limit: int | None, share: float) -> float:
    """About how many bitmaps will be looked at, if the chosen events are like the others."""
    connection, layers = chosen.connection, tuple(layer.past for layer, _ in chosen.parts())
    wanted = _FAR if limit is None else limit
    ranked = chosen.shelf.ranked(connection, layers, dimension, wanted)
    if len(ranked) < wanted:
        return len(ranked)
    edge = int(ranked[wanted - 1][0] * share)
    while ranked[-1][0] < edge:
        more = chosen.shelf.ranked(connection, layers, dimension, len(ranked) + 1)
        if len(more) == len(ranked):
            break
        ranked = more
    visits = bisect_right(ranked, edge, key=lambda pair: pair[0])
    return min(visits, _ONE_BY_ONE) + max(0, visits - _ONE_BY_ONE) / _TOGETHER


def _by_rows(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    if dimension in ARRAYS:
        lists = orjson.loads(f"[{','.join(_lists(chosen)[ARRAYS[dimension]])}]")
        found = Counter(chain.from_iterable(map(dict.fromkeys, lists)))
    else:
        found = Counter(
            chain.from_iterable(layer.values_of(dimension, bits) for layer, bits in chosen.parts())
        )
    ranks = sorted((-n, value) for value, n in found.items())
    return [(value, -n) for n, value in ranks[:limit]]


def _lists(chosen: Chosen) -> dict[str, tuple[str, ...]]:
    """The arrays of the chosen rows; all columns at once, for a page counts by most of them."""
    names = list(ARRAYS.values())
    if not chosen.lists:
        rows = [row for layer, bits in chosen.parts() for row in layer.columns(bits, names)]
        texts = list(zip(*rows, strict=True))[1:]
        chosen.lists.update(zip(names, texts, strict=True))
    return chosen.lists


def _by_bitmaps(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    parts = chosen.parts()
    sieves = [(layer, chosen.sieve(layer, bits)) for layer, bits in parts]
    top, together = _Top(limit), _FAR
    for group in _groups(chosen, dimension):
        values = tuple(value for _, value in group)
        if top.last is not None:
            least = -top.last[0]
            if top.last < group[0]:
                break
            # Only where the group before was rare: else looking at all of them says nothing.
            if together < 2 * least:
                together = _sum_of_any(parts, dimension, values)
                if together < least:
                    continue
        counted = [layer.counts_in(dimension, values, sieve) for layer, sieve in sieves]
        numbers = counted[0] if len(counted) == 1 else list(map(add, *counted))
        together = sum(numbers)
        top.add(zip(map(neg, numbers), values, strict=True))
    return top.counts()


def _sum_of_any(
    parts: list[tuple[Layer, BitMap]], dimension: str, values: tuple[Value, ...]
) -> int:
    """How many have one of the values, or more than one: none of them is had by more."""
    return sum(layer.count_of_any(dimension, values, bits) for layer, bits in parts)


def _groups(chosen: Chosen, dimension: str) -> Iterator[Ranked]:
    """Values a few at a time, the commonest first, as they stand among all events."""
    layers = tuple(layer.past for layer, _ in chosen.parts())
    start = 0
    while True:
        upto = start + _TOGETHER
        ranked = chosen.shelf.ranked(chosen.connection, layers, dimension, upto)
        if start >= len(ranked):
            return
        yield ranked[start:upto]
        start = upto
