"""Filters become bitmaps: the chosen events, from which everything on a page is counted."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress

from pyroaring import BitMap

from timeline.readmodel.facets.filters import Filters, Value
from timeline.readmodel.facets.layers import Layer
from timeline.readmodel.facets.shelf import Shelf, shelf_of
from timeline.readmodel.facets.sieve import Sieve
from timeline.readmodel.facets.values import GONE
from timeline.readmodel.facets.words import search, search_past


@dataclass(frozen=True, slots=True)
class Chosen:
    """The events that a filter leaves.

    Attributes:
        connection: an open read model; readers begin a transaction for figures that agree.
        filters: what was asked.
        now: numbers of the events chosen as they are now.
        past: ranks of the superseded versions chosen; empty unless the filters go back in time.
    """

    connection: sqlite3.Connection
    filters: Filters
    now: BitMap
    past: BitMap
    shelf: Shelf = field(default_factory=Shelf, compare=False, repr=False)
    """Where the bitmaps are kept that were read already."""
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Column of JSON arrays -> the array of each row, once rows had to be read."""
    sieves: dict[int, Sieve] = field(default_factory=dict, compare=False, repr=False)
    """Layer (0 now, 1 past) -> what was chosen of it, once bitmaps had to be counted."""

    @property
    def total(self) -> int:
        """How many events there are."""
        return len(self.now) + len(self.past)

    def having(self, dimension: str, values: Iterable[Value]) -> int:
        """How many of them have one of these values."""
        wanted = [*values]
        return sum(len(bits & layer.bits(dimension, wanted)) for layer, bits in self.parts())

    def sieve(self, layer: Layer, chosen: BitMap) -> Sieve:
        """What was chosen of a layer, ready to be counted against."""
        if layer.past not in self.sieves:
            self.sieves[layer.past] = Sieve(chosen)
        return self.sieves[layer.past]

    def parts(self) -> list[tuple[Layer, BitMap]]:
        """What was chosen, by layer; layers without any are left out."""
        both = ((0, self.now), (1, self.past))
        return [(Layer(self.connection, past, self.shelf), bits) for past, bits in both if bits]


def choose(connection: sqlite3.Connection, filters: Filters) -> Chosen:
    """The events that `filters` leave, exactly."""
    shelf = shelf_of(connection)
    now, past = _known(connection, shelf, filters.as_of)
    layer, superseded = Layer(connection, 0, shelf), Layer(connection, 1, shelf)
    now = _filtered(layer, now, filters)
    past = _filtered(superseded, past, filters) if past else past
    if filters.text.split():
        now = now & search(layer, filters.text) if now else now
        past = search_past(superseded, past, filters.text) if past else past
    return Chosen(connection, filters, now, past, shelf)


def _filtered(layer: Layer, chosen: BitMap, filters: Filters) -> BitMap:
    for dimension, values in filters.any_of.items():
        if values:
            chosen = chosen & layer.bits(dimension, values)
    for dimension, values in filters.all_of.items():
        for value in values:
            chosen = chosen & layer.bits(dimension, [value])
    if filters.first is not None or filters.last is not None:
        window = layer.surely_touching if filters.certain else layer.touching
        chosen = chosen & window(filters.first, filters.last)
    if not filters.withdrawn:
        chosen = chosen - layer.bits(GONE[0], [GONE[1]])
    return chosen


def _known(
    connection: sqlite3.Connection, shelf: Shelf, as_of: int | None
) -> tuple[BitMap, BitMap]:
    """Numbers of the events, and ranks of the versions, that were believed at a position."""
    last = _number(connection, "SELECT max(number) FROM events")
    if as_of is None:
        return _range(last), BitMap()
    last = _last_at_most(
        connection, "SELECT first_position FROM events WHERE number = ?", last, as_of
    )
    versions = shelf.versions(connection)
    over = bisect_right(versions.known_to, as_of)
    known = [known_from <= as_of for known_from in versions.known_from[over:]]
    ranks = compress(range(over + 1, len(versions.known_to) + 1), known)
    return _range(last) - BitMap(list(compress(versions.number[over:], known))), BitMap(list(ranks))


def _range(last: int) -> BitMap:
    found = BitMap()
    found.add_range(1, last + 1)
    return found


def _number(connection: sqlite3.Connection, query: str) -> int:
    return connection.execute(query).fetchone()[0] or 0


def _last_at_most(connection: sqlite3.Connection, query: str, last: int, limit: int) -> int:
    """The last key from 1 to `last` whose value, which never falls, is at most `limit`; else 0."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if connection.execute(query, (middle,)).fetchone()[0] <= limit:
            low = middle
        else:
            high = middle - 1
    return low
