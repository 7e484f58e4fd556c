"""Removes one sealed line for a legal reason; its leaf stays, so every proof still holds."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.errors import NotFound, TimelineError
from timeline.log.files import naming, replace_durably
from timeline.log.leaves import read_leaves
from timeline.log.lock import locked
from timeline.log.seal import newest_checkpoint
from timeline.log.segments import segment_paths
from timeline.log.tip import look
from timeline.log.verify_erasure import parsed, standing_erasures
from timeline.log.writer import append_holding, system_clock
from timeline.records.codec import leaf_hash
from timeline.records.draft import fresh_id

_KEPT = ("seal", "erasure")


class NotErasable(TimelineError):
    """The line cannot be erased, or not yet."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased.

    Attributes:
        position: 0-based place of the record, which stays empty.
        leaf: 32 bytes, which stay in the tree.
        files: segments that the line was taken from, relative to the archive.
    """

    position: int
    leaf: bytes
    files: tuple[str, ...]


def erase(
    archive: Archive,
    leaf: bytes,
    *,
    basis: str,
    by: str,
    wait: float = 10.0,
    now: Callable[[], datetime] = system_clock,
) -> Erasure:
    """Appends an `erasure` record, then takes the line out of every segment that holds it.

    In this order, so that a crash in between leaves a line too many and never a gap that nothing
    explains; the same command again finishes the job. Copies in git's history, in clones, in
    exports and in `timeline.db` are not reached: the last is for the caller to build anew.

    Args:
        archive: the log.
        leaf: SHA-256(0x00 ‖ line).
        basis: the legal basis, in words.
        by: who erases.
        wait: seconds to wait for a writer.
        now: the clock.

    Raises:
        NotFound: no line has this leaf, and none that was erased had it.
        NotErasable: the line is not sealed yet, or is itself a seal or an erasure.
    """
    with locked(archive, wait):
        tip = look(archive)
        paths = segment_paths(archive)
        holders = [path for path in paths if leaf in map(leaf_hash, _lines(path))]
        erased_before = leaf in standing_erasures(paths)
        position = _position(archive, leaf, found=bool(holders) or erased_before)
        _refuse_the_law_itself(holders, leaf)
        if not erased_before:
            moment = now()
            record = _record(leaf, basis, by, moment)
            append_holding(archive, tip, [record], lambda _: {}, moment)
        for path in holders:
            _take_out(path, leaf)
    files = tuple(path.relative_to(archive.root).as_posix() for path in holders)
    return Erasure(position, leaf, files)


def _position(archive: Archive, leaf: bytes, *, found: bool) -> int:
    if not found:
        raise NotFound(f"no line has the leaf {base64.b64encode(leaf).decode()}")
    newest = newest_checkpoint(archive)
    size = newest[0].size if newest is not None else 0
    for position, sealed in enumerate(read_leaves(archive, 0, size)):
        if sealed == leaf:
            return position
    raise NotErasable(
        "this line is not sealed yet; a gap can only be left where a leaf stays",
        fix="timeline seal",
    )


def _refuse_the_law_itself(holders: list[Path], leaf: bytes) -> None:
    for path in holders:
        for line in _lines(path):
            if leaf_hash(line) == leaf and parsed(line).get("kind") in _KEPT:
                raise NotErasable("seals and erasures stay: without them nothing can be verified")


def _record(leaf: bytes, basis: str, by: str, now: datetime) -> Mapping[str, Any]:
    return {
        "id": fresh_id(int(now.timestamp() * 1000)),
        "kind": "erasure",
        "v": 1,
        "recorded_by": by,
        "leaf": base64.b64encode(leaf).decode(),
        "basis": basis,
    }


def _take_out(path: Path, leaf: bytes) -> None:
    rest = [line for line in _lines(path) if leaf_hash(line) != leaf]
    replace_durably(path, b"".join(line + b"\n" for line in rest))


def _lines(path: Path) -> list[bytes]:
    with naming(path):
        return path.read_bytes().split(b"\n")[:-1]
