"""Every SELECT of the pages of sources, entities, treaties, places and changes."""

from __future__ import annotations

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


def source_claims(name: str, upto: int, limit: int, offset: int) -> Query:
    """What the source says, event by event in order of time."""
    sql = (
        "SELECT c.n, c.stance, c.likelihood, c.hedge, c.basis, c.credibility, c.locator, c.quote,"
        " c.quote_language, c.standing, c.value, e.id, e.title, e.date, e.certainty, e.retracted,"
        " e.type FROM claims c JOIN events e ON e.number = c.event"
        " WHERE c.source = :source AND c.position <= :upto"
        " ORDER BY e.start_min, e.number, c.n LIMIT :limit OFFSET :offset"
    )
    return Query(sql, {"source": name, "upto": upto, "limit": limit, "offset": offset})


def source_stances(name: str, upto: int) -> Query:
    """How many standing claims take each stance (`total`: all), and events on it alone."""
    sql = (
        "SELECT c.stance, sum(c.standing) AS n, count(*) AS total,"
        " sum(c.standing AND e.n_roots <= 1 AND NOT e.retracted"
        " AND c.stance IN ('asserts', 'implies')) AS alone"
        " FROM claims c JOIN events e ON e.number = c.event"
        " WHERE c.source = :source AND c.position <= :upto GROUP BY 1 ORDER BY n DESC"
    )
    return Query(sql, {"source": name, "upto": upto})


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
    """The events that bear on a subject's state, in order of time."""
    sql = (
        "SELECT DISTINCT e.number, e.id, e.type, e.title, e.status, e.date, e.edtf, e.start_min,"
        " e.start_max, e.end_min, e.end_max, e.end_state, e.year, e.precision, e.place, e.actors,"
        " e.certainty, e.n_roots, e.contested, e.disputed, e.retracted, e.merged_into"
        " FROM state_events s JOIN events e ON e.number = s.event"
        " WHERE s.subject = :name AND e.first_position <= :upto ORDER BY e.start_min, e.number"
    )
    return Query(sql, {"name": subject, "upto": upto})


def titles(ids: str) -> Query:
    """Id, title and date of the events in a JSON array."""
    sql = "SELECT id, title, date FROM events WHERE id IN (SELECT value FROM json_each(:ids))"
    return Query(sql, {"ids": ids})
