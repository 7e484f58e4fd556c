"""States in the read model: rectangles of days and knowledge, folded where events touch them."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import orjson

from timeline import edtf
from timeline.fold.bearing import Bearing, bearings, lives, moving_types
from timeline.fold.effective import effective, reaching
from timeline.fold.history import mentioned, picture_at
from timeline.fold.state_events import Succession
from timeline.fold.states import Known, Rectangle, fold_life, known_rectangles
from timeline.readmodel.database import get_value, set_value
from timeline.readmodel.library import Library
from timeline.readmodel.tables.events import Row, json_text
from timeline.readmodel.writing import insert
from timeline.records.pack_file import pack_in_force, shipped
from timeline.records.vocabulary import Machine, Pack, standing

Moment = tuple[int, tuple[Bearing, ...]]
"""From which position on an event bore on what."""


class States:
    """Gathers the events of one run that move states, then folds their subjects' states anew."""

    def __init__(self, connection: sqlite3.Connection, library: Library) -> None:
        self._connection = connection
        self._library = library
        self._numbers: set[int] = set()
        self._parties: set[str] = set()
        self._all = False
        self._vocabularies: Vocabularies
        stored = get_value(connection, "moving_types")
        self._types = set(orjson.loads(stored)) if stored else _default_types()

    def moves(self, event_type: str) -> bool:
        """Whether events of this type move a state, by a vocabulary that stands or once stood."""
        return event_type in self._types

    def add(self, number: int) -> None:
        """This event may bear on something else now."""
        self._numbers.add(number)

    def party_changed(self, entity: str) -> None:
        """Who continues this entity, or whom it continues, may gain or lose a standing."""
        before = self._library.predecessors(entity)
        insert(self._connection, "successions", [(one, entity) for one in sorted(before)])
        self._parties.add(entity)

    def vocabulary_changed(self) -> None:
        """Every state must be folded anew."""
        self._all = True

    def settle(self) -> None:
        """Fold the states of all subjects that the gathered events bear on, or bore on."""
        if self._all or self._numbers or self._parties:
            self._vocabularies = Vocabularies(self._connection, self._library)
        if self._all:
            self._numbers.update(self._moving_events())
        subjects = {found for entity in self._parties for found in self._subjects_of(entity)}
        for number in sorted(self._numbers):
            subjects |= self._link(number)
        for machine, subject in sorted(subjects):
            self._fold_subject(machine, subject)
        set_value(self._connection, "moving_types", json_text(sorted(self._types)))
        self._numbers.clear()
        self._parties.clear()
        self._all = False

    def _subjects_of(self, entity: str) -> list[tuple[str, str]]:
        """The subjects in which the entity, or one that it hangs together with, has a state."""
        related = sorted(self._related({entity}))
        rows = self._connection.execute(
            "SELECT DISTINCT machine, subject FROM states"
            f" WHERE party IN ({', '.join('?' * len(related))})",
            related,
        )
        return rows.fetchall()

    def _related(self, parties: set[str]) -> set[str]:
        """The parties, those that continue them and those that they were said to continue."""
        found, waiting = set(parties), [party for party in parties if ":" in party]
        while waiting:
            party = waiting.pop()
            new = {*self._successors(party), *self._library.predecessors(party)} - found
            found |= new
            waiting += new
        return found

    def _moving_events(self) -> list[int]:
        self._types = self._vocabularies.ever_moving()
        marks = ", ".join("?" * len(self._types))
        rows = self._connection.execute(
            f"SELECT number FROM events WHERE type IN ({marks})"
            f" UNION SELECT number FROM event_versions WHERE type IN ({marks})"
            " UNION SELECT event FROM state_events",
            [*sorted(self._types), *sorted(self._types)],
        )
        return [number for (number,) in rows]

    def _link(self, number: int) -> set[tuple[str, str]]:
        """What the event bore on before this run, and does now."""
        rows = self._connection.execute(
            "SELECT machine, subject FROM state_events WHERE event = ?", (number,)
        )
        before = set(rows.fetchall())
        now = {(b.machine, b.subject) for _, found in self._moments(number) for b in found}
        self._connection.execute("DELETE FROM state_events WHERE event = ?", (number,))
        insert(self._connection, "state_events", [(*key, number) for key in sorted(now)])
        return before | now

    def _moments(self, number: int) -> list[Moment]:
        (event,) = self._connection.execute(
            "SELECT id FROM events WHERE number = ?", (number,)
        ).fetchone()
        material = self._library.material(event)
        named = (name for name in mentioned(material.records.values()) if name[:4] != "src:")
        own = material.positions()
        outer = {p for name in named for p in self._library.changed(name) if p > own[0]}
        outer.update(p for p in self._vocabularies.moments if p > own[0])
        moments: list[Moment] = []
        for position in sorted({*own, *outer}):
            picture = picture_at(material, self._library, position)
            found = bearings(self._vocabularies.machines(position), picture, own[0])
            if not moments or moments[-1][1] != found:
                moments.append((position, found))
        return moments

    def _fold_subject(self, machine: str, subject: str) -> None:
        rows = self._connection.execute(
            "SELECT event FROM state_events WHERE machine = ? AND subject = ? ORDER BY event",
            (machine, subject),
        )
        histories = [self._moments(number) for (number,) in rows.fetchall()]
        self._connection.execute(
            "DELETE FROM states WHERE machine = ? AND subject = ?", (machine, subject)
        )
        for party, known in self._known(machine, subject, histories).items():
            insert(self._connection, "states", [
                (machine, subject, party, n, *_state_row(one)) for n, one in enumerate(known)
            ])  # fmt: skip

    def _known(
        self, machine: str, subject: str, histories: Sequence[Sequence[Moment]]
    ) -> dict[str, list[Known]]:
        """Party -> its rectangles, over all states of knowledge."""
        parties = {one.party for history in histories for _, found in history for one in found}
        related = self._related(parties)
        moments = {position for history in histories for position, _ in history}
        moments.update(p for name in related if ":" in name for p in self._library.changed(name))
        versions: dict[str, list[tuple[int, list[Rectangle]]]] = {}
        for position in sorted(moments):
            found = [
                one
                for history in histories
                for one in _held(history, position)
                if (one.machine, one.subject) == (machine, subject)
            ]
            definition = self._vocabularies.machines(position).get(machine)
            if definition is None:
                now = {}
            else:
                now = lives(definition, found, self._successions(related, position))
            for party in {*now, *versions}:
                life = now.get(party)
                folded = fold_life(definition, life) if definition and life else []
                versions.setdefault(party, []).append((position, folded))
        return {party: known_rectangles(versions[party]) for party in sorted(versions)}

    def _successors(self, party: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT successor FROM successions WHERE predecessor = ? ORDER BY successor", (party,)
        )
        return [name for (name,) in rows]

    def _successions(self, parties: set[str], upto: int) -> list[Succession]:
        return [
            succession
            for party in sorted(parties)
            for name in self._successors(party)
            if (succession := self._succession(party, name, upto)) is not None
        ]

    def _succession(self, predecessor: str, successor: str, upto: int) -> Succession | None:
        old = self._library.entity_state(predecessor, upto)
        new = self._library.entity_state(successor, upto)
        if old is None or new is None or new.fields.get("successor_of") != predecessor:
            return None
        valid = edtf.parse(old.fields["valid"]) if "valid" in old.fields else None
        end = valid.end_max if valid else None
        return None if end is None else Succession(predecessor, successor, end + 1)


class Vocabularies:
    """The state machines in force at each position of the log."""

    def __init__(self, connection: sqlite3.Connection, library: Library) -> None:
        rows = connection.execute(
            "SELECT position FROM subjects"
            " WHERE subject >= 'vocabulary:' AND subject < 'vocabulary;' ORDER BY position"
        )
        read = [(at, pack_in_force(library.record(at))) for (at,) in rows.fetchall()]
        self._packs = [(position, pack) for position, pack in read if pack is not None]
        own = [position for position, _ in self._packs]
        self._pointers = library.pointers(own)
        self.moments = sorted(reaching(own, self._pointers))
        self._machines: dict[int, Mapping[str, Machine]] = {}

    def machines(self, upto: int) -> Mapping[str, Machine]:
        """Name -> machine when the log ends with position `upto`: the default's and the log's."""
        moment = bisect_right(self.moments, upto)
        if moment not in self._machines:
            own = [position for position, _ in self._packs]
            stands = effective(own, self._pointers, upto=upto)
            packs = [pack for position, pack in self._packs if position in stands]
            self._machines[moment] = standing([default_pack()], packs).machines()
        return self._machines[moment]

    def ever_moving(self) -> set[str]:
        """The event types that move some machine, or did before a vocabulary was taken back."""
        return {name for at in (-1, *self.moments) for name in moving_types(self.machines(at))}


@lru_cache(maxsize=1)
def default_pack() -> Pack:
    """The vocabulary that holds where the log says nothing of it."""
    return shipped("diplomacy")


def _default_types() -> set[str]:
    return moving_types(standing([default_pack()], ()).machines())


def _held(history: Sequence[Moment], position: int) -> Iterator[Bearing]:
    index = bisect_right(history, position, key=lambda moment: moment[0])
    if index:
        yield from history[index - 1][1]


def _state_row(known: Known) -> Row:
    rectangle = known.rectangle
    standings = [list(one) for one in rectangle.standings]
    return (
        rectangle.valid_from,
        rectangle.valid_to,
        known.known_from,
        known.known_to,
        " | ".join(", ".join(one) for one in rectangle.standings),
        json_text(standings),
        int(rectangle.uncertain),
        int(rectangle.contested),
        json_text([[who, list(one)] for who, one in rectangle.readings]),
        json_text(list(rectangle.events)),
        json_text(list(rectangle.order)),
        json_text(list(rectangle.impossible)),
    )
