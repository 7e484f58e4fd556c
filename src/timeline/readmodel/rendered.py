"""Rows of events as text that a format takes as it is, made by SQLite itself: one column a row.

A cell that is made in SQLite costs a tenth of one that goes through Python.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from timeline.readmodel.selection import COLUMNS, Query

_LISTS: Final = frozenset({"actors", "topics", "contested"})
_REAL: Final = frozenset({"latitude", "longitude"})
_PLAIN: Final = frozenset(
    {
        "status", "day", "year", "precision", "certainty", "likelihood", "n_claims", "n_sources",
        "n_roots", "best_reliability", "disputed", "revision",
    }
)  # fmt: skip
"""Columns that hold numbers, days or words of a fixed list: nothing that needs quotation marks."""


def as_objects(query: Query, json_columns: Collection[str]) -> Query:
    """The same rows, each as the bytes of one JSON object.

    Args:
        query: of `selection.events`.
        json_columns: those that hold JSON text, to be put in as what they say.
    """
    members = ", ".join(
        f"'{name}', json({name})" if name in json_columns else f"'{name}', {name}"
        for name in COLUMNS
    )
    return _with_column(query, f"CAST(json_object({members}) AS BLOB)")


def as_lines(query: Query, delimiter: str) -> Query:
    """The same rows, each as one line of a delimited table without its end; lists joined by `; `.

    Quotation marks where RFC 4180 wants them, and only there; coordinates have 15 digits.
    """
    cells = ", ".join(_cell(name, delimiter) for name in COLUMNS)
    return _with_column(query, f"printf('{delimiter.join(['%s'] * len(COLUMNS))}', {cells})")


def _cell(name: str, delimiter: str) -> str:
    if name in _PLAIN:
        return name
    if name in _REAL:
        # Without an exponent, which a spreadsheet could take for a formula.
        return f"CASE WHEN abs({name}) < 0.001 THEN printf('%.17f', {name}) ELSE {name} END"
    if name in _LISTS:
        return _joined(name, delimiter)
    # A record's texts hold no line end: no control characters at all.
    special = " OR ".join(f"{name} GLOB '*{mark}*'" for mark in (delimiter, '"'))
    return f"CASE WHEN {special} THEN {_quoted(name)} ELSE {name} END"


def _joined(name: str, delimiter: str) -> str:
    """A JSON array of texts as `a; b`; one with escapes in it stays as it is."""
    # Without escapes there is no quotation mark in any of the texts.
    joined = f"replace(substr({name}, 3, length({name}) - 4), '\",\"', '; ')"
    return (
        f"CASE WHEN {name} = '[]' THEN '' WHEN {name} GLOB '*\\*' THEN {_quoted(name)}"
        f" WHEN {joined} GLOB '*{delimiter}*' THEN '\"' || {joined} || '\"' ELSE {joined} END"
    )


def _quoted(name: str) -> str:
    return f"'\"' || replace({name}, '\"', '\"\"') || '\"'"


def _with_column(query: Query, column: str) -> Query:
    wide = f"SELECT {', '.join(COLUMNS)} FROM"
    return Query(query.sql.replace(wide, f"SELECT {column} FROM", 1), query.parameters)
