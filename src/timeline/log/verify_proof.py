"""The verifier's side of proofs: the algorithms of RFC 9162 section 2.1, and the C2SP texts.

Written from the standard, not from the prover: nothing here is shared with `merkle`.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timeline.errors import VerificationFailed
from timeline.log.verify_note import Checkpoint, VerifierKey, parse_checkpoint, signers

_HEADER = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_MAX_HASHES = 63


class BadProof(VerificationFailed):
    """A proof that breaks its format, or that proves something else."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That a leaf is in a signed tree: its place, the hashes on the way up, the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: bytes


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That a signed tree begins with an older one of `old` leaves."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: bytes


def leaf_of(line: bytes) -> bytes:
    """SHA-256(0x00 ‖ line), of a stored line without its LF; section 2.1.1."""
    return hashlib.sha256(b"\x00" + line).digest()


def includes(leaf: bytes, index: int, size: int, hashes: Sequence[bytes], root: bytes) -> bool:
    """Section 2.1.3.2: whether `hashes` prove that `leaf` is at `index` in the tree."""
    if not 0 <= index < size or len(leaf) != 32:
        return False
    place, last, top = index, size - 1, leaf
    for sibling in hashes:
        if not last:
            return False
        if place & 1 or place == last:
            top = _node(sibling, top)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            top = _node(top, sibling)
        place >>= 1
        last >>= 1
    return not last and top == root


def is_consistent(
    old: int, new: int, hashes: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Section 2.1.4.2: whether `hashes` prove that the new tree begins with the old one.

    The empty tree (old 0) has nothing to prove, so no proof is right for it.
    """
    if not 0 < old <= new:
        return False
    if old == new:
        return not hashes and old_root == new_root
    if not hashes:
        return False
    rest = list(hashes)
    if not old & (old - 1):  # a full subtree: its root is the first step
        rest.insert(0, old_root)
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    older = newer = rest.pop(0)
    for sibling in rest:
        if not last:
            return False
        if place & 1 or place == last:
            older, newer = _node(sibling, older), _node(sibling, newer)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            newer = _node(newer, sibling)
        place >>= 1
        last >>= 1
    return not last and older == old_root and newer == new_root


def check_inclusion(proof: InclusionProof, leaf: bytes, keys: Sequence[VerifierKey]) -> None:
    """Checks the checkpoint's signature by one of `keys`, then the way from the leaf to its root.

    Raises:
        BadNote, BadProof: with what does not hold.
    """
    point = proof.checkpoint
    _require_signature(point, keys)
    if not includes(leaf, proof.index, point.size, proof.hashes, point.root):
        raise BadProof(
            f"record {proof.index} is not in the tree of {point.size} that was signed: "
            "its line, its place or the proof was changed"
        )


def check_consistency(
    proof: ConsistencyProof, old_root: bytes, keys: Sequence[VerifierKey]
) -> None:
    """Checks the signature, and that the tree begins with the one of `old_root`; every tree begins
    with the empty one.

    Raises:
        BadNote, BadProof: with what does not hold.
    """
    point = proof.checkpoint
    _require_signature(point, keys)
    if proof.old == 0 and not proof.hashes:
        return
    if not is_consistent(proof.old, point.size, proof.hashes, old_root, point.root):
        raise BadProof(
            f"the tree of {point.size} does not begin with the tree of {proof.old}: history differs"
        )


def parse_inclusion(text: bytes) -> InclusionProof:
    """A proof in C2SP tlog-proof form, or in its JSON twin.

    Raises:
        BadNote, BadProof: with what breaks the format.
    """
    if text.lstrip().startswith(b"{"):
        return _inclusion_of_json(_object(text))
    head, note = _split(text)
    if head[0] != _HEADER:
        raise BadProof(f"a proof begins with {_HEADER}")
    at = 2 if len(head) > 1 and head[1].startswith("extra ") else 1
    if at >= len(head) or not head[at].startswith("index "):
        raise BadProof("a proof names its index on the line after the header")
    index = _number(head[at].removeprefix("index "))
    return InclusionProof(index, _hashes(head[at + 1 :]), parse_checkpoint(note), note)


def parse_consistency(text: bytes) -> ConsistencyProof:
    """A proof in the form of a tlog-witness request (`old N`, hashes, checkpoint), or its JSON.

    Raises:
        BadNote, BadProof: with what breaks the format.
    """
    if text.lstrip().startswith(b"{"):
        return _consistency_of_json(_object(text))
    head, note = _split(text)
    if not head[0].startswith("old "):
        raise BadProof("a consistency proof begins with `old` and a size")
    old = _number(head[0].removeprefix("old "))
    return ConsistencyProof(old, _hashes(head[1:]), parse_checkpoint(note), note)


def _require_signature(point: Checkpoint, keys: Sequence[VerifierKey]) -> None:
    if not signers(point.note, keys):
        raise BadProof(f"none of the given keys has signed the checkpoint of {point.size}")


def _inclusion_of_json(value: dict[str, Any]) -> InclusionProof:
    index, hashes, note = _fields(value, "index")
    return InclusionProof(index, hashes, parse_checkpoint(note), note)


def _consistency_of_json(value: dict[str, Any]) -> ConsistencyProof:
    old, hashes, note = _fields(value, "old")
    return ConsistencyProof(old, hashes, parse_checkpoint(note), note)


def _fields(value: dict[str, Any], number: str) -> tuple[int, tuple[bytes, ...], bytes]:
    hashes, note = value.get("hashes"), value.get("checkpoint")
    if not isinstance(hashes, list) or not isinstance(note, str):
        raise BadProof("a proof in JSON has `hashes` and `checkpoint`")
    given = value.get(number)
    if type(given) is not int or given < 0:
        raise BadProof(f"a proof in JSON has `{number}`, an integer")
    return given, _hashes([str(text) for text in hashes]), note.encode()


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadProof(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadProof("a proof in JSON is an object")
    return value


def _split(text: bytes) -> tuple[list[str], bytes]:
    """The lines before the first empty line, and the note after it."""
    head, separator, note = text.partition(b"\n\n")
    if not separator:
        raise BadProof("a proof has an empty line before its checkpoint")
    try:
        return head.decode("ascii").split("\n"), note
    except UnicodeDecodeError as error:
        raise BadProof("a proof is ASCII up to its checkpoint") from error


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadProof(f"not a decimal number: {text[:40]!r}")
    return int(text)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > _MAX_HASHES:
        raise BadProof(f"a proof has at most {_MAX_HASHES} hashes, not {len(lines)}")
    return tuple(_hash(line) for line in lines)


def _hash(line: str) -> bytes:
    try:
        raw = binascii.a2b_base64(line.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != 32 or binascii.b2a_base64(raw, newline=False).decode() != line:
        raise BadProof(f"not a hash in base64: {line[:60]!r}")
    return raw


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
