"""SQL functions over dates, registered on every connection that people's queries run on."""

from __future__ import annotations

import sqlite3

from timeline import edtf


def register(connection: sqlite3.Connection) -> None:
    """Adds the functions to a connection; what they cannot read gives NULL."""
    for name, function in (
        ("jdn", jdn),
        ("jdn_last", jdn_last),
        ("iso_day", iso_day),
        ("date_words", date_words),
    ):
        connection.create_function(name, 1, function, deterministic=True)


def jdn(text: str | None) -> int | None:
    """Julian Day Number of the first day that an EDTF text can mean."""
    dates = _dates(text)
    return dates.start_min if dates else None


def jdn_last(text: str | None) -> int | None:
    """Julian Day Number of the last day that an EDTF text can mean."""
    dates = _dates(text)
    return dates.end_max if dates else None


def iso_day(day: int | None) -> str | None:
    """The ISO form of a Julian Day Number."""
    return edtf.iso(day) if isinstance(day, int) else None


def date_words(text: str | None) -> str | None:
    """An EDTF text as a sentence."""
    dates = _dates(text)
    return edtf.sentence(dates) if dates else None


def _dates(text: str | None) -> edtf.Dates | None:
    try:
        return edtf.parse(text) if isinstance(text, str) else None
    except edtf.BadDate:
        return None
