"""The SELECTs behind `resolve`: names that stand as text, and the events that hold them."""

from __future__ import annotations

from timeline.readmodel.selection import Query


def unresolved(text: str | None = None, *, limit: int = 100) -> Query:
    """Names without an entity (name, used_as, n_events), those of most events first.

    Args:
        text: what the name must hold.
    """
    where = "WHERE name LIKE :text" if text else ""
    sql = (
        f"SELECT name, used_as, n_events FROM unresolved_names {where}"
        " ORDER BY n_events DESC, name, used_as LIMIT :limit"
    )
    return Query(sql, {"limit": limit, **({"text": f"%{text}%"} if text else {})})


def events_with(name: str) -> Query:
    """Ids of events, in order of their days, in which that very name stands for who or where."""
    sql = (
        "SELECT e.id FROM current_events e WHERE e.number IN ("
        " SELECT event FROM participants WHERE entity IS NULL AND name = :name"
        " UNION SELECT event FROM event_places WHERE place IS NULL AND name = :name)"
        " ORDER BY e.start_min, e.number"
    )
    return Query(sql, {"name": name})
