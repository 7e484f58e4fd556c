"""Walks the events of one key through a machine of a pack, day by day: what stood from when on.

The order of events within a day is free unless one says that it follows another; whatever order
the states allow is taken, and where several are allowed and end differently, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final, TypeAlias

from timeline.records.vocabulary import BESIDE, VACANT, Machine, Move

Standing: TypeAlias = tuple[str, ...]
"""What stands: one state, the holders of a value, or nothing before the first move."""

FIRST: Final = -(10**9)
LAST: Final = 10**9
"""Days beyond every date, for bounds that nobody knows."""

_MOST_ORDERS: Final = 5
"""Events of one day up to which every order is tried: 120 orders."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one claimant says of an event's effect.

    Attributes:
        claimant: entity id, or the id of the source that speaks for itself.
        to: the state that follows in his reading; None where the event has no effect in it.
    """

    claimant: str
    to: str | None


@dataclass(frozen=True, slots=True)
class StateEvent:
    """An event as one key sees it.

    Attributes:
        event: its id.
        position: of the record that gave its date, for a stable order.
        move: what it does to the state.
        earliest, latest: the days between which it took effect, inclusive, Julian Day Numbers.
        values: for machines with a value, who takes or leaves.
        readings: of those who say something of its effect, in log order.
        follows: ids of events that it is said to come after.
        general: whether it moves everybody who has a standing, without naming this key.
    """

    event: str
    position: int
    move: Move
    earliest: int
    latest: int
    values: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    follows: frozenset[str] = frozenset()
    general: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What stands from one day on, until the next step.

    Attributes:
        day: Julian Day Number.
        standing: what stands.
        maker: ids of the events that made it.
        order: ids of events of this day whose order matters and is not stated.
        impossible: ids of events of this day that no state allowed; they moved nothing.
    """

    day: int
    standing: Standing
    maker: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Walk:
    """A standing on the way through the events, with what happened to it on one day."""

    standing: Standing = ()
    maker: tuple[str, ...] = ()
    ever: frozenset[str] = frozenset()
    impossible: tuple[str, ...] = ()


def timeline(
    machine: Machine, events: Sequence[StateEvent], day_of: Callable[[StateEvent], int]
) -> list[Step]:
    """The steps that these events make when each takes effect on the day that `day_of` gives."""
    days: dict[int, list[StateEvent]] = {}
    for event in sorted(events, key=lambda event: (day_of(event), _rank(event))):
        days.setdefault(day_of(event), []).append(event)
    steps: list[Step] = []
    walk = _Walk()
    for day, group in days.items():
        walk, order = _through_day(machine, walk, group)
        step = Step(day, walk.standing, walk.maker, order, walk.impossible)
        if order or walk.impossible or not steps or steps[-1].standing != walk.standing:
            steps.append(step)
    return steps


def _through_day(
    machine: Machine, walk: _Walk, group: list[StateEvent]
) -> tuple[_Walk, tuple[str, ...]]:
    """One day's events in the order that the states allow; whose order is open, if it matters."""
    start = replace(walk, impossible=()) if walk.impossible else walk
    if len(group) == 1:
        return _walked(machine, start, group), ()
    orders = [order for order in _orders(group) if _obeys(order)] or [tuple(group)]
    ways = [_walked(machine, start, order) for order in orders]
    allowed = [way for way in ways if not way.impossible] or ways[:1]
    if len({way.standing for way in allowed}) == 1:
        return allowed[0], ()
    return allowed[0], tuple(sorted(event.event for event in group))


def _orders(group: list[StateEvent]) -> Iterable[tuple[StateEvent, ...]]:
    if len(group) > _MOST_ORDERS:
        return (tuple(group), tuple(reversed(group)))
    return permutations(group)


def _obeys(order: tuple[StateEvent, ...]) -> bool:
    """Whether no event comes before one that it follows."""
    later: set[str] = set()
    for event in reversed(order):
        if event.follows & later:
            return False
        later.add(event.event)
    return True


def _walked(machine: Machine, walk: _Walk, order: Iterable[StateEvent]) -> _Walk:
    for event in order:
        walk = _held(machine, walk, event) if machine.value else _moved(walk, event)
    return walk


def _moved(walk: _Walk, event: StateEvent) -> _Walk:
    """After one move of a machine of named states."""
    state = walk.standing[0] if walk.standing else VACANT
    move = event.move
    if state == move.to or (event.general and state == VACANT):
        return walk
    if move.sources and state not in move.sources:
        return walk if event.general else _refused(walk, event)
    return replace(walk, standing=(move.to,) if move.to else (), maker=(event.event,))


def _held(machine: Machine, walk: _Walk, event: StateEvent) -> _Walk:
    """After somebody took or left what can be held."""
    values, held = set(event.values), walk.standing
    if event.move.to != VACANT:
        alone = machine.exclusive and event.move.to != BESIDE
        now = tuple(sorted(values if alone else values | set(held)))
        ever = walk.ever | values
        return walk if now == held else replace(walk, standing=now, maker=(event.event,), ever=ever)
    if values and not values & set(held):
        return walk if values & walk.ever else _refused(walk, event)
    rest = tuple(value for value in held if values and value not in values)
    return replace(walk, standing=rest, maker=(event.event,))


def _refused(walk: _Walk, event: StateEvent) -> _Walk:
    return replace(walk, impossible=(*walk.impossible, event.event))


def _rank(event: StateEvent) -> tuple[int, int, str]:
    return (event.move.rank, event.position, event.event)
