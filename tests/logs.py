"""Small logs for tests: records that are valid by default, and the read model of them in memory."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

from timeline.readmodel import build
from timeline.readmodel.build import fill
from timeline.readmodel.catchup import add
from timeline.readmodel.schema import create_indexes, create_tables
from timeline.records.codec import decode, encode
from timeline.records.model import Record

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a log that is in no file."""

    position: int
    record: Record
    raw: bytes
    known_at: str


def record_id(n: int) -> str:
    """The id of the record number `n`: a UUIDv7 whose last digits are that number."""
    return f"01900000-0000-7000-8000-{n:012d}"


def instant(n: int) -> str:
    """`n` seconds into 2026."""
    return (START + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(n: int, kind: str, **fields: Any) -> dict[str, Any]:
    """Record number `n`; a trailing underscore in a name (`from_`) is dropped."""
    envelope = {"id": record_id(n), "v": 1, "recorded_at": instant(n), "recorded_by": "ana"}
    return {**envelope, "kind": kind, **{name.rstrip("_"): value for name, value in fields.items()}}


def event(n: int, event: str, **fields: Any) -> dict[str, Any]:
    """A meeting on 5 December 2024 that one agency reports."""
    default = {
        "type": "meeting.held",
        "title": f"Meeting {event}",
        "when": "2024-12-05",
        "claims": [{"source": "src:agency"}],
    }
    return record(n, "event", event=event, **{**default, **fields})


def source(n: int, source: str, **fields: Any) -> dict[str, Any]:
    return record(n, "source", source=source, **{"title": source, **fields})


def entity(n: int, entity: str, name: str, **fields: Any) -> dict[str, Any]:
    return record(n, "entity", entity=entity, names=[{"text": name}], **fields)


def correction(n: int, of: str, field: str, old: Any, new: Any, **fields: Any) -> dict[str, Any]:
    changes = {field: {"from": old, "to": new}}
    return record(n, "correction", of=of, changes=changes, **{"reason": "typing_error", **fields})


def retraction(n: int, of: str, **fields: Any) -> dict[str, Any]:
    return record(n, "retraction", of=of, **{"reason": "false", **fields})


def lines(records: Iterable[dict[str, Any]]) -> list[Line]:
    """The log that holds these records in this order."""
    result: list[Line] = []
    known = ""
    for position, written in enumerate(records):
        raw = encode(written)
        known = max(known, written["recorded_at"])
        result.append(Line(position, decode(raw), raw, known))
    return result


def read_model(log: Sequence[Line], splits: Sequence[int] = ()) -> sqlite3.Connection:
    """The read model of a log, built from the first part and caught up part by part."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    bounds = [*sorted(splits), len(log)]
    fill(connection, log[: bounds[0]])
    for start, end in pairwise(bounds):
        add(connection, log[start:end])
    return connection


_IDLE: list[sqlite3.Connection] = []
"""Databases with every table and no row, for `passing_model`."""


@contextlib.contextmanager
def passing_model(log: Sequence[Line], splits: Sequence[int] = ()) -> Iterator[sqlite3.Connection]:
    """As `read_model`, at half the cost: the tables are there, and a rollback empties them.

    Thousands of logs would spend their time on making tables and preparing statements anew.
    """
    connection = _IDLE.pop() if _IDLE else _without_rows()
    bounds = [*sorted(splits), len(log)]
    connection.execute("BEGIN")
    try:
        with mock.patch.multiple(build, create_tables=_nothing, create_indexes=_nothing):
            fill(connection, log[: bounds[0]])
        for start, end in pairwise(bounds):
            add(connection, log[start:end])
        yield connection
    finally:
        connection.execute("ROLLBACK")
        _IDLE.append(connection)


@contextlib.contextmanager
def grown(connection: sqlite3.Connection, log: Sequence[Line]) -> Iterator[None]:
    """For the length of a `with`, a read model also has the lines that it lacks of a longer log."""
    (known,) = connection.execute("SELECT count(*) FROM records").fetchone()
    connection.execute("SAVEPOINT grown")
    try:
        add(connection, log[known:])
        yield
    finally:
        connection.execute("ROLLBACK TO grown")
        connection.execute("RELEASE grown")


def _without_rows() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1_000)
    create_tables(connection)
    create_indexes(connection)
    return connection


def _nothing(_: sqlite3.Connection) -> None:
    """The tables are there."""


def tables(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted, but for the shadow tables of the full-text index."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'events_fts%'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {name: _rows(connection, name) for (name,) in names}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)


_CURRENT = (
    "claims", "claim_fields", "participants", "event_places", "event_topics", "relations", "names",
)  # fmt: skip


def current_rows(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """What the archive believes now, row by row, without when it came to believe it."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(events)")]
    count = columns.index("revision")
    return {
        **{name: _rows(connection, name) for name in _CURRENT},
        "events": [row[:count] for row in _rows(connection, "events")],
        "entities": [row[:-1] for row in _rows(connection, "entities")],
        "sources": [row[:-1] for row in _rows(connection, "sources")],
    }
