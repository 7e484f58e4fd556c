"""What the read model asks of states: which subjects an event bears on, and each subject's lives.

`fold.state_events` says what an event does; here it is put in the read model's terms: a machine, a
subject (the treaty, the office) and a party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from timeline.fold.history import Picture
from timeline.fold.state_events import Key, Succession, Told, gather, state_events
from timeline.fold.states import Life
from timeline.fold.steps import StateEvent
from timeline.records.vocabulary import Machine


@dataclass(frozen=True, slots=True)
class Bearing:
    """One event on one key of one machine."""

    machine: str
    key: Key
    event: StateEvent

    @property
    def subject(self) -> str:
        """The first part of the key: the treaty, the office, the case."""
        return self.key[0]

    @property
    def party(self) -> str:
        """The rest of the key; empty for the subject as a whole."""
        return _party(self.key)


def moving_types(machines: Mapping[str, Machine]) -> set[str]:
    """The event types that move some machine."""
    return {move.event for machine in machines.values() for move in machine.moves}


def bearings(
    machines: Mapping[str, Machine], picture: Picture, position: int
) -> tuple[Bearing, ...]:
    """What the event bears on; nothing where it does not stand or did not take place."""
    if picture.state.retracted or picture.state.merged_into:
        return ()
    told = Told(
        event=picture.state.id,
        position=position,
        fields=_resolved(picture),
        claims=[held.claim for held in picture.claims if held.standing],
        follows=frozenset(r.target for r in picture.relations if r.relation == "follows"),
    )
    return tuple(
        Bearing(machine.name, key, event)
        for machine in machines.values()
        for key, event in state_events(machine, told)
    )


def lives(
    machine: Machine, bearing: Sequence[Bearing], successions: Sequence[Succession]
) -> dict[str, Life]:
    """Party -> what its states are folded from, out of everything that bears on one subject."""
    found = gather(machine, [(one.key, one.event) for one in bearing], successions)
    return {_party(key): life for key, life in found.items()}


def _party(key: Key) -> str:
    return ", ".join(part for part in key[1:] if part)


def _resolved(picture: Picture) -> Mapping[str, Any]:
    """The event's fields, with those who took part under the ids that stand for them."""
    fields = picture.state.fields
    people = [
        {**who, "entity": facts.id} if facts.id else who
        for who, facts in zip(fields.get("participants", ()), picture.entities, strict=True)
    ]
    return {**fields, "participants": people}
