"""Every SELECT of the pages and feeds of changes."""

from __future__ import annotations

from timeline.readmodel.as_known import OF_EVENT, VERSION, known
from timeline.readmodel.selection import Query

ADDITIONS = "('event', 'entity', 'source')"
"""Kinds of records that bring something new; all others change or weigh what is there."""

_CHANGES = f"kind <> 'event' AND kind NOT IN {ADDITIONS}"
"""In words that `records_others` knows: most records are events, and none of them is looked at."""

_FIRST = (
    "(SELECT position FROM records WHERE known_at >= :month ORDER BY known_at, position LIMIT 1)"
)
_AFTER = (
    "coalesce((SELECT position FROM records WHERE known_at >= :month || '~'"
    " ORDER BY known_at, position LIMIT 1), 9223372036854775807)"
)
"""Positions with which a month begins and ends: `known_at` never falls."""


def months(upto: int) -> Query:
    """Month of the record's time, records, and those that are no additions; newest first."""
    sql = (
        "WITH RECURSIVE begun(month, first) AS (SELECT * FROM"
        " (SELECT substr(known_at, 1, 7), position FROM records ORDER BY position LIMIT 1)"
        " UNION ALL SELECT substr(r.known_at, 1, 7), r.position FROM begun b JOIN records r"
        " ON r.position = (SELECT position FROM records WHERE known_at >= b.month || '~'"
        " ORDER BY known_at, position LIMIT 1) WHERE r.position <= :upto),"
        " spans AS (SELECT month, first, lead(first, 1,"
        " min(:upto, (SELECT max(position) FROM records)) + 1) OVER (ORDER BY first) AS after"
        " FROM begun WHERE first <= :upto)"
        " SELECT month, after - first AS n, (SELECT count(*) FROM records"
        f" WHERE {_CHANGES} AND position >= first AND position < after) AS changes"
        " FROM spans ORDER BY first DESC"
    )
    return Query(sql, {"upto": upto})


def additions(month: str, upto: int) -> Query:
    """What a month added: kind and how many, most first."""
    sql = (
        f"WITH span AS (SELECT {_FIRST} AS first, min({_AFTER} - 1, :upto,"
        " (SELECT max(position) FROM records)) AS last),"
        " others AS (SELECT kind, count(*) AS n FROM span JOIN records ON kind <> 'event'"
        " AND position BETWEEN first AND last GROUP BY kind)"
        " SELECT * FROM (SELECT 'event' AS kind, last - first + 1"
        " - coalesce((SELECT sum(n) FROM others), 0) AS n FROM span"
        f" UNION ALL SELECT kind, n FROM others WHERE kind IN {ADDITIONS})"
        " WHERE n > 0 ORDER BY n DESC"
    )
    return Query(sql, {"month": month, "upto": upto})


def records(month: str, upto: int, *, everything: bool, limit: int, offset: int) -> Query:
    """Records of a month (all months if empty), newest first."""
    sql = (
        "SELECT position, id, kind, subject, recorded_at, recorded_by, batch, effective,"
        " json_extract(line, '$.note') AS note, json_extract(line, '$.reason') AS reason"
        " FROM records WHERE position <= :upto"
        + (f" AND position >= {_FIRST} AND position < {_AFTER}" if month else "")
        + ("" if everything else f" AND {_CHANGES}")
        + " ORDER BY position DESC LIMIT :limit OFFSET :offset"
    )
    return Query(sql, {"month": month, "upto": upto, "limit": limit, "offset": offset})


def count(month: str, upto: int, *, everything: bool) -> Query:
    """How many of those there are."""
    first = f"coalesce({_FIRST}, 0)" if month else "0"
    last = f"min({_AFTER} - 1, :upto)" if month else ":upto"
    if everything:
        newest = "coalesce((SELECT max(position) FROM records), -1)"
        sql = f"SELECT min({last}, {newest}) - {first} + 1 AS n"
    else:
        sql = (
            f"SELECT count(*) AS n FROM records WHERE {_CHANGES}"
            f" AND position BETWEEN {first} AND {last}"
        )
    return Query(sql, {"month": month, "upto": upto})


def done_by(positions: str, upto: int) -> Query:
    """What the records at these positions (JSON array) did to events, field by field.

    Titles, and whether an event stands, are those of the position `upto`.
    """
    event = f"e.id AS event, {known('title')}, {known('retracted')}, {known('merged_into')}"
    sql = (
        f"SELECT c.position, c.n, c.what, c.field, c.old, c.new, c.reason, {event}"
        f" FROM event_changes c JOIN events e ON e.number = c.event {VERSION}"
        " WHERE c.position IN (SELECT value FROM json_each(:positions))"
        f" UNION ALL SELECT e.first_position, 0, 'added', NULL, NULL, NULL, NULL, {event}"
        " FROM records r JOIN events e"
        f" ON e.id = r.subject AND e.first_position = r.position {VERSION}"
        " WHERE r.position IN (SELECT value FROM json_each(:positions))"
        " ORDER BY 1 DESC, 8, 2"
    )
    return Query(sql, {"positions": positions, "upto": upto})


def counted_between(after: int, upto: int) -> Query:
    """What later records did to events between two positions: word, how many times.

    A merge of two events counts once, and so does an event that was given several sources.
    """
    sql = (
        "SELECT what, count(*) AS n FROM (SELECT DISTINCT what,"
        " CASE what WHEN 'claimed' THEN NULL ELSE position END,"
        " CASE WHEN what IN ('merged', 'unmerged') THEN NULL ELSE event END FROM event_changes"
        " WHERE position > :after AND position <= :upto) GROUP BY 1 ORDER BY 2 DESC"
    )
    return Query(sql, {"after": after, "upto": upto})


def changed_between(after: int, upto: int, limit: int) -> Query:
    """Changes to events between two positions, event by event, as they were at the second one."""
    sql = (
        f"SELECT c.position, c.n, c.what, e.id AS event, {known('title')}, c.field, c.old, c.new,"
        f" c.reason, {known('merged_into')}, r.recorded_at"
        f" FROM event_changes c JOIN events e ON e.number = c.event {VERSION}"
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


def added_between(after: int, last: int, upto: int, limit: int) -> Query:
    """Events with numbers behind `after`, up to `last`, as they were at `upto`, in log order."""
    columns = ", ".join(known(name) for name in OF_EVENT)
    sql = (
        f"SELECT e.number, e.id, {columns} FROM events e {VERSION}"
        " WHERE e.number > :after AND e.number <= :last ORDER BY e.number LIMIT :limit"
    )
    return Query(sql, {"after": after, "last": last, "upto": upto, "limit": limit})


def health() -> Query:
    """Weak points that anybody may look at: how many there are of those that can be counted
    without reading every event.
    """
    sql = (
        "SELECT (SELECT count(DISTINCT event) FROM contradictions) AS contradictions,"
        " (SELECT count(*) FROM problems) AS problems"
    )
    return Query(sql, {})
