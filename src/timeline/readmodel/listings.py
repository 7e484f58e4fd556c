"""The SELECTs behind the lists of sources and entities."""

from __future__ import annotations

from timeline.readmodel.selection import Query
from timeline.records.names import folded

_STANDS = "event NOT IN (SELECT number FROM events WHERE retracted = 1 OR merged_into IS NOT NULL)"
"""In words that `events_gone` knows. What was merged into another event counts with that one."""


def sources(text: str | None = None, grade: str | None = None) -> Query:
    """Sources by how many events that stand they speak of.

    Args:
        text: what title, publisher or address must hold.
        grade: Admiralty code A to F; `-` for those without one.
    """
    where, parameters = ["s.retracted = 0"], dict[str, object]()
    if text:
        where.append(
            "(s.title LIKE :text OR s.publisher LIKE :text OR s.url LIKE :text OR s.id LIKE :text)"
        )
        parameters["text"] = f"%{text}%"
    if grade == "-":
        where.append("s.reliability IS NULL")
    elif grade:
        where.append("s.reliability = :grade")
        parameters["grade"] = grade.upper()
    sql = (
        "SELECT s.id, s.title, s.publisher, s.published, s.reliability, s.root,"
        " (SELECT count(DISTINCT event) FROM claims WHERE source = s.id"
        f" AND {_STANDS}) AS n_events, s.url"
        f" FROM sources s WHERE {' AND '.join(where)} ORDER BY n_events DESC, s.id"
    )
    return Query(sql, parameters)


def entities(text: str | None = None, kind: str | None = None) -> Query:
    """Entities by how many events that stand name them, as somebody or as a place.

    Args:
        text: what one of their names must hold, letters with marks like those without.
        kind: person, state, treaty, …
    """
    where, parameters = ["e.retracted = 0", "e.merged_into IS NULL"], dict[str, object]()
    if text:
        where.append(
            "(e.id LIKE :text OR e.id IN (SELECT entity FROM names WHERE folded LIKE :folded))"
        )
        parameters |= {"text": f"%{text}%", "folded": f"%{folded(text)}%"}
    if kind:
        where.append("e.kind = :kind")
        parameters["kind"] = kind
    sql = (
        "SELECT e.id, e.label, e.valid, e.country,"
        " (SELECT count(*) FROM (SELECT event FROM participants WHERE entity = e.id UNION"
        f" SELECT event FROM event_places WHERE place = e.id) WHERE {_STANDS}) AS n_events,"
        " e.external_ids"
        f" FROM entities e WHERE {' AND '.join(where)} ORDER BY n_events DESC, e.id"
    )
    return Query(sql, parameters)
