"""Julian Day Numbers as years, months and words, for the axes and titles of pictures.

Proleptic Gregorian calendar, astronomical years (0 is 1 BC), any size.
"""

from __future__ import annotations

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_UNIX_EPOCH = 2440588
_ERA_DAYS = 146097
_MARCH_OF_YEAR_0 = 719468


def jdn(year: int, month: int = 1, day: int = 1) -> int:
    """The Julian Day Number of a civil day; `month` 13 is January of the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    # Years from March, so that the leap day is the last of its year.
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _ERA_DAYS + days - _MARCH_OF_YEAR_0 + _UNIX_EPOCH


def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of a Julian Day Number."""
    era, rest = divmod(day - _UNIX_EPOCH + _MARCH_OF_YEAR_0, _ERA_DAYS)
    year_of_era = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    day_of_year = rest - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted + 2) // 5 + 1


def year_words(year: int) -> str:
    """`1962`, `44 BC`, `AD 33` where the bare number would be unclear."""
    if year <= 0:
        return f"{1 - year} BC"
    return str(year) if year >= 100 else f"AD {year}"


def day_words(day: int) -> str:
    """`5 December 2024`."""
    year, month, number = civil(day)
    return f"{number} {MONTHS[month - 1]} {year_words(year)}"


def range_words(first: int, last: int) -> str:
    """`5 December 2024`, `4–5 December 2024` or `30 November 2024 – 2 December 2024`."""
    if first == last:
        return day_words(first)
    if civil(first)[:2] == civil(last)[:2]:
        return f"{civil(first)[2]}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"
