"""What was appended and what it changed: the SELECTs behind `log` and `diff`."""

from __future__ import annotations

from typing import Any

from timeline.readmodel.refs import Ref
from timeline.readmodel.selection import Query


def logbook(
    *,
    about: Ref | None = None,
    after: int | None = None,
    upto: int | None = None,
    by: str | None = None,
    kind: str | None = None,
    limit: int = 50,
) -> Query:
    """Records, newest first: position, recorded_at, recorded_by, kind, subject, effective, batch.

    Args:
        about: only those that speak of this event, entity, source, record or batch.
        after: only positions beyond this one.
        upto: only positions up to this one, inclusive.
    """
    where, parameters = ["1"], dict[str, Any](limit=limit)
    for clause, name, value in (
        ("position > :after", "after", after),
        ("position <= :upto", "upto", upto),
        ("(recorded_by = :by OR recorded_by LIKE :by || ' <%')", "by", by),
        ("kind = :kind", "kind", kind),
    ):
        if value is not None:
            where.append(clause)
            parameters[name] = value
    if about is not None:
        where.append(_about(about))
        parameters["about"] = about.position if about.kind == "record" else about.id
    sql = (
        "SELECT position, recorded_at, recorded_by, kind, subject,"
        " CASE effective WHEN 1 THEN '' ELSE 'no longer stands' END AS standing, batch, id"
        f" FROM records WHERE {' AND '.join(where)} ORDER BY position DESC LIMIT :limit"
    )
    return Query(sql, parameters)


def changes(after: int, upto: int, event: str | None = None) -> Query:
    """What records behind `after`, up to `upto` inclusive, did to events, in log order."""
    where, parameters = _between(after, upto, event)
    sql = (
        "SELECT position, what, event, title, field, old, new, reason, recorded_at, recorded_by"
        f" FROM changes WHERE {where} ORDER BY position, event"
    )
    return Query(sql, parameters)


def change_counts(after: int, upto: int, event: str | None = None) -> Query:
    """The same, counted: what, events, changes."""
    where, parameters = _between(after, upto, event)
    sql = (
        "SELECT what, count(DISTINCT event) AS events, count(*) AS changes"
        f" FROM changes WHERE {where} GROUP BY what ORDER BY what"
    )
    return Query(sql, parameters)


def _between(after: int, upto: int, event: str | None) -> tuple[str, dict[str, Any]]:
    where = "position > :after AND position <= :upto"
    parameters: dict[str, Any] = {"after": after, "upto": upto}
    if event is not None:
        where += " AND event = :event"
        parameters["event"] = event
    return where, parameters


def _about(ref: Ref) -> str:
    if ref.kind == "batch":
        return "batch = :about"
    if ref.kind == "record":
        return (
            "(position = :about OR position IN"
            " (SELECT position FROM targets WHERE target = :about))"
        )
    return (
        "(subject = :about OR position IN (SELECT position FROM subjects WHERE subject = :about))"
    )
