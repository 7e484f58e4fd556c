"""The axis of days under a picture: where a day falls, and which days carry a label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from timeline.edtf.days import civil
from timeline.publish.pictures.days import first_of, month_name, year_words
from timeline.publish.pictures.writer import element, label, number, percent

AXIS_HEIGHT = 24
_MOST_TICKS = 8
_PHONE = 3.5  # pixels of one per cent of the width
_HALF = 3.6  # pixels of half a character


@dataclass(frozen=True, slots=True)
class Scale:
    """The days a picture shows, `first` to `last`, both inclusive Julian Day Numbers."""

    first: int
    last: int

    def share(self, day: int) -> float:
        """Where the morning of `day` falls, 0 to 100; days outside fall on the edge."""
        return min(100.0, max(0.0, 100 * (day - self.first) / (self.last - self.first + 1)))

    def middle(self, first: int, last: int) -> float:
        """The middle of the days from `first` to `last`, both inclusive."""
        return (self.share(first) + self.share(last + 1)) / 2

    def column(self, day: int, width: int) -> int:
        """The character cell of `day` in a line of `width` cells."""
        return min(width - 1, int(self.share(day) * width / 100))


@dataclass(frozen=True, slots=True)
class Tick:
    """One labelled place of an axis; only the major ones are shown on a narrow screen."""

    share: float
    label: str
    major: bool


def padded(first: int, last: int, share: float = 0.03) -> Scale:
    """A scale with some air on both sides."""
    air = max(1, round((last - first + 1) * share))
    return Scale(first - air, last + air)


def ticks(scale: Scale) -> list[Tick]:
    """At most about eight round days of the scale, in order."""
    return spaced([(scale.share(day), words) for day, words in round_days(scale)])


def spaced(places: list[tuple[float, str]]) -> list[Tick]:
    """Ticks of (share, label), every second one major where there are more than four."""
    few = len(places) <= 4
    return [Tick(x, words, few or i % 2 == 0) for i, (x, words) in enumerate(places)]


def round_days(scale: Scale) -> list[tuple[int, str]]:
    """The first days of round years, months or steps of days, with their labels."""
    days = scale.last - scale.first + 1
    if days <= 45:
        return list(_days(scale, -(-days // 6)))
    for months in (1, 2, 3, 6):
        if days / 30.4 <= months * _MOST_TICKS:
            return list(_months(scale, months))
    return [(first_of(year), year_words(year)) for year in round_years(scale, _MOST_TICKS)]


def round_years(scale: Scale, most: int) -> Iterator[int]:
    """Round years of the scale as people count them (500 BC, not the astronomical -500)."""
    first, last = civil(scale.first)[0], civil(scale.last)[0]
    step = _round_step((last - first + 1) / most)
    for multiple in range(first // step * step, last + step, step):
        year = multiple if multiple > 0 else multiple + 1
        if scale.first <= first_of(year) <= scale.last:
            yield year


def _round_step(least: float) -> int:
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= least:
                return factor * power
        power *= 10


def _days(scale: Scale, step: int) -> Iterator[tuple[int, str]]:
    for index, day in enumerate(range(scale.first, scale.last + 1, step)):
        year, month, number_ = civil(day)
        with_year = index == 0 or (month == 1 and number_ <= step)
        words = f"{number_} {month_name(month)}"
        yield day, f"{words} {year_words(year)}" if with_year else words


def _months(scale: Scale, step: int) -> Iterator[tuple[int, str]]:
    year, month, _ = civil(scale.first)
    month -= (month - 1) % step
    while (day := first_of(year, month)) <= scale.last:
        if day >= scale.first:
            true_year, true_month, _ = civil(day)
            yield day, f"{month_name(true_month)} {year_words(true_year)}"
        month += step


def axis(marks: list[Tick], top: float, *, grid_from: float | None = None) -> str:
    """The base line at `top` with its labels below; `grid_from` draws hairlines up to there."""
    parts = [element("line", class_="tl-base", x2="100%", y1=number(top), y2=number(top))]
    for tick in marks:
        x = percent(tick.share)
        up = top if grid_from is None else grid_from
        line = element("line", x1=x, x2=x, y1=number(up), y2=number(top + 4))
        words = label(tick.label, x, top + 17, anchor=_anchor(tick))
        parts.append(
            element("g", line + words, class_="tl-tick" if tick.major else "tl-tick tl-wide")
        )
    return "".join(parts)


def _anchor(tick: Tick) -> str:
    """Centred, but for labels that would be cut off at an edge of a narrow screen."""
    half = len(tick.label) * _HALF / _PHONE
    return "start" if tick.share < half else "end" if tick.share > 100 - half else "middle"


def axis_line(marks: list[Tick], width: int) -> str:
    """The labels in one line of `width` characters, those left out that would touch."""
    line = ""
    for tick in marks:
        column = min(int(tick.share * width / 100), width - len(tick.label))
        if column >= len(line) + (2 if line else 0):
            line = line.ljust(column) + tick.label
    return line
