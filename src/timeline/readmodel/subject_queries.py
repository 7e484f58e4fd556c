"""Every SELECT of the pages of sources, entities, treaties, places and changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from timeline.readmodel.as_known import OF_EVENT, VERSION, known, value
from timeline.readmodel.selection import Query

_KNOWN = "known_from <= :upto AND (known_to IS NULL OR :upto < known_to)"


def source(name: str) -> Query:
    """One source."""
    return Query("SELECT * FROM sources WHERE id = :source", {"source": name})


def source_copies(root: str) -> Query:
    """The sources that go back to a root, itself not among them."""
    sql = "SELECT * FROM sources WHERE root = :root AND id <> :root ORDER BY published, id"
    return Query(sql, {"root": root})


def source_claims(name: str, as_of: int | None, limit: int, offset: int) -> Query:
    """What the source says, event by event in order of time, of events as known at a position.

    What was merged into another event is told with that one.
    """
    join, column = _events(as_of)
    shown = ", ".join(
        f"{column(name)} AS {name}" for name in ("title", "date", "certainty", "retracted", "type")
    )
    sql = (
        "SELECT c.n, c.stance, c.likelihood, c.hedge, c.basis, c.credibility, c.locator, c.quote,"
        f" c.quote_language, c.standing, c.value, e.id, {shown} FROM claims c {join}"
        f" WHERE c.source = :source AND {column('merged_into')} IS NULL"
        f" ORDER BY {column('start_min')}, e.number, c.n"
        " LIMIT :limit OFFSET :offset"
    )
    return Query(sql, {"source": name, "upto": as_of, "limit": limit, "offset": offset})


def source_stances(name: str, as_of: int | None) -> Query:
    """How many standing claims take each stance (`total`: all), and events on it alone."""
    join, column = _events(as_of)
    sql = (
        "SELECT c.stance, sum(c.standing) AS n, count(*) AS total,"
        f" sum(c.standing AND {column('n_roots')} <= 1 AND NOT {column('retracted')}"
        " AND c.stance IN ('asserts', 'implies')) AS alone"
        f" FROM claims c {join} WHERE c.source = :source AND {column('merged_into')} IS NULL"
        " GROUP BY 1 ORDER BY n DESC, 1"
    )
    return Query(sql, {"source": name, "upto": as_of})


def _events(as_of: int | None) -> tuple[str, Callable[[str], str]]:
    """The join of claims with their events, and how a column of an event is named in it."""
    join = "JOIN events e ON e.number = c.event"
    return (join, "e.{}".format) if as_of is None else (f"{join} {VERSION}", value)


def source_events(name: str, as_of: int | None) -> Query:
    """How many events that stand it speaks of."""
    join, column = _events(as_of)
    sql = (
        f"SELECT count(DISTINCT c.event) AS n FROM claims c {join} WHERE c.source = :source"
        f" AND {column('merged_into')} IS NULL AND NOT {column('retracted')}"
    )
    return Query(sql, {"source": name, "upto": as_of})


def entity(name: str) -> Query:
    """One entity."""
    return Query("SELECT * FROM entities WHERE id = :entity", {"entity": name})


def entity_names(name: str) -> Query:
    """Its names in the order of the record."""
    return Query("SELECT * FROM names WHERE entity = :entity ORDER BY n", {"entity": name})


def entity_kin(name: str, limit: int) -> Query:
    """Who continues it, belongs to it, or was merged into it."""
    sql = (
        "SELECT id, label, 'successor' AS how FROM entities WHERE successor_of = :entity"
        " UNION ALL SELECT id, label, 'part' FROM entities WHERE parent = :entity"
        " UNION ALL SELECT id, label, 'alias' FROM entities WHERE merged_into = :entity"
        " ORDER BY how, label, id LIMIT :limit"
    )
    return Query(sql, {"entity": name, "limit": limit})


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
    columns = ", ".join(map(known, OF_EVENT))
    sql = (
        f"SELECT DISTINCT e.number, e.id, {columns}"
        " FROM state_events s JOIN events e ON e.number = s.event"
        f" {VERSION} WHERE s.subject = :name AND e.first_position <= :upto"
        f" ORDER BY {value('start_min')}, e.number"
    )
    return Query(sql, {"name": subject, "upto": upto})


def vocabularies(upto: int) -> Query:
    """Records of vocabularies up to a position, in log order."""
    sql = (
        "SELECT r.position, r.effective, r.line FROM subjects s"
        " JOIN records r ON r.position = s.position"
        " WHERE s.subject >= 'vocabulary:' AND s.subject < 'vocabulary;'"
        " AND s.position <= :upto ORDER BY r.position"
    )
    return Query(sql, {"upto": upto})


def titles(ids: str, upto: int) -> Query:
    """Id, title and date, as known at a position, of the events in a JSON array."""
    sql = (
        f"SELECT e.id, {known('title')}, {known('date')} FROM events e {VERSION}"
        " WHERE e.id IN (SELECT value FROM json_each(:ids))"
    )
    return Query(sql, {"ids": ids, "upto": upto})


def state_changes(subject: str, machine: str, upto: int, limit: int) -> Query:
    """Positions, newest first, with which what is known of a subject's states changed."""
    sql = (
        "SELECT DISTINCT s.known_from AS position, r.recorded_at FROM states s"
        " JOIN records r ON r.position = s.known_from WHERE s.subject = :name"
        " AND s.machine = :machine AND s.known_from <= :upto ORDER BY 1 DESC LIMIT :limit"
    )
    return Query(sql, {"name": subject, "machine": machine, "upto": upto, "limit": limit})


CHANGED_SINCE: Final = (
    "(:upto < e.last_position OR EXISTS (SELECT 1 FROM subjects s JOIN targets t"
    " ON t.target = s.position WHERE s.subject = e.id))"
)
"""Whether an entity or a source `e` can have been another one at `:upto`: more was said of it, or
one of its records was retracted, whenever that was, for a retraction may be taken back.
"""


def labels_since(ids: str, upto: int) -> Query:
    """Id, label and `changed`, whether it may have been another one at a position, of the entities
    in a JSON array that were known then.
    """
    sql = (
        f"SELECT e.id, e.label, {CHANGED_SINCE} AS changed FROM entities e"
        " WHERE e.id IN (SELECT value FROM json_each(:ids)) AND e.first_position <= :upto"
    )
    return Query(sql, {"ids": ids, "upto": upto})


def once_kin(name: str) -> Query:
    """Ids of the entities that name this one as parent or predecessor, or did so once."""
    sql = (
        "SELECT id FROM entities WHERE parent = :name UNION SELECT id FROM entities"
        " WHERE successor_of = :name UNION SELECT subject FROM former_kin WHERE other = :name"
    )
    return Query(sql, {"name": name})


def once_copies(name: str) -> Query:
    """Ids of the sources that name this one as what they copy, or did so once."""
    sql = (
        "SELECT id FROM sources WHERE copies = :name"
        " UNION SELECT subject FROM former_kin WHERE other = :name"
    )
    return Query(sql, {"name": name})


def once_withdrawn(upto: int) -> Query:
    """Ids of entities and sources at whose records, up to a position, a later one points."""
    sql = (
        "SELECT DISTINCT r.subject AS id FROM targets t JOIN records r ON r.position = t.target"
        " WHERE t.position <= :upto AND r.kind IN ('entity', 'source')"
    )
    return Query(sql, {"upto": upto})
