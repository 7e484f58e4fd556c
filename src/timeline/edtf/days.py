"""Calendar days and their Julian Day Numbers: the arithmetic under every date of the archive.

Proleptic Gregorian calendar, astronomical years (0 is 1 BC, -1 is 2 BC), integers of any size.
"""

from __future__ import annotations

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the astronomical year has a 29 February; year 0 does."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31; `month` is 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month]


def jdn(year: int, month: int, day: int) -> int:
    """Julian Day Number (days; 2000-01-01 is 2451545) of a day that exists.

    The arithmetic does not check: a day past the end of its month counts on into the next one.
    """
    before_march = 1 if month < 3 else 0
    shifted_year = year + 4800 - before_march
    shifted_month = month + 12 * before_march - 3
    leap_days = shifted_year // 4 - shifted_year // 100 + shifted_year // 400
    return day + (153 * shifted_month + 2) // 5 + 365 * shifted_year + leap_days - 32045


def civil(jdn: int) -> tuple[int, int, int]:
    """Year (astronomical), month 1-12 and day 1-31 of a Julian Day Number."""
    since_march = jdn + 32044
    century = (4 * since_march + 3) // 146097
    in_century = since_march - 146097 * century // 4
    year = (4 * in_century + 3) // 1461
    in_year = in_century - 1461 * year // 4
    month = (5 * in_year + 2) // 153
    day = in_year - (153 * month + 2) // 5 + 1
    return 100 * century + year - 4800 + month // 10, month + 3 - 12 * (month // 10), day


def iso(jdn: int) -> str:
    """The day as `YYYY-MM-DD`; a minus before years under 0, more digits beyond 9999."""
    year, month, day = civil(jdn)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}"
