"""What every exporter is given: column names and an iterable of rows, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

JSON_COLUMNS = frozenset(
    {
        "actors",
        "topics",
        "contested",
        "data",
        "places",
        "roots",
        "external_ids",
        "fields",
        "value",
        "old",
        "new",
    }
)
"""Columns of the read model that hold JSON text."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A result as it streams by.

    Attributes:
        columns: their names, in order.
        values: one sequence a row, as long as `columns`; None, int, float or str. Read once.
        ready: each row is one cell instead, as the format has it: the bytes of a JSON object, or
            the text of a line, quoted where it must be; for JSON and delimited tables only.
        json_columns: names of columns that hold JSON text, where they are there.
    """

    columns: tuple[str, ...]
    values: Iterable[Sequence[Any]]
    ready: bool = False
    json_columns: frozenset[str] = JSON_COLUMNS

    def json_at(self) -> tuple[int, ...]:
        """Places of the columns that hold JSON text."""
        return tuple(i for i, name in enumerate(self.columns) if name in self.json_columns)


def chunks(values: Iterable[Sequence[Any]], size: int = 500) -> Iterator[list[Sequence[Any]]]:
    """The rows, so many at a time."""
    rows = iter(values)
    while chunk := list(islice(rows, size)):
        yield chunk


def rows_of(items: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Rows:
    """Rows from mappings; what a mapping lacks is None."""
    return Rows(tuple(columns), ([item.get(name) for name in columns] for item in items))
