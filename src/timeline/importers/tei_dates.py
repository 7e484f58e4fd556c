"""Dates of TEI P5 (`att.datable`) as EDTF: a day, an interval, or some time within one."""

from __future__ import annotations

import calendar
import re
import xml.etree.ElementTree as ET
from typing import Any

from timeline import edtf
from timeline.importers.trees import text

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def when_of(date: ET.Element) -> Any:
    """`when` of a `date` element: EDTF text, with the words of the heading where they are coarser.

    `notBefore` and `notAfter` say that it happened once, some time between the two days, both
    inclusive; `from` and `to` that it lasted from the one to the other.

    Raises:
        edtf.BadDate: for attributes that say no date.
    """
    told = {name: date.get(name, "") for name in ("when", "from", "to", "notBefore", "notAfter")}
    words = text(date)
    if told["when"]:
        found = told["when"]
    elif told["from"] and told["to"]:
        found = lasting(told["from"], told["to"], words)
    else:
        found = within(told["notBefore"], told["notAfter"])
    edtf.parse(found)
    return found if told["when"] or found == words else {"edtf": found, "original": words}


def lasting(start: str, end: str, words: str) -> str:
    """An interval; two single days where the words join just two ("March 19 and 22, 1974")."""
    return f"{{{start},{end}}}" if " and " in words else f"{start}/{end}"


def within(earliest: str, latest: str) -> str:
    """Some time between two days: the month or year that they bound, else one of the days."""
    first, last = _DAY.fullmatch(earliest), _DAY.fullmatch(latest)
    if not first or not last:
        return f"[{earliest}..{latest}]"
    if (first[2], first[3], last[2], last[3]) == ("01", "01", "12", "31"):
        return _span(first[1], last[1])
    if first[3] == "01" and int(last[3]) == calendar.monthrange(int(last[1]), int(last[2]))[1]:
        return _span(earliest[:7], latest[:7])
    return f"[{earliest}..{latest}]"


def _span(start: str, end: str) -> str:
    return start if start == end else f"[{start}..{end}]"
