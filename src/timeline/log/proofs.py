"""Makes proofs for outsiders: that a record is in a signed tree, that one tree begins another.

The texts are C2SP's (tlog-proof v1; the body of a tlog-witness request); each has a JSON twin.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from timeline.archive import Archive
from timeline.errors import NotFound
from timeline.log.leaves import read_leaves
from timeline.log.merkle import RootOf, Tree, consistency_proof, inclusion_proof
from timeline.log.seal import newest_checkpoint
from timeline.log.verify_note import Checkpoint
from timeline.log.verify_proof import ConsistencyProof, InclusionProof

_TILE = 256


class NotSealed(NotFound):
    """There is no seal yet, or none that covers the record."""


def prove_inclusion(archive: Archive, position: int) -> InclusionProof:
    """The proof that the record at a 0-based position is in the newest signed tree.

    Raises:
        NotSealed: when the newest seal does not reach that position.
    """
    point, note = _newest(archive)
    if position >= point.size:
        raise NotSealed(
            f"record {position} is behind the last seal, which covers {point.size}",
            fix="timeline seal",
        )
    hashes = inclusion_proof(_root_of(archive, point.size, note), position, point.size)
    return InclusionProof(position, tuple(hashes), point, note)


def prove_consistency(archive: Archive, old: int) -> ConsistencyProof:
    """The proof that the newest signed tree begins with the one of `old` leaves.

    Raises:
        NotSealed: when the newest seal is smaller than `old`.
    """
    point, note = _newest(archive)
    if old > point.size:
        raise NotSealed(f"the last seal covers {point.size} records, fewer than {old}")
    hashes = consistency_proof(_root_of(archive, point.size, note), old, point.size)
    return ConsistencyProof(old, tuple(hashes), point, note)


def inclusion_text(proof: InclusionProof) -> bytes:
    """The proof as a `.tlog-proof` file."""
    head = ["c2sp.org/tlog-proof@v1", f"index {proof.index}", *_encoded(proof.hashes)]
    return _text(head, proof.note)


def consistency_text(proof: ConsistencyProof) -> bytes:
    """The proof as the body of a request to a witness."""
    return _text([f"old {proof.old}", *_encoded(proof.hashes)], proof.note)


def inclusion_json(proof: InclusionProof) -> dict[str, Any]:
    """The proof's JSON twin: `index`, `size`, `root`, `hashes`, `checkpoint`."""
    return {"index": proof.index, **_twin(proof)}


def consistency_json(proof: ConsistencyProof) -> dict[str, Any]:
    """The proof's JSON twin: `old`, `size`, `root`, `hashes`, `checkpoint`."""
    return {"old": proof.old, **_twin(proof)}


def json_text(value: dict[str, Any]) -> bytes:
    """A JSON twin as a file: indented, for people to look into."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _twin(proof: InclusionProof | ConsistencyProof) -> dict[str, Any]:
    point = proof.checkpoint
    return {
        "origin": point.origin,
        "size": point.size,
        "root": _encoded([point.root])[0],
        "hashes": _encoded(proof.hashes),
        "checkpoint": proof.note.decode(),
    }


def _newest(archive: Archive) -> tuple[Checkpoint, bytes]:
    found = newest_checkpoint(archive)
    if found is None:
        raise NotSealed("this archive was never sealed", fix="timeline seal --new-key")
    return found


def _root_of(archive: Archive, size: int, note: bytes) -> RootOf:
    """Roots over ranges of leaves; those of full tiles are hashed once for many proofs."""
    tiles = _tile_roots(archive, size, note)

    def root_of(start: int, stop: int) -> bytes:
        full = (stop - start) // _TILE if start % _TILE == 0 else 0
        first = start // _TILE
        rest = read_leaves(archive, start + full * _TILE, stop)
        return Tree(tiles[first : first + full]).root_with(Tree(rest))

    return root_of


@lru_cache(maxsize=2)
def _tile_roots(archive: Archive, size: int, _: bytes) -> tuple[bytes, ...]:
    """The root of every 256 leaves, as far as they are full: 32 bytes each are kept."""
    leaves = read_leaves(archive, 0, size - size % _TILE)
    return tuple(Tree(islice(leaves, _TILE)).root() for _ in range(size // _TILE))


def _text(head: list[str], note: bytes) -> bytes:
    return "".join(f"{line}\n" for line in head).encode() + b"\n" + note


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [binascii.b2a_base64(one, newline=False).decode() for one in hashes]
