"""Seals the log: fixes the order of all records, signs the root, never signs a fork.

What is written, in this order: a `seal` record at the end of the log, the leaves,
`checkpoints/<size>`, the sealer's own memory outside the archive, `checkpoint`. After a crash
anywhere the same command finishes the job.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.errors import Conflict, Problem, TimelineError
from timeline.log.checkpoint import Signer, checkpoint_text, signed
from timeline.log.ends import instant
from timeline.log.files import (
    clear_leftovers,
    flush_file,
    flush_folder,
    make_folder,
    naming,
    replace_durably,
)
from timeline.log.keys import Signed, remember_signed, signed_before
from timeline.log.leaves import LEAVES_PER_FILE, count_leaves, leaf_path, read_leaves
from timeline.log.lines import Decoded, Line, decoded
from timeline.log.lock import locked
from timeline.log.merkle import Tree
from timeline.log.order import tail_order
from timeline.log.reader import snapshot
from timeline.log.sealed import Missing, SealedOrder
from timeline.log.tip import Tip, look
from timeline.log.verify_note import Checkpoint, parse_checkpoint, signers
from timeline.log.writer import append_holding, system_clock
from timeline.records.codec import leaf_hash
from timeline.records.draft import fresh_id


class ForkRefused(Conflict):
    """Signing this would say that history was another than what was signed before."""


class NotSealable(TimelineError):
    """The log has problems that a seal would fix for ever."""


class OtherKey(Conflict):
    """The archive was sealed with a key that is not the one given."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal did.

    Attributes:
        checkpoint: the signed tree head.
        note: its bytes.
        records: how many records it seals that were not sealed before, its own included.
        warnings: what had to be repaired on the way.
    """

    checkpoint: Checkpoint
    note: bytes
    records: int
    warnings: tuple[str, ...]


def checkpoint_path(archive: Archive, size: int | None = None) -> Path:
    """The newest checkpoint, or the one of a size."""
    return archive.seal / ("checkpoint" if size is None else f"checkpoints/{size}")


def newest_checkpoint(archive: Archive) -> tuple[Checkpoint, bytes] | None:
    """The newest checkpoint and its bytes; None where the log was never sealed.

    Raises:
        BadNote: when the file is no checkpoint.
    """
    path = checkpoint_path(archive)
    if not path.is_file():
        return None
    with naming(path):
        note = path.read_bytes()
    return parse_checkpoint(note), note


def seal(
    archive: Archive,
    signer: Signer,
    *,
    by: str,
    message: str = "",
    succeeding: Signer | bool = False,
    wait: float = 10.0,
    now: Callable[[], datetime] = system_clock,
) -> Sealed:
    """Seals everything that is in the log now; does nothing where nothing is new.

    Args:
        archive: the log to seal.
        signer: the private key; its name is the origin.
        by: who seals, for `recorded_by`.
        message: a sentence for the seal record.
        succeeding: the key before this one, which then signs too; True where it is lost.
        wait: seconds to wait for another writer.
        now: the clock.

    Raises:
        NotSealable: a line does not decode, or a sealed one is gone.
        ForkRefused: the tree does not begin with one that was signed before.
        OtherKey: another key sealed last and `succeeding` was not given.
    """
    with locked(archive, wait):
        tip = look(archive)
        clear_leftovers(archive.seal)
        work = _Work(archive, tip, signer)
        before = newest_checkpoint(archive)
        work.grow()
        work.refuse_forks(before[0] if before else None)
        sealed_before = before[0].size if before else 0
        if work.tail or work.tree.size > sealed_before:
            predecessor = _predecessor(signer, before, work.last, succeeding=bool(succeeding))
            if not work.ends_with_seal():
                work.append_seal(by, message, predecessor, now())
            for path in tip.paths:  # a killed writer's record could be sealed and yet vanish
                flush_file(path)
            work.write_leaves()
        note = _signed_note(work, signer, succeeding)
        _publish(archive, note)
    return Sealed(parse_checkpoint(note), note, work.tree.size - sealed_before, tip.warnings)


class _Work:
    """The tree while it grows: over the leaves there are, the tail behind them, the seal record."""

    def __init__(self, archive: Archive, tip: Tip, signer: Signer) -> None:
        self.archive = archive
        self.tip = tip
        self.signer = signer
        self.tree = Tree()
        self.tail: list[bytes] = []
        self.last: Mapping[str, Any] = {}
        self._sealed = count_leaves(archive)
        self._known = signed_before("seal", signer.key.name)
        self._roots = dict.fromkeys(_checkpoint_sizes(archive), b"")
        if self._known is not None:
            self._roots[self._known.size] = b""

    def grow(self) -> None:
        """Reads the whole log, compares it with the leaves, and adds the tail to the tree."""
        order = SealedOrder(snapshot(self.archive))
        leaves = read_leaves(self.archive, 0, self._sealed)
        last: Line | None = None
        for line in order.walk(map(self._push, leaves), 0):
            if not isinstance(line, Missing):
                last = line
            elif not line.erased:
                raise _not_sealable(f"the sealed record {line.position} is gone")
        if last is not None:
            self.last = _record(decoded(last))
        for item in tail_order(order.rest()):
            self.last = _record(item)
            self.tail.append(self._push(leaf_hash(item.line.raw)))

    def _push(self, leaf: bytes) -> bytes:
        self.tree.append(leaf)
        if self.tree.size in self._roots:
            self._roots[self.tree.size] = self.tree.root()
        return leaf

    def refuse_forks(self, newest: Checkpoint | None) -> None:
        """What was signed before, here or by anybody, must be what this tree begins with."""
        if self._known is not None:
            self._compare(self._known.size, self._known.root, "this machine")
        if newest is not None:
            self._compare(newest.size, newest.root, "events/seal/checkpoint")

    def _compare(self, size: int, root: bytes, where: str) -> None:
        if self._roots.get(size) != root:
            raise ForkRefused(
                f"{where} has signed a tree of {size} records that is not how this log begins; "
                "signing another history is refused",
                fix="git pull, or timeline verify to see what differs",
            )

    def ends_with_seal(self) -> bool:
        """Whether the log's last record is this very seal, left by a run that did not finish."""
        last, size = self.last, self.tree.size - 1
        return (
            last.get("kind") == "seal"
            and last["size"] == size
            and last["root"] == _base64(self._root_of_first(size))
            and last.get("key") == str(self.signer.key)
        )

    def _root_of_first(self, count: int) -> bytes:
        leaves = chain(read_leaves(self.archive, 0, self._sealed), self.tail)
        return Tree(islice(leaves, count)).root()

    def append_seal(self, by: str, message: str, predecessor: list[str], now: datetime) -> None:
        """Appends the `seal` record: size and root of everything before it, and the key."""
        latest = instant(str(self.last.get("recorded_at", ""))) or now
        now = max(now, latest + timedelta(microseconds=1))  # it must sort behind all others
        record: dict[str, Any] = {
            "id": fresh_id(int(now.timestamp() * 1000)),
            "kind": "seal",
            "v": 1,
            "recorded_by": by,
            "origin": self.signer.key.name,
            "size": self.tree.size,
            "root": _base64(self.tree.root()),
            "key": str(self.signer.key),
        }
        record |= {"message": message} if message else {}
        record |= {"predecessor": predecessor} if predecessor else {}
        (appended,), _ = append_holding(self.archive, self.tip, [record], lambda _: {}, now)
        self.tail.append(self._push(leaf_hash(appended.line)))

    def write_leaves(self) -> None:
        """Adds the tail to the files of leaves, each of which is replaced as a whole."""
        start, rest = self._sealed, self.tail
        while rest:
            path = leaf_path(self.archive, start)
            first = start - start % LEAVES_PER_FILE
            room = LEAVES_PER_FILE - (start - first)
            kept = list(read_leaves(self.archive, first, start))
            make_folder(path.parent)
            replace_durably(path, _leaf_text([*kept, *rest[:room]]))
            start, rest = start + len(rest[:room]), rest[room:]


def _signed_note(work: _Work, signer: Signer, succeeding: Signer | bool) -> bytes:
    """The checkpoint of the tree: the one there is (a witness may have signed it), or a new one."""
    path = checkpoint_path(work.archive, work.tree.size)
    text = checkpoint_text(signer.key.name, work.tree.size, work.tree.root())
    if path.is_file():
        with naming(path):
            note = path.read_bytes()
        point = parse_checkpoint(note)
        if point.note.text != text:
            raise ForkRefused(f"{path}: another tree of {work.tree.size} records was signed")
        return note
    if not work.tree.size:
        raise NotSealable("the log is empty; there is nothing to seal")
    return signed(text, signer, *([succeeding] if isinstance(succeeding, Signer) else []))


def _publish(archive: Archive, note: bytes) -> None:
    """First the numbered file, then what this machine remembers, last what readers look at."""
    point = parse_checkpoint(note)
    numbered, newest = checkpoint_path(archive, point.size), checkpoint_path(archive)
    _put(numbered, note)
    # A run that died may have left names here which are not on the disk yet.
    for folder in (numbered.parent, leaf_path(archive, 0).parent, archive.seal, archive.events):
        flush_folder(folder)
    remember_signed("seal", point.origin, Signed(point.size, point.root))
    _put(newest, note)


def _put(path: Path, data: bytes) -> None:
    with naming(path):
        if path.is_file() and path.read_bytes() == data:
            return
    make_folder(path.parent)
    replace_durably(path, data)


def _predecessor(
    signer: Signer,
    before: tuple[Checkpoint, bytes] | None,
    last: Mapping[str, Any],
    *,
    succeeding: bool,
) -> list[str]:
    """The lines of the last checkpoint under another key; empty where the key is the same."""
    if before is None or signers(before[0].note, [signer.key]):
        return []
    resumed = last.get("kind") == "seal" and last.get("key") == str(signer.key)
    if not succeeding and not resumed:
        names = ", ".join(f"{line.name}+{line.key_id.hex()}" for line in before[0].note.signatures)
        raise OtherKey(
            f"this archive was sealed with {names}, not with {signer.key.name}"
            f"+{signer.key.key_id.hex()}",
            fix="seal with that key, or say that this one follows it: timeline seal --new-key",
        )
    return before[1].decode().splitlines()


def _checkpoint_sizes(archive: Archive) -> set[int]:
    folder = archive.seal / "checkpoints"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return {int(name) for name in names if name.isdecimal()}


def _record(item: Decoded) -> Mapping[str, Any]:
    if item.record is None:
        raise _not_sealable(str(item.problems[0]))
    return dict(item.record)


def _not_sealable(problem: Problem | str) -> NotSealable:
    return NotSealable(
        f"a seal would fix this for ever: {problem}", fix="timeline check, mend it, then seal"
    )


def _leaf_text(leaves: Sequence[bytes]) -> bytes:
    return b"".join(binascii.b2a_base64(leaf) for leaf in leaves)


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()
