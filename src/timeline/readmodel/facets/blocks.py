"""How numbers are cut into blocks: few and long ones behind, short ones where events are added.

The blocks follow from the last number alone, so they are the same however the numbers came. An
append rewrites at most a short block; every number moves to a longer one five times in its life.
"""

from __future__ import annotations

_SHORTEST = 12
_LONGEST = 20
_GROWTH = 2

Block = tuple[int, int]
"""First number and length."""


def blocks(last: int) -> list[Block]:
    """The blocks that hold the numbers from 0 to `last`; the last one may not be full."""
    found: list[Block] = []
    start, end = 0, last + 1
    for bits in range(_LONGEST, _SHORTEST - 1, -_GROWTH):
        while start + (1 << bits) <= end:
            found.append((start, 1 << bits))
            start += 1 << bits
    if start < end or not found:
        found.append((start, 1 << _SHORTEST))
    return found
