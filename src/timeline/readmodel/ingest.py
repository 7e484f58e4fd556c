"""New log entries into the read model: the one row path of the full build and of catching up.

Rows of a new event with one record go straight in. Everything else (claims, corrections,
retractions, merges, …) waits until all lines are there, then the subjects that it touches are
folded anew from their records. So the tables are a function of the log, however it was split.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Protocol

from timeline.fold.entities import SubjectState
from timeline.fold.entry import Entry as Folded
from timeline.fold.events import fold_event
from timeline.fold.history import seen
from timeline.fold.subjects import subjects
from timeline.progress import Progress, unheard
from timeline.readmodel.facets import Facets
from timeline.readmodel.known import Known
from timeline.readmodel.library import Library
from timeline.readmodel.linking import EVERY, Linking, Touched
from timeline.readmodel.newest import Newest
from timeline.readmodel.plain_events import PlainEvents, is_plain
from timeline.readmodel.refolding import Refolding
from timeline.readmodel.states import States
from timeline.readmodel.tables.entities import entity_row, name_rows, source_row
from timeline.readmodel.tables.events import LINKED, event_row
from timeline.readmodel.writing import Buffers, Search, insert

if TYPE_CHECKING:
    from timeline.records.model import Record

_DIRECT = frozenset({"event", "entity", "source", "seal", "erasure"})


class LogEntry(Protocol):
    """What the reader yields: a record, its stored bytes and its place."""

    @property
    def position(self) -> int: ...
    @property
    def record(self) -> Record: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def known_at(self) -> str: ...


class Ingest:
    """One run over new entries: `take` each in log order, then `settle`.

    Args:
        connection: a read model with its tables, inside a transaction.
        known: which record and event ids were there before.
        search: keeps the full-text table current; None while a build fills it, and the facet
            tables, at the end.
    """

    def __init__(self, connection: sqlite3.Connection, known: Known, search: Search | None) -> None:
        self._connection = connection
        self._known = known
        self._search = search
        self._facets = Facets(connection) if search else None
        self._library = Library(connection)
        self._newest = Newest(self._library)
        self._states = States(connection, self._library)
        self._buffers = Buffers(connection)
        self._records = self._buffers.of("records")
        self._plain = PlainEvents(self._buffers, self._newest)
        self._touched = Touched()
        self._late: list[int] = []
        self._doubled: list[int] = []
        self._batches: dict[str, list[Any]] = {}
        self.number = _maximum(connection, "number", "events")
        self._began = self.number > 0

    def take(self, entry: LogEntry) -> None:
        """Put one entry in; its effect on other subjects waits for `settle`."""
        record: Any = entry.record
        main = subjects(entry.record)[0]
        self._buffers.drain()
        self._records.append((
            entry.position, record["id"], record["kind"], main, record["recorded_at"],
            entry.known_at, record["recorded_by"], record.get("batch"), 1, entry.raw.decode(),
        ))  # fmt: skip
        self._count_batch(entry.position, record)
        if self._known.record_id(record["id"]):
            self._doubled.append(entry.position)
            return
        known = record["kind"] == "event" and self._known.event_id(record["event"])
        if known or record["kind"] not in _DIRECT or "supersedes" in record:
            self._late.append(entry.position)
        if record["kind"] == "event" and not known:
            self._take_event(entry.position, record)
        elif record["kind"] in {"entity", "source"}:
            self._take_subject(entry.position, main)

    def _take_event(self, position: int, record: Any) -> None:
        """The rows of an event that no earlier record spoke of."""
        self.number += 1
        if is_plain(record):
            self._plain.put(self.number, position, record)
        else:
            self._put_folded(self.number, position, record)
        if self._search:
            self._search.added.append(self.number)
        if self._states.moves(record["type"]):
            self._states.add(self.number)

    def _put_folded(self, number: int, position: int, record: Any) -> None:
        state = fold_event(record["event"], [Folded(position, record)], {position})
        assert state is not None
        picture = seen(state, (), self._newest, position)
        row = (number, *event_row(picture), 1, position, position, position)
        self._buffers.of("events").append(row)
        for table, rows in LINKED:
            self._buffers.of(table).extend(rows(number, picture))

    def _take_subject(self, position: int, subject: str) -> None:
        self._buffers.flush()
        insert(self._connection, "subjects", [(subject, position)])
        self._newest.forget(subject)
        self._plain.forget()
        named_before = self._began or subject in self._library.asked
        self._touched.add(subject, self.number + 1 if named_before else 0)

    def _count_batch(self, position: int, record: Any) -> None:
        if "batch" in record:
            kept = self._batches.setdefault(record["batch"], [
                position, position, 0, record["recorded_by"], record["recorded_at"]
            ])  # fmt: skip
            kept[1] = position
            kept[2] += 1

    def finish_rows(self) -> None:
        """Every row of `take` is in the tables; a build makes its indexes after this."""
        self._buffers.flush()
        self._library.forget()

    def settle(self, progress: Progress = unheard) -> None:
        """Let the late records take effect; needs the indexes."""
        self.finish_rows()
        self._settle_batches()
        Linking(self._connection, self._library, self._touched).settle(self._late, self._doubled)
        self._fold_subjects()
        self._fold_events(progress)
        self._states.settle()
        if self._search:
            self._search.flush()
        if self._facets:
            self._facets.flush()

    def _settle_batches(self) -> None:
        for batch, (first, last, count, by, at) in self._batches.items():
            self._connection.execute(
                "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE"
                " SET last_position = excluded.last_position,"
                " n_records = n_records + excluded.n_records",
                (batch, first, last, count, by, at),
            )

    def _fold_subjects(self) -> None:
        """Rows of the touched entities and sources, and of those that depend on them."""
        # The rows say who copies whom, so they come before the chains are followed; after that
        # they are written again, with the roots that the chains now end in.
        sources = sorted(name for name in self._touched.bounds if name.startswith("src:"))
        for source in sources:
            self._fold_source(source)
        for source in sources:
            self._touch_copies(source)
        for subject in list(self._touched.bounds):
            if subject.startswith("vocabulary:"):
                self._states.vocabulary_changed()
            elif ":" in subject and not subject.startswith("src:"):
                for name in self._library.family(subject):
                    self._touched.add(name, self._touched.bounds[subject])
        for subject in sorted(self._touched.bounds):
            if subject.startswith("src:"):
                self._fold_source(subject)
            elif ":" in subject and not subject.startswith("vocabulary:"):
                self._fold_entity(subject)

    def _touch_copies(self, source: str) -> None:
        waiting, bound = [source], self._touched.bounds[source]
        while waiting:
            rows = self._connection.execute(
                "SELECT id FROM sources WHERE copies = ?", (waiting.pop(),)
            )
            for (copy,) in rows.fetchall():
                if self._touched.bounds.get(copy, -1) < bound:
                    self._touched.add(copy, bound)
                    waiting.append(copy)

    def _fold_source(self, source: str) -> None:
        state = self._library.source_state(source)
        if state is not None:
            self._connection.execute("DELETE FROM sources WHERE id = ?", (source,))
            root = self._library.source(source, EVERY).root
            insert(self._connection, "sources", [source_row(state, root)])
            self._put_former_kin(state, ("root",))

    def _fold_entity(self, entity: str) -> None:
        state = self._library.entity_state(entity)
        if state is not None:
            self._connection.execute("DELETE FROM names WHERE entity = ?", (entity,))
            self._connection.execute("DELETE FROM entities WHERE id = ?", (entity,))
            into = self._library.aliases(entity).into.get(entity)
            insert(self._connection, "entities", [entity_row(state, into)])
            insert(self._connection, "names", list(name_rows(state)))
            self._put_former_kin(state, ("parent", "successor_of"))
            self._states.party_changed(entity)

    def _put_former_kin(self, state: SubjectState, fields: tuple[str, ...]) -> None:
        now = {state.fields.get(field) for field in fields}
        former = sorted(self._library.ever(state.id, fields) - now)
        self._connection.execute("DELETE FROM former_kin WHERE subject = ?", (state.id,))
        insert(self._connection, "former_kin", [(state.id, other) for other in former])

    def _fold_events(self, progress: Progress) -> None:
        refolding = Refolding(self._connection, self._library, self._about_to_change)
        events = self._events_to_fold()
        for count, (number, event) in enumerate(events, start=1):
            progress(count, len(events), "events folded anew")
            if any(map(self._states.moves, refolding.fold(number, event))):
                self._states.add(number)
        refolding.flush()

    def _about_to_change(self, number: int) -> None:
        if self._search:
            self._search.replace(number)
        if self._facets:
            self._facets.replace(number)

    def _events_to_fold(self) -> list[tuple[int, str]]:
        found: dict[int, str] = {}
        for subject, bound in self._touched.bounds.items():
            if ":" in subject:
                found.update(self._events_naming(subject, bound))
            elif subject and not subject.startswith("batch/"):
                for name in self._library.family(subject):
                    found.update(self._event(name))
        return sorted(found.items())

    def _event(self, event: str) -> dict[int, str]:
        rows = self._connection.execute("SELECT number, id FROM events WHERE id = ?", (event,))
        return dict(rows.fetchall())

    def _events_naming(self, subject: str, bound: int) -> dict[int, str]:
        if bound == 0:
            return {}
        rows = self._connection.execute(
            "SELECT number, id FROM events WHERE number < :b AND number IN ("
            " SELECT event FROM claims WHERE source = :s"
            " UNION ALL SELECT event FROM participants WHERE entity = :s"
            " UNION ALL SELECT event FROM event_places WHERE place = :s)",
            {"s": subject, "b": bound},
        )
        return dict(rows.fetchall())


def _maximum(connection: sqlite3.Connection, column: str, table: str) -> int:
    (value,) = connection.execute(f"SELECT max({column}) FROM {table}").fetchone()
    return value or 0
