"""The date functions of SQL: EDTF read, told and compared inside a query."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from timeline import edtf
from timeline.edtf import Dates

Reading = Callable[[Dates], Any]


def register(connection: sqlite3.Connection) -> None:
    """Puts every function of `FUNCTIONS` on a connection. NULL where a date is none."""
    for name, (arguments, function) in FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Dates | None:
    try:
        return edtf.parse(text)
    except edtf.BadDate:
        return None


def _of(reading: Reading) -> Callable[[Any], Any]:
    def function(text: Any) -> Any:
        dates = _parsed(text) if isinstance(text, str) else None
        return None if dates is None else reading(dates)

    return function


def _on(reading: Callable[[Dates, int], bool]) -> Callable[[Any, Any], int | None]:
    def function(text: Any, day: Any) -> int | None:
        dates = _parsed(text) if isinstance(text, str) else None
        number = _number(day)
        return None if dates is None or number is None else int(reading(dates, number))

    return function


def _number(day: Any) -> int | None:
    """A Julian Day Number, given as such or as an ISO day."""
    if isinstance(day, int):
        return day
    dates = _parsed(day) if isinstance(day, str) else None
    return dates.start_min if dates and dates.start_min == dates.end_max else None


def _iso(number: Any) -> str | None:
    return edtf.iso(number) if isinstance(number, int) and abs(number) < 10**9 else None


def _read(text: Any) -> str | None:
    """People's words as EDTF; words such as "yesterday" have no fixed meaning here."""
    try:
        return edtf.read(text, today=date(1, 1, 1)).edtf if isinstance(text, str) else None
    except edtf.BadDate:
        return None


FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "edtf_sentence": (1, _of(edtf.sentence)),
    "edtf_start_min": (1, _of(lambda dates: dates.start_min)),
    "edtf_start_max": (1, _of(lambda dates: dates.start_max)),
    "edtf_end_min": (1, _of(lambda dates: dates.end_min)),
    "edtf_end_max": (1, _of(lambda dates: dates.end_max)),
    "edtf_precision": (1, _of(lambda dates: dates.precision)),
    "edtf_year": (1, _of(lambda dates: dates.year)),
    "edtf_read": (1, _read),
    "edtf_certainly_on": (2, _on(edtf.certainly_on)),
    "edtf_possibly_on": (2, _on(edtf.possibly_on)),
    "date_words": (1, _of(edtf.sentence)),
    "jdn": (1, _of(lambda dates: dates.start_min)),
    "jdn_last": (1, _of(lambda dates: dates.end_max)),
    "iso_day": (1, _iso),
}
"""Name -> number of arguments, function. Days are Julian Day Numbers."""
