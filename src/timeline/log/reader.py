"""Reads the log: every line as an Entry or a Problem, in log order, streaming."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log.files import closing, naming, opened
from timeline.log.leaves import LEAVES_PER_FILE, count_leaves, leaf_path, read_leaves
from timeline.log.lines import Decoded, Line, Part, decoded
from timeline.log.order import tail_order
from timeline.log.sealed import Missing, SealedOrder
from timeline.log.segments import segment_paths
from timeline.records.codec import leaf_hash

if TYPE_CHECKING:
    from timeline.records.model import Record


class Entry(NamedTuple):
    """One record and its place in the log.

    Attributes:
        position: 0-based place in log order.
        record: the dict of the stored line.
        raw: the stored bytes without the LF.
        leaf: SHA-256(0x00 ‖ raw), RFC 9162 section 2.1.1.
        known_at: the newest `recorded_at` up to this position; never falls.
        path: the segment, relative to the archive, with `/`.
        line: 1-based line in it.
        sealed: whether a signed checkpoint fixes this position.
    """

    position: int
    record: Record
    raw: bytes
    leaf: bytes
    known_at: str
    path: str
    line: int
    sealed: bool


def read(archive: Archive) -> Iterator[Entry | Problem]:
    """The whole log as it stands now: sealed records, then the tail by (recorded_at, id).

    A line that does not decode comes as its Problems, where it stands; it takes a position only if
    it is sealed. A torn tail (bytes behind the last LF) is no line. Memory does not grow with the
    log while the files are in order.

    Raises:
        FileRefused: when a segment cannot be read, is a link or no ordinary file.
        LeavesBroken: when the sealed order itself cannot be read.
    """
    return entries(archive, snapshot(archive), Place(), count_leaves(archive))


def snapshot(archive: Archive) -> list[Part]:
    """Every segment up to its last LF at this moment; what is appended later is not in it."""
    return [whole(archive, path) for path in segment_paths(archive)]


def whole(archive: Archive, path: Path) -> Part:
    """All whole lines of one segment."""
    return Part(path, path.relative_to(archive.root).as_posix(), 0, last_line_end(path))


def last_line_end(path: Path) -> int:
    """Offset after the last LF of a file; 0 where there is none."""
    descriptor, status = opened(path, os.O_RDONLY)
    with closing(descriptor, path), naming(path):
        return line_end_before(descriptor, status.st_size)


def line_end_before(descriptor: int, end: int) -> int:
    """Offset after the last LF in the first `end` bytes of an open file; 0 where there is none."""
    length = 1  # nearly always the last byte is an LF
    while end:
        start = max(0, end - length)
        at = os.pread(descriptor, end - start, start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end, length = start, 65_536
    return 0


@dataclass(slots=True)
class Place:
    """How far a reading has come: the next position, and the clock's highest mark."""

    position: int = 0
    known_at: str = ""


def entries(
    archive: Archive, parts: list[Part], place: Place, sealed: int
) -> Iterator[Entry | Problem]:
    """Reads `parts` from `place` on, moving it; leaves from there up to `sealed` fix the order."""
    if place.position < sealed:
        order = SealedOrder(parts)
        leaves = read_leaves(archive, place.position, sealed)
        yield from _sealed(archive, order.walk(leaves, place.position), place)
        parts = order.rest()
    yield from _tail(tail_order(parts), place)


def _sealed(
    archive: Archive, lines: Iterable[Line | Missing], place: Place
) -> Iterator[Entry | Problem]:
    for line in lines:
        if isinstance(line, Missing):
            if not line.erased:
                yield _missing(archive, line)
        elif (item := decoded(line)).record is None:
            yield from item.problems
        else:
            yield _entry(line, item.record, place, sealed=True)
        place.position += 1


def _tail(items: Iterable[Decoded], place: Place) -> Iterator[Entry | Problem]:
    for line, record, problems in items:
        if record is None:
            yield from problems
        else:
            yield _entry(line, record, place, sealed=False)
            place.position += 1


def _entry(line: Line, record: Record, place: Place, *, sealed: bool) -> Entry:
    if record["recorded_at"] > place.known_at:
        place.known_at = record["recorded_at"]
    raw = line.raw
    return Entry(
        place.position, record, raw, leaf_hash(raw), place.known_at, line.name, line.number, sealed
    )


def _missing(archive: Archive, missing: Missing) -> Problem:
    path = leaf_path(archive, missing.position).relative_to(archive.root).as_posix()
    number = missing.position % LEAVES_PER_FILE + 1
    return Problem(
        path,
        number,
        "missing-line",
        f"the sealed record {missing.position} is in no segment (leaf {missing.leaf.hex()})",
        fix="git log --stat -- events",
    )
