"""The calendar strip: a year of weeks, each day a square as large as its events are many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import zip_longest

from timeline.publish.pictures.days import day_words, first_of, month_name, year_words
from timeline.publish.pictures.writer import (
    Picture,
    Table,
    counted,
    element,
    label,
    link,
    number,
    percent,
    text,
)

_TOP = 18
_WIDE, _HIGH = 10, 13  # units of a day; the width is stretched to the picture's
_SIZES = (0.42, 0.6, 0.8, 1.0)
_SIGNS = "░▒▓█"


def calendar_strip(
    year: int,
    counts: Mapping[int, int],
    *,
    title: str | None = None,
    desc: str | None = None,
    uid: str | None = None,
    href: Callable[[int], str] | None = None,
) -> Picture:
    """Weeks from left to right, Monday to Sunday downwards.

    Args:
        year: astronomical year (0 is 1 BC).
        counts: events by Julian Day Number; days of other years are left out.
        title: the accessible name; the year when None.
        desc: what the picture shows; made from the counts when None.
        uid: prefix of every id, unique on the page; made from the year when None.
        href: the address of a day's events.
    """
    first, last = first_of(year), first_of(year + 1) - 1
    days = _days_of(first, last, counts)
    steps = thresholds(max(days.values(), default=0))
    columns = _column(first, last) + 1
    drawn = _squares(first, last, days, steps) + _months(first, year)
    drawn += element("g", _hits(first, days, href or (lambda _: "")), class_="tl-hits")
    plot = element(
        "svg",
        drawn,
        y=str(_TOP),
        width="100%",
        height=str(7 * _HIGH),
        viewBox=f"0 0 {columns * _WIDE} {7 * _HIGH}",
        preserveAspectRatio="none",
    )
    body = _names(first, year, columns) + plot
    height = _TOP + 7 * _HIGH + 8
    if steps:
        body, height = body + _legend(steps, height), height + 20
    name = f"Calendar of {year_words(year)}" if title is None else title
    said = _describe(days) if desc is None else desc
    ident = f"calendar{year}" if uid is None else uid
    return Picture("calendar", ident, name, said, body, height, linked=href is not None)


def thresholds(most: int) -> list[int]:
    """The least count of each size, at most four, in even ratios up to `most`."""
    steps: list[int] = []
    for position in range(len(_SIZES)):
        step = max(1, round(most ** (position / len(_SIZES))))
        step = max(step, steps[-1] + 1) if steps else step
        if step <= most:
            steps.append(step)
    return steps


def _days_of(first: int, last: int, counts: Mapping[int, int]) -> dict[int, int]:
    return {day: counts[day] for day in sorted(counts) if first <= day <= last and counts[day] > 0}


def _describe(days: Mapping[int, int]) -> str:
    if not days:
        return "No events."
    top = max(days, key=lambda day: days[day])
    total = counted(sum(days.values()), "event")
    return f"{total} on {counted(len(days), 'day')}, most on {day_words(top)} ({days[top]:,})."


def _column(first: int, day: int) -> int:
    # Julian Day Number 0 was a Monday.
    return day // 7 - first // 7


def _level(count: int, steps: list[int]) -> int:
    return sum(step <= count for step in steps) - 1


def _square(first: int, day: int, size: float) -> str:
    wide, high = (_WIDE - 1.4) * size, (_HIGH - 2) * size
    x = _column(first, day) * _WIDE + (_WIDE - wide) / 2
    y = day % 7 * _HIGH + (_HIGH - high) / 2
    return f"M{number(x)} {number(y)}h{number(wide)}v{number(high)}h-{number(wide)}z"


def _squares(first: int, last: int, days: Mapping[int, int], steps: list[int]) -> str:
    empty = "".join(_square(first, d, 1.0) for d in range(first, last + 1))
    parts = [element("path", d=empty, class_="tl-tint tl-grey")]
    for level in range(len(steps)):
        path = "".join(
            _square(first, day, _SIZES[level + len(_SIZES) - len(steps)])
            for day, count in days.items()
            if _level(count, steps) == level
        )
        parts.append(element("path", d=path, class_="tl-event", fill="currentColor"))
    return "".join(parts)


def _months(first: int, year: int) -> str:
    """The stepped lines between months."""
    path = ""
    for month in range(2, 13):
        day = first_of(year, month)
        x, y = _column(first, day) * _WIDE, day % 7 * _HIGH
        path += f"M{x + _WIDE} 0V{y}H{x}V{7 * _HIGH}" if y else f"M{x} 0V{7 * _HIGH}"
    return element("path", d=path, class_="tl-rule", vector_effect="non-scaling-stroke")


def _names(first: int, year: int, columns: int) -> str:
    parts = []
    for month in range(1, 13):
        share = 100 * (_column(first, first_of(year, month) + 6)) / columns
        classes = None if month % 3 == 1 else "tl-wide"
        parts.append(label(month_name(month), percent(share), 12, class_=classes))
    return element("g", "".join(parts), class_="tl-scale")


def _hits(first: int, days: Mapping[int, int], href: Callable[[int], str]) -> str:
    parts = []
    for day, count in days.items():
        words = element("title", text(f"{day_words(day)}: {counted(count, 'event')}"))
        x, y = _column(first, day) * _WIDE, day % 7 * _HIGH
        cell = element("path", words, d=f"M{x} {y}h{_WIDE}v{_HIGH}h-{_WIDE}z")
        parts.append(link(href(day), cell))
    return "".join(parts)


def _legend(steps: list[int], top: float) -> str:
    parts, x = [], 0.0
    for level, words in enumerate(_ranges(steps)):
        side = 11 * _SIZES[level + len(_SIZES) - len(steps)]
        swatch = element(
            "rect",
            class_="tl-event",
            x=number(x + 7 - side / 2),
            y=number(top + 9 - side / 2),
            width=number(side),
            height=number(side),
            fill="currentColor",
        )
        parts.append(swatch + label(words, number(x + 20), top + 13))
        x += 36 + len(words) * 6.7
    return element("g", "".join(parts), class_="tl-legend")


def _ranges(steps: list[int]) -> list[str]:
    """`1`, `2–3`, `4–7`, `8+`"""
    return [
        f"{step}+" if not after else str(step) if after == step + 1 else f"{step}–{after - 1}"
        for step, after in zip_longest(steps, steps[1:], fillvalue=0)
    ]


def calendar_table(
    year: int, counts: Mapping[int, int], *, href: Callable[[int], str] | None = None
) -> Table:
    """A row for each day that has events."""
    days = _days_of(first_of(year), first_of(year + 1) - 1, counts)
    rows = tuple((day_words(day), f"{count:,}") for day, count in days.items())
    return Table(("Day", "Events"), rows, tuple(href(day) for day in days) if href else ())


def calendar_text(year: int, counts: Mapping[int, int]) -> str:
    """A line for each month, a sign for each day, the month's count at the end."""
    first, last = first_of(year), first_of(year + 1) - 1
    days = _days_of(first, last, counts)
    steps = thresholds(max(days.values(), default=0))
    lines = [f"{year_words(year)}", "    1        10        20        30"]
    signs = _SIGNS[len(_SIGNS) - len(steps) :]
    for month in range(1, 13):
        span = range(first_of(year, month), first_of(year, month + 1))
        cells = "".join(signs[_level(days[d], steps)] if d in days else "·" for d in span)
        total = sum(days.get(day, 0) for day in span)
        lines.append(f"{month_name(month)} {cells:<31} {total or '':>5}".rstrip())
    legend = "  ".join(f"{sign} {words}" for sign, words in zip(signs, _ranges(steps), strict=True))
    return "\n".join([*lines, "", legend or "No events."]) + "\n"
