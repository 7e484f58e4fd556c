"""From events to what each key of a machine sees of them: whose state, moved how, when, by whom.

The step between the folded events and `fold.states`; pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from timeline import edtf
from timeline.fold.states import Life
from timeline.fold.steps import FIRST, LAST, Reading, StateEvent
from timeline.records.vocabulary import VACANT, Machine, Move

_OF_EFFECT = frozenset({"/type", "/status", "/data", "/data/state"})

Key: TypeAlias = tuple[str, ...]
"""Values of a machine's key, in its order; an empty last one is the whole (the treaty itself)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A held event as the fold of states reads it.

    Attributes:
        fields: the working version: `type`, `when`, `participants`, `data`.
        position: of the record that defines it.
        claims: standing claims, in log order.
        follows: ids of events that it is said to come after.
    """

    event: str
    position: int
    fields: Mapping[str, Any]
    claims: Sequence[Mapping[str, Any]] = ()
    follows: frozenset[str] = field(default_factory=frozenset)


class Succession(NamedTuple):
    """Who continues whose standing, from which day on (Julian Day Number)."""

    predecessor: str
    successor: str
    day: int


def state_events(machine: Machine, told: Told) -> list[tuple[Key, StateEvent]]:
    """The keys that an event speaks to, and what it does to each. Empty for other events.

    An event without a value for the last part of the key, or one that says so (`all_when`), is
    about the whole: it has the key whose last part is empty and is general.
    """
    move = _move(machine, told.fields)
    if move is None or told.fields.get("status", "held") != "held":
        return []
    values = [_values(told.fields, path) for path in machine.key]
    span = _effective(machine, told.fields)
    if span is None or not all(values[:-1]):
        return []
    own = _event(machine, told, move, span, general=False)
    found: list[tuple[Key, StateEvent]] = [(key, own) for key in product(*values)]
    if machine.all_when and (not values[-1] or _matches(told.fields, machine.all_when)):
        whole = _event(machine, told, move, span, general=True)
        found += [((*head, VACANT), whole) for head in product(*values[:-1])]
    return found


def gather(
    machine: Machine,
    found: Iterable[tuple[Key, StateEvent]],
    successions: Sequence[Succession] = (),
) -> dict[Key, Life]:
    """What each key's states are folded from: its own events, those of the whole, inherited ones.

    Args:
        found: of all events of the keys asked for, and of the wholes that they belong to.
        successions: used where the machine passes a standing on.
    """
    own: dict[Key, list[StateEvent]] = {}
    for key, event in found:
        own.setdefault(key, []).append(event)
    steps = successions if machine.succession else ()
    named = {**own, **_implied(own, steps)}
    full = {key: _with_whole(key, events, own) for key, events in named.items()}
    keys = dict.fromkeys(full)
    for key in full:
        keys |= {(*key[:-1], step.successor): None for step in _line_from(key[-1], steps)}
    return {key: _life(key, full, steps) for key in keys}


def _implied(
    own: Mapping[Key, list[StateEvent]], successions: Sequence[Succession]
) -> dict[Key, list[StateEvent]]:
    """Who suspends or leaves was in: without an act of its own that let it in, the whole's count.

    Where the party continues another, they count for that one, whose standing it takes over.
    """
    implied: dict[Key, list[StateEvent]] = {}
    for key, events in own.items():
        whole = own.get((*key[:-1], VACANT), [])
        before = [(*key[:-1], s.predecessor) for s in successions if s.successor == key[-1]]
        if key[-1] == VACANT or _lets_in(events) or any(one in own for one in before):
            continue
        acts = [replace(event, general=False) for event in whole]
        holder = before[0] if before else key
        implied[holder] = [*own.get(holder, ()), *acts]
    return implied


def _lets_in(events: Iterable[StateEvent]) -> bool:
    moves = (event.move for event in events)
    return any(not move.sources or VACANT in move.sources for move in moves)


def _with_whole(
    key: Key, events: Sequence[StateEvent], own: Mapping[Key, Sequence[StateEvent]]
) -> tuple[StateEvent, ...]:
    """A key's events and those of the whole that do not name it; the whole's are its own."""
    if key[-1] == VACANT:
        return tuple(replace(event, general=False) for event in events)
    named = {event.event for event in events}
    whole = own.get((*key[:-1], VACANT), ())
    return (*events, *(event for event in whole if event.event not in named))


def _life(
    key: Key, own: Mapping[Key, tuple[StateEvent, ...]], successions: Sequence[Succession]
) -> Life:
    inherited: list[StateEvent] = []
    since: int | None = None
    for step in successions:
        if step.successor == key[-1] and key[-1] != VACANT:
            before = (*key[:-1], step.predecessor)
            theirs = _life(before, own, [s for s in successions if s != step])
            inherited += [*theirs.inherited, *theirs.own]
            since = step.day if since is None else min(since, step.day)
    handed_on = {event.event for event in inherited}
    mine = [e for e in own.get(key, ()) if not (e.general and e.event in handed_on)]
    known = {event.event for event in mine}
    return Life(
        own=tuple(mine),
        inherited=tuple(event for event in inherited if event.event not in known),
        since=since if inherited else None,
        until=min((s.day for s in successions if s.predecessor == key[-1]), default=None),
    )


def _line_from(name: str, successions: Sequence[Succession]) -> Iterator[Succession]:
    """Who continues somebody, and who continues them, and so on."""
    for step in successions:
        if step.predecessor == name:
            yield step
            yield from _line_from(step.successor, [s for s in successions if s != step])


def _move(machine: Machine, fields: Mapping[str, Any]) -> Move | None:
    """The first move of the machine that fits the event."""
    for move in machine.moves:
        if move.event == fields.get("type") and _matches(fields, move.where):
            return move
    return None


def _matches(fields: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(value in _values(fields, path) for path, value in where.items())


def _values(fields: Mapping[str, Any], path: str, *, spoken_for: bool = True) -> list[str]:
    """What stands at a path such as `data.treaty` or `participants.party`, as text, in order."""
    home, _, name = path.partition(".")
    if home == "participants":
        people = [who for who in fields.get("participants") or () if _plays(who, name)]
        return list(dict.fromkeys(_who(who, spoken_for=spoken_for) for who in people))
    value = (fields.get("data") or {}).get(name)
    items = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(_text(item) for item in items if item is not None))


def _plays(who: Mapping[str, Any], roles: str) -> bool:
    return who.get("role", "") in roles.split("|")


def _who(who: Mapping[str, Any], *, spoken_for: bool) -> str:
    """For a key, the state or organization that somebody speaks for; for a value, himself."""
    first = who.get("for") if spoken_for else None
    return str(first or who.get("entity") or who.get("name", ""))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _effective(machine: Machine, fields: Mapping[str, Any]) -> tuple[int, int] | None:
    """Earliest and latest day of the effect: a move is an act of one day, somewhere in its date."""
    for path in machine.effective:
        span = _span(_date(fields, path))
        if span is not None:
            return span
    return None


def _span(text: str) -> tuple[int, int] | None:
    try:
        dates = edtf.parse(text)
    except edtf.BadDate:
        return None
    latest = dates.end_max if dates.end_max is not None else dates.start_max
    first = FIRST if dates.start_min is None else dates.start_min
    return first, LAST if latest is None else latest


def _date(fields: Mapping[str, Any], path: str) -> str:
    if path != "when":
        return next(iter(_values(fields, path)), "")
    when = fields.get("when", "")
    return str(when["edtf"]) if isinstance(when, Mapping) else str(when)


def _event(
    machine: Machine, told: Told, move: Move, span: tuple[int, int], *, general: bool
) -> StateEvent:
    values = _values(told.fields, machine.value, spoken_for=False) if machine.value else []
    return StateEvent(
        event=told.event,
        position=told.position,
        move=move,
        earliest=span[0],
        latest=span[1],
        values=tuple(values),
        readings=tuple(_readings(told.claims, move)),
        follows=told.follows,
        general=general,
    )


def _readings(claims: Sequence[Mapping[str, Any]], move: Move) -> Iterator[Reading]:
    """What those who speak for themselves say of the effect.

    A claimant who denies the event holds that it moves nothing; one who gives `data.state` names
    the state that follows. Sources without a claimant only pass on what happened, and who speaks
    of other fields alone (the day, the place) does not speak of the effect.
    """
    for claim in claims:
        claimant, stance = claim.get("claimant"), claim.get("stance", "asserts")
        if not claimant or not _OF_EFFECT & set(claim.get("fields", _OF_EFFECT)):
            continue
        state = ((claim.get("value") or {}).get("data") or {}).get("state")
        if state is not None:
            yield Reading(str(claimant), str(state))
        elif stance == "denies":
            yield Reading(str(claimant), None)
        elif stance == "asserts":
            yield Reading(str(claimant), move.to)
