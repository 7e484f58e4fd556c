"""Every SELECT of the pages and feeds of changes."""

from __future__ import annotations

from timeline.readmodel.selection import Query

ADDITIONS = "('event', 'entity', 'source')"
"""Kinds of records that bring something new; all others change or weigh what is there."""


def months(upto: int) -> Query:
    """Month of the record's time, records, and those that are no additions; newest first."""
    sql = (
        "SELECT substr(known_at, 1, 7) AS month, count(*) AS n,"
        f" sum(kind NOT IN {ADDITIONS}) AS changes FROM records WHERE position <= :upto"
        " GROUP BY 1 ORDER BY 1 DESC"
    )
    return Query(sql, {"upto": upto})


def additions(month: str, upto: int) -> Query:
    """What a month added: kind, how many, from how many import runs."""
    sql = (
        "SELECT kind, count(*) AS n, count(DISTINCT batch) AS batches FROM records"
        f" WHERE kind IN {ADDITIONS} AND position <= :upto AND known_at >= :month"
        " AND known_at < :month || '~' GROUP BY 1 ORDER BY 2 DESC"
    )
    return Query(sql, {"month": month, "upto": upto})


def records(month: str, upto: int, *, everything: bool, limit: int, offset: int) -> Query:
    """Records of a month (all months if empty), newest first."""
    sql = (
        "SELECT position, id, kind, subject, recorded_at, recorded_by, batch, effective,"
        " json_extract(line, '$.note') AS note, json_extract(line, '$.reason') AS reason"
        " FROM records WHERE position <= :upto"
        + (" AND known_at >= :month AND known_at < :month || '~'" if month else "")
        + ("" if everything else f" AND kind NOT IN {ADDITIONS}")
        + " ORDER BY position DESC LIMIT :limit OFFSET :offset"
    )
    return Query(sql, {"month": month, "upto": upto, "limit": limit, "offset": offset})


def count(month: str, upto: int, *, everything: bool) -> Query:
    """How many of those there are."""
    inner = records(month, upto, everything=everything, limit=-1, offset=0)
    return Query(f"SELECT count(*) AS n FROM ({inner.sql})", inner.parameters)


def done_by(positions: str) -> Query:
    """What the records at these positions (JSON array) did to events, field by field."""
    sql = (
        "SELECT c.position, c.n, c.what, c.field, c.old, c.new, c.reason, e.id AS event, e.title,"
        " e.retracted, e.merged_into FROM event_changes c JOIN events e ON e.number = c.event"
        " WHERE c.position IN (SELECT value FROM json_each(:positions))"
        " UNION ALL SELECT e.first_position, 0, 'added', NULL, NULL, NULL, NULL, e.id, e.title,"
        " e.retracted, e.merged_into FROM events e"
        " WHERE e.first_position IN (SELECT value FROM json_each(:positions))"
        " ORDER BY 1 DESC, 8, 2"
    )
    return Query(sql, {"positions": positions})


def named(subjects: str) -> Query:
    """Id and label of the entities and sources among these (JSON array)."""
    sql = (
        "SELECT id, label FROM entities WHERE id IN (SELECT value FROM json_each(:ids))"
        " UNION ALL SELECT id, title FROM sources WHERE id IN (SELECT value FROM json_each(:ids))"
    )
    return Query(sql, {"ids": subjects})


def counted_between(after: int, upto: int) -> Query:
    """What later records did to events between two positions: word, how many events each time."""
    sql = (
        "SELECT what, count(*) AS n FROM (SELECT DISTINCT position, event, what FROM event_changes"
        " WHERE position > :after AND position <= :upto) GROUP BY 1 ORDER BY 2 DESC"
    )
    return Query(sql, {"after": after, "upto": upto})


def changed_between(after: int, upto: int, limit: int) -> Query:
    """Changes to events between two positions, event by event."""
    sql = (
        "SELECT c.position, c.n, c.what, e.id AS event, e.title, c.field, c.old, c.new, c.reason,"
        " e.merged_into, r.recorded_at FROM event_changes c JOIN events e ON e.number = c.event"
        " JOIN records r ON r.position = c.position"
        " WHERE c.position > :after AND c.position <= :upto"
        " ORDER BY c.position, e.id, c.n LIMIT :limit"
    )
    return Query(sql, {"after": after, "upto": upto, "limit": limit})


def first_position_of(number: int) -> Query:
    """The position of an event's first record, by its number; numbers follow positions."""
    return Query(
        "SELECT first_position AS n FROM events WHERE number = :number", {"number": number}
    )


def last_number() -> Query:
    """The highest number of an event; 0 where there is none."""
    return Query("SELECT coalesce(max(number), 0) AS n FROM events", {})


def added_between(after: int, upto: int, limit: int) -> Query:
    """Events whose numbers lie behind `after`, up to `upto`, as they are now, in log order."""
    sql = (
        "SELECT number, id, type, title, status, date, edtf, start_min, start_max, end_min,"
        " end_max, end_state, year, precision, place, actors, certainty, n_roots, contested,"
        " disputed, retracted, merged_into FROM events"
        " WHERE number > :after AND number <= :upto ORDER BY number LIMIT :limit"
    )
    return Query(sql, {"after": after, "upto": upto, "limit": limit})


def health() -> Query:
    """Weak points that anybody may look at: how many rows each view of them has."""
    sql = (
        "SELECT (SELECT count(*) FROM weak_events) AS weak_events,"
        " (SELECT count(DISTINCT event) FROM contradictions) AS contradictions,"
        " (SELECT count(*) FROM unresolved_names) AS unresolved_names,"
        " (SELECT count(*) FROM problems) AS problems"
    )
    return Query(sql, {})
