"""Which record and event ids a read model has seen."""

from __future__ import annotations

import sqlite3
from typing import Protocol


class Known(Protocol):
    """Asked once for each record, in log order; remembers what it was asked."""

    def record_id(self, record_id: str) -> bool:
        """Whether a record of this id came before."""
        ...

    def event_id(self, event_id: str) -> bool:
        """Whether a record of this event came before."""
        ...


class KnownInMemory:
    """For a build from nothing: 64-bit hashes, about 60 bytes an id."""

    def __init__(self) -> None:
        self._records: set[int] = set()
        self._events: set[int] = set()

    def record_id(self, record_id: str) -> bool:
        return _seen(self._records, record_id)

    def event_id(self, event_id: str) -> bool:
        return _seen(self._events, event_id)


class KnownInTables:
    """For catching up: the tables, and what came in this run."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._new = KnownInMemory()

    def record_id(self, record_id: str) -> bool:
        return self._new.record_id(record_id) or self._has("records", record_id)

    def event_id(self, event_id: str) -> bool:
        return self._new.event_id(event_id) or self._has("events", event_id)

    def _has(self, table: str, found: str) -> bool:
        rows = self._connection.execute(f"SELECT 1 FROM {table} WHERE id = ? LIMIT 1", (found,))
        return rows.fetchone() is not None


def _seen(hashes: set[int], text: str) -> bool:
    before = len(hashes)
    hashes.add(hash(text))
    return len(hashes) == before
