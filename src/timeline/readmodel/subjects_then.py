"""Rows of sources and entities as they were at a position, folded from their few records.

`sources`, `entities` and `names` hold what is known now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

import orjson

from timeline.readmodel import subject_queries
from timeline.readmodel.asking import Row as Named
from timeline.readmodel.asking import named, rows
from timeline.readmodel.library import Library
from timeline.readmodel.tables.entities import entity_row, name_rows, source_row


def source_then(connection: sqlite3.Connection, source: str, upto: int) -> Named | None:
    """The row of `sources` when the log ended with `upto`, inclusive; None where there was none."""
    library = Library(connection)
    state = library.source_state(source, upto)
    if state is None:
        return None
    root = library.source(source, upto).root
    return named(connection, "sources", [source_row(state, root)])[0]


def entity_then(connection: sqlite3.Connection, entity: str, upto: int) -> Named | None:
    """As `source_then`, of `entities`."""
    library = Library(connection)
    state = library.entity_state(entity, upto)
    if state is None:
        return None
    into = library.aliases(entity, upto).into.get(entity)
    return named(connection, "entities", [entity_row(state, into)])[0]


def names_then(connection: sqlite3.Connection, entity: str, upto: int) -> list[Named]:
    """The rows of `names` of an entity that was known at `upto`, in order."""
    state = Library(connection).entity_state(entity, upto)
    return named(connection, "names", name_rows(state) if state else ())


def labels_then(connection: sqlite3.Connection, ids: Iterable[str], upto: int) -> dict[str, str]:
    """Id -> label of the entities among these that were known then."""
    library = Library(connection)
    query = subject_queries.labels_since(orjson.dumps([*ids]).decode(), upto)
    found = {}
    for entity in rows(connection, query):
        state = library.entity_state(entity["id"], upto) if entity["changed"] else None
        found[entity["id"]] = state.label if state is not None else entity["label"]
    return found


_KIN: Final = (("merged_into", "alias"), ("parent", "part"), ("successor_of", "successor"))


def kin_then(connection: sqlite3.Connection, entity: str, upto: int, limit: int) -> list[Named]:
    """As `subject_queries.entity_kin`: who continued it, belonged to it, or was merged into it."""
    names = {row["id"] for row in rows(connection, subject_queries.once_kin(entity))}
    found: list[Named] = []
    for name in names | set(Library(connection).family(entity)):
        then = entity_then(connection, name, upto) or {}
        found += [
            {"id": name, "label": then["label"], "how": how}
            for column, how in _KIN
            if then.get(column) == entity
        ]
    return sorted(found, key=lambda kin: (kin["how"], kin["label"], kin["id"]))[:limit]


def copies_then(connection: sqlite3.Connection, root: str, upto: int) -> list[Named]:
    """As `subject_queries.source_copies`: the sources that went back to a root."""
    waiting, seen = {root}, set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        copying = rows(connection, subject_queries.once_copies(name))
        waiting |= {row["id"] for row in copying} - seen
    found = (source_then(connection, name, upto) for name in seen - {root})
    copies = [source for source in found if source is not None and source["root"] == root]
    return sorted(copies, key=lambda source: (source["published"] or "", source["id"]))


def counts_then(connection: sqlite3.Connection, upto: int) -> dict[str, int]:
    """How many `entities` and `sources` were known then and not retracted."""
    library = Library(connection)
    counted = {}
    names = [row["id"] for row in rows(connection, subject_queries.once_withdrawn(upto))]
    for table, find, own in (
        ("entities", library.entity_state, False),
        ("sources", library.source_state, True),
    ):
        (n,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE first_position <= ?", (upto,)
        ).fetchone()
        states = (find(name, upto) for name in names if name.startswith("src:") == own)
        counted[table] = n - sum(state is not None and state.retracted for state in states)
    return counted


def stood_then(connection: sqlite3.Connection, records: Sequence[Named], upto: int) -> list[Named]:
    """Rows of `records` with `effective` as it was then."""
    stood = Library(connection).standing([record["position"] for record in records], upto)
    return [{**record, "effective": int(record["position"] in stood)} for record in records]
