"""Records as the read model holds them, looked up by subject; what events take from others."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import orjson

from timeline.fold.claims import SourceFacts
from timeline.fold.effective import effective, reaching
from timeline.fold.entities import SubjectState, fold_subject
from timeline.fold.entry import Entry
from timeline.fold.history import EntityFacts, Material
from timeline.fold.merges import Aliases, fold_merges
from timeline.readmodel.tables.entities import country_code

LAST = 2**62
"""Behind every position: the log as it is now."""

_RECORDS_KEPT = 20_000
"""Parsed records, some 4 kB each; an event's own are looked at together."""
_T = TypeVar("_T")


class Library:
    """Reads records and facts from an open read model; keeps what it has read.

    Facts are histories: (position from which they hold, facts), so that every question can name
    the position up to which the log is known.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._records: dict[int, dict[str, Any]] = {}
        self._sources: dict[str, list[tuple[int, SubjectState | None]]] = {}
        self._entities: dict[str, list[tuple[int, SubjectState | None]]] = {}
        self._merges: dict[str, list[tuple[int, Aliases]]] = {}
        self._changed: dict[str, list[int]] = {}
        self.asked: set[str] = set()

    def forget(self) -> None:
        """Drop what was read: the tables have changed."""
        for kept in (
            self._records, self._sources, self._entities, self._merges, self._changed
        ):  # fmt: skip
            kept.clear()

    def forget_subject(self, subject: str) -> None:
        """Drop what was read of one source or entity."""
        self._sources.pop(subject, None)
        self._entities.pop(subject, None)
        self._changed.clear()  # others may copy it, or be merged with it

    def record(self, position: int) -> dict[str, Any]:
        """The record at a position."""
        if position not in self._records:
            (line,) = self._connection.execute(
                "SELECT line FROM records WHERE position = ?", (position,)
            ).fetchone()
            if len(self._records) >= _RECORDS_KEPT:
                self._records.clear()
            self._records[position] = orjson.loads(line)
        return self._records[position]

    def positions(self, subject: str) -> list[int]:
        """Positions of the records that speak of a subject, in order; inert ones are not there."""
        query = "SELECT position FROM subjects WHERE subject = :s"
        if ":" not in subject:
            query += " UNION SELECT first_position FROM events WHERE id = :s"
        return [p for (p,) in self._connection.execute(f"{query} ORDER BY 1", {"s": subject})]

    def entries(self, subject: str) -> list[Entry]:
        """Those records."""
        positions = self.positions(subject)
        if missing := [position for position in positions if position not in self._records]:
            self._read(missing)
        return [Entry(position, self.record(position)) for position in positions]

    def _read(self, positions: list[int]) -> None:
        """Several records in one statement."""
        rows = self._connection.execute(
            "SELECT position, line FROM records WHERE position IN (SELECT value FROM json_each(?))",
            (str(positions),),
        )
        if len(self._records) >= _RECORDS_KEPT:
            self._records.clear()
        for position, line in rows:
            self._records[position] = orjson.loads(line)

    def pointers(self, positions: Iterable[int]) -> dict[int, list[int]]:
        """Who retracts or supersedes these records, and those who do, and so on."""
        found: dict[int, list[int]] = {}
        waiting = set(positions)
        while waiting:
            rows = self._connection.execute(
                "SELECT target, position FROM targets"
                " WHERE target IN (SELECT value FROM json_each(?)) ORDER BY target, position",
                (str([*waiting]),),
            ).fetchall()
            for target, later in rows:
                found.setdefault(target, []).append(later)
            waiting = {later for _, later in rows} - found.keys()
        return found

    def standing(self, positions: Collection[int], upto: int) -> set[int]:
        """Those of the records that stood when the log ended with `upto`; inert ones never did."""
        stood = effective(positions, self.pointers(positions), upto=upto)
        inert = self._connection.execute(
            "SELECT r.position FROM records r WHERE r.position IN (SELECT value FROM json_each(?))"
            " AND (EXISTS (SELECT 1 FROM records d WHERE d.id = r.id AND d.position < r.position)"
            " OR EXISTS (SELECT 1 FROM problems p WHERE p.position = r.position"
            " AND p.rule = 'dangling' AND r.kind NOT IN ('event', 'entity', 'source')))",
            (str([*stood]),),
        )
        return stood - {position for (position,) in inert}

    def material(self, event: str) -> Material:
        """Everything that bears on one event, its merges included."""
        entries = {name: self.entries(name) for name in self.family(event)}
        own = {entry.position for found in entries.values() for entry in found}
        pointers = self.pointers(own)
        records = {position: self.record(position) for position in reaching(own, pointers)}
        return Material(event, entries, pointers, records)

    def family(self, subject: str) -> list[str]:
        """The subject and all that merges, standing or not, tie to it; sorted."""
        found = {subject}
        waiting = [subject]
        while waiting:
            for other in self._tied(waiting.pop()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return sorted(found)

    def _tied(self, subject: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT r.line FROM subjects s JOIN records r ON r.position = s.position"
            " WHERE s.subject = ? AND r.kind = 'merge'",
            (subject,),
        )
        merges = [orjson.loads(line) for (line,) in rows]
        return [merge[side] for merge in merges for side in ("duplicate", "into")]

    def aliases(self, subject: str, upto: int = LAST) -> Aliases:
        """Who answered for whom among the subject's family when the log ended with `upto`."""
        if subject not in self._merges:
            self._merges[subject] = self._alias_history(subject)
        return _at(self._merges[subject], upto) or Aliases({}, {})

    def _alias_history(self, subject: str) -> list[tuple[int, Aliases]]:
        family = self.family(subject)
        if len(family) == 1:
            return []
        found = {entry.position: entry for name in family for entry in self.entries(name)}
        merges = [found[p] for p in sorted(found) if found[p].record["kind"] == "merge"]
        pointers = self.pointers([merge.position for merge in merges])
        moments = sorted(reaching([merge.position for merge in merges], pointers))
        history = []
        for moment in moments:
            stands = effective((merge.position for merge in merges), pointers, upto=moment)
            history.append((moment, fold_merges(merges, stands)))
        return history

    def source_state(self, source: str, upto: int = LAST) -> SubjectState | None:
        """The source when the log ended with `upto`; None where it was not recorded."""
        self.asked.add(source)
        if source not in self._sources:
            self._sources[source] = self._history(source)
        return _at(self._sources[source], upto)

    def entity_state(self, entity: str, upto: int = LAST) -> SubjectState | None:
        """The entity when the log ended with `upto`; None where it was not recorded."""
        self.asked.add(entity)
        if entity not in self._entities:
            self._entities[entity] = self._history(entity)
        return _at(self._entities[entity], upto)

    def predecessors(self, entity: str) -> set[str]:
        """Whom the entity was ever said to succeed."""
        return self.ever(entity, ("successor_of",))

    def ever(self, subject: str, fields: Collection[str]) -> set[str]:
        """What these fields of an entity or a source ever held."""
        read, histories = (
            (self.source_state, self._sources)
            if subject.startswith("src:")
            else (self.entity_state, self._entities)
        )
        read(subject)
        states = [state for _, state in histories[subject] if state is not None]
        return {str(s.fields[field]) for s in states for field in fields if field in s.fields}

    def _history(self, subject: str) -> list[tuple[int, SubjectState | None]]:
        entries = [e for e in self.entries(subject) if e.record["kind"] != "merge"]
        own = [entry.position for entry in entries]
        pointers = self.pointers(own)
        history = []
        for moment in sorted(reaching(own, pointers)):
            known = [entry for entry in entries if entry.position <= moment]
            stands = effective(own, pointers, upto=moment)
            history.append((moment, fold_subject(subject, known, stands)))
        return history

    def source(self, source: str, upto: int) -> SourceFacts:
        """The end of the source's chain of roots and its own grade; see `Surroundings`."""
        state = self.source_state(source, upto)
        return SourceFacts(
            self._root(source, upto), state.fields.get("reliability") if state else None
        )

    def _root(self, source: str, upto: int) -> str:
        seen = {source}
        while True:
            state = self.source_state(source, upto)
            copied = state.fields.get("root") if state else None
            if copied is None or copied in seen:
                return source
            seen.add(copied)
            source = copied

    def entity(self, entity: str, upto: int) -> EntityFacts:
        """The entity that answers for this one, with its name and place; see `Surroundings`."""
        survivor = self.aliases(entity, upto).survivor(entity)
        state = self.entity_state(survivor, upto)
        if state is None:
            return EntityFacts(survivor, survivor)
        fields = state.fields
        country = country_code(fields.get("country"))
        return EntityFacts(
            survivor, state.label, country, fields.get("latitude"), fields.get("longitude")
        )

    def changed(self, subject: str) -> Sequence[int]:
        """Positions at which the facts of a source or entity changed; see `Surroundings`."""
        if subject not in self._changed:
            self._changed[subject] = sorted(self._moments(subject))
        return self._changed[subject]

    def _moments(self, subject: str) -> set[int]:
        if subject.startswith("src:"):
            return self._source_moments(subject, set())
        self.entity_state(subject)
        self.aliases(subject)
        moments = {moment for moment, _ in self._merges[subject]}
        for name in self.family(subject):
            self.entity_state(name)
            moments |= {moment for moment, _ in self._entities[name]}
        return moments

    def _source_moments(self, source: str, seen: set[str]) -> set[int]:
        if source in seen:
            return set()
        seen.add(source)
        self.source_state(source)
        moments = {moment for moment, _ in self._sources[source]}
        for _, state in self._sources[source]:
            if state is not None and "root" in state.fields:
                moments |= self._source_moments(state.fields["root"], seen)
        return moments


def _at(history: Sequence[tuple[int, _T]], upto: int) -> _T | None:
    index = bisect_right(history, upto, key=lambda moment: moment[0])
    return history[index - 1][1] if index else None
