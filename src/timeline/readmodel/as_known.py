"""An event's columns as they were at a position, within a SELECT that has it as `e`."""

from __future__ import annotations

from typing import Final

VERSION: Final = (
    "LEFT JOIN event_versions v ON v.number = e.number AND v.known_from <= :upto"
    " AND :upto < v.known_to"
)
"""The version that was superseded since `:upto`; what has none is now as it was then."""

OF_EVENT: Final = (
    "type", "title", "status", "date", "edtf", "start_min", "start_max", "end_min", "end_max",
    "end_state", "year", "precision", "place", "actors", "certainty", "n_roots", "contested",
    "disputed", "retracted", "merged_into",
)  # fmt: skip
"""What a list shows of an event beside its number and id."""


def value(column: str) -> str:
    """The value that a column of `events` had at `:upto`."""
    return f"iif(v.number IS NULL, e.{column}, v.{column})"


def known(column: str) -> str:
    """That, under the column's own name."""
    return f"{value(column)} AS {column}"
