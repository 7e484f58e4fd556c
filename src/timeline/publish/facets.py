"""Datasette's own facets on events, answered from the bitmaps: exact, and without a time-out.

Datasette asks a facet class to count a column of the query behind the page. Where all filters of
that page are ones that the bitmaps know, they count; anything else is left to Datasette's SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from datasette.database import Results
from datasette.facets import ArrayFacet, ColumnFacet

from timeline.publish.lists import labels_now
from timeline.publish.words import topic_label, type_label
from timeline.readmodel.database import one_moment
from timeline.readmodel.facets import Filters, Value, choose, counts

TABLES: Final = {"events": True, "current_events": False}
"""Table or view -> whether it holds what was retracted or merged."""

COLUMNS: Final = {
    "type": "type",
    "status": "status",
    "certainty": "certainty",
    "precision": "precision",
    "country": "country",
    "year": "year",
    "place": "first_place",
}
"""Column -> dimension."""

ARRAYS: Final = {"actors": "actor", "topics": "topic", "places": "place", "roots": "root"}
"""Column with a JSON array -> dimension."""

_NO_FILTERS: Final = frozenset(
    {
        "_col", "_extra", "_facet_size", "_json", "_labels", "_next", "_nl", "_nocol", "_nocount",
        "_nofacet", "_nosuggest", "_shape", "_size", "_sort", "_sort_desc", "_ttl",
    }
)  # fmt: skip


def filters_of(table: str, query: str) -> Filters | None:
    """The filters of a table page's query string; None where one is not known to the bitmaps."""
    found: dict[str, list[Value]] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        column, _, operator = name.partition("__")
        if column in COLUMNS and operator in {"", "exact"}:
            found.setdefault(COLUMNS[column], []).append(_typed(column, text))
        elif column in ARRAYS and operator == "arraycontains":
            found.setdefault(ARRAYS[column], []).append(text)
        elif name not in _NO_FILTERS and not name.startswith("_facet"):
            return None
    return Filters(all_of=found, withdrawn=TABLES[table])


def _typed(column: str, text: str) -> Value:
    return int(text) if column == "year" and text.removeprefix("-").isdecimal() else text


@dataclass(frozen=True, slots=True)
class _Counted:
    """Datasette for one of its facet classes, whose next queries are answered already."""

    datasette: Any
    answers: Iterator[Results | None]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.datasette, name)

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        # Behind the last answer come queries that nobody foresaw, such as those of suggestions.
        found = next(self.answers, None)
        return found or await self.datasette.execute(*arguments, **options)


async def _answers(facet: Any, dimensions: dict[str, str]) -> Iterator[Results | None]:
    """What the bitmaps say to each query that a facet is about to ask, in order."""
    filters = filters_of(facet.table, facet.request.query_string)
    configs = [entry["config"] for entry in facet.get_configs()]
    columns = [config.get("column") or config["simple"] for config in configs]
    limit = facet.get_facet_size() + 1

    def count(connection: sqlite3.Connection) -> list[Results | None]:
        if filters is None:
            return [None] * len(columns)
        with one_moment(connection):
            chosen = choose(connection, filters)
            found = [
                counts(chosen, dimensions[name], limit) if name in dimensions else None
                for name in columns
            ]
        return [None if pairs is None else _results(pairs) for pairs in found]

    database = facet.ds.get_database(facet.database)
    return iter(await database.execute_fn(count) if columns else [])


def _results(pairs: list[tuple[Value, int]]) -> Results:
    return Results([{"value": value, "count": n} for value, n in pairs], False, ())


async def _named(facet: Any, answer: Any) -> Any:
    """The answer with the words of readers as labels: of types, topics, states and people."""
    if facet.table not in TABLES:
        return answer
    database = facet.ds.get_database(facet.database)
    for found in answer[0]:
        values = [str(one["value"]) for one in found["results"]]
        match found["name"]:
            case "type":
                known = {value: type_label(value) for value in values}
            case "topics":
                known = {value: topic_label(value) for value in values}
            case "actors" | "place":
                known = await database.execute_fn(partial(labels_now, ids=values))
            case _:
                continue
        for one in found["results"]:
            one["label"] = known.get(str(one["value"]), one["label"])
    return answer


class EventColumnFacet(ColumnFacet):  # type: ignore[misc]
    """`?_facet=` on a column of events."""

    ds: Any

    async def facet_results(self) -> Any:
        if self.table in TABLES:
            self.ds = _Counted(self.ds, await _answers(self, COLUMNS))
        return await _named(self, await super().facet_results())


class EventArrayFacet(ArrayFacet):  # type: ignore[misc]
    """`?_facet_array=` on a list of events."""

    ds: Any

    async def facet_results(self) -> Any:
        if self.table in TABLES:
            self.ds = _Counted(self.ds, await _answers(self, ARRAYS))
        return await _named(self, await super().facet_results())


REPLACED: Final[dict[Any, Any]] = {ColumnFacet: EventColumnFacet, ArrayFacet: EventArrayFacet}
"""Datasette's class -> the one that stands in for it."""
