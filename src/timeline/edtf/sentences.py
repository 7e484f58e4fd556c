"""Dates in plain English: what a reader sees on pages, in lists and on the command line."""

from __future__ import annotations

import re

from timeline.edtf.dates import Dates
from timeline.edtf.days import days_in_month
from timeline.edtf.grammar import Member, members
from timeline.edtf.single import LONG_SHAPE, MONTH_NAMES, SEASON_MONTHS, SHAPE, fitting, long_years

_SEASONS = ("spring", "summer", "autumn", "winter")
_SHARES = (
    *("first quarter", "second quarter", "third quarter", "fourth quarter"),
    *("first third", "second third", "last third", "first half", "second half"),
)
_SEASON_NAMES = dict(
    enumerate(
        (
            *(
                f"{where}{season}"
                for where in ("", "northern ", "southern ")
                for season in _SEASONS
            ),
            *(f"the {share}" for share in _SHARES),
        ),
        start=21,
    )
)
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_PLAIN = re.compile(r"(-?[0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
_Words = tuple[str, str]
"""How a date opens a sentence ("some day in ") and how it is named in one ("May 2024")."""


def sentence(dates: Dates) -> str:
    """The dates as a phrase without a capital or a full stop, such as "from 5 to 8 May 2024"."""
    text = dates.edtf
    if text[0] in "[{":
        return _set(text)
    if "/" in text:
        return _interval(text)
    if "T" in text:
        return _date_time(text)
    lead, name = _words(text)
    return _hedged(text, lead, name)


def _name(text: str) -> str:
    return _hedged(text, "", _words(text)[1])


def _hedged(text: str, lead: str, name: str) -> str:
    """The words with what `?`, `~` and `%` say: about, approximate, uncertain."""
    approximate, uncertain = _marked(text, "~%"), _marked(text, "?%")
    if approximate == "whole" and not name.startswith("some "):
        lead, approximate = "about ", ""
    notes = [
        word if part == "whole" else f"{part} {word}"
        for part, word in ((approximate, "approximate"), (uncertain, "uncertain"))
        if part
    ]
    return f"{lead}{name} ({', '.join(notes)})" if notes else lead + name


def _marked(text: str, signs: str) -> str:
    """Which parts carry one of the signs: '' for none, "whole" for all, else "month and day".

    A sign right of a part covers all before it too, left of a part that part alone (ISO 8601-2:
    2019, 8.4).
    """
    if not any(sign in text for sign in signs):
        return ""
    shape = SHAPE.fullmatch(text)
    if shape is None:
        return "whole"
    parts = [part for part in ("year", "month", "day") if shape[part]]
    marked = set()
    for place, part in enumerate(parts):
        if (shape[f"{part}_left"] or " ") in signs:
            marked.add(part)
        if (shape[f"{part}_right"] or " ") in signs:
            marked.update(parts[: place + 1])
    return (
        "whole" if len(marked) == len(parts) else " and ".join(filter(marked.__contains__, parts))
    )


def _words(text: str) -> _Words:
    if shape := SHAPE.fullmatch(text):
        return _shape_words(shape)
    shape = LONG_SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"{text!r} is no EDTF date")
    low, high = long_years(text, shape)
    if low == high:
        return "", year_name(low)
    value = int(shape["sign"] + shape["digits"]) * 10 ** int(shape["exponent"] or 0)
    return "some time in ", f"the years {_years(low, high)}, estimated {year_name(value)}"


def _shape_words(shape: re.Match[str]) -> _Words:
    month, day = shape["month"], shape["day"]
    masked = "X" in shape["year"]
    year = _year_words(shape["sign"], shape["year"])
    if month is None:
        return ("some time in " if masked else ""), year
    of_year = f" in {year}" if masked else f" {year}"
    if month > "12" and "X" not in month:
        return "some time in ", _season_words(int(month), year, masked=masked)
    if day is None or (day == "XX" and "X" not in month):
        return _month_words(month, year, of_year)
    if month == day == "XX":
        return "some day in ", year
    if "X" not in month + day:
        return "", f"{int(day)} {MONTH_NAMES[int(month)]}{of_year}"
    of_year = f" in {year}" if month == "XX" else of_year
    return "", f"{_day_choice(day, _longest(shape))} of {_month_choice(month)}{of_year}"


def year_name(year: int) -> str:
    """An astronomical year as people write it: 44 BC, AD 79, 1950, the year 170,000,002."""
    if year <= 0:
        return f"{1 - year:,} BC" if year < -9998 else f"{1 - year} BC"
    if year > 9999:
        return f"the year {year:,}"
    return f"AD {year}" if year < 1000 else str(year)


def _years(low: int, high: int) -> str:
    start, end = year_name(low).removeprefix("the year "), year_name(high)
    start = start.removesuffix(" BC") if high <= 0 else start
    return f"{start} to {end.removeprefix('the year ')}"


def _year_words(sign: str, mask: str) -> str:
    known = (mask + "X").index("X")
    if known == 4:
        return year_name(int(sign + mask))
    if known == 0 and mask == "XXXX":
        return "an unknown year BC" if sign else "an unknown year"
    if mask[known:].strip("X"):
        return f"a year of the form {sign}{mask}"
    if known == 3 and mask >= "1000" and mask[2] != "0" and not sign:
        return f"the {mask[:3]}0s"
    low, high = int(mask.replace("X", "0")), int(mask.replace("X", "9"))
    years = _years(-high, -(low or 1)) if sign else _years(low, high)
    if known == 2:
        return f"the {_ordinal(int(mask[:2]) + 1)} century{' BC' if sign else ''} ({years})"
    return f"the years {years}"


def _season_words(code: int, year: str, *, masked: bool) -> str:
    name = f"{_SEASON_NAMES[code]} of a year in {year}" if masked else ""
    if code > 32:
        return name or f"{_SEASON_NAMES[code]} of {year}"
    begin, end = SEASON_MONTHS[code]
    name = name or f"{_SEASON_NAMES[code]} {year}"
    return f"{name} ({MONTH_NAMES[begin]} to {MONTH_NAMES[(end - 1) % 12 + 1]})"


def _month_words(month: str, year: str, of_year: str) -> _Words:
    if "X" not in month:
        return "some day in ", f"{MONTH_NAMES[int(month)]}{of_year}"
    return "", f"{_month_choice(month)}{f' in {year}' if month == 'XX' else of_year}"


def _month_choice(mask: str) -> str:
    months = [MONTH_NAMES[month] for month in fitting(mask, 12)]
    if mask == "XX":
        return "some month"
    if mask[1] == "X":
        return f"some month from {months[0]} to {months[-1]}"
    return " or ".join(months)


def _day_choice(mask: str, longest: int) -> str:
    days = [f"the {_ordinal(day)}" for day in fitting(mask, longest)]
    if mask == "XX":
        return "some day"
    if mask[1] == "X" and len(days) > 1:
        return f"some day from {days[0]} to {days[-1]}"
    return " or ".join(days)


def _longest(shape: re.Match[str]) -> int:
    """The most days the month can have."""
    months = fitting(shape["month"], 12)
    if "X" in shape["year"] or len(months) > 1:
        return max(days_in_month(4, month) for month in months)
    return days_in_month(int(shape["sign"] + shape["year"]), months[0])


def _ordinal(number: int) -> str:
    tail = number % 100
    tail = tail if tail < 20 else tail % 10
    return f"{number}{_ORDINALS.get(tail, 'th')}"


def _date_time(text: str) -> str:
    day, _, time = text.partition("T")
    zone = time.replace("Z", " UTC").replace("+", " UTC+").replace("-", " UTC-")
    return f"{_name(day)}, {zone}"


def _interval(text: str) -> str:
    start, _, end = text.partition("/")
    if start in ("", ".."):
        return f"until {_name(end)}{'' if start else ', start unknown'}"
    if end in ("", ".."):
        return f"since {_name(start)}" if end else f"from {_name(start)}, end unknown"
    if start == end:
        plain = _PLAIN.fullmatch(start)
        return _name(start) if plain and plain[3] else f"within {_name(start)}"
    return f"from {_shortened(start, end)} to {_name(end)}"


def _shortened(start: str, end: str) -> str:
    """The start without what it shares with the end: the 5 of "from 5 to 8 May 2024"."""
    name = _name(start)
    one, other = _PLAIN.fullmatch(start), _PLAIN.fullmatch(end)
    if not one or not other or one.lastindex != other.lastindex:
        return name
    if one.lastindex == 1:
        return name.removesuffix(" BC") if int(other[1]) <= 0 else name
    if one[1] != other[1]:
        return name
    if one.lastindex == 3 and one[2] == other[2]:
        return str(int(one[3]))
    return name.removesuffix(f" {year_name(int(one[1]))}")


def _set(text: str) -> str:
    listed = members(text)
    every = text[0] == "{"
    joint = "and" if every else "or"
    names = [_member(member, joint) for member in listed]
    if len(listed) == 1:
        return _only(listed[0], names[0], every=every)
    if len(listed) == 2 and all(member.first == member.last for member in listed):
        return f"{'both ' if every else ''}{names[0]} {joint} {names[1]}"
    return f"{'all of ' if every else ''}{', '.join(names[:-1])}, {joint} {names[-1]}"


def _only(member: Member, name: str, *, every: bool) -> str:
    if member.first == member.last:
        return _hedged(member.first, *_words(member.first))
    if not member.first or not member.last:
        return name
    return f"{'all' if every else 'some time'} from {name}"


def _member(member: Member, joint: str) -> str:
    if member.first == member.last:
        return _name(member.first)
    if not member.first:
        return f"{_name(member.last)} {joint} earlier"
    if not member.last:
        return f"{_name(member.first)} {joint} later"
    return f"{_shortened(member.first, member.last)} to {_name(member.last)}"
