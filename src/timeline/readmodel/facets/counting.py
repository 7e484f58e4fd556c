"""Counts events by value: exact, and without looking at values that cannot be among the first.

Values are visited from the commonest on; the visit ends when the rest are too rare to enter the
list. Where few events are chosen their rows are read instead.
"""

from __future__ import annotations

import sqlite3
from bisect import insort
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import orjson

from timeline.readmodel.facets.choosing import Chosen
from timeline.readmodel.facets.filters import Value
from timeline.readmodel.facets.values import ARRAYS

_ROW_COST = 1.2
_VISIT_COST = 8.0
"""Microseconds for a row read for one of several dimensions, and for a bitmap read in one block."""

_BLOCK = 1 << 20

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
        self._limit = _FAR if limit is None else limit
        self._ranks: list[tuple[int, Value]] = []

    def add(self, value: Value, n: int) -> None:
        if n and not self.closed_to(value, n):
            insort(self._ranks, (-n, value))
            del self._ranks[self._limit :]

    def closed_to(self, value: Value, n: int) -> bool:
        """Whether `n` of this value, or fewer, come too late."""
        return len(self._ranks) >= self._limit and (-n, value) > self._ranks[-1]

    def closed_below(self, n: int) -> bool:
        """Whether `n` of any value come too late."""
        return len(self._ranks) >= self._limit and -n > self._ranks[-1][0]

    def counts(self) -> list[Count]:
        return [(value, -n) for n, value in self._ranks]


def _stored(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    """Counts of the whole archive, which are kept."""
    top = _Top(limit)
    for value, n_all, n_standing in _values(chosen.connection, 0, dimension):
        if top.closed_to(value, n_all):
            break
        top.add(value, n_all if chosen.filters.withdrawn else n_standing)
    return top.counts()


def _values(
    connection: sqlite3.Connection, past: int, dimension: str
) -> Iterator[tuple[Value, int, int]]:
    """Values with n_all and n_standing, the commonest first, ties by value."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(
        "SELECT value, n_all, n_standing FROM facet_values INDEXED BY facet_values_size"
        " WHERE past = ? AND dimension = ? ORDER BY n_all DESC, value",
        (past, dimension),
    )


def _few(chosen: Chosen, dimension: str, limit: int | None) -> bool:
    """Whether reading the rows costs less than visiting the values that may be shown."""
    total, last = chosen.total, max(chosen.now.max() if chosen.now else 1, 1)
    edge = 0
    if limit is not None:
        common = list(islice(_values(chosen.connection, 0, dimension), limit))
        edge = int(common[-1][1] * total / last) if len(common) == limit else 0
    (visits,) = chosen.connection.execute(
        "SELECT count(*) FROM facet_values INDEXED BY facet_values_size"
        " WHERE past = 0 AND dimension = ? AND n_all >= ?",
        (dimension, edge),
    ).fetchone()
    return bool(total * _ROW_COST < visits * (3 + last / _BLOCK) * _VISIT_COST)


def _by_rows(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    found: Counter[Value] = Counter()
    if dimension in ARRAYS:
        for text, n in _lists(chosen)[ARRAYS[dimension]].items():
            for value in dict.fromkeys(orjson.loads(text)):
                found[value] += n
    else:
        for layer, bits in chosen.parts():
            found.update(layer.values_of(dimension, bits))
    ranks = sorted((-n, value) for value, n in found.items())
    return [(value, -n) for n, value in ranks[:limit]]


def _lists(chosen: Chosen) -> dict[str, Counter[str]]:
    """The arrays of the chosen rows; all columns at once, for a page counts by most of them."""
    names = list(ARRAYS.values())
    if not chosen.lists:
        rows = [row for layer, bits in chosen.parts() for row in layer.columns(bits, names)]
        texts = list(zip(*rows, strict=True))[1:]
        chosen.lists.update(zip(names, map(Counter, texts), strict=True))
    return chosen.lists


def _by_bitmaps(chosen: Chosen, dimension: str, limit: int | None) -> list[Count]:
    parts = chosen.parts()
    top = _Top(limit)
    if len(parts) == 1:
        layer, bits = parts[0]
        for value, n_all, _ in _values(chosen.connection, layer.past, dimension):
            if top.closed_to(value, n_all):
                break
            top.add(value, layer.count_in(dimension, value, bits))
        return top.counts()
    seen: set[Value] = set()
    for value, bound in _side_by_side(chosen, dimension):
        if top.closed_below(bound):
            break
        if value not in seen:
            seen.add(value)
            n = sum(layer.count_in(dimension, value, bits) for layer, bits in parts)
            top.add(value, n)
    return top.counts()


def _side_by_side(chosen: Chosen, dimension: str) -> Iterator[tuple[Value, int]]:
    """Values, and how often at most this or a later one can occur, the commonest first.

    Two sorted lists are walked side by side: what comes later in both has at most the sum of
    the two counts that were seen last.
    """
    lists = [_values(chosen.connection, layer.past, dimension) for layer, _ in chosen.parts()]
    last = [_FAR] * len(lists)
    while any(last):
        for index, rows in enumerate(lists):
            row = next(rows, None)
            last[index] = 0 if row is None else row[1]
            if row is not None:
                yield row[0], sum(last)
