"""Datasette's metadata: what every archive has, under what its own `metadata.yml` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from timeline.archive import Archive
from timeline.errors import TimelineError
from timeline.publish.questions import Question, questions
from timeline.publish.words import web_address
from timeline.readmodel.schema import create_indexes, create_tables, described

DATABASE: Final = "timeline"
"""Name of the read model in addresses: that of its file."""

EVENT_FACETS: Final = (
    "type", "year", "country", "certainty", {"array": "actors"}, {"array": "topics"},
)  # fmt: skip

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "events": {
        "label_column": "title",
        "sort": "start_min",
        "facets": [*EVENT_FACETS],
        "facet_size": 8,
    },
    "current_events": {"sort": "start_min", "facets": [*EVENT_FACETS], "facet_size": 8},
    "entities": {"label_column": "label", "facets": ["kind", "country"]},
    "sources": {"label_column": "title", "facets": ["type", "publisher", "reliability"]},
    "claims": {"facets": ["stance", "basis", "likelihood"]},
    "participants": {"facets": ["role", "office"]},
    "changes": {"sort_desc": "position", "facets": ["what", "reason", "recorded_by"]},
    "records": {"sort_desc": "position", "facets": ["kind", "recorded_by", "batch"]},
    "states": {"facets": ["machine", "state"]},
    "facet_bits": {"hidden": True},
    "facet_values": {"hidden": True},
    "facet_versions": {"hidden": True},
    "events_fts_words": {"hidden": True},
    "events_fts_changed": {"hidden": True},
}
"""How Datasette shows a table: its label, its order, its facets."""

VIEWS: Final = {
    "current_events": "Events that stand: neither retracted nor merged away.",
    "event_history": "Every version of every event: known_from <= R < known_to.",
    "changes": "Everything that happened to the archive's events, additions included.",
    "contradictions": "Fields on which standing claims differ, side by side.",
    "weak_events": "Events that rest on one root of reliability D or worse, or on no graded one.",
    "duplicate_candidates": "Pairs of events of one type and day that may be one event.",
    "unresolved_names": "Names that no entity answers to, with how often they occur.",
}

_OF_VIEWS: Final = {
    "event": "id of the event",
    "other": "id of the other event",
    "other_title": "title of the other event",
    "shared_participants": "how many entities took part in both",
    "root": "the source at the end of the chain of copies",
    "used_as": "participant or place",
    "n_events": "how many events have it",
    "known_to": "position from which it was no longer believed, exclusive; empty = still",
    "name": "as written",
}
"""Columns that only views have; all others mean what they mean in their tables."""


_ADDRESSES: Final = frozenset({"license_url", "source_url", "about_url"})


class BadMetadata(TimelineError):
    """`metadata.yml` cannot be used; `problems` has all that is wrong with it."""

    def __init__(self, problems: list[Any]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def full_metadata(archive: Archive) -> dict[str, Any]:
    """What Datasette is given: descriptions, facets and questions, the archive's own words on top.

    Raises:
        BadMetadata: the file is no YAML, is too large or holds aliases.
    """
    return merged(common_metadata(), own_metadata(archive))


def own_metadata(archive: Archive) -> dict[str, Any]:
    """The archive's `metadata.yml`, read as packs are: no aliases, no more than 256 KB."""
    from timeline.records.pack_yaml import read_yaml

    if not archive.metadata.exists():
        return {}
    document, problems = read_yaml(archive.metadata.read_text("utf-8"), archive.metadata.name)
    if document is None:
        raise BadMetadata(problems)
    found = dict(document.content or {})
    # Datasette links these as they are, on every page of its own.
    return {k: v for k, v in found.items() if k not in _ADDRESSES or web_address(str(v))}


def common_metadata() -> dict[str, Any]:
    """Tables, columns and questions of every archive."""
    return {
        "databases": {
            DATABASE: {
                "tables": dict(_tables()),
                "queries": {found.name: _query(found) for found in questions()},
            }
        }
    }


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `own` on top, objects key by key."""
    found = dict(base)
    for name, value in own.items():
        below = found.get(name)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            found[name] = merged(below, value)
        else:
            found[name] = value
    return found


def _query(found: Question) -> dict[str, Any]:
    return {
        "title": found.title,
        "description": found.description,
        "sql": found.sql,
        "hide_sql": True,
        "params": [*found.parameters],
    }


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    texts = {table.name: table for table in described()}
    for name, columns in _columns():
        text = texts.get(name)
        own = text.columns if text else {}
        yield (
            name,
            {
                "description": text.description if text else VIEWS.get(name, ""),
                **TABLES.get(name, {}),
                "columns": {c: own.get(c) or _meaning(texts, name, c) for c in columns},
            },
        )


def _meaning(texts: Mapping[str, Any], table: str, column: str) -> str:
    """What a column means that has no comment of its own: in a view, or in `event_versions`."""
    if table in VIEWS and column in _OF_VIEWS:
        return _OF_VIEWS[column]
    homes = ("events", "event_changes", "claims", "claim_fields", "records", "event_versions")
    for home in homes:
        if found := texts[home].columns.get(column):
            return str(found)
    return ""


def _columns() -> Iterator[tuple[str, list[str]]]:
    """Tables and views of the read model with their columns; not those of the full-text index."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create_tables(connection)
        create_indexes(connection)
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'events_fts%' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        for (name,) in names:
            rows = connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
            yield name, [column for (column,) in rows]
