"""Events that later records touch: folded anew, their rows in place of the old, many at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import pairwise

from timeline.fold.history import Life, lived
from timeline.readmodel.library import Library
from timeline.readmodel.tables.events import COMPARED, LINKED, Row, change_rows, event_row
from timeline.readmodel.writing import Buffers, replace

_AT_ONCE = 500
_TYPE = COMPARED.index("type")
_HANGING = (
    *(table for table, _ in LINKED if table != "event_topics"),
    "event_changes", "former_claims", "former_relations",
)  # fmt: skip


class Refolding:
    """Takes touched events one by one; their rows are in the tables after `flush`.

    Until then the old rows stand, so that other events can be looked up by them.

    Args:
        connection: a read model with its indexes, inside a transaction.
        library: where an event's records are looked up.
        before: called with an event's number while its old row is there.
    """

    def __init__(
        self, connection: sqlite3.Connection, library: Library, before: Callable[[int], None]
    ) -> None:
        self._connection = connection
        self._library = library
        self._before = before
        self._buffers = Buffers(connection)
        self._events: list[Row] = []

    def fold(self, number: int, event: str) -> set[str]:
        """Fold one event; the types that it has, or had in some version."""
        life = lived(self._library.material(event), self._library, event_row)
        self._before(number)
        self._put(number, life)
        if len(self._events) >= _AT_ONCE:
            self.flush()
        return {version.row[_TYPE] for version in life.versions}

    def _put(self, number: int, life: Life) -> None:
        first, last = life.positions[0], life.positions[-1]
        current = life.versions[-1]
        self._events.append(
            (number, *current.row, len(life.versions), current.known_from, first, last)
        )
        self._buffers.of("event_versions").extend(
            (
                number, old.known_from, new.known_from, *old.row, revision, first,
                max(position for position in life.positions if position <= old.known_from),
            )
            for revision, (old, new) in enumerate(pairwise(life.versions), start=1)
        )  # fmt: skip
        for table, rows in LINKED:
            self._buffers.of(table).extend(rows(number, life.last))
        self._buffers.of("event_changes").extend(change_rows(number, life.changes))
        self._buffers.of("former_claims").extend((number, name) for name in life.former_sources)
        self._buffers.of("former_relations").extend((number, name) for name in life.former_targets)

    def flush(self) -> None:
        """Old rows out, new rows in."""
        numbers = [(row[0],) for row in self._events]
        # Topics are found by name, as their table is sorted by it; so they go first.
        self._connection.executemany(
            "DELETE FROM event_topics WHERE event = :n AND topic IN"
            " (SELECT value FROM events, json_each(events.topics) WHERE number = :n)",
            [{"n": number} for (number,) in numbers],
        )
        for table in _HANGING:
            self._connection.executemany(f"DELETE FROM {table} WHERE event = ?", numbers)
        self._connection.executemany("DELETE FROM event_versions WHERE number = ?", numbers)
        replace(self._connection, "events", self._events)
        self._events.clear()
        self._buffers.flush()
