"""Late records find what they speak of and whom they point at; then what stands is settled.

A record is late when it says something of what is there already: claims, corrections, retractions,
merges, a second record of an event. What it needs must stand earlier in the log, else it is inert.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from timeline.fold.entry import Entry
from timeline.fold.merges import fold_merges
from timeline.fold.subjects import defines, subjects
from timeline.readmodel.library import Library
from timeline.readmodel.tables.events import json_text
from timeline.readmodel.writing import insert

EVERY = 2**62
"""A bound above every event's number, and a position behind every record."""

_INERT = {
    "cycle": "{} would be merged into itself, directly or through others",
    "second-merge": "{} is merged already",
}


@dataclass(slots=True)
class Touched:
    """What later records reach: subject -> events numbered below this bound must be folded."""

    bounds: dict[str, int] = field(default_factory=dict)

    def add(self, subject: str, bound: int = EVERY) -> None:
        self.bounds[subject] = max(bound, self.bounds.get(subject, 0))


class Linking:
    """Settles the late records of one run.

    Args:
        connection: a read model with its indexes, inside a transaction.
        library: where records are looked up; it has forgotten everything when `settle` ends.
        touched: gets the subjects that have to be folded anew.
    """

    def __init__(self, connection: sqlite3.Connection, library: Library, touched: Touched) -> None:
        self._connection = connection
        self._library = library
        self._touched = touched
        self._merged: set[str] = set()

    def settle(self, late: Iterable[int], doubled: Iterable[int]) -> None:
        """Link late records and settle what stands.

        Args:
            late: their positions.
            doubled: positions of the records whose id may have come before.
        """
        pointing = self._link_all(sorted([*late, *self._first_of(doubled)]))
        self._flip(pointing)
        if pointing:
            self._withdraw_batches()
        self._library.forget()
        self._flag_merges()

    def _first_of(self, doubled: Iterable[int]) -> list[int]:
        """Those of the records whose id may have come before that are the first of it after all;
        the others are inert.
        """
        first_ones = []
        for position in doubled:
            line, first, original = self._connection.execute(
                "SELECT d.line, r.position, r.line FROM records d JOIN records r ON r.id = d.id"
                " WHERE d.position = ? ORDER BY r.position LIMIT 1",
                (position,),
            ).fetchone()
            if first == position:
                first_ones.append(position)
            else:
                self._make_inert(position)
                if line != original:
                    self._problem(position, "duplicate-id", f"its id stands at #{first} already")
        return first_ones

    def _link_all(self, late: Iterable[int]) -> list[int]:
        """Link each late record to its subjects and targets; positions of those that point."""
        pointing = []
        for position in late:
            record = self._library.record(position)
            missing = self._link(position, record)
            if missing:
                self._make_inert(position)
                self._problem(position, "dangling", f"{missing} does not stand earlier in the log")
            elif self._connection.execute(
                "SELECT 1 FROM targets WHERE position = ? LIMIT 1", (position,)
            ).fetchone():
                pointing.append(position)
        return pointing

    def _link(self, position: int, record: Any) -> str | None:
        """The id that the record needs and that is not there, or None when it is linked."""
        found: list[str] = []
        for subject in subjects(record):
            own = self._subject_of(subject, position, record["kind"])
            if own is None:
                return subject
            found.append(own)
        targets, missing = self._targets(position, record)
        if missing and not defines(record):
            return missing
        if missing:
            self._problem(position, "dangling", f"{missing} does not stand earlier in the log")
        rows = [(subject, position) for subject in dict.fromkeys(found) if subject]
        insert(self._connection, "subjects", rows)
        for subject in found:
            self._touched.add(subject)
        if record["kind"] == "merge":
            self._merged.update(found)
        insert(self._connection, "targets", [(target, position) for target in targets])
        return None

    def _subject_of(self, subject: str, position: int, kind: str) -> str | None:
        """The event, entity, source or batch that an id stands for, earlier in the log."""
        if kind in {"event", "entity", "source", "vocabulary", "seal", "erasure"}:
            return subject
        if kind == "retraction":
            return subject if subject.startswith("batch/") else ""
        row = self._connection.execute(
            "SELECT id FROM events WHERE id = :s AND first_position < :p"
            " UNION ALL SELECT subject FROM subjects WHERE subject = :s AND position < :p LIMIT 1",
            {"s": subject, "p": position},
        ).fetchone()
        if row is not None:
            return str(row[0])
        return self._subject_of_record(subject, position)

    def _subject_of_record(self, record_id: str, position: int) -> str | None:
        row = self._connection.execute(
            "SELECT kind, subject, position FROM records WHERE id = ? AND position < ?"
            " ORDER BY position LIMIT 1",
            (record_id, position),
        ).fetchone()
        if row is None or row[0] not in {"claim", "correction", "assessment"}:
            return None if row is None else str(row[1])
        # What a record of these kinds is about was settled when it was linked; inert ones were not.
        linked = self._connection.execute(
            "SELECT subject FROM subjects WHERE position = ?", (row[2],)
        ).fetchone()
        return None if linked is None else str(linked[0])

    def _targets(self, position: int, record: Any) -> tuple[list[int], str | None]:
        """Positions that the record retracts or supersedes; else the id that is not there."""
        found: set[int] = set()
        for wanted in _aims(record):
            rows = self._connection.execute(*_target_query(wanted, position)).fetchall()
            if not rows:
                return [], wanted
            found.update(target for (target,) in rows)
        return sorted(found), None

    def _make_inert(self, position: int) -> None:
        self._connection.execute("UPDATE records SET effective = 0 WHERE position = ?", (position,))

    def _problem(self, position: int, rule: str, message: str) -> None:
        insert(self._connection, "problems", [(position, rule, message)])

    def _flip(self, pointing: list[int]) -> None:
        """Settle anew what stands among all that the new pointing records reach downwards."""
        reached = set(pointing)
        waiting = list(pointing)
        while waiting:
            rows = self._connection.execute(
                "SELECT target FROM targets WHERE position = ?", (waiting.pop(),)
            )
            for (target,) in rows.fetchall():
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        stands = self._library.standing(reached, EVERY)
        for position in sorted(reached):
            self._connection.execute(
                "UPDATE records SET effective = ? WHERE position = ?",
                (int(position in stands), position),
            )
            self._touch_subjects_of(position)

    def _touch_subjects_of(self, position: int) -> None:
        rows = self._connection.execute(
            "SELECT subject FROM subjects WHERE position = :p"
            " UNION SELECT subject FROM records WHERE position = :p AND kind = 'event'",
            {"p": position},
        )
        merging = self._library.record(position)["kind"] == "merge"
        for (subject,) in rows.fetchall():
            self._touched.add(subject)
            if merging:
                self._merged.add(subject)

    def _flag_merges(self) -> None:
        """Say which merges of the touched families are inert, by what stands now."""
        for family in sorted({tuple(self._library.family(one)) for one in self._merged}):
            rows = self._connection.execute(
                "SELECT DISTINCT r.position, r.effective FROM subjects s JOIN records r"
                " ON r.position = s.position WHERE r.kind = 'merge'"
                " AND s.subject IN (SELECT value FROM json_each(?)) ORDER BY 1",
                (json_text(family),),
            ).fetchall()
            self._connection.executemany(
                "DELETE FROM problems WHERE position = ? AND rule IN ('cycle', 'second-merge')",
                [(position,) for position, _ in rows],
            )
            merges = [Entry(position, self._library.record(position)) for position, _ in rows]
            aliases = fold_merges(merges, {position for position, stands in rows if stands})
            for position, rule in aliases.inert.items():
                duplicate = self._library.record(position)["duplicate"]
                self._problem(position, rule, _INERT[rule].format(duplicate))

    def _withdraw_batches(self) -> None:
        self._connection.execute(
            "UPDATE batches SET withdrawn = EXISTS (SELECT 1 FROM subjects s JOIN records r"
            " ON r.position = s.position WHERE s.subject = 'batch/' || batches.id"
            " AND r.effective = 1 AND r.kind = 'retraction')"
        )


def _aims(record: Any) -> Iterable[str]:
    yield from record.get("supersedes", ())
    if record["kind"] == "retraction":
        yield record["of"] if "of" in record else f"batch/{record.get('batch_of', '')}"


def _target_query(wanted: str, position: int) -> tuple[str, tuple[Any, ...]]:
    if wanted.startswith("batch/"):
        return (
            "SELECT position FROM records WHERE batch = ? AND position < ?",
            (wanted.removeprefix("batch/"), position),
        )
    return (
        "SELECT position FROM records WHERE id = ? AND position < ?"
        " UNION SELECT r.position FROM records r JOIN subjects s ON s.position = r.position"
        " WHERE s.subject = ? AND r.position < ? AND r.kind IN ('event', 'entity', 'source')"
        " UNION SELECT first_position FROM events WHERE id = ? AND first_position < ?",
        (wanted, position, wanted, position, wanted, position),
    )
