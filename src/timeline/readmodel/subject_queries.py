"""Every SELECT of the pages of sources, entities, treaties, places and changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from timeline.readmodel.selection import Query

_KNOWN = "known_from <= :upto AND (known_to IS NULL OR :upto < known_to)"


def source(name: str) -> Query:
    """One source."""
    return Query("SELECT * FROM sources WHERE id = :source", {"source": name})


def source_copies(name: str) -> Query:
    """The other sources of the same root: copies of it, or what it copies."""
    sql = (
        "SELECT id, title, publisher, published, id = :root AS is_root FROM sources"
        " WHERE root = :root AND id <> :source ORDER BY is_root DESC, published, id"
    )
    return Query(sql, {"source": name, "root": name})


def source_pointed_at(name: str, upto: int) -> Query:
    """Those of the source's claims at whose records a retraction or a successor ever pointed."""
    sql = (
        "SELECT DISTINCT position, standing FROM claims WHERE source = :source"
        " AND position <= :upto AND position IN (SELECT target FROM targets)"
    )
    return Query(sql, {"source": name, "upto": upto})


def source_claims(name: str, upto: int, otherwise: Sequence[int], limit: int, offset: int) -> Query:
    """What the source says, event by event in order of time.

    Args:
        otherwise: positions of records of which it is now the reverse whether they stand.
        limit, offset: of the page.
    """
    sql = (
        "SELECT c.n, c.stance, c.likelihood, c.hedge, c.basis, c.credibility, c.locator, c.quote,"
        f" c.quote_language, {_STANDING} AS standing, c.value, e.id, {_then('title')},"
        f" {_then('date')}, {_then('certainty')}, {_then('retracted')}, {_then('type')}"
        f" FROM claims c {_WITH_EVENT}"
        " ORDER BY iif(v.number IS NULL, e.start_min, v.start_min), e.number, c.n"
        " LIMIT :limit OFFSET :offset"
    )
    return Query(sql, {**_source(name, upto, otherwise), "limit": limit, "offset": offset})


def source_stances(name: str, upto: int, otherwise: Sequence[int]) -> Query:
    """How many standing claims take each stance (`total`: all), and events on it alone."""
    sql = (
        f"SELECT c.stance, sum({_STANDING}) AS n, count(*) AS total,"
        f" sum({_STANDING} AND iif(v.number IS NULL, e.n_roots, v.n_roots) <= 1"
        " AND NOT iif(v.number IS NULL, e.retracted, v.retracted)"
        " AND c.stance IN ('asserts', 'implies')) AS alone"
        f" FROM claims c {_WITH_EVENT} GROUP BY 1 ORDER BY n DESC"
    )
    return Query(sql, _source(name, upto, otherwise))


_STANDING = "(c.standing <> (c.position IN (SELECT value FROM json_each(:otherwise))))"
_VERSION = (
    "LEFT JOIN event_versions v ON v.number = e.number AND v.known_from <= :upto"
    " AND :upto < v.known_to"
)
_WITH_EVENT = (
    f"JOIN events e ON e.number = c.event {_VERSION}"
    " WHERE c.source = :source AND c.position <= :upto"
)
_OF_EVENT = (
    "type", "title", "status", "date", "edtf", "start_min", "start_max", "end_min", "end_max",
    "end_state", "year", "precision", "place", "actors", "certainty", "n_roots", "contested",
    "disputed", "retracted", "merged_into",
)  # fmt: skip


def _then(column: str) -> str:
    return f"iif(v.number IS NULL, e.{column}, v.{column}) AS {column}"


def _source(name: str, upto: int, otherwise: Sequence[int]) -> dict[str, Any]:
    return {"source": name, "upto": upto, "otherwise": str([*otherwise])}


def entity(name: str) -> Query:
    """One entity."""
    return Query("SELECT * FROM entities WHERE id = :entity", {"entity": name})


def entity_names(name: str) -> Query:
    """Its names in the order of the record."""
    return Query("SELECT * FROM names WHERE entity = :entity ORDER BY n", {"entity": name})


def entity_kin(name: str) -> Query:
    """Who continues it, belongs to it, or was merged into it."""
    sql = (
        "SELECT id, label, 'successor' AS how FROM entities WHERE successor_of = :entity"
        " UNION ALL SELECT id, label, 'part' FROM entities WHERE parent = :entity"
        " UNION ALL SELECT id, label, 'alias' FROM entities WHERE merged_into = :entity"
        " ORDER BY how, label LIMIT 60"
    )
    return Query(sql, {"entity": name})


def states_of(subject: str, upto: int) -> Query:
    """The rectangles of a treaty, an office or a case, as known at a position."""
    sql = f"SELECT * FROM states WHERE subject = :name AND {_KNOWN} ORDER BY machine, party, n"
    return Query(sql, {"name": subject, "upto": upto})


def states_for(party: str, upto: int) -> Query:
    """The rectangles of everything of which somebody is a party, or which he holds."""
    sql = (
        f"SELECT * FROM states WHERE (party = :name OR state = :name) AND {_KNOWN}"
        " ORDER BY machine, subject, n"
    )
    return Query(sql, {"name": party, "upto": upto})


def moving_events(subject: str, upto: int) -> Query:
    """The events that bear on a subject's state, as known at a position, in order of time."""
    columns = ", ".join(map(_then, _OF_EVENT))
    sql = (
        f"SELECT DISTINCT e.number, e.id, {columns}"
        " FROM state_events s JOIN events e ON e.number = s.event"
        f" {_VERSION} WHERE s.subject = :name AND e.first_position <= :upto"
        " ORDER BY iif(v.number IS NULL, e.start_min, v.start_min), e.number"
    )
    return Query(sql, {"name": subject, "upto": upto})


def titles(ids: str) -> Query:
    """Id, title and date of the events in a JSON array."""
    sql = "SELECT id, title, date FROM events WHERE id IN (SELECT value FROM json_each(:ids))"
    return Query(sql, {"ids": ids})
