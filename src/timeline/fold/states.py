"""Folds the events of one key into its states over time: rectangles of days, and of knowledge.

Nothing writes a state. A machine of a pack says which events move it; an uncertain date is folded
at its earliest and at its latest day; who denies an event keeps his own reading of what follows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from timeline.fold.steps import FIRST, LAST, Standing, StateEvent, Step, timeline
from timeline.records.vocabulary import Machine


@dataclass(frozen=True, slots=True)
class Rectangle:
    """What stood from one day to another.

    Attributes:
        valid_from: first day, inclusive; None for always.
        valid_to: first day after it, exclusive; None for still.
        standings: one; two, by the earliest and by the latest dates, where it is uncertain.
        readings: (claimant, standing) of all who spoke to it, where it is contested.
        events: ids of the events that made it.
        order: ids of events of one day whose order matters and is not stated.
        impossible: ids of events that no state allowed; they moved nothing.
    """

    valid_from: int | None
    valid_to: int | None
    standings: tuple[Standing, ...]
    readings: tuple[tuple[str, Standing], ...] = ()
    events: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()

    @property
    def uncertain(self) -> bool:
        return len(self.standings) > 1

    @property
    def contested(self) -> bool:
        return bool(self.readings)


@dataclass(frozen=True, slots=True)
class Known:
    """A rectangle and when it was what we knew; half-open, None for still."""

    known_from: int
    known_to: int | None
    rectangle: Rectangle


@dataclass(frozen=True, slots=True)
class Life:
    """All that one key's states are folded from.

    Attributes:
        own: events of the key itself.
        inherited: events of those whose standing it continues.
        since: day from which it continues them; None where it continues nobody.
        until: day from which somebody else continues it; None where nobody does.
    """

    own: tuple[StateEvent, ...]
    inherited: tuple[StateEvent, ...] = ()
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class _Lines:
    """The two timelines of one reading: by the earliest and by the latest days."""

    early: list[Step] = field(default_factory=list)
    late: list[Step] = field(default_factory=list)


def fold_states(machine: Machine, events: Sequence[StateEvent]) -> list[Rectangle]:
    """The states that these events of one key make, in order of days, without overlap.

    Days on which nothing stands, in any reading, have no rectangle.
    """
    base = _lines(machine, events, None)
    claimants = sorted({reading.claimant for event in events for reading in event.readings})
    others = {who: _lines(machine, events, who) for who in claimants}
    days = {step.day for lines in (base, *others.values()) for step in (*lines.early, *lines.late)}
    found = (_rectangle(*span, base, others) for span in pairwise(sorted(days | {LAST})))
    return list(_joined(rectangle for rectangle in found if _stands(rectangle)))


def fold_life(machine: Machine, life: Life) -> list[Rectangle]:
    """The states of a key, those that it continues after another included.

    Its own before `since`; own and inherited together from then on; nothing from `until` on.
    """
    found = fold_states(machine, life.own)
    if life.since is not None:
        together = fold_states(machine, [*life.inherited, *life.own])
        found = [*_clipped(found, None, life.since), *_clipped(together, life.since, None)]
    return list(_joined(_clipped(found, None, life.until)))


def state_history(machine: Machine, versions: Sequence[tuple[int, Life]]) -> list[Known]:
    """Rectangles of days by rectangles of knowledge; at most one at each (day, known).

    Args:
        versions: (known from, what the key's states were folded from then on), rising; each
            holds until the next.
    """
    return known_rectangles([(known, fold_life(machine, life)) for known, life in versions])


def known_rectangles(versions: Sequence[tuple[int, Sequence[Rectangle]]]) -> list[Known]:
    """From (known from, the rectangles of days from then on), rising, the same without repeats."""
    done: list[Known] = []
    standing: dict[Rectangle, int] = {}
    for known, now in versions:
        for rectangle in [old for old in standing if old not in set(now)]:
            done.append(Known(standing.pop(rectangle), known, rectangle))
        for rectangle in now:
            standing.setdefault(rectangle, known)
    done += [Known(since, None, rectangle) for rectangle, since in standing.items()]
    return sorted(done, key=lambda row: (row.known_from, row.rectangle.valid_from or FIRST))


def state_at(rectangles: Iterable[Rectangle], day: int) -> Rectangle | None:
    """What stood on a day, if anything."""
    for rectangle in rectangles:
        since, until = rectangle.valid_from, rectangle.valid_to
        if (since is None or since <= day) and (until is None or day < until):
            return rectangle
    return None


def _lines(machine: Machine, events: Sequence[StateEvent], claimant: str | None) -> _Lines:
    """The timelines in one claimant's reading, or in the archive's (None)."""
    read = [event for event in (_as_read(event, claimant) for event in events) if event]
    return _Lines(
        timeline(machine, read, lambda event: event.earliest),
        timeline(machine, read, lambda event: event.latest),
    )


def _as_read(event: StateEvent, claimant: str | None) -> StateEvent | None:
    for reading in reversed(event.readings):
        if reading.claimant == claimant:
            if reading.to is None:
                return None
            if reading.to != event.move.to:
                return replace(event, move=replace(event.move, to=reading.to, sources=()))
    return event


def _at(line: list[Step], day: int) -> Step:
    place = bisect_right(line, day, key=lambda step: step.day)
    return line[place - 1] if place else Step(FIRST, ())


def _rectangle(start: int, end: int, base: _Lines, others: Mapping[str, _Lines]) -> Rectangle:
    early, late = _at(base.early, start), _at(base.late, start)
    never = _refusals(base.early) & _refusals(base.late)
    standings = tuple(dict.fromkeys((early.standing, late.standing)))
    return Rectangle(
        valid_from=None if start <= FIRST else start,
        valid_to=None if end >= LAST else end,
        standings=standings,
        readings=_readings(start, standings, others),
        events=_union(early.maker, late.maker),
        order=_union(early.order, late.order),
        impossible=tuple(e for e in _union(early.impossible, late.impossible) if e in never),
    )


def _readings(
    day: int, standings: tuple[Standing, ...], others: Mapping[str, _Lines]
) -> tuple[tuple[str, Standing], ...]:
    """Everybody's reading of the day, where one of them is not the archive's."""
    read = {
        who: tuple(dict.fromkeys((_at(o.early, day).standing, _at(o.late, day).standing)))
        for who, o in others.items()
    }
    if all(theirs == standings for theirs in read.values()):
        return ()
    return tuple((who, standing) for who, theirs in read.items() for standing in theirs)


def _refusals(line: list[Step]) -> set[str]:
    return {event for step in line for event in step.impossible}


def _union(*ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({one for some in ids for one in some}))


def _stands(rectangle: Rectangle) -> bool:
    said = (*rectangle.standings, *(standing for _, standing in rectangle.readings))
    return any(said) or bool(rectangle.impossible or rectangle.order)


def _joined(rectangles: Iterable[Rectangle]) -> Iterator[Rectangle]:
    """Neighbours that say the same as one."""
    last: Rectangle | None = None
    for rectangle in rectangles:
        if last is not None and last.valid_to == rectangle.valid_from and _same(last, rectangle):
            last = replace(last, valid_to=rectangle.valid_to)
            continue
        if last is not None:
            yield last
        last = rectangle
    if last is not None:
        yield last


def _same(one: Rectangle, other: Rectangle) -> bool:
    return _said(one) == _said(other)


def _said(rectangle: Rectangle) -> tuple[object, ...]:
    """Everything but the days."""
    return (
        rectangle.standings,
        rectangle.readings,
        rectangle.events,
        rectangle.order,
        rectangle.impossible,
    )


def _clipped(
    rectangles: Iterable[Rectangle], since: int | None, until: int | None
) -> Iterator[Rectangle]:
    """What lies from `since`, inclusive, to `until`, exclusive."""
    for rectangle in rectangles:
        start = _bound(max, rectangle.valid_from, since)
        end = _bound(min, rectangle.valid_to, until)
        if start is None or end is None or start < end:
            yield replace(rectangle, valid_from=start, valid_to=end)


def _bound(choose: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return choose(one, other)
