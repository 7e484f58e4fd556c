"""Names to entities, as `records.names` decides it, over the archive's entities and the shipped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from timeline import edtf
from timeline.records.names import Entity, Name, NameIndex, Resolution, folded, resolve


def resolve_name(
    connection: sqlite3.Connection,
    text: str,
    *,
    kind: str | None = None,
    on: int | None = None,
    shipped: bool = True,
) -> Resolution:
    """The entity that a name means on a day; merged entities answer through their survivor.

    Args:
        kind: entity kind wanted; None for any.
        on: Julian Day Number; None where no day is known.
        shipped: whether the states and places of the package count beside the archive's own.
    """
    found = [*(_shipped_hits(text) if shipped else ()), *_own_hits(connection, text)]
    return resolve(text, kind=kind, on=on, index=NameIndex.of(found))


def _own_hits(connection: sqlite3.Connection, text: str) -> Iterator[Entity]:
    rows = connection.execute(
        "SELECT DISTINCT coalesce(e.merged_into, e.id) AS id FROM entities e"
        " LEFT JOIN names n ON n.entity = e.id"
        " WHERE e.retracted = 0 AND (e.id = :text OR n.folded = :folded OR EXISTS ("
        "SELECT 1 FROM json_each(e.external_ids) x WHERE x.key || ':' || x.value = :text))"
        if ":" in text
        else "SELECT DISTINCT coalesce(e.merged_into, e.id) AS id FROM names n"
        " JOIN entities e ON e.id = n.entity WHERE n.folded = :folded AND e.retracted = 0",
        {"text": text, "folded": folded(text)},
    ).fetchall()
    for row in rows:
        yield _entity(connection, row["id"])


def _entity(connection: sqlite3.Connection, entity: str) -> Entity:
    """The survivor with its own names and those of what was merged into it."""
    row = connection.execute("SELECT * FROM entities WHERE id = ?", (entity,)).fetchone()
    names = connection.execute(
        "SELECT n.* FROM names n JOIN entities e ON e.id = n.entity"
        " WHERE e.id = :id OR e.merged_into = :id ORDER BY n.entity <> :id, n.entity, n.n",
        {"id": entity},
    )
    valid = edtf.parse(row["valid"]) if row["valid"] else None
    return Entity(
        id=entity,
        label=row["label"],
        names=tuple(_name(name) for name in names),
        external_ids=orjson.loads(row["external_ids"] or "{}"),
        since=valid.start_min if valid else None,
        until=valid.end_max if valid else None,
        country=row["country"] or "",
    )


def _name(row: Any) -> Name:
    since, until = row["valid_from"], row["valid_to"]
    return Name(
        row["text"],
        edtf.parse(since).start_min if since else None,
        edtf.parse(until).end_max if until else None,
        alias=row["kind"] in {"alias", "code"},
    )


@cache
def _shipped() -> NameIndex:
    from timeline.records.gazetteer import shipped_entities

    return NameIndex.of(shipped_entities())


def _shipped_hits(text: str) -> list[Entity]:
    index = _shipped()
    ids = {entity for entity, _ in index.by_name.get(folded(text), ())}
    ids.update(index.by_code.get(text.casefold(), ()))
    ids.update({text} & index.by_id.keys())
    # Who goes on as they: named where somebody asks for a state that had ended.
    ids.update(heir for i in list(ids) if (heir := index.by_id[i].continued_by) in index.by_id)
    return [index.by_id[entity] for entity in sorted(ids)]
