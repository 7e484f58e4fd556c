"""Filters of Datasette's own tables: `?_from= _to= _on= _as_of=`, where a table has the columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from timeline import edtf
from timeline.errors import TimelineError
from timeline.readmodel.moments import position_of

NAMES: Final = ("_from", "_to", "_on", "_as_of")
_DATED: Final = {"start_min", "end_max"}


@dataclass(slots=True)
class Clauses:
    """Parts of a WHERE, the values bound to it, and what it says to a reader."""

    where: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def add(self, where: str, told: str, **parameters: Any) -> None:
        self.where.append(where)
        self.told.append(told)
        self.parameters |= parameters


def clauses(
    connection: sqlite3.Connection, columns: set[str], asked: dict[str, str], today: date
) -> Clauses:
    """The clauses for a table with these columns; one that is none finds no row and says so."""
    made = Clauses()
    for name in NAMES:
        text = asked.get(name, "").strip()
        if not text:
            continue
        try:
            _FILTERS[name](made, connection, columns, text, today)
        except TimelineError as refused:
            made.add("0", f"{name[1:]}: {refused.message}")
    return made


def _from(made: Clauses, _: sqlite3.Connection, columns: set[str], text: str, today: date) -> None:
    day = edtf.read(text, today=today).start_min
    if columns >= _DATED and day is not None:
        made.add("coalesce(end_max, :tl_from) >= :tl_from", f"from {text} on", tl_from=day)


def _to(made: Clauses, _: sqlite3.Connection, columns: set[str], text: str, today: date) -> None:
    day = edtf.read(text, today=today).end_max
    if columns >= _DATED and day is not None:
        made.add("coalesce(start_min, :tl_to) <= :tl_to", f"up to {text}", tl_to=day)


def _on(made: Clauses, _: sqlite3.Connection, columns: set[str], text: str, today: date) -> None:
    """Events that may have been going on; of states, those that held the day."""
    dates = edtf.read(text, today=today)
    names = {"tl_on_first": dates.start_min, "tl_on_last": dates.end_max}
    if None in names.values():
        return
    if columns >= _DATED:
        made.add(
            "start_min <= :tl_on_last AND coalesce(end_max, 1000000000) >= :tl_on_first",
            f"possibly on {text}",
            **names,
        )
    elif columns >= {"valid_from", "valid_to"}:
        made.add(
            "(valid_from IS NULL OR valid_from <= :tl_on_last)"
            " AND (valid_to IS NULL OR valid_to > :tl_on_first)",
            f"standing on {text}",
            **names,
        )


def _as_of(
    made: Clauses, connection: sqlite3.Connection, columns: set[str], text: str, today: date
) -> None:
    """What was known then: versions and states by their knowledge. Of other tables, which hold what
    is known now, the rows that had been recorded.
    """
    position = position_of(connection, text, today)
    told = f"as known {text} (record {position})"
    if columns >= {"known_from", "known_to"}:
        known = "known_from <= :tl_as_of AND (known_to IS NULL OR :tl_as_of < known_to)"
        made.add(known, told, tl_as_of=position)
    elif "known_from" in columns:
        told += "; rows that changed since are in event_history"
        made.add("known_from <= :tl_as_of", told, tl_as_of=position)
    elif name := next((n for n in ("position", "first_position") if n in columns), ""):
        told = f"recorded by {text} (record {position}), as it is now"
        made.add(f"{name} <= :tl_as_of", told, tl_as_of=position)


_FILTERS: Final[dict[str, Callable[..., None]]] = {
    "_from": _from,
    "_to": _to,
    "_on": _on,
    "_as_of": _as_of,
}
