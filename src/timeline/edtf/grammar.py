"""EDTF text to Dates: a day at once, else intervals, sets and date-times made of single dates."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from timeline.edtf.dates import BadDate, Dates, EndState, NotEdtf
from timeline.edtf.days import days_in_month, jdn
from timeline.edtf.single import Span, span

MAX_LENGTH = 160
"""Characters of a date; a longer text is refused before anything looks at it."""

_PLAIN_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_DATE_TIME = re.compile(
    r"(?P<day>-?[0-9]{4}-[0-9]{2}-[0-9]{2})T"
    r"(?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?)"
    r"(?:Z|(?P<side>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-5][0-9]))?)?"
)
_TIME_SHAPE = re.compile(r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:?[0-9]{2}.*)")


def analyse(text: str) -> Dates:
    """The dates that an EDTF text means.

    Raises:
        NotEdtf: the text has not the shape of EDTF.
        BadDate: it has, but means no date: no such day, the end before the start.
    """
    if _PLAIN_DAY.fullmatch(text):
        year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
        if day <= 28 or day <= days_in_month(year, month):
            number = jdn(year, month, day)
            return Dates(text, number, number, number, number, "", "day", False, False)
    if len(text) > MAX_LENGTH:
        raise NotEdtf(f"a date of {len(text)} characters; at most {MAX_LENGTH} are read")
    if text[:1] in "[{" and text:
        return _set(text)
    if "/" in text:
        return _interval(text)
    if "T" in text:
        return _date_time(text)
    first, last, precision = span(text)
    return Dates(text, first, last, first, last, "", precision, *_qualifiers(text))


def _qualifiers(text: str) -> tuple[bool, bool]:
    both = "%" in text
    return both or "?" in text, both or "~" in text


def _date_time(text: str) -> Dates:
    shape = _DATE_TIME.fullmatch(text)
    if shape is None:
        raise _bad_time(text)
    first = span(shape["day"]).first
    edtf = text
    if shape["side"]:
        zone = f"{shape['side']}{shape['hours']}:{shape['minutes'] or '00'}"
        if not _is_zone(zone):
            raise BadDate(
                f"{text!r}: zones go from -12:00 to +14:00, and zero is Z; "
                f"write {shape['day']}T{shape['time']}Z or the right zone"
            )
        edtf = f"{shape['day']}T{shape['time']}{zone}"
    return Dates(edtf, first, first, first, first, "", "day", False, False)


def _is_zone(zone: str) -> bool:
    """`±hh:mm` from -12:00 to +14:00; minus nothing is no zone (ISO 8601-1:2019, 4.3.13)."""
    return "+00:00" <= zone <= "+14:00" or "-00:00" < zone <= "-12:00"


def _bad_time(text: str) -> BadDate:
    shape = _TIME_SHAPE.fullmatch(text)
    if shape is None:
        return NotEdtf(f"{text[:60]!r} is not a date")
    day = shape[1]
    if shape[2].startswith("24"):
        return BadDate(
            f"{text[:60]!r}: the hours of a day are 00 to 23; write the next day with T00:00:00, "
            f"or {day} alone",
            fix=day,
        )
    return BadDate(
        f"{text[:60]!r}: a time is written T10:10:10, T10:10:10Z or T10:10:10+05:00; "
        f"write {day} for the day",
        fix=day,
    )


def _interval(text: str) -> Dates:
    start_text, _, end_text = text.partition("/")
    start = None if start_text in ("", "..") else _part(text, start_text)
    end = None if end_text in ("", "..") else _part(text, end_text)
    uncertain, approximate = _qualifiers(text)
    if start is None:
        if end is None:
            raise BadDate(
                f"{text!r} has neither a start nor an end; write XXXX for a date nobody knows"
            )
        return Dates(text, None, None, end.first, end.last, "", "interval", uncertain, approximate)
    if end is None:
        state: EndState = "open" if end_text else "unknown"
        return Dates(
            text, start.first, start.last, None, None, state, "interval", uncertain, approximate
        )
    if start.first > end.last:
        raise _reversed(text, f"{end_text}/{start_text}")
    # The start is never after the end, so each side narrows the other.
    return Dates(
        text,
        start.first,
        min(start.last, end.last),
        max(start.first, end.first),
        end.last,
        "",
        "interval",
        uncertain,
        approximate,
    )


def _part(text: str, part: str) -> Span:
    """The span of one date in a longer text; what mends the date is offered in its place."""
    try:
        return span(part)
    except NotEdtf:
        raise
    except BadDate as error:
        fix = error.fix and text.replace(part, error.fix, 1)
        raise BadDate(error.message, fix=fix) from None


def _reversed(text: str, right: str) -> BadDate:
    return BadDate(f"{text!r} ends before it starts; write {right}", fix=right)


class Member(NamedTuple):
    """One member of a set: a date, or a range of them; an empty text is an open side."""

    first: str
    last: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


def members(text: str) -> tuple[Member, ...]:
    """The members of `[..]` or `{..}` as written, ranges as ranges: a set is never written out."""
    return tuple(_member(part.strip()) for part in text[1:-1].split(","))


def _member(text: str) -> Member:
    first, dots, last = text.partition("..")
    return Member(first, last) if dots else Member(text, text)


class _Stretch(NamedTuple):
    """The days of one member; None on its open side. `whole`: each end is a single day."""

    first: int | None
    last: int | None
    whole: bool


def _set(text: str) -> Dates:
    if text[-1] != {"[": "]", "{": "}"}[text[0]]:
        raise BadDate(f"{text[:60]!r}: a set ends as it begins: [1667,1668] or {{1667,1668}}")
    listed = members(text)
    stretches = [_stretch(text, member) for member in listed]
    if any(each.first is None for each in stretches[1:]) or any(
        each.last is None for each in stretches[:-1]
    ):
        raise _misplaced_dots(text)
    edtf = f"{text[0]}{','.join(map(str, listed))}{text[-1]}"
    firsts = [stretch.first for stretch in stretches if stretch.first is not None]
    lasts = [stretch.last for stretch in stretches if stretch.last is not None]
    low = None if stretches[0].first is None else min(firsts)
    high = None if stretches[-1].last is None else max(lasts)
    every = text[0] == "{"
    state: EndState = "" if high is not None else "open" if every else "unknown"
    if every and _without_gap(stretches):
        return Dates(edtf, low, low, high, high, state, "set", *_qualifiers(edtf))
    return Dates(edtf, low, high, low, high, state, "set", *_qualifiers(edtf))


def _stretch(text: str, member: Member) -> _Stretch:
    if not member.first and not member.last:
        raise BadDate(f"{text[:60]!r} has an empty member; write dates between the commas")
    first = _part(text, member.first) if member.first else None
    last = (
        first if member.first == member.last else _part(text, member.last) if member.last else None
    )
    if first and last and first.first > last.last:
        right = text.replace(str(member), f"{member.last}..{member.first}", 1)
        raise _reversed(str(member), right)
    whole = all(end is None or end.first == end.last for end in (first, last))
    return _Stretch(first.first if first else None, last.last if last else None, whole)


def _misplaced_dots(text: str) -> BadDate:
    return BadDate(
        f"{text[:60]!r}: an open .. stands before the first date of a set or after the last, "
        "as in [..1667,1670..]"
    )


def _without_gap(stretches: list[_Stretch]) -> bool:
    """Whether the members are days that follow each other, so that every day between is meant."""
    reach = -math.inf
    ordered = sorted(stretches, key=lambda each: -math.inf if each.first is None else each.first)
    for place, stretch in enumerate(ordered):
        if not stretch.whole or (place and stretch.first is not None and stretch.first > reach + 1):
            return False
        reach = max(reach, math.inf if stretch.last is None else stretch.last)
    return True
