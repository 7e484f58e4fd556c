"""The one rule of what stands: a record is effective unless an effective later one points at it.

Retractions and `supersedes` point backwards only, so going from the last record to the first
decides everything: a retraction taken back or an un-merge is the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Pointers = Mapping[int, Sequence[int]]
"""Position of a record -> positions of the later records that retract or supersede it."""


def effective(positions: Iterable[int], pointers: Pointers, *, upto: int) -> set[int]:
    """Those of `positions` that stand when the log ends with position `upto`, inclusive."""
    wanted = {position for position in positions if position <= upto}
    stands: dict[int, bool] = {}
    for position in sorted(reaching(wanted, pointers), reverse=True):
        if position <= upto:
            later = pointers.get(position, ())
            stands[position] = not any(stands.get(pointer, False) for pointer in later)
    return {position for position in wanted if stands[position]}


def reaching(positions: Iterable[int], pointers: Pointers) -> set[int]:
    """`positions` and every record that points at one of them, directly or through others."""
    found = set(positions)
    waiting = list(found)
    while waiting:
        for pointer in pointers.get(waiting.pop(), ()):
            if pointer not in found:
                found.add(pointer)
                waiting.append(pointer)
    return found
