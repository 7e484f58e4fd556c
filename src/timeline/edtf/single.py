"""One date without `/` or brackets: its shape, and the first and last day it can mean.

Years, months, days, seasons, masked digits (X), years beyond four digits, significant digits and
qualifiers: EDTF of ISO 8601-2:2019, level 0 to 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from timeline.edtf.dates import BadDate, NotEdtf, Precision
from timeline.edtf.days import days_in_month, is_leap, jdn

MAX_YEAR = 10**12 - 1
"""Keeps every Julian Day Number under 2^53, exact in any reader of the database."""

MONTH_NAMES = (
    "",
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
_NORTH = ((3, 5), (6, 8), (9, 11), (12, 14))
_SOUTH = ((9, 11), (12, 14), (3, 5), (6, 8))
_QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))
_THIRDS = ((1, 4), (5, 8), (9, 12))
_HALVES = ((1, 6), (7, 12))
SEASON_MONTHS = dict(
    enumerate((*_NORTH, *_NORTH, *_SOUTH, *_QUARTERS, *_THIRDS, *_HALVES), start=21)
)
"""First and last month of each season code; 13 and 14 are January and February of the next year.

Seasons are whole months, spring from March in the north (21-24 without a hemisphere are read as
northern), and a winter belongs to the year it begins in.
"""

SHAPE = re.compile(
    r"(?P<year_left>[?~%]?)(?P<sign>-?)(?P<year>[0-9X]{4})(?P<year_right>[?~%]?)"
    r"(?:-(?P<month_left>[?~%]?)(?P<month>[0-9X]{2})(?P<month_right>[?~%]?)"
    r"(?:-(?P<day_left>[?~%]?)(?P<day>[0-9X]{2})(?P<day_right>[?~%]?))?)?"
)
LONG_SHAPE = re.compile(
    r"[?~%]?(?P<prefix>Y?)(?P<sign>-?)(?P<digits>[0-9]{1,18})"
    r"(?:E(?P<exponent>[0-9]{1,2}))?(?:S(?P<significant>[0-9]{1,2}))?[?~%]?"
)
_PRECISIONS: tuple[Precision, ...] = ("year", "decade", "century", "millennium")


class Span(NamedTuple):
    """First and last day a date can mean, both inclusive, and how closely that is known."""

    first: int
    last: int
    precision: Precision


def span(text: str) -> Span:
    """The days that one date can mean.

    Raises:
        NotEdtf: the text has not the shape of a date.
        BadDate: it has, but there is no such month, day or year.
    """
    if shape := SHAPE.fullmatch(text):
        return _of_shape(text, shape)
    if (shape := LONG_SHAPE.fullmatch(text)) and (shape["prefix"] or shape["significant"]):
        low, high = long_years(text, shape)
        return Span(jdn(low, 1, 1), jdn(high, 12, 31), _years_precision(high - low + 1))
    raise NotEdtf(f"{text[:60]!r} is not a date")


def _of_shape(text: str, shape: re.Match[str]) -> Span:
    sign, year, month, day = shape["sign"], shape["year"], shape["month"], shape["day"]
    if sign and year == "0000":
        raise _signed_zero(text)
    if month is None:
        return Span(
            jdn(_first_year(sign, year), 1, 1),
            jdn(_last_year(sign, year), 12, 31),
            _year_precision(year),
        )
    months = fitting(month, 12)
    if not months:
        return _season(text, shape)
    days = fitting(day, 31) if day else ()
    if day and not days:
        raise _no_such_day(text, shape)
    first = _first_day(_years(sign, year), months, days or (1,), year)
    if first is None:
        raise _no_such_day(text, shape)
    last = _last_day(_years(sign, year, latest_first=True), months, days)
    precision = _month_precision(year, month, day or "XX")
    return Span(first, last, "day" if first == last else precision)


def _signed_zero(text: str) -> BadDate:
    right = text.replace("-0000", "0000", 1)
    return BadDate(f"{text!r}: the year 0 has no sign; write {right}", fix=right)


def fitting(mask: str, highest: int) -> tuple[int, ...]:
    """The numbers from 1 to `highest` that a two-character mask (`1X`) allows, rising."""
    if "X" not in mask:
        return (int(mask),) if 1 <= int(mask) <= highest else ()
    tens = range(10) if mask[0] == "X" else (int(mask[0]),)
    ones = range(10) if mask[1] == "X" else (int(mask[1]),)
    return tuple(n for ten in tens for one in ones if 1 <= (n := 10 * ten + one) <= highest)


def _first_year(sign: str, mask: str) -> int:
    return -int(mask.replace("X", "9")) if sign else int(mask.replace("X", "0"))


def _last_year(sign: str, mask: str) -> int:
    if not sign:
        return int(mask.replace("X", "9"))
    # There is no year -0000: where every digit could be 0, the last X must be at least 1.
    return -int(mask.replace("X", "0")) or -(10 ** (3 - mask.rindex("X")))


def _years(sign: str, mask: str, *, latest_first: bool = False) -> Iterator[int]:
    falling = latest_first != bool(sign)
    digits = "9876543210" if falling else "0123456789"
    for chosen in product(*(digits if digit == "X" else digit for digit in mask)):
        year = int("".join(chosen))
        if year or not sign:
            yield -year if sign else year


def _first_day(
    years: Iterable[int], months: tuple[int, ...], days: tuple[int, ...], mask: str
) -> int | None:
    """The first real day; None when no year of the mask has one."""
    shortest = days[0]
    months = tuple(month for month in months if days_in_month(4, month) >= shortest)
    if not months or (months == (2,) and shortest == 29 and not _may_be_leap(mask)):
        return None
    for year in years:
        for month in months:
            if days_in_month(year, month) >= shortest:
                return jdn(year, month, shortest)
        if is_leap(year):
            return None
    return None


def _may_be_leap(mask: str) -> bool:
    """Whether a year of the mask can be divided by 4; looks at its last two digits."""
    tens = range(10) if mask[2] == "X" else (int(mask[2]),)
    ones = range(10) if mask[3] == "X" else (int(mask[3]),)
    return any((10 * ten + one) % 4 == 0 for ten in tens for one in ones)


def _last_day(years: Iterable[int], months: tuple[int, ...], days: tuple[int, ...]) -> int:
    """The last real day; without `days` the month's last. There must be one."""
    for year in years:
        for month in reversed(months):
            length = days_in_month(year, month)
            if fit := [day for day in days if day <= length] if days else [length]:
                return jdn(year, month, fit[-1])
    raise AssertionError("a first day without a last day")


def _season(text: str, shape: re.Match[str]) -> Span:
    month, day = shape["month"], shape["day"]
    code = 0 if "X" in month else int(month)
    if code not in SEASON_MONTHS:
        raise _no_such_month(text, shape)
    if day:
        raise BadDate(
            f"{text!r}: {code} is a season and has no days; write {_upto(shape, 'month')}",
            fix=_upto(shape, "month"),
        )
    begin, end = SEASON_MONTHS[code]
    low, high = _first_year(shape["sign"], shape["year"]), _last_year(shape["sign"], shape["year"])
    next_year, end_month = divmod(end - 1, 12)
    last = jdn(high + next_year, end_month + 1, days_in_month(high + next_year, end_month + 1))
    precision = "season" if low == high else _year_precision(shape["year"])
    return Span(jdn(low, begin, 1), last, precision)


def _month_precision(year: str, month: str, day: str) -> Precision:
    if "X" in year:
        return _year_precision(year)
    if "X" in month:
        return "year"
    return "month" if "X" in day else "day"


def _year_precision(mask: str) -> Precision:
    known = (mask + "X").index("X")
    return _PRECISIONS[4 - known] if known else "unknown"


def _years_precision(years: int) -> Precision:
    power = len(str(years)) - 1
    return _PRECISIONS[power] if power < len(_PRECISIONS) else "unknown"


def long_years(text: str, shape: re.Match[str]) -> tuple[int, int]:
    """First and last year of `Y17E7`, `Y171010000S3` or `1950S2`.

    With S, the years that share so many leading digits: the figure is an estimate.
    """
    value = int(shape["digits"]) * 10 ** int(shape["exponent"] or 0)
    if value > MAX_YEAR:
        raise BadDate(f"{text!r}: years go up to {MAX_YEAR} here, before and after year 0")
    if shape["sign"] and not value and not shape["prefix"]:
        raise _signed_zero(text)
    if shape["prefix"] and (value <= 9999 or shape["digits"][0] == "0"):
        raise _needless_prefix(text, shape, value)
    if not shape["prefix"] and (len(shape["digits"]) != 4 or shape["exponent"]):
        raise BadDate(f"{text!r}: a year of other than four digits has a Y before it")
    unit = _unit(text, value, shape["significant"])
    low = value // unit * unit
    high = low + unit - 1
    return (-high, -low) if shape["sign"] else (low, high)


def _needless_prefix(text: str, shape: re.Match[str], value: int) -> BadDate:
    rest = f"S{shape['significant']}" if shape["significant"] else ""
    right = f"{shape['sign'] if value else ''}{'Y' if value > 9999 else ''}{value:04d}{rest}"
    if value > 9999:
        right = f"Y{shape['sign']}{value}{rest}"
    return BadDate(
        f"{text!r}: Y is for years of more than four digits, without zeros before; write {right}",
        fix=right,
    )


def _unit(text: str, value: int, significant: str | None) -> int:
    if significant is None:
        return 1
    digits = len(str(value))
    if not 1 <= int(significant) <= digits:
        raise BadDate(
            f"{text!r}: {value} has {digits} significant digits; "
            f"write S1 to S{digits} or leave S{significant} out"
        )
    unit: int = 10 ** (digits - int(significant))
    return unit


def _upto(shape: re.Match[str], part: str) -> str:
    return shape.string[: shape.end(part)]


def _no_such_month(text: str, shape: re.Match[str]) -> BadDate:
    year, month = _upto(shape, "year"), shape["month"]
    if "X" in month:
        return BadDate(f"{text!r}: no month fits {month}; write {year}-XX", fix=f"{year}-XX")
    if month == "00":
        return BadDate(
            f"{text!r}: there is no month 00; where the month is not known write {year}", fix=year
        )
    span_of_years = f"; for a span of years, {year}/{year[:-2]}{month}"
    later = not shape["sign"] and not shape["day"] and month > year[-2:]
    return BadDate(
        f"{text!r}: there is no month {month}; write {year} or {year}-12"
        f"{span_of_years if later else ''}",
        fix=year,
    )


def _no_such_day(text: str, shape: re.Match[str]) -> BadDate:
    upto_month, month, day = _upto(shape, "month"), shape["month"], shape["day"]
    if day == "00":
        return BadDate(
            f"{text!r}: there is no day 00; where the day is not known write {upto_month}",
            fix=upto_month,
        )
    if "X" in shape["year"] + month + day:
        return BadDate(
            f"{text!r}: no day of the calendar fits this; write {upto_month}", fix=upto_month
        )
    year = int(shape["sign"] + shape["year"])
    length = days_in_month(year, int(month))
    name = f"{MONTH_NAMES[int(month)]} {shape['sign']}{shape['year']}"
    return BadDate(
        f"{text!r}: {name} has {length} days; write {upto_month}-{length}",
        fix=f"{upto_month}-{length}",
    )
