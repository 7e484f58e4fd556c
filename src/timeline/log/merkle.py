"""The prover's Merkle tree: roots and proofs of RFC 9162 section 2.1, with SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeAlias

RootOf: TypeAlias = Callable[[int, int], bytes]
"""The root over the leaves `start` (inclusive) to `stop` (exclusive); never called with none."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that only grows: one hash for each full subtree, so O(log n) memory."""

    __slots__ = ("_peaks", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # of full subtrees, the largest first
        self.extend(leaves)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Appends leaf hashes."""
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Appends one leaf hash."""
        top, rest = leaf, self.size
        while rest & 1:  # a trailing one is a full subtree of the same height: they make one
            top = node_hash(self._peaks.pop(), top)
            rest >>= 1
        self._peaks.append(top)
        self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree; of no leaves, SHA-256 of nothing."""
        return _joined(self._peaks)

    def root_with(self, more: Tree) -> bytes:
        """The root over both, where each leaf here is a full subtree larger than all of `more`."""
        return _joined([*self._peaks, *more._peaks])


def _joined(peaks: list[bytes]) -> bytes:
    """The root over full subtrees of falling size, RFC 9162 section 2.1.1."""
    if not peaks:
        return EMPTY_ROOT
    *rest, root = peaks
    for peak in reversed(rest):
        root = node_hash(peak, root)
    return root


def inclusion_proof(root_of: RootOf, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of section 2.1.3.1, from the leaf's sibling up.

    Raises:
        ValueError: unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        split = start + _largest_power_below(stop - start)
        if index < split:
            path.append(root_of(split, stop))
            stop = split
        else:
            path.append(root_of(start, split))
            start = split
    return path[::-1]


def consistency_proof(root_of: RootOf, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of section 2.1.4.1; empty where the sizes are equal or `old` is 0.

    Raises:
        ValueError: unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no consistency between sizes {old} and {new}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, stop = 0, new
    while old != stop:
        split = start + _largest_power_below(stop - start)
        if old <= split:
            proof.append(root_of(split, stop))
            stop = split
        else:
            proof.append(root_of(start, split))
            start = split
    if start:  # at 0 the verifier holds this hash already: it is the old root
        proof.append(root_of(start, stop))
    return proof[::-1]


def _largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count`, which is 2 or more."""
    return 1 << (count - 1).bit_length() - 1
