"""The verifier's tree: the root over the first n leaves, for every n that was signed, in one pass.

Full blocks are hashed level by level, which Python does fastest; nothing is shared with the prover.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

_BLOCK = 1024


class Roots:
    """Takes leaf hashes in order and keeps the root at every size that it was asked for."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self.size = 0
        self.found: dict[int, bytes] = {}
        self._wanted = sorted(sizes, reverse=True)
        self._peaks: list[tuple[int, bytes]] = []  # (height, hash), heights falling
        self._waiting: list[bytes] = []  # fewer than a block
        self._note()

    @property
    def total(self) -> int:
        """Leaves taken so far."""
        return self.size + len(self._waiting)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Appends leaf hashes, 32 bytes each."""
        self._waiting.extend(leaves)
        start = 0
        while len(self._waiting) - start >= _BLOCK:
            block = self._waiting[start : start + _BLOCK]
            start += _BLOCK
            while self._wanted and self._wanted[-1] < self.size + _BLOCK:
                self._note_within(block)
            self._push(_BLOCK.bit_length() - 1, _full_root(block))
            self.size += _BLOCK
            self._note()
        del self._waiting[:start]

    def finish(self) -> None:
        """Takes the leaves that did not fill a block."""
        while self._wanted and self._wanted[-1] <= self.size + len(self._waiting):
            self._note_within(self._waiting)

    def _note(self) -> None:
        if self._wanted and self._wanted[-1] == self.size:
            self.found[self._wanted.pop()] = _joined(self._peaks)

    def _note_within(self, block: Sequence[bytes]) -> None:
        """The root at the next wanted size, which lies inside a block that is to come."""
        wanted = self._wanted.pop()
        peaks, rest = list(self._peaks), block[: wanted - self.size]
        while rest:
            height = len(rest).bit_length() - 1
            peaks.append((height, _full_root(rest[: 1 << height])))
            rest = rest[1 << height :]
        self.found[wanted] = _joined(peaks)

    def _push(self, height: int, top: bytes) -> None:
        while self._peaks and self._peaks[-1][0] == height:
            top = hashlib.sha256(b"\x01" + self._peaks.pop()[1] + top).digest()
            height += 1
        self._peaks.append((height, top))


def _full_root(leaves: Sequence[bytes]) -> bytes:
    """The root over 2^k leaves; RFC 9162 section 2.1.1."""
    fresh = hashlib.sha256(b"\x01").copy
    level = leaves
    while len(level) > 1:
        pairs = iter(level)
        above = []
        for left in pairs:
            state = fresh()
            state.update(left + next(pairs))
            above.append(state.digest())
        level = above
    return level[0]


def _joined(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1][1]
    for _, peak in reversed(peaks[:-1]):
        root = hashlib.sha256(b"\x01" + peak + root).digest()
    return root
