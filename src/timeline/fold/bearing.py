"""What an event bears on: the keys of the state machines that it moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from timeline import edtf
from timeline.fold import pointer
from timeline.fold.claims import HeldClaim
from timeline.fold.history import Picture
from timeline.fold.states import FIRST, LAST, Life, Reading, StateEvent
from timeline.records.vocabulary import Machine, Move

WHOLE = ""
"""The party of a key that has none, and of a treaty as a whole."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """One event on one machine.

    Attributes:
        machine: its name.
        subject: the first part of the key: the treaty, the office, the case.
        parties: the second part, one for each that the event names.
        everybody: whether it moves every party of the subject.
        event: the event as the machine sees it.
    """

    machine: str
    subject: str
    parties: tuple[str, ...]
    everybody: bool
    event: StateEvent


@dataclass(frozen=True, slots=True)
class Succession:
    """Who continues the standing of `predecessor` from `day` on, inclusive."""

    predecessor: str
    successor: str
    day: int


def moving_types(machines: Mapping[str, Machine]) -> set[str]:
    """The event types that move some machine."""
    return {move.event for machine in machines.values() for move in machine.moves}


def bearings(
    machines: Mapping[str, Machine], picture: Picture, position: int
) -> tuple[Bearing, ...]:
    """What the event bears on; nothing where it does not stand or did not take place."""
    state = picture.state
    if state.retracted or state.merged_into or state.fields.get("status", "held") != "held":
        return ()
    return tuple(
        bearing for machine in machines.values() for bearing in _on(machine, picture, position)
    )


def _on(machine: Machine, picture: Picture, position: int) -> Iterator[Bearing]:
    fields = picture.state.fields
    move = next((move for move in machine.moves if _fits(move, fields)), None)
    if move is None:
        return
    earliest, latest = _effective(machine, fields)
    event = StateEvent(
        event=picture.state.id,
        position=position,
        move=move,
        earliest=earliest,
        latest=latest,
        values=tuple(_at(machine.value, picture)) if machine.value else (),
        readings=tuple(_readings(picture.claims, move)),
        follows=frozenset(r.target for r in picture.relations if r.relation == "follows"),
    )
    parties = tuple(_at(machine.key[1], picture)) if len(machine.key) > 1 else ()
    everybody = bool(machine.all_when) and _matches(machine.all_when, fields)
    for subject in _at(machine.key[0], picture):
        yield Bearing(machine.name, subject, parties, everybody, event)


def _fits(move: Move, fields: Mapping[str, Any]) -> bool:
    return move.event == fields["type"] and _matches(move.where, fields)


def _matches(where: Mapping[str, str], fields: Mapping[str, Any]) -> bool:
    return all(_field(path, fields) == value for path, value in where.items())


def _field(path: str, fields: Mapping[str, Any]) -> Any:
    return pointer.get(fields, "/" + path.replace(".", "/"))


def _at(path: str, picture: Picture) -> Iterator[str]:
    """The values at `data.NAME`, or the participants of the role in `participants.ROLE`."""
    root, _, name = path.partition(".")
    if root == "participants":
        people = zip(picture.state.fields.get("participants", ()), picture.entities, strict=True)
        found = (facts.id or facts.label for item, facts in people if item.get("role") == name)
        yield from dict.fromkeys(found)
        return
    value = _field(path, picture.state.fields)
    yield from (str(v) for v in (value if isinstance(value, list) else [value]) if v is not None)


def _effective(machine: Machine, fields: Mapping[str, Any]) -> tuple[int, int]:
    """The days between which it took effect; an interval takes effect as it begins."""
    for path in machine.effective:
        value = _field(path, fields)
        text = value.get("edtf") if isinstance(value, dict) else value
        if isinstance(text, str):
            return _bounds(text)
    return FIRST, LAST


def _bounds(text: str) -> tuple[int, int]:
    try:
        dates = edtf.parse(text)
    except edtf.BadDate:
        return FIRST, LAST
    earliest = FIRST if dates.start_min is None else dates.start_min
    return earliest, LAST if dates.start_max is None else dates.start_max


def _readings(claims: Sequence[HeldClaim], move: Move) -> Iterator[Reading]:
    for held in claims:
        claimant = held.claim.get("claimant")
        if held.standing and held.stance == "denies":
            yield Reading(claimant or held.claim["source"], None)
        elif held.affirms and claimant:
            yield Reading(claimant, move.to)


def lives(
    machine: Machine, bearing: Sequence[Bearing], successions: Sequence[Succession]
) -> dict[str, Life]:
    """Party -> what its states are folded from, out of everything that bears on one subject."""
    own: dict[str, tuple[StateEvent, ...]] = {}
    if len(machine.key) == 1:
        return {WHOLE: Life(tuple(one.event for one in bearing))}
    named = {party for one in bearing for party in one.parties}
    continued = [s for s in successions if machine.succession and s.predecessor in named]
    for party in sorted(named | {succession.successor for succession in continued}):
        own[party] = tuple(_for_party(bearing, party))
    whole = tuple(one.event for one in bearing if one.everybody)
    if whole:
        own[WHOLE] = whole
    return {party: _continued(Life(events), party, own, continued) for party, events in own.items()}


def _for_party(bearing: Sequence[Bearing], party: str) -> Iterator[StateEvent]:
    for one in bearing:
        if party in one.parties:
            yield one.event
        elif one.everybody:
            yield replace(one.event, general=True)


def _continued(
    life: Life,
    party: str,
    own: Mapping[str, tuple[StateEvent, ...]],
    successions: Sequence[Succession],
) -> Life:
    for succession in successions:
        if succession.successor == party:
            life = replace(life, inherited=own[succession.predecessor], since=succession.day)
        if succession.predecessor == party:
            life = replace(life, until=succession.day)
    return life
