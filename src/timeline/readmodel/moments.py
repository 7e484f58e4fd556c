"""An as-of in words (a day, an instant, `#123`, `seal/N`, `last`) to a position of the log."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime
from typing import Final

from timeline import edtf
from timeline.errors import NotFound, UsageRefused

NOTHING_YET: Final = -1
"""The position before the first record: the archive was empty then."""

_POSITION = re.compile(r"#(\d+)")
_SEAL = re.compile(r"seal/(\d+)")


def position_of(connection: sqlite3.Connection, text: str, today: date) -> int:
    """The last log position, inclusive, that was known at a moment; `NOTHING_YET` if none was.

    Args:
        text: a day, month or year (its end, UTC, counts), an instant (without a zone: UTC), `#123`
            (that record and all before it), `seal/N` (what the seal of N records signed), `last`.
        today: the day that "yesterday" counts from.

    Raises:
        NotFound: the log does not reach to that position, or has no such seal.
        UsageRefused: the text is no moment.
    """
    text = text.strip()
    newest = newest_position(connection)
    if text == "last":
        return newest
    if match := _POSITION.fullmatch(text):
        if int(match[1]) > newest:
            raise NotFound(f"{text}: the log ends at #{newest}", fix="--as-of last")
        return int(match[1])
    if match := _SEAL.fullmatch(text):
        return _sealed(connection, int(match[1]))
    return _known_at(connection, _instant(text, today))


def sealed_size(connection: sqlite3.Connection) -> int:
    """How many records the last seal signed; positions below it are final."""
    row = connection.execute(
        "SELECT json_extract(line, '$.size') FROM records WHERE kind = 'seal'"
        " ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return int(row[0]) if row else 0


def newest_position(connection: sqlite3.Connection) -> int:
    """The position of the last record; `NOTHING_YET` where there is none."""
    (position,) = connection.execute("SELECT max(position) FROM records").fetchone()
    return NOTHING_YET if position is None else int(position)


def _sealed(connection: sqlite3.Connection, size: int) -> int:
    # A seal's own record is the last that it covers: seal/N is events/seal/checkpoints/N.
    rows = connection.execute(
        "SELECT position + 1 FROM records WHERE kind = 'seal' ORDER BY position"
    )
    sizes = [row[0] for row in rows]
    if size not in sizes:
        known = ", ".join(f"seal/{n}" for n in sizes[-5:]) or "none was made yet"
        raise NotFound(f"there is no seal/{size}; the newest seals: {known}")
    return size - 1


def _known_at(connection: sqlite3.Connection, instant: str) -> int:
    row = connection.execute(
        "SELECT position FROM records WHERE known_at <= ? ORDER BY known_at DESC, position DESC"
        " LIMIT 1",
        (instant,),
    ).fetchone()
    return NOTHING_YET if row is None else int(row[0])


def _instant(text: str, today: date) -> str:
    """The moment in the form of `known_at`, UTC with six digits of a second."""
    if "T" in text or (" " in text and ":" in text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise _no_moment(text) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    try:
        last = edtf.read(text, today=today).end_max
    except edtf.BadDate:
        raise _no_moment(text) from None
    if last is None:
        raise _no_moment(text)
    return f"{edtf.iso(last)}T23:59:59.999999Z"


def _no_moment(text: str) -> UsageRefused:
    return UsageRefused(
        f"{text!r} is no moment of the archive; write a day, an instant, #123, seal/N or last",
        fix="timeline help two-clocks",
    )
