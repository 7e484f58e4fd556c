"""Which events are asked for, and the one SELECT that finds them, now or as of a position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from timeline.errors import UsageRefused
from timeline.records.vocabulary import did_you_mean

COLUMNS: Final = (
    "id", "type", "title", "summary", "status", "date", "edtf", "day", "year", "precision",
    "place", "country", "latitude", "longitude", "actors", "topics", "certainty", "likelihood",
    "n_claims", "n_sources", "n_roots", "best_reliability", "contested", "disputed", "review",
    "language", "data", "revision",
)  # fmt: skip
"""What an export carries of every event, in this order."""

CERTAINTY: Final = ("confirmed", "probable", "possible", "doubtful", "improbable", "unknown")

_SUREST: Final = (
    "CASE certainty WHEN 'confirmed' THEN 1 WHEN 'probable' THEN 2 WHEN 'possible' THEN 3"
    " WHEN 'doubtful' THEN 4 WHEN 'improbable' THEN 5 ELSE 6 END"
)
SORTS: Final = {
    "date": "start_min, number",
    "-date": "start_min DESC, number DESC",
    "title": "title, number",
    "certainty": f"{_SUREST}, start_min, number",
    "recorded": "number",
    "-recorded": "number DESC",
}
FACETS: Final = {
    "type": "type",
    "year": "year",
    "country": "country",
    "place": "place",
    "certainty": "certainty",
    "status": "status",
    "precision": "precision",
    "actors": "json_each(actors)",
    "topics": "json_each(topics)",
}

_VERSIONED: Final = ", ".join(
    (*COLUMNS, "number", "start_min", "start_max", "end_min", "end_max", "end_state", "retracted",
     "merged_into", "places", "names", "quotes", "known_from")
)  # fmt: skip
_HISTORY: Final = (
    f"(SELECT {_VERSIONED}, NULL AS known_to FROM events"
    f" UNION ALL SELECT {_VERSIONED}, known_to FROM event_versions)"
)
"""As `event_history`, with what is searched and every place beside it."""


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT and the values bound to its names."""

    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters that all hold together; each tuple is "one of these", an empty one is no filter.

    Attributes:
        text: words that title, summary, names or quotations must hold.
        first: Julian Day Number; events that can have ended before it are left out.
        last: Julian Day Number; events that can only have begun after it are left out.
        who: entity ids or names of participants; every one of them must have taken part.
        as_of: log position, inclusive: the archive as it was known then; None for now.
        numbers: no event but these; None for any. SQL alone knows it, the bitmaps do not.
    """

    text: str = ""
    first: int | None = None
    last: int | None = None
    types: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    certainty: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    precision: tuple[str, ...] = ()
    as_of: int | None = None
    numbers: tuple[int, ...] | None = None


def events(selection: Selection, *, sort: str = "date", limit: int | None = None) -> Query:
    """The events of a selection, `COLUMNS` wide.

    Raises:
        UsageRefused: `sort` is none of `SORTS`.
    """
    if sort not in SORTS:
        hint = did_you_mean(sort, SORTS)
        raise UsageRefused(f"--sort {sort}: sort by {', '.join(SORTS)}{hint}")
    base, parameters = chosen(selection)
    sql = f"SELECT {', '.join(COLUMNS)} FROM {base} ORDER BY {SORTS[sort]}"
    if limit is not None:
        sql += " LIMIT :limit"
        parameters["limit"] = limit
    return Query(sql, parameters)


def count(selection: Selection) -> Query:
    """How many events there are: one row, one number."""
    base, parameters = chosen(selection)
    return Query(f"SELECT count(*) AS n FROM {base}", parameters)


def facet(selection: Selection, field: str, *, limit: int = 30) -> Query:
    """The commonest values of a field among the events of a selection: value, n.

    Raises:
        UsageRefused: `field` is none of `FACETS`.
    """
    if field not in FACETS:
        hint = did_you_mean(field, FACETS)
        raise UsageRefused(f"--facet {field}: count by {', '.join(FACETS)}{hint}")
    base, parameters = chosen(selection)
    column = FACETS[field]
    if column.startswith("json_each"):
        base, column = f"{base}, {column}", "json_each.value"
    sql = (
        f"SELECT {column} AS {field}, count(*) AS n FROM {base}"
        " GROUP BY 1 ORDER BY n DESC, 1 LIMIT :limit"
    )
    return Query(sql, {**parameters, "limit": limit})


def chosen(selection: Selection) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE; every name in it stays unqualified, the links are looked up by number."""
    parameters: dict[str, Any] = {}
    where = [*_standing(selection, parameters), *_text(selection, parameters)]
    where += _span(selection, parameters)
    for column, values in (
        ("type", selection.types),
        ("certainty", selection.certainty),
        ("status", selection.status),
        ("precision", selection.precision),
    ):
        if values:
            where.append(f"{column} IN ({_bound(column, values, parameters)})")
    where += _linked(selection, parameters)
    if selection.numbers is not None:
        parameters["numbers"] = str([*selection.numbers])
        where.append("number IN (SELECT value FROM json_each(:numbers))")
    table = "events" if selection.as_of is None else _HISTORY
    return f"(SELECT * FROM {table} WHERE {' AND '.join(where)}) AS e", parameters


def _standing(selection: Selection, parameters: dict[str, Any]) -> list[str]:
    where = ["retracted = 0", "merged_into IS NULL"]
    if selection.as_of is not None:
        parameters["as_of"] = selection.as_of
        where.append("known_from <= :as_of AND (known_to IS NULL OR :as_of < known_to)")
    return where


def _text(selection: Selection, parameters: dict[str, Any]) -> list[str]:
    words = selection.text.split()
    if not words:
        return []
    if selection.as_of is None:
        parameters["text"] = " ".join('"' + word.replace('"', '""') + '"*' for word in words)
        return ["number IN (SELECT rowid FROM events_fts WHERE events_fts MATCH :text)"]
    # No index has superseded versions: parts of words count too, unless `settled` came before.
    searched = " || ' ' || ".join(("title", "coalesce(summary, '')", "names", "quotes"))
    where = []
    for index, word in enumerate(words):
        parameters[f"word{index}"] = "%" + _escaped(word) + "%"
        where.append(f"({searched}) LIKE :word{index} ESCAPE '\\'")
    return where


def _escaped(word: str) -> str:
    """A word for LIKE with `ESCAPE '\\'`."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _span(selection: Selection, parameters: dict[str, Any]) -> list[str]:
    where = []
    if selection.first is not None:
        parameters["first"] = selection.first
        where.append("coalesce(end_max, :first) >= :first")
    if selection.last is not None:
        parameters["last"] = selection.last
        where.append("coalesce(start_min, :last) <= :last")
    return where


def _linked(selection: Selection, parameters: dict[str, Any]) -> list[str]:
    where = []
    for index, who in enumerate(selection.who):
        parameters[f"who{index}"] = who
        where.append(_took_part(selection, f":who{index}"))
    if selection.places:
        names = _bound("place", selection.places, parameters)
        where.append(
            f"(place IN ({names}) OR {_placed(names)})"
            if selection.as_of is None
            else f"EXISTS (SELECT 1 FROM json_each(places) WHERE value IN ({names}))"
        )
    if selection.topics:
        names = _bound("topic", selection.topics, parameters)
        where.append(
            f"number IN (SELECT event FROM event_topics WHERE topic IN ({names}))"
            if selection.as_of is None
            else f"EXISTS (SELECT 1 FROM json_each(topics) WHERE value IN ({names}))"
        )
    return where


def _took_part(selection: Selection, name: str) -> str:
    if selection.as_of is not None:
        return f"EXISTS (SELECT 1 FROM json_each(actors) WHERE value = {name})"
    return (
        f"number IN (SELECT event FROM participants WHERE entity = {name}"
        f" UNION SELECT event FROM participants WHERE entity IS NULL AND name = {name})"
    )


def _placed(names: str) -> str:
    return (
        f"number IN (SELECT event FROM event_places WHERE place IN ({names})"
        f" UNION SELECT event FROM event_places WHERE place IS NULL AND name IN ({names}))"
    )


def _bound(name: str, values: tuple[str, ...], parameters: dict[str, Any]) -> str:
    """`:type0, :type1`; the values are put among the parameters."""
    keys = [f"{name}{index}" for index in range(len(values))]
    parameters.update(zip(keys, values, strict=True))
    return ", ".join(f":{key}" for key in keys)
