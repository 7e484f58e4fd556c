"""iCalendar (RFC 5545): events whose days are known exactly; all others are counted, not guessed.

A calendar holds days from year 1 to 9999 and nothing vague. So an event goes in if its first and
its last day are certain; BCE, `1985`, `2024-05?~` with open ends and the like are left out, and
`X-TIMELINE-LEFT-OUT` says how many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from timeline import edtf
from timeline.exporters.rows import Rows

SUFFIX = ".ics"
NEEDS: Final = frozenset({"title", "edtf"})
_STATUS: Final = {"cancelled": "CANCELLED", "scheduled": "TENTATIVE", "unconfirmed": "TENTATIVE"}
_UNKNOWN_STAMP: Final = "19700101T000000Z"
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes one calendar. Returns the number of rows, those left out included."""
    n, components = 0, []
    for values in rows.values:
        n += 1
        row = dict(zip(rows.columns, values, strict=True))
        if days := exact_days(str(row.get("edtf") or "")):
            components.append(_component(row, *days))
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//timeline//dated public events//EN",
        "CALSCALE:GREGORIAN",
        f"X-TIMELINE-LEFT-OUT:{n - len(components)}",
    ]
    for line in head:
        out.write(folded(line))
    for lines in components:
        for line in lines:
            out.write(folded(line))
    out.write(folded("END:VCALENDAR"))
    return n


def exact_days(text: str) -> tuple[int, int] | None:
    """First and last day, Julian Day Numbers, where both are certain and a calendar has them."""
    try:
        dates = edtf.parse(text)
    except edtf.BadDate:
        return None
    if dates.start_min is None or dates.end_max is None or dates.end_state:
        return None
    if (dates.start_min, dates.end_min) != (dates.start_max, dates.end_max):
        return None
    if any(sign in dates.edtf for sign in "?~%[{"):
        return None
    years = edtf.civil(dates.start_min)[0], edtf.civil(dates.end_max + 1)[0]
    return (dates.start_min, dates.end_max) if 1 <= years[0] and years[1] <= 9999 else None


def _component(row: Mapping[str, Any], first: int, last: int) -> list[str]:
    """One VEVENT; the end is exclusive (RFC 5545 section 3.6.1)."""
    facts = [row.get("summary"), _words("Certainty", row.get("certainty")), row.get("url")]
    description = "\n".join(str(fact) for fact in facts if fact)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(str(row.get('id') or row['title']))}@timeline",
        f"DTSTAMP:{_stamp(row)}",
        f"DTSTART;VALUE=DATE:{_date(first)}",
        f"DTEND;VALUE=DATE:{_date(last + 1)}",
        f"SUMMARY:{_text(row['title'])}",
        f"STATUS:{_STATUS.get(str(row.get('status')), 'CONFIRMED')}",
        "TRANSP:TRANSPARENT",
    ]
    if description:
        lines.append(f"DESCRIPTION:{_text(description)}")
    if row.get("place_name") or row.get("place"):
        lines.append(f"LOCATION:{_text(row.get('place_name') or row['place'])}")
    if row.get("latitude") is not None and row.get("longitude") is not None:
        lines.append(f"GEO:{row['latitude']};{row['longitude']}")
    return [*lines, "END:VEVENT"]


def _words(name: str, value: object) -> str:
    return f"{name}: {value}" if value else ""


def _stamp(row: Mapping[str, Any]) -> str:
    """When it was written down, where the row says so; the epoch stands for "not said"."""
    found = str(row.get("recorded_at") or "")
    kept = re.sub(r"[-:]|\..*", "", found)
    return f"{kept.removesuffix('Z')}Z" if re.fullmatch(r"\d{8}T\d{6}Z?", kept) else _UNKNOWN_STAMP


def _date(day: int) -> str:
    return "{:04}{:02}{:02}".format(*edtf.civil(day))


def _text(value: object) -> str:
    """A TEXT value (RFC 5545 section 3.3.11)."""
    return _CONTROL.sub("", str(value)).translate(_ESCAPED)


def folded(line: str) -> bytes:
    """A content line of at most 75 octets a piece (section 3.1); no character is cut in two."""
    data, pieces, limit = line.encode("utf-8", "replace"), [], 75
    while len(data) > limit:
        cut = limit
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(data[:cut])
        data, limit = data[cut:], 74
    return b"\r\n ".join([*pieces, data]) + b"\r\n"
