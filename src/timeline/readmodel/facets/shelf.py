"""Bitmaps and lists of values that the readers of one state of a read model share, read once.

A shelf belongs to one position of one file: what is appended makes a new one. Nothing on it is
ever changed, so threads may share it. A full one takes no more; what it lacks is read each time.
"""

from __future__ import annotations

import contextlib
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyroaring import FrozenBitMap

from timeline.readmodel.database import get_value
from timeline.readmodel.facets.filters import Value

_ROOM: Final = 192 << 20
"""Bytes of bitmaps; the lists of values come on top and are small."""

_CONTAINER: Final = 48
"""Bytes that each 65,536 numbers of a bitmap need beside what they hold."""

_AT_ONCE: Final = 512
_MOST_FILES: Final = 4

Layers = tuple[int, ...]
"""0: events as they are; 1: superseded versions; both in this order."""

Ranked = list[tuple[int, Value]]
"""Minus how many events have the value, and the value: ascending, the commonest come first."""


@dataclass(frozen=True, slots=True)
class Versions:
    """All superseded versions by their rank, which is their place here and one more."""

    number: array[int]
    known_from: array[int]
    known_to: array[int]


class Shelf:
    """What was read of the facet tables.

    Attributes:
        shared: it outlives this question, so that what is put on it pays later.
    """

    def __init__(self, *, shared: bool = False) -> None:
        self.shared = shared
        self._held = 0
        self._bits: dict[tuple[int, str], dict[Value, FrozenBitMap]] = {}
        self._unions: dict[tuple[int, str, tuple[Value, ...]], FrozenBitMap] = {}
        self._ranked: dict[tuple[Layers, str], tuple[Ranked, bool]] = {}
        self._versions: Versions | None = None

    def bits(
        self, connection: sqlite3.Connection, past: int, dimension: str, values: Sequence[Value]
    ) -> list[FrozenBitMap]:
        """The numbers that have each of the values, in the order of the values."""
        kept = self._bits.setdefault((past, dimension), {})
        with contextlib.suppress(KeyError):
            return [kept[value] for value in values]
        read = _read(connection, past, dimension, [v for v in values if v not in kept])
        kept.update((value, bits) for value, bits in read.items() if self._has_room(bits))
        return [kept[value] if value in kept else read[value] for value in values]

    def union(
        self, connection: sqlite3.Connection, past: int, dimension: str, values: tuple[Value, ...]
    ) -> FrozenBitMap:
        """The numbers that have any of the values, which are not kept one by one."""
        key = (past, dimension, values)
        found = self._unions.get(key)
        if found is None:
            found = FrozenBitMap.union(*_read(connection, past, dimension, values).values())
            if self._has_room(found):
                self._unions[key] = found
        return found

    def ranked(
        self, connection: sqlite3.Connection, layers: Layers, dimension: str, upto: int
    ) -> Ranked:
        """Values by how often the layers together have them; at least `upto`, if there are."""
        found, whole = self._ranked.get((layers, dimension), ([], False))
        while not whole and len(found) < upto:
            more = _ranks(connection, layers, dimension, len(found))
            # A new list: others may be walking along the old one.
            found, whole = found + more, len(more) < _AT_ONCE
            self._ranked[layers, dimension] = found, whole
        return found

    def versions(self, connection: sqlite3.Connection) -> Versions:
        """The superseded versions in the order in which they were superseded."""
        if self._versions is None:
            columns = [array("q") for _ in range(3)]
            rows = connection.cursor()
            rows.row_factory = None
            rows.execute("SELECT number, known_from, known_to FROM facet_versions ORDER BY rank")
            while some := rows.fetchmany(_AT_ONCE):
                for column, values in zip(columns, zip(*some, strict=True), strict=True):
                    column.extend(values)
            self._versions = Versions(*columns)
        return self._versions

    def _has_room(self, bits: FrozenBitMap) -> bool:
        facts = bits.get_statistics()
        size = (
            facts["n_bytes_array_containers"]
            + facts["n_bytes_run_containers"]
            + facts["n_bytes_bitset_containers"]
            + facts["n_containers"] * _CONTAINER
        )
        fits = self._held + size <= _ROOM
        self._held += size if fits else 0
        return fits


def shelf_of(connection: sqlite3.Connection) -> Shelf:
    """The shelf that all readers of this state share; one for this question alone where the
    connection could come to see another state, or is writing one.
    """
    if not connection.in_transaction or connection.total_changes:
        return Shelf()
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    cursor = get_value(connection, "cursor")
    if not path or not cursor:
        return Shelf()
    kept, shelf = _SHELVES.get(path, ("", None))
    if shelf is None or kept != cursor:
        while len(_SHELVES) >= _MOST_FILES:
            _SHELVES.pop(next(iter(_SHELVES)), None)
        shelf = Shelf(shared=True)
        _SHELVES[path] = cursor, shelf
    return shelf


_SHELVES: dict[str, tuple[str, Shelf]] = {}


def _read(
    connection: sqlite3.Connection, past: int, dimension: str, values: Sequence[Value]
) -> dict[Value, FrozenBitMap]:
    parts: defaultdict[Value, list[FrozenBitMap]] = defaultdict(list)
    cursor = connection.cursor()
    cursor.row_factory = None
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        query = (
            "SELECT value, bits FROM facet_bits WHERE past = ? AND dimension = ?"
            f" AND value IN ({', '.join('?' * len(some))})"
        )
        for value, bits in cursor.execute(query, (past, dimension, *some)):
            parts[value].append(FrozenBitMap.deserialize(bits))
    return {value: _whole(parts.get(value, [])) for value in values}


def _whole(parts: list[FrozenBitMap]) -> FrozenBitMap:
    return parts[0] if len(parts) == 1 else FrozenBitMap.union(*parts) if parts else FrozenBitMap()


def _ranks(
    connection: sqlite3.Connection, layers: Layers, dimension: str, offset: int
) -> list[tuple[int, Value]]:
    one = (
        "SELECT -n_all, value FROM facet_values INDEXED BY facet_values_size"
        " WHERE past = :past AND dimension = :dimension ORDER BY n_all DESC, value"
    )
    both = (
        "SELECT -sum(n_all), value FROM facet_values WHERE past IN (0, 1)"
        " AND dimension = :dimension GROUP BY value ORDER BY 1, 2"
    )
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(
        f"{one if len(layers) == 1 else both} LIMIT :n OFFSET :offset",
        {"past": layers[0], "dimension": dimension, "n": _AT_ONCE, "offset": offset},
    ).fetchall()
