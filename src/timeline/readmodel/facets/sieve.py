"""A chosen set made ready to be counted against thousands of bitmaps.

Two bitmaps that both hold some thousands in each 65,536 numbers are lists of numbers, and to
intersect lists is to walk along both. What is not in the set holds nearly all numbers and is a
field of bits, against which a list costs a look for each of its own numbers: a fifth, measured at
half a million chosen of ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyroaring import BitMap, FrozenBitMap

_SPARSE: Final = 400
"""So many numbers in a container, at most, are as soon walked along."""


class Sieve:
    """Counts how many of one chosen set are in others."""

    def __init__(self, chosen: BitMap) -> None:
        self._chosen = chosen
        self._last = chosen.max() if chosen else 0
        self._others = chosen.flip(0, self._last + 1) if _is_lists(chosen) else None

    def counts(self, found: Iterable[FrozenBitMap]) -> list[int]:
        """How many numbers each of the bitmaps shares with the set."""
        if self._others is None:
            return list(map(self._chosen.intersection_cardinality, found))
        missed, last = self._others.intersection_cardinality, self._last
        return [bits.rank(last) - missed(bits) for bits in found]


def _is_lists(chosen: BitMap) -> bool:
    facts = chosen.get_statistics()
    containers = facts["n_containers"]
    return 2 * facts["n_array_containers"] > containers and len(chosen) > _SPARSE * containers
