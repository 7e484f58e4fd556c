"""Every SELECT of the published pages that is not a selection of events."""

from __future__ import annotations

from timeline.readmodel.as_known import VERSION, known
from timeline.readmodel.selection import Query, Selection, chosen

LINE = (
    "number, id, type, title, status, date, edtf, start_min, start_max, end_min, end_max,"
    " end_state, year, precision, place, actors, certainty, n_roots, contested, disputed,"
    " retracted, merged_into"
)
"""What a list shows of an event."""


def page_of_events(selection: Selection, *, limit: int, offset: int, newest: bool) -> Query:
    """One page of a selection in order of time."""
    base, parameters = chosen(selection)
    order = "start_min DESC, number DESC" if newest else "start_min, number"
    sql = f"SELECT {LINE} FROM {base} ORDER BY {order} LIMIT :limit OFFSET :offset"
    return Query(sql, {**parameters, "limit": limit, "offset": offset})


def days(selection: Selection) -> Query:
    """First possible day, certainty and number of events, for a histogram."""
    base, parameters = chosen(selection)
    sql = (
        f"SELECT start_min AS day, certainty, count(*) AS n FROM {base}"
        " WHERE start_min IS NOT NULL GROUP BY 1, 2 ORDER BY 1"
    )
    return Query(sql, parameters)


def labels(ids: str) -> Query:
    """Entity id and label of those in a JSON array."""
    sql = "SELECT id, label FROM entities WHERE id IN (SELECT value FROM json_each(:ids))"
    return Query(sql, {"ids": ids})


def event_at(event: str, position: int | None, revision: int | None) -> Query:
    """One version of an event: a fixed revision, that known at a position, or the newest."""
    where, parameters = ["h.id = :event"], dict[str, object](event=event)
    if revision is not None:
        where.append("h.revision = :revision")
        parameters["revision"] = revision
    elif position is not None:
        where.append("h.known_from <= :as_of AND (h.known_to IS NULL OR :as_of < h.known_to)")
        parameters["as_of"] = position
    else:
        where.append("h.known_to IS NULL")
    sql = (
        "SELECT h.*, e.first_position FROM event_history h JOIN events e ON e.number = h.number"
        f" WHERE {' AND '.join(where)}"
    )
    return Query(sql, parameters)


def event_revisions(event: str, upto: int) -> Query:
    """Its versions up to a position, newest first, with the record that made each."""
    sql = (
        "SELECT h.revision, h.known_from, h.known_to, r.recorded_at, r.recorded_by, r.kind,"
        " r.id AS record, json_extract(r.line, '$.note') AS note"
        " FROM event_history h JOIN records r ON r.position = h.known_from"
        " WHERE h.id = :event AND h.known_from <= :upto ORDER BY h.revision DESC"
    )
    return Query(sql, {"event": event, "upto": upto})


def event_changes(number: int, upto: int) -> Query:
    """What later records did to an event, newest first, field by field."""
    sql = (
        "SELECT c.position, c.what, c.field, c.old, c.new, c.reason, r.recorded_at,"
        " r.recorded_by, r.id AS record, json_extract(r.line, '$.note') AS note"
        " FROM event_changes c JOIN records r ON r.position = c.position"
        " WHERE c.event = :number AND c.position <= :upto ORDER BY c.position DESC, c.n"
    )
    return Query(sql, {"number": number, "upto": upto})


def event_claims(number: int) -> Query:
    """Claims of an event with their sources, in log order."""
    sql = (
        "SELECT c.*, s.title AS source_title, s.publisher, s.published, s.url, s.archived_url,"
        " s.root, g.title AS root_title, s.reliability, s.copies"
        " FROM claims c LEFT JOIN sources s ON s.id = c.source"
        " LEFT JOIN sources g ON g.id = s.root WHERE c.event = :number ORDER BY c.n"
    )
    return Query(sql, {"number": number})


def event_fields(number: int) -> Query:
    """What each standing claim gives for the fields on which some claim speaks apart."""
    sql = (
        "SELECT f.field, f.value, f.affirms, c.n, c.source, c.claimant, c.stance,"
        " s.title AS source_title"
        " FROM claim_fields f JOIN claims c ON c.event = f.event AND c.n = f.n"
        " LEFT JOIN sources s ON s.id = c.source"
        " WHERE f.event = :number ORDER BY f.field, f.affirms DESC, c.n"
    )
    return Query(sql, {"number": number})


def event_participants(number: int) -> Query:
    """Who took part, with their offices and those they spoke for, by name."""
    sql = (
        "SELECT p.entity, coalesce(e.label, p.name, p.entity) AS label, p.role, p.office,"
        " coalesce(o.label, p.office) AS office_label, p.represents,"
        " coalesce(f.label, p.represents) AS represents_label"
        " FROM participants p LEFT JOIN entities e ON e.id = p.entity"
        " LEFT JOIN entities o ON o.id = p.office LEFT JOIN entities f ON f.id = p.represents"
        " WHERE p.event = :number ORDER BY p.n"
    )
    return Query(sql, {"number": number})


def event_places(number: int) -> Query:
    """Where it happened, with coordinates."""
    sql = (
        "SELECT p.place, coalesce(e.label, p.name, p.place) AS label, p.precision, e.latitude,"
        " e.longitude, e.country"
        " FROM event_places p LEFT JOIN entities e ON e.id = p.place"
        " WHERE p.event = :number ORDER BY p.n"
    )
    return Query(sql, {"number": number})


def event_relations(number: int, event: str) -> Query:
    """How it hangs together with others, both ways; `inverse` where the other states it."""
    sql = (
        "SELECT r.relation, 0 AS inverse, o.id, o.title, o.date, o.number FROM relations r"
        " JOIN events o ON o.id = r.target WHERE r.event = :number"
        " UNION ALL SELECT r.relation, 1, o.id, o.title, o.date, o.number FROM relations r"
        " JOIN events o ON o.number = r.event WHERE r.target = :event"
        " ORDER BY 2, 1, 6"
    )
    return Query(sql, {"number": number, "event": event})


def once_related_to(event: str) -> Query:
    """Ids of the events that are, or were in an earlier version, related to this one."""
    sql = (
        "SELECT id FROM events WHERE number IN (SELECT event FROM relations WHERE target = :event"
        " UNION ALL SELECT event FROM former_relations WHERE target = :event)"
    )
    return Query(sql, {"event": event})


def around(number: int, start: int, *, before: bool, limit: int) -> Query:
    """The standing events next to a day, nearest first."""
    sign, order = ("<", "DESC") if before else (">", "ASC")
    sql = (
        f"SELECT {LINE} FROM events WHERE (start_min, number) {sign} (:start, :number)"
        " AND retracted = 0 AND merged_into IS NULL"
        f" ORDER BY start_min {order}, number {order} LIMIT :limit"
    )
    return Query(sql, {"start": start, "number": number, "limit": limit})


SPEAKING = (
    "SELECT position FROM subjects WHERE subject = :subject"
    " UNION SELECT first_position FROM events WHERE id = :subject"
)
"""Positions of the records that speak of a subject; those that say nothing are not there."""


def records_of(subject: str, upto: int) -> Query:
    """Records that speak of a subject, in log order, with their lines."""
    sql = (
        "SELECT r.position, r.id, r.kind, r.recorded_at, r.recorded_by, r.effective, r.line"
        f" FROM records r WHERE r.position <= :upto AND r.position IN ({SPEAKING})"
        " ORDER BY r.position"
    )
    return Query(sql, {"subject": subject, "upto": upto})


def newest_record(upto: int) -> Query:
    """The last position, at most `upto`, and the time of its record."""
    sql = (
        "SELECT position, recorded_at, known_at FROM records WHERE position <= :upto"
        " ORDER BY position DESC LIMIT 1"
    )
    return Query(sql, {"upto": upto})


def record_at(position: int) -> Query:
    """One record with its line."""
    return Query("SELECT * FROM records WHERE position = :position", {"position": position})


def totals(upto: int) -> Query:
    """How much the archive holds, in one row."""
    standing = "first_position <= :upto"
    sql = (
        f"SELECT (SELECT count(*) FROM entities WHERE {standing} AND NOT retracted) AS entities,"
        f" (SELECT count(*) FROM sources WHERE {standing} AND NOT retracted) AS sources,"
        " min(:upto, coalesce((SELECT max(position) FROM records), -1)) + 1 AS records,"
        " (SELECT count(DISTINCT position) FROM event_changes WHERE what = 'corrected'"
        " AND position <= :upto) AS corrections,"
        " (SELECT count(DISTINCT event) FROM event_changes WHERE what = 'retracted'"
        " AND position <= :upto) AS retractions"
    )
    return Query(sql, {"upto": upto})


def newest_seals(upto: int, limit: int) -> Query:
    """When seals up to a position were made, and how many records each covers; newest first."""
    sql = (
        "SELECT position, recorded_at, json_extract(line, '$.size') AS size FROM records"
        " WHERE kind = 'seal' AND position <= :upto ORDER BY position DESC LIMIT :limit"
    )
    return Query(sql, {"upto": upto, "limit": limit})


def types_used() -> Query:
    """Every type that an event has, retracted ones included."""
    return Query("SELECT value AS type FROM facet_values WHERE past = 0 AND dimension = 'type'", {})


def differing(limit: int) -> Query:
    """Standing events of which sources give different accounts, those with most claims first."""
    sql = (
        f"SELECT {LINE} FROM events WHERE number IN (SELECT event FROM claim_fields"
        " WHERE NOT affirms UNION SELECT event FROM claims WHERE stance = 'denies' AND standing)"
        " AND NOT retracted AND merged_into IS NULL AND (disputed OR contested <> '[]')"
        " ORDER BY disputed DESC, n_claims DESC, last_position DESC LIMIT :limit"
    )
    return Query(sql, {"limit": limit})


def latest_changes(upto: int, limit: int) -> Query:
    """What later records did to events, newest first, one row a record."""
    sql = (
        f"SELECT c.position, c.what, c.field, c.old, c.new, c.reason, e.id AS event,"
        f" {known('title')}, {known('retracted')}, r.recorded_at, r.recorded_by,"
        " json_extract(r.line, '$.note') AS note, min(c.event)"
        f" FROM event_changes c JOIN events e ON e.number = c.event {VERSION}"
        " JOIN records r ON r.position = c.position"
        " WHERE c.n = 0 AND c.position IN (SELECT DISTINCT position FROM event_changes"
        " WHERE position <= :upto ORDER BY position DESC LIMIT :limit)"
        " GROUP BY c.position ORDER BY c.position DESC"
    )
    return Query(sql, {"upto": upto, "limit": limit})
