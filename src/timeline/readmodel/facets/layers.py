"""One kind of rows behind the bitmaps: events as they are, or superseded versions of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pyroaring import AbstractBitMap, BitMap, FrozenBitMap

from timeline.edtf.days import civil, days_in_month, jdn
from timeline.readmodel.facets.filters import Value
from timeline.readmodel.facets.shelf import Shelf
from timeline.readmodel.facets.sieve import Sieve
from timeline.readmodel.facets.values import COLUMN_OF, EXACT, NONE, OPEN, month

_FAR = 1 << 62
_YEARS = 16
_AT_ONCE = 10_000
"""Numbers in one statement: a server may hold values to 200,000 bytes."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Bitmaps of numbers (`past` 0) or of ranks (`past` 1) by value and by date."""

    connection: sqlite3.Connection
    past: int
    shelf: Shelf

    def bits(self, dimension: str, values: Sequence[Value]) -> FrozenBitMap:
        """Whatever has one of the values."""
        return union(self.shelf.bits(self.connection, self.past, dimension, values))

    def counts_in(self, dimension: str, values: Sequence[Value], chosen: Sieve) -> list[int]:
        """How many of `chosen` have each of the values."""
        return chosen.counts(self.shelf.bits(self.connection, self.past, dimension, values))

    def count_of_any(self, dimension: str, values: tuple[Value, ...], chosen: BitMap) -> int:
        """How many of `chosen` have one of the values, or more."""
        found = self.shelf.union(self.connection, self.past, dimension, values)
        return chosen.intersection_cardinality(found)

    def touching(self, first: int | None, last: int | None) -> FrozenBitMap:
        """What can have happened, or gone on, on some day from `first` to `last`."""
        begun = self._between("start_min", None, last) | self.bits("start_min.year", [NONE])
        ended = self._between("end_max", first, None) | self.bits("end_max.year", [NONE])
        return self._exact(first, last) | (begun & ended)

    def surely_touching(self, first: int | None, last: int | None) -> FrozenBitMap:
        """What happened, or went on, on some day from `first` to `last`, whichever is meant."""
        begun = self._between("start_max", None, last)
        ended = self._between("end_min", first, None) | self.bits(*_named(OPEN))
        if last is None:
            begun = begun | self.bits("start_max.year", [NONE])
        if first is None:
            ended = ended | self.bits("end_min.year", [NONE])
        return self._exact(first, last) | (begun & ended)

    def beginning(self, first: int, last: int) -> FrozenBitMap:
        """Whose first possible day is from `first` to `last`."""
        return self._between("start_min", first, last)

    def _exact(self, first: int | None, last: int | None) -> FrozenBitMap:
        return self._between("start_min", first, last) & self.bits(*_named(EXACT))

    def _between(self, bound: str, first: int | None, last: int | None) -> FrozenBitMap:
        """Whose bound is a day from `first` to `last`: whole years, then months, then days."""
        span = _split(first, last)
        return union(
            [
                self._years(bound, *span.years),
                *(self._month(bound, name) for name in span.months),
                *(self._days(bound, *days) for days in span.days),
            ]
        )

    def _years(self, bound: str, first: int, last: int) -> FrozenBitMap:
        """Whose bound lies in years from `first` to `last`; sixteen of them are kept together."""
        dimension = "year" if bound == "start_min" else f"{bound}.year"
        rows = self.connection.execute(
            "SELECT value FROM facet_values"
            " WHERE past = ? AND dimension = ? AND value BETWEEN ? AND ? ORDER BY value",
            (self.past, dimension, first, last),
        )
        parts: list[FrozenBitMap] = []
        for span, some in groupby((row[0] for row in rows), key=lambda year: year // _YEARS):
            years = tuple(some)
            if first <= span * _YEARS and (span + 1) * _YEARS <= last + 1:
                parts.append(self.shelf.union(self.connection, self.past, dimension, years))
            else:
                parts += self.shelf.bits(self.connection, self.past, dimension, years)
        return union(parts)

    def _month(self, bound: str, name: str) -> FrozenBitMap:
        found = self.bits(f"{bound}.month", [name])
        return found | self.bits("month", [name]) if bound == "start_min" else found

    def _days(self, bound: str, name: str, first: int, last: int) -> FrozenBitMap:
        if bound == "start_min" and not self.past:
            rows = self.connection.execute(
                "SELECT number FROM events INDEXED BY events_start WHERE start_min BETWEEN ? AND ?",
                (first, last),
            )
            return FrozenBitMap([number for (number,) in rows])
        days = self.columns(self._month(bound, name), [bound])
        return FrozenBitMap([number for number, day in days if first <= day <= last])

    def columns(self, chosen: AbstractBitMap, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Number and some columns of the chosen rows, in the order of their numbers."""
        listed = ", ".join(f"e.{name}" for name in names)
        join = (
            f"SELECT v.rank, {listed} FROM json_each(?) j CROSS JOIN facet_versions v"
            " ON v.rank = j.value CROSS JOIN event_versions e"
            " ON e.number = v.number AND e.known_from = v.known_from"
            if self.past
            else f"SELECT e.number, {listed} FROM json_each(?) j"
            " CROSS JOIN events e ON e.number = j.value"
        )
        cursor = self.connection.cursor()
        cursor.row_factory = None
        numbers = chosen.to_array()
        return [
            row
            for start in range(0, len(numbers), _AT_ONCE)
            for row in cursor.execute(join, (str(numbers[start : start + _AT_ONCE].tolist()),))
        ]

    def values_of(self, dimension: str, chosen: BitMap) -> list[Value]:
        """The values of chosen rows in a dimension of which each has one at most."""
        if dimension == "month":
            bounds = self.columns(chosen, ["start_min", "start_max"])
            return [name for _, first, last in bounds for name in _months(first, last)]
        return [
            value
            for _, value in self.columns(chosen, [COLUMN_OF.get(dimension, dimension)])
            if value is not None
        ]


def _months(first: int | None, last: int | None) -> list[Value]:
    if first is None or last is None or month(first) != month(last):
        return []
    return [month(first)]


def _named(key: tuple[str, Value]) -> tuple[str, list[Value]]:
    return key[0], [key[1]]


def union(parts: Sequence[FrozenBitMap]) -> FrozenBitMap:
    """All of them together."""
    return parts[0] if len(parts) == 1 else FrozenBitMap.union(*parts) if parts else FrozenBitMap()


@dataclass(frozen=True, slots=True)
class _Span:
    """Days from one to another as whole years, whole months and parts of months."""

    years: tuple[int, int]
    months: list[str]
    days: list[tuple[str, int, int]]


def _split(first: int | None, last: int | None) -> _Span:
    begin, end = -_FAR, _FAR
    edges: list[tuple[int, int]] = []
    if first is not None:
        year, number, day = civil(first)
        begin = year if (number, day) == (1, 1) else year + 1
        if begin > year:
            edges.append((first, jdn(year, 12, 31)))
    if last is not None:
        year, number, day = civil(last)
        end = year if (number, day) == (12, 31) else year - 1
        if end < year:
            edges.append((jdn(year, 1, 1), last))
    if first is not None and last is not None and begin > end + 1:
        edges = [(first, last)]
    span = _Span((begin, end), [], [])
    for edge in edges:
        _split_year(span, *edge)
    return span


def _split_year(span: _Span, first: int, last: int) -> None:
    """Months and parts of months from `first` to `last`, days of one year."""
    while first <= last:
        year, number, day = civil(first)
        end = first - day + days_in_month(year, number)
        if day == 1 and end <= last:
            span.months.append(month(first))
        else:
            span.days.append((month(first), first, min(end, last)))
        first = end + 1
