"""Judges the seals of a log: each checkpoint by the tree, by its own record, by the key before it.

A part of the verifier: like `verify` it imports nothing of the prover.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from timeline.errors import VerificationFailed
from timeline.log.verify_erasure import parsed
from timeline.log.verify_note import BadNote, Checkpoint, VerifierKey, parse_checkpoint, parse_key
from timeline.log.verify_note import signers as signers_of
from timeline.log.verify_tree import Roots


class OtherTree(VerificationFailed):
    """A checkpoint signs a tree that the leaves do not make."""


class BadSealRecord(VerificationFailed):
    """The record that ends a seal does not say what the checkpoint says."""


@dataclass(frozen=True, slots=True)
class SealSeen:
    """One signed tree head that holds.

    Attributes:
        size: records that it covers.
        root: 32 bytes.
        signed_by: keys known from the log that signed it, the log's own first.
        cosigned_by: names on signature lines of other keys, such as witnesses.
    """

    size: int
    root: bytes
    signed_by: tuple[VerifierKey, ...]
    cosigned_by: tuple[str, ...]


class WrongSeal(NamedTuple):
    """A checkpoint that does not hold: the records it signs; rule and sentence."""

    size: int
    reason: tuple[str, str]


@dataclass(slots=True)
class Judged:
    """The checkpoints that hold and those that do not, each the smallest first."""

    seals: list[SealSeen] = field(default_factory=list)
    wrong: list[WrongSeal] = field(default_factory=list)


def judge_seals(
    points: Mapping[int, Checkpoint],
    ends: Mapping[int, bytes],
    roots: Roots,
    trusted: Sequence[VerifierKey],
) -> Judged:
    """Judges every checkpoint.

    Args:
        points: the checkpoints by the number of records that they sign.
        ends: the stored line of the last of those records, by the same number; empty if it is gone.
        roots: what the leaves make.
        trusted: keys known from elsewhere.
    """
    judged = Judged()
    keys: list[VerifierKey] = list(trusted)
    before: Checkpoint | None = None
    for size in sorted(points):
        point = points[size]
        record = parsed(ends[size])
        try:
            _require_root(point, roots)
            key = _key_of(record, point, roots)
            keys.append(key)
            signed = signers_of(point.note, keys)
            _require_handover(key, signed, record, before, judged.seals)
        except VerificationFailed as error:
            judged.wrong.append(WrongSeal(size, (_RULES[type(error)], error.message)))
            continue
        judged.seals.append(
            SealSeen(size, point.root, tuple(dict.fromkeys(signed)), _others(point, signed))
        )
        before = point
    return judged


def why_untrusted(seals: Sequence[SealSeen], trusted: Sequence[VerifierKey]) -> str:
    """Why the newest seal is not to be trusted; empty where it is, or where no key was given.

    A key is trusted if it was given, or if one that is trusted signed beside it.
    """
    if not trusted:
        return ""
    known = set(trusted)
    last: set[VerifierKey] = set()
    for seal in seals:
        last = set(seal.signed_by)
        if last & known:
            known |= last
    if last & known:
        return ""
    names = ", ".join(sorted(str(key) for key in last)) or "nobody known"
    return f"signed by {names}, which no key that you trust has vouched for"


def other_histories(against: Sequence[Checkpoint], roots: Roots) -> Iterator[str]:
    """A sentence for each checkpoint kept elsewhere that this log does not begin with."""
    for point in against:
        root = roots.found.get(point.size)
        if root is None:
            yield f"a checkpoint kept elsewhere covers {point.size}, not {roots.total}"
        elif root != point.root:
            yield f"the first {point.size} are not those of a checkpoint kept elsewhere"


def _require_root(point: Checkpoint, roots: Roots) -> None:
    root = roots.found.get(point.size)
    if root is None:
        raise OtherTree(f"signs {point.size} records, but only {roots.total} leaves are here")
    if root != point.root:
        raise OtherTree(
            f"signs another tree of {point.size} records than the one that the leaves make: "
            "a leaf was changed, or two seals were made apart from each other"
        )


def _key_of(record: dict[str, Any], point: Checkpoint, roots: Roots) -> VerifierKey:
    """The key that the last record under a checkpoint names, after a look at what else it says."""
    if record.get("kind") != "seal":
        raise BadSealRecord("the last record that it covers is no seal record")
    root = roots.found.get(point.size - 1, b"")
    said = (record.get("origin"), record.get("size"), record.get("root"))
    if said != (point.origin, point.size - 1, b2a_base64(root, newline=False).decode()):
        raise BadSealRecord("its seal record names another origin, size or root")
    return parse_key(str(record.get("key", "")))


def _require_handover(
    key: VerifierKey,
    signed: Sequence[VerifierKey],
    record: dict[str, Any],
    before: Checkpoint | None,
    seals: Sequence[SealSeen],
) -> None:
    """The key of the seal record has signed; a new key names the last checkpoint of the old one."""
    if key not in signed:
        raise BadNote(f"not signed by {key}, the key that its seal record names")
    if before is None or key in seals[-1].signed_by:
        return
    lines = record.get("predecessor")
    text = "".join(f"{line}\n" for line in lines).encode() if isinstance(lines, list) else b""
    if parse_checkpoint(text).note.text != before.note.text:
        raise BadSealRecord(f"a new key, {key}, that does not follow the checkpoint before it")


def _others(point: Checkpoint, signed: Sequence[VerifierKey]) -> tuple[str, ...]:
    known = {(key.name, key.key_id) for key in signed}
    lines = point.note.signatures
    return tuple(line.name for line in lines if (line.name, line.key_id) not in known)


_RULES: dict[type[VerificationFailed], str] = {
    OtherTree: "other-tree",
    BadSealRecord: "bad-seal-record",
    BadNote: "bad-signature",
}
