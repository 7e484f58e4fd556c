"""Dates in a person's words to EDTF text: "Dec 2024", "c. 1950", "44 BC", "5-8 Dec 2024".

Nothing is guessed: what can be read in two ways is refused with both readings.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from timeline.edtf.dates import BadDate
from timeline.edtf.days import civil, days_in_month, iso
from timeline.edtf.grammar import analyse
from timeline.edtf.single import MONTH_NAMES

Order = Literal["dmy", "mdy"]

_MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_DAYS_AGO = {"today": 0, "yesterday": 1}
_BLANKS = re.compile(r"[\s,]+")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")

_NUMERIC = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})")
_MONTH_SLASH_YEAR = re.compile(r"([0-9]{1,2})[/.]([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})(0[1-9]|1[0-2])([0-9]{2})")
_SPACED_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}.*)")
_ABOUT = re.compile(r"(?:c|ca|circa|about|around|approx|approximately)(?![a-z]) ?|~ ?")
_MAYBE = re.compile(r"(?:possibly|perhaps|maybe)(?![a-z]) ?")
_DOUBT = re.compile(r" ?(?:\?|\(\?\)|\(uncertain\))$")
_ERA = r"(?:bce|bc|ce|ad)"
_YEAR = (
    r"(?:ad ?(?P<ad>[1-9][0-9]{0,3})|(?P<plain>[0-9]{4})"
    rf"|(?P<number>[1-9][0-9]{{0,5}}) ?(?P<era>{_ERA}))"
)
_NAME = r"(?P<month>[a-z]+)"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_POINTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}(?: of)? {_NAME}(?: {_YEAR})?",
        rf"{_NAME} {_DAY}(?: {_YEAR})?",
        rf"{_NAME}(?: of)?(?: {_YEAR})?",
        rf"{_DAY}(?: {_YEAR})?",
        _YEAR,
    )
)
_SEASON = re.compile(rf"(?P<season>[a-z]+)(?: of)? {_YEAR}")
_QUARTER = re.compile(r"q([1-4]) ([0-9]{4})|([0-9]{4}) ?q([1-4])")
_DECADE = re.compile(r"(?:the )?([0-9]{3})0'?s")
_CENTURY = re.compile(rf"(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th) century(?: (?P<era>{_ERA}))?")
_SHORT_YEAR = re.compile(r"(?:.* )?'?[0-9]{2}|[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}")
_THREE_DIGITS = re.compile(r"[0-9]{3}")
_EDTF_DATE = re.compile(r"-?[0-9x]{4}(?:-[0-9x]{2}){0,2}|y-?[0-9]+")


class Point(NamedTuple):
    """A day, month or year in words; what is missing may come from the other end of a span."""

    year: int | None
    month: int | None
    day: int | None

    def edtf(self, written: str) -> str:
        if self.year is None:
            raise _short_year(written)
        if self.day and not self.month:
            raise BadDate(f"{written[:60]!r} has a day without a month; write 5 December 2024")
        parts = [year_text(self.year)]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def year_text(year: int) -> str:
    """EDTF of an astronomical year."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def to_edtf(text: str, *, today: date | None, order: Order | None) -> str | None:
    """EDTF text of a date in words or in numbers; None when the words are not understood.

    Args:
        text: what a person wrote.
        today: what "today" and "yesterday" count from; None: they are not understood.
        order: how to read 05/12/2024; None: it is refused.

    Raises:
        BadDate: the text can be read in two ways, or has no full year.
    """
    words = _BLANKS.sub(" ", text.casefold().translate(_DASHES)).strip()
    if words in _DAYS_AGO:
        return None if today is None else (today - timedelta(_DAYS_AGO[words])).isoformat()
    if edtf := _numeric(text, words, order):
        return edtf
    words = words.replace(".", "") if ".." not in words else words
    if edtf := _open(text, words) or _between(text, words) or _piece(text, words):
        return edtf
    if _SHORT_YEAR.fullmatch(words):
        raise _short_year(text)
    if _THREE_DIGITS.fullmatch(words):
        raise BadDate(f"{text!r}: write 0{words} for the year or {words}X for the ten years")
    return None


def _short_year(text: str) -> BadDate:
    return BadDate(
        f"{text[:60]!r} has no year of four digits; write the year in full, "
        "as in 2024 or, for the first century, 0024"
    )


def _numeric(text: str, words: str, order: Order | None) -> str | None:
    if shape := _SPACED_TIME.fullmatch(words):
        return f"{shape[1]}T{shape[2].upper()}"
    if shape := _COMPACT.fullmatch(words):
        return "-".join(shape.groups())
    if shape := _MONTH_SLASH_YEAR.fullmatch(words):
        return f"{shape[2]}-{shape[1]:0>2}"
    if not (shape := _NUMERIC.fullmatch(words)):
        return None
    first, second, third = shape[1], shape[3], shape[4]
    if len(first) == 4 and len(third) <= 2:
        return f"{first}-{second:0>2}-{third:0>2}"
    if len(third) != 4 or len(first) > 2:
        raise _short_year(text)
    return _by_order(
        text,
        order,
        dmy=f"{third}-{second:0>2}-{first:0>2}",
        mdy=f"{third}-{first:0>2}-{second:0>2}",
    )


def _by_order(text: str, order: Order | None, *, dmy: str, mdy: str) -> str:
    if order:
        return _ordered(text, dmy, mdy) if order == "dmy" else _ordered(text, mdy, dmy)
    possible = [edtf for edtf in dict.fromkeys((dmy, mdy)) if _exists(edtf)]
    if len(possible) != 2:
        return possible[0] if possible else dmy
    raise BadDate(f"{text!r} can be {_words(dmy)} or {_words(mdy)}; write {dmy} or {mdy}")


def _ordered(text: str, edtf: str, other: str) -> str:
    if _exists(other) and not _exists(edtf):
        raise BadDate(
            f"{text!r} is no day in this order; write {other} if that is meant", fix=other
        )
    return edtf


def _exists(edtf: str) -> bool:
    year, month, day = (int(part) for part in edtf.split("-"))
    return 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def _words(edtf: str) -> str:
    year, month, day = edtf.split("-")
    return f"{int(day)} {MONTH_NAMES[int(month)]} {year}"


def _open(text: str, words: str) -> str | None:
    """Before, after, since, until."""
    keyword, _, rest = words.partition(" ")
    match keyword:
        case "since" if edtf := _piece(text, rest):
            return f"{edtf}/.."
        case "until" | "till" if edtf := _piece(text, rest):
            return f"../{edtf}"
        case "before" if edtf := _piece(text, rest):
            return f"[..{_beside(edtf, -1)}]"
        case "after" if edtf := _piece(text, rest):
            return f"[{_beside(edtf, 1)}..]"
    return None


def _beside(edtf: str, step: int) -> str:
    """The date just before (-1) or after (1), of the same precision where that is a day or year."""
    dates = analyse(edtf)
    bound = dates.start_min if step < 0 else dates.end_max
    if bound is None:
        raise BadDate(f"{edtf!r} is open; write the day that it is before or after")
    year, month, _ = civil(bound + step)
    marks = edtf[-1] if edtf[-1] in "?~%" else ""
    if dates.precision == "year":
        return year_text(year) + marks
    if dates.precision == "month":
        return f"{year_text(year)}-{month:02d}{marks}"
    return iso(bound + step) + marks


def _between(text: str, words: str) -> str | None:
    """Spans (A to B, A-B) and choices (between A and B, A or B)."""
    if words.startswith("between ") and " and " in words:
        low, _, high = words.removeprefix("between ").partition(" and ")
        ends = _two(text, low, high)
        return ends and f"[{ends[0]}..{ends[1]}]"
    words = words.removeprefix("from ")
    for mark, form in (
        (" or ", "[{},{}]"),
        (" to ", "{}/{}"),
        (" until ", "{}/{}"),
        (" - ", "{}/{}"),
    ):
        if mark in words:
            ends = _two(text, *words.split(mark, 1))
            return ends and form.format(*ends)
    if words.count("-") == 1 and (ends := _two(text, *words.split("-"))):
        return "/".join(ends)
    return None


def _two(text: str, low: str, high: str) -> tuple[str, str] | None:
    low, low_marks = _hedges(low.strip())
    high, high_marks = _hedges(high.strip())
    start, end = _point(low), _point(high)
    if start and end:
        if end.month is None and end.day is not None:
            end = end._replace(month=start.month)
        if start.year is None:
            start = start._replace(year=end.year, month=start.month or end.month)
        return start.edtf(text) + low_marks, end.edtf(text) + high_marks
    first, last = _core(text, low), _core(text, high)
    return (first + low_marks, last + high_marks) if first and last else None


def _piece(text: str, words: str) -> str | None:
    core, marks = _hedges(words)
    edtf = _core(text, core)
    return edtf and edtf + marks


def _hedges(words: str) -> tuple[str, str]:
    """The words without their hedges, and the hedges as one qualifier."""
    about = doubt = False
    for _ in range(2):
        if hedge := _ABOUT.match(words) or _MAYBE.match(words):
            about, doubt = about or hedge.re is _ABOUT, doubt or hedge.re is _MAYBE
            words = words[hedge.end() :]
    if hedge := _DOUBT.search(words):
        doubt, words = True, words[: hedge.start()]
    return words.strip(), "%" if about and doubt else "~" if about else "?" if doubt else ""


def _core(text: str, words: str) -> str | None:
    if _EDTF_DATE.fullmatch(words):
        return words.upper()
    if point := _point(words):
        return point.edtf(text)
    if shape := _SEASON.fullmatch(words):
        return _season(shape)
    if shape := _QUARTER.fullmatch(words):
        return f"{shape[2] or shape[3]}-{32 + int(shape[1] or shape[4])}"
    if shape := _DECADE.fullmatch(words):
        return _decade(text, shape[1])
    if shape := _CENTURY.fullmatch(words):
        return _century(int(shape[1]), shape["era"] or "ad")
    return None


def _season(shape: re.Match[str]) -> str | None:
    season, year = _SEASONS.get(shape["season"]), _year(shape)
    return None if season is None or year is None else f"{year_text(year)}-{season}"


def _decade(text: str, digits: str) -> str:
    if digits.endswith("0"):
        raise BadDate(
            f"{text!r} can be a decade or a century; write {digits}X for the ten years "
            f"or {digits[:2]}XX for the hundred"
        )
    return f"{digits}X"


def _century(number: int, era: str) -> str | None:
    if number == 0:
        return None
    if era not in ("bc", "bce"):
        return f"{number - 1:02d}XX"
    # The century before AD 1 has the year 0, which no mask of negative years can hold.
    return f"-{number - 1:02d}XX" if number > 1 else "[-0099..0000]"


def _point(words: str) -> Point | None:
    for pattern in _POINTS:
        if shape := pattern.fullmatch(words):
            found = shape.groupdict()
            month = _MONTHS.get(found.get("month") or "")
            if month is None and found.get("month"):
                continue
            day = found.get("day")
            return Point(_year(shape), month, int(day) if day else None)
    return None


def _year(shape: re.Match[str]) -> int | None:
    if shape["plain"]:
        return int(shape["plain"])
    if shape["ad"]:
        return int(shape["ad"])
    if not shape["number"]:
        return None
    number = int(shape["number"])
    return 1 - number if shape["era"].startswith("b") else number
