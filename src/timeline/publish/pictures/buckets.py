"""Counts a day gathered into the bars of a histogram: months, years, decades, centuries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from timeline.edtf.days import civil
from timeline.publish.pictures.days import first_of, month_words, year_words
from timeline.publish.pictures.inks import CERTAINTIES

_MOST_MONTHS = 120
_MOST_YEARS = 200
_EARLY_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of a histogram.

    Attributes:
        label: what it is called, such as `1962`, `June 1962` or `1960s`.
        start_jdn: its first day.
        end_jdn: its last day, inclusive.
        counts: events by certainty; a name outside the scale counts as unknown.
    """

    label: str
    start_jdn: int
    end_jdn: int
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All events of the bucket."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Unit:
    """The width of a bar: `months` 1, or that many `years`."""

    months: int
    years: int

    def start(self, day: int) -> int:
        """The first day of the unit that holds `day`."""
        year, month, _ = civil(day)
        return first_of(year, month) if self.months else first_of(year // self.years * self.years)

    def after(self, start: int) -> int:
        """The first day of the next unit."""
        year, month, _ = civil(start)
        return first_of(year, month + 1) if self.months else first_of(year + self.years)

    def label(self, start: int) -> str:
        """What the unit that begins on `start` is called."""
        year = civil(start)[0]
        if self.months:
            return month_words(start)
        if self.years == 1:
            return year_words(year)
        if self.years == 10 and year >= 100:
            return f"{year}s"
        return f"{year_words(year)} – {year_words(year + self.years - 1)}"


def unit_for(first: int, last: int) -> Unit:
    """The finest unit that cuts the days `first` to `last` into bars that can be told apart."""
    (year, month, _), (last_year, last_month, _) = civil(first), civil(last)
    if (last_year - year) * 12 + last_month - month < _MOST_MONTHS:
        return Unit(1, 0)
    years = 1
    while (last_year - year) // years >= _MOST_YEARS:
        years *= 10
    return Unit(0, years)


def buckets_of(counts: Iterable[tuple[int, str, int]]) -> list[Bucket]:
    """Bars without gaps, in order, of (day, certainty, events); none of nothing.

    Where a few early events (at most one in a hundred) would force a coarser unit on all others, as
    few as possible stand together in a first bar `before …`.
    """
    days = sorted((day, level, count) for day, level, count in counts if count > 0)
    if not days:
        return []
    last = days[-1][0]
    unit = unit_for(_main_part(days), last)
    main = next(day for day, *_ in days if unit_for(day, last) == unit)
    start = unit.start(main)
    early = [item for item in days if item[0] < start]
    bars = _bars(days[len(early) :], unit)
    if not early:
        return bars
    return [Bucket(f"before {unit.label(start)}", days[0][0], start - 1, _sum(early)), *bars]


def _main_part(days: list[tuple[int, str, int]]) -> int:
    """The first day that has more than a hundredth of all events up to it."""
    allowed = sum(count for *_, count in days) * _EARLY_SHARE
    seen = 0
    for day, _, count in days:
        seen += count
        if seen > allowed:
            return day
    return days[0][0]


def _bars(days: list[tuple[int, str, int]], unit: Unit) -> list[Bucket]:
    by_start: dict[int, list[tuple[int, str, int]]] = {}
    for item in days:
        by_start.setdefault(unit.start(item[0]), []).append(item)
    bars = []
    start, last = min(by_start), max(by_start)
    while start <= last:
        after = unit.after(start)
        counts = _sum(by_start.get(start, []))
        bars.append(Bucket(unit.label(start), start, after - 1, counts))
        start = after
    return bars


def _sum(days: list[tuple[int, str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for _, level, count in days:
        total[level if level in CERTAINTIES else "unknown"] += count
    return dict(total)
