"""Days and months in words, for the axes and titles of pictures."""

from __future__ import annotations

from timeline.edtf.days import civil, jdn
from timeline.edtf.sentences import year_name
from timeline.edtf.single import MONTH_NAMES


def first_of(year: int, month: int = 1) -> int:
    """The first day of a month as a Julian Day Number; month 13 is January of the next year."""
    return jdn(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def year_words(year: int) -> str:
    """An astronomical year as short as people write it: `1962`, `AD 79`, `44 BC`."""
    return year_name(year).removeprefix("the year ")


def month_name(month: int) -> str:
    """`Dec`, for where room is short; `month` is 1 to 12."""
    return MONTH_NAMES[month][:3]


def month_words(day: int) -> str:
    """`December 2024`, the month of a Julian Day Number."""
    year, month, _ = civil(day)
    return f"{MONTH_NAMES[month]} {year_words(year)}"


def day_words(day: int) -> str:
    """`5 December 2024`."""
    return f"{civil(day)[2]} {month_words(day)}"


def range_words(first: int, last: int) -> str:
    """`5 December 2024`, `4–5 December 2024` or `30 November 2024 – 2 December 2024`."""
    if first == last:
        return day_words(first)
    if civil(first)[:2] == civil(last)[:2]:
        return f"{civil(first)[2]}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"
