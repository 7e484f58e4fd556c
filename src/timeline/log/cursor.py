"""Where a reading of the log ended, so that the next one costs only what is new."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.errors import Conflict, Problem, TimelineError
from timeline.log.files import naming, reading
from timeline.log.leaves import count_leaves, read_leaves
from timeline.log.lines import Part
from timeline.log.reader import Entry, Place, entries, last_line_end
from timeline.log.segments import segment_files

_TAIL_BYTES = 4096


class PrefixChanged(TimelineError):
    """What was read before is no longer what the log begins with: read it all again."""


class HeadMoved(Conflict):
    """The log is not where the writer thought it was."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one segment was read, and how to tell whether that part is still the same.

    Attributes:
        end: bytes read, up to and with an LF.
        lines: lines in them.
        changed: the file's mtime then, nanoseconds.
        inode: the file's inode then; another one means that git or an editor put a new file there.
        tail: SHA-256 of the last 4,096 bytes before `end` (fewer in a short file), hex.
        crc: CRC-32 of all bytes before `end`.
    """

    end: int
    lines: int
    changed: int
    inode: int
    tail: str
    crc: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reading of the log ended.

    Attributes:
        segments: segment (relative to the archive) to how far it was read.
        sealed: leaves there were.
        seal: the last leaf of those, hex; each seal ends with a record of its own, so two are alike
            only if they are the same seal.
        positions: records read, which is the position of the next one.
        unsealed: CRC-32 of the leaf hashes from position `sealed` on.
        newest: `recorded_at` and `id` of the last record behind the sealed ones; empty if none.
        known_at: the newest `recorded_at` of all.
    """

    segments: Mapping[str, Mark] = field(default_factory=dict)
    sealed: int = 0
    seal: str = ""
    positions: int = 0
    unsealed: int = 0
    newest: tuple[str, str] = ("", "")
    known_at: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, for `from_json`."""
        marks = {
            name: [mark.end, mark.lines, mark.changed, mark.inode, mark.tail, mark.crc]
            for name, mark in self.segments.items()
        }
        others = {name: getattr(self, name) for name in self.__slots__ if name != "segments"}
        return {"segments": marks, **others}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Cursor:
        """The cursor that `as_json` wrote."""
        marks = {name: Mark(*mark) for name, mark in value["segments"].items()}
        return cls(**{**value, "segments": marks, "newest": tuple(value["newest"])})


class Reading:
    """New entries as they stream by; `cursor()` tells where they ended, once all were taken."""

    def __init__(self, archive: Archive, start: Cursor) -> None:
        self._archive = archive
        self._start = start
        self._sealed = count_leaves(archive)
        self._parts = _new_parts(archive, start)
        # Before the reading: what changes meanwhile is then noticed by the next one.
        self._marks = dict(start.segments)
        for part in self._parts:
            self._marks[part.name] = _mark(part, start.segments.get(part.name))
        self._place = Place(start.positions, start.known_at)
        self._unsealed = start.unsealed if self._sealed == start.sealed else 0
        self._newest = start.newest if self._sealed == start.sealed else ("", "")
        self._done = False
        _compare_seal(archive, start, self._sealed)

    def __iter__(self) -> Iterator[Entry | Problem]:
        # A lower key than one already read would have stood before it: the order has changed.
        floor = self._newest
        for entry in entries(self._archive, self._parts, self._place, self._sealed):
            if isinstance(entry, Entry) and not entry.sealed:
                key = (entry.record["recorded_at"], entry.record["id"])
                if key < floor:
                    raise PrefixChanged(
                        f"{entry.path}:{entry.line}: sorts before what was read already"
                    )
                self._unsealed = zlib.crc32(entry.leaf, self._unsealed)
                self._newest = key
            yield entry
        self._done = True

    def cursor(self) -> Cursor:
        """Where this reading ended.

        Raises:
            RuntimeError: when entries are left to take.
        """
        if not self._done:
            raise RuntimeError("the log was not read to its end")
        return Cursor(
            self._marks,
            self._sealed,
            _last_leaf(self._archive, self._sealed),
            self._place.position,
            self._unsealed,
            self._newest,
            self._place.known_at,
        )


def read_from_start(archive: Archive) -> Reading:
    """The whole log, as `reader.read`, with a cursor at its end."""
    return Reading(archive, Cursor())


def read_new(archive: Archive, cursor: Cursor) -> Reading:
    """What stands behind `cursor`. The cost follows what is new, not the length of the log.

    Raises:
        PrefixChanged: here or while the entries are taken, when something before the cursor was
            changed, taken away or sealed in another order, or a new line sorts before it (a merge).
    """
    return Reading(archive, cursor)


def head(archive: Archive) -> str:
    """A short text that changes with every append and every seal; for `--expect-head`."""
    state = hashlib.sha256()
    sizes = (
        f"{year}/{file.name} {file.stat(follow_symlinks=False).st_size}\n"
        for year, file in segment_files(archive)
    )
    for line in sorted(sizes):
        state.update(line.encode())
    state.update(f"{count_leaves(archive)}\n".encode())
    return state.hexdigest()[:16]


def _new_parts(archive: Archive, start: Cursor) -> list[Part]:
    """The unread ends of all segments; the read parts are compared with their marks."""
    parts = []
    seen = set()
    for year, file in segment_files(archive):
        name = f"events/{year}/{file.name}"
        seen.add(name)
        mark = start.segments.get(name)
        status = file.stat(follow_symlinks=False)
        if mark is None:
            end = last_line_end(Path(file.path))
            if end:
                parts.append(Part(Path(file.path), name, 0, end))
        elif status.st_size != mark.end or status.st_mtime_ns != mark.changed:
            parts.append(_new_part(Path(file.path), name, mark, status))
    for name in start.segments:
        if name not in seen:
            raise PrefixChanged(f"{name}: the file is gone")
    return sorted(parts, key=lambda part: part.name)


def _new_part(path: Path, name: str, mark: Mark, status: os.stat_result) -> Part:
    if status.st_size < mark.end:
        raise PrefixChanged(f"{name}: shorter than when it was read")
    _compare_mark(path, name, mark, whole=status.st_ino != mark.inode or status.st_size == mark.end)
    return Part(path, name, mark.end, last_line_end(path), mark.lines + 1)


def _compare_mark(path: Path, name: str, mark: Mark, *, whole: bool) -> None:
    """An append leaves the file in place, so its last bytes are proof enough; a file that was put
    there anew (git, an editor) is compared byte by byte.
    """
    same = _crc(path, mark.end) == mark.crc if whole else _tail(path, mark.end) == mark.tail
    if not same:
        raise PrefixChanged(f"{name}: lines that were read already are different now")


def _compare_seal(archive: Archive, start: Cursor, sealed: int) -> None:
    """Positions given before a seal must be the ones that the seal has fixed."""
    if sealed < start.sealed or _last_leaf(archive, start.sealed) != start.seal:
        raise PrefixChanged("events/seal: not the seal that was there before")
    if sealed == start.sealed:
        return
    crc = 0
    for leaf in read_leaves(archive, start.sealed, min(start.positions, sealed)):
        crc = zlib.crc32(leaf, crc)
    if sealed < start.positions or crc != start.unsealed:
        raise PrefixChanged("events/seal: records read already are sealed in other places")


def _last_leaf(archive: Archive, sealed: int) -> str:
    return next(read_leaves(archive, sealed - 1, sealed)).hex() if sealed else ""


def _mark(part: Part, before: Mark | None) -> Mark:
    with naming(part.path):
        status = part.path.stat(follow_symlinks=False)
    changed = status.st_mtime_ns if status.st_size == part.end else 0
    lines, crc = part.line - 1, before.crc if before is not None else 0
    for block in _blocks(part.path, part.start, part.end):
        lines += block.count(b"\n")
        crc = zlib.crc32(block, crc)
    return Mark(part.end, lines, changed, status.st_ino, _tail(part.path, part.end), crc)


def _blocks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with reading(path, buffering=0) as file:
        file.seek(start)
        while start < end and (block := file.read(min(1 << 18, end - start))):
            yield block
            start += len(block)


def _crc(path: Path, end: int) -> int:
    crc = 0
    for block in _blocks(path, 0, end):
        crc = zlib.crc32(block, crc)
    return crc


def _tail(path: Path, end: int) -> str:
    tail = b"".join(_blocks(path, max(0, end - _TAIL_BYTES), end))
    return hashlib.sha256(tail).hexdigest()
