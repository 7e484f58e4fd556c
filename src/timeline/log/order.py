"""Puts the lines of all segments into the one order of the log, as they stream by.

Sealed lines come first, in the order of the leaves; then the rest by (recorded_at, id). A segment
is in that order already unless git merged two branches into it: a merge of files, not a sort.
"""

from __future__ import annotations

import base64
import heapq
from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import orjson

from timeline.errors import Problem
from timeline.log.files import reading
from timeline.records.codec import BadRecord, decode, leaf_hash
from timeline.records.faults import Fault

if TYPE_CHECKING:
    from timeline.records.model import Record

BOM = b"\xef\xbb\xbf"
Key: TypeAlias = tuple[str, str, bytes]
"""(recorded_at, id, line): the line itself decides between two that claim the same id."""

_FIRST: Key = ("", "", b"")
_STAMP = b'"recorded_at":"'
_STAMP_LENGTH = len("2026-11-23T20:41:00.000001Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of whole lines in one segment.

    Attributes:
        path: the file.
        name: its path relative to the archive, with `/`.
        start: offset of the first byte.
        end: offset after the last LF; the bytes behind it (a torn tail) are no line.
        line: 1-based number of the first line.
    """

    path: Path
    name: str
    start: int
    end: int
    line: int = 1


class Line(NamedTuple):
    """One stored line, without its LF, and where it stands."""

    raw: bytes
    name: str
    number: int
    start: int
    end: int


class Decoded(NamedTuple):
    """One line, read: a record with its leaf, or None and what is wrong with the line."""

    line: Line
    record: Record | None
    problems: tuple[Problem, ...]


class Missing(NamedTuple):
    """A sealed leaf whose line is nowhere in the segments."""

    position: int
    leaf: bytes
    erased: bool


def lines_of(part: Part) -> Generator[Line, None, None]:
    """The lines of a part in file order; a byte-order mark at a file's start is left out."""
    with reading(part.path) as file:
        file.seek(part.start)
        offset, number, name = part.start, part.line, part.name
        for raw in file:
            length = len(raw)
            if offset + length > part.end:
                return
            text = raw[:-1]
            if not offset and text.startswith(BOM):
                text = text[3:]
            yield Line(text, name, number, offset, offset + length)
            offset += length
            number += 1


def decoded(line: Line) -> Decoded:
    """Reads one line. CRLF has its own rule: a careless checkout does it to every line."""
    if line.raw.endswith(b"\r"):
        return Decoded(line, None, (_crlf(line),))
    try:
        return Decoded(line, decode(line.raw), ())
    except BadRecord as error:
        return Decoded(line, None, tuple(_placed(fault, line) for fault in error.faults))


def _placed(fault: Fault, line: Line) -> Problem:
    return Problem(line.name, line.number, fault.rule, fault.message, fault.field)


def _crlf(line: Line) -> Problem:
    message = "the line ends in CR LF; the log's lines end in LF alone"
    fix = "git config core.autocrlf false && git checkout -- events"
    return Problem(line.name, line.number, "crlf", message, fix=fix)


# --- the tail: by (recorded_at, id) ---------------------------------------------------------------


def tail_order(parts: Iterable[Part]) -> Iterator[Decoded]:
    """All lines of the parts by (recorded_at, id); lines that do not decode stay behind the line
    before them. Files are opened when their first record's turn comes and closed at their end.
    """
    streams = [stream for part in parts if (stream := _Stream.of(part)) is not None]
    waiting = sorted(streams, key=lambda stream: (stream.key, stream.name), reverse=True)
    heap: list[tuple[Key, int, _Stream]] = []
    turn = 0
    while waiting or heap:
        if not heap or (waiting and waiting[-1].key < heap[0][0]):
            stream = waiting.pop()
            stream.advance()
        else:
            stream = heapq.heappop(heap)[2]
        limit = min(
            (waiting[-1].key if waiting else None, heap[0][0] if heap else None),
            key=lambda key: (key is None, key),
        )
        yield from stream.until(limit)
        if stream.item is not None:
            turn += 1
            heapq.heappush(heap, (stream.key, turn, stream))


class _Stream:
    """One part while it is merged: the line to come and its key."""

    __slots__ = ("_items", "item", "key", "name")

    def __init__(self, name: str, first: Key, items: Iterator[Decoded]) -> None:
        self.name = name
        self.key = first
        self.item: Decoded | None = None
        self._items = items

    @classmethod
    def of(cls, part: Part) -> _Stream | None:
        first, ordered = _scan(part)
        if first is None:
            return None
        lines = lines_of(part) if ordered else iter(_sorted_lines(part))
        return cls(part.name, first, map(decoded, lines))

    def advance(self) -> None:
        self.item = item = next(self._items, None)
        if item is not None and item.record is not None:
            self.key = (item.record["recorded_at"], item.record["id"], item.line.raw)

    def until(self, limit: Key | None) -> Iterator[Decoded]:
        """Items up to `limit` (inclusive: of two equal lines either may be first)."""
        while self.item is not None and (limit is None or self.key <= limit):
            yield self.item
            self.advance()


def _scan(part: Part) -> tuple[Key | None, bool]:
    """The smallest key of a part that is in order, and whether it is. None: the part has no line.

    Looks for the text of `recorded_at` in the raw line, twenty times quicker than decoding it.
    """
    first: Key | None = None
    last_stamp, last_raw = b"", b""
    ordered = True
    for line in lines_of(part):
        stamp = stamp_of(line.raw)
        if first is None:
            first = line_key(line.raw) or _FIRST
        if stamp <= last_stamp and stamp:
            ordered = stamp == last_stamp and _not_after(last_raw, line.raw)
            if not ordered:
                return min(filter(None, (line_key(each.raw) for each in lines_of(part)))), False
        if stamp:
            last_stamp, last_raw = stamp, line.raw
    return first, ordered


def _not_after(one: bytes, other: bytes) -> bool:
    return (line_key(one) or _FIRST) <= (line_key(other) or _FIRST)


def stamp_of(raw: bytes) -> bytes:
    """The top-level `recorded_at` of a line, or nothing where it has none."""
    at = raw.find(_STAMP)
    if at < 0:
        return b""
    if raw.find(_STAMP, at + 1) >= 0:  # a field of that name deeper inside: ask the parser
        key = line_key(raw)
        return key[0].encode() if key else b""
    at += len(_STAMP)
    return raw[at : at + _STAMP_LENGTH]


def line_key(raw: bytes) -> Key | None:
    """(recorded_at, id, line) of a line, or None where it is no record at all."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    recorded_at, record_id = value.get("recorded_at"), value.get("id")
    if not isinstance(recorded_at, str) or not isinstance(record_id, str):
        return None
    return recorded_at, record_id, raw


def _sorted_lines(part: Part) -> list[Line]:
    """The lines of one part that git's union merge left out of order, put in order."""
    keyed: list[tuple[Key, int, Line]] = []
    key = _FIRST
    for line in lines_of(part):
        key = line_key(line.raw) or key
        keyed.append((key, line.number, line))
    keyed.sort(key=lambda item: item[:2])
    return [line for _, _, line in keyed]


# --- the sealed part: by the leaves ---------------------------------------------------------------


class SealedOrder:
    """Walks the leaves and finds the line of each, normally the next line of one of the files.

    After the walk `rest()` gives the parts that no leaf claimed: the unsealed tail.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self._files = [_Reader(part) for part in parts]
        self._heads: dict[bytes, list[_Reader]] = {}
        self._skipped: dict[bytes, list[tuple[_Reader, Line]]] = {}
        self._index: _Index | None = None
        for file in self._files:
            self._show(file)

    def walk(self, leaves: Iterable[bytes], start: int) -> Iterator[Line | Missing]:
        """The line of every leaf, in their order; `start` is the position of the first."""
        for position, leaf in enumerate(leaves, start):
            yield self._take(leaf) or Missing(position, leaf, self._is_erased(leaf))

    def rest(self) -> list[Part]:
        """What was not claimed: lines that were stepped over, and the ends of the files."""
        parts = [
            Part(file.part.path, line.name, line.start, line.end, line.number)
            for places in self._skipped.values()
            for file, line in places
        ]
        for file in self._files:
            parts.extend(file.remainder())
            file.close()
        return parts

    def _take(self, leaf: bytes) -> Line | None:
        heads = self._heads.get(leaf)
        if heads:
            file = heads.pop(0)
            if not heads:
                del self._heads[leaf]
            line = file.head
            assert line is not None
            file.advance()
            self._show(file)
            return line
        return self._skipped_line(leaf) or self._search(leaf)

    def _show(self, file: _Reader) -> None:
        if file.head is not None:
            self._heads.setdefault(file.leaf, []).append(file)

    def _skipped_line(self, leaf: bytes) -> Line | None:
        places = self._skipped.get(leaf)
        if not places:
            return None
        _, line = places.pop(0)
        if not places:
            del self._skipped[leaf]
        return line

    def _search(self, leaf: bytes) -> Line | None:
        """Looks further down: in the files under way first, then by an index of all the others."""
        for file in self._files:
            if file.started and self._drain(file, leaf):
                return self._take(leaf)
        if self._index is None:
            self._index = _Index(self._files)
        for number in self._index.files_with(leaf):
            if self._drain(self._files[number], leaf):
                return self._take(leaf)
        return None

    def _drain(self, file: _Reader, leaf: bytes) -> bool:
        """Steps over the lines before `leaf`, remembering each. False: it is not in the file."""
        while file.head is not None and file.leaf != leaf:
            heads = self._heads[file.leaf]
            heads.remove(file)
            if not heads:
                del self._heads[file.leaf]
            self._skipped.setdefault(file.leaf, []).append((file, file.head))
            file.advance()
            self._show(file)
        return file.head is not None

    def _is_erased(self, leaf: bytes) -> bool:
        return self._index is not None and leaf in self._index.erased


class _Reader:
    """One file in the walk: its next line and that line's leaf. Open only while it is under way."""

    __slots__ = ("_lines", "head", "leaf", "part", "started")

    def __init__(self, part: Part) -> None:
        self.part = part
        self.started = False
        first = lines_of(part)
        self._lines: Iterator[Line] = first
        self.head = next(first, None)
        first.close()  # thousands of files may wait; reopened when their turn comes
        self.leaf = leaf_hash(self.head.raw) if self.head is not None else b""

    def advance(self) -> None:
        if not self.started:
            self.started = True
            self._lines = lines_of(self.part)
            next(self._lines)
        self.head = next(self._lines, None)
        if self.head is not None:
            self.leaf = leaf_hash(self.head.raw)

    def remainder(self) -> list[Part]:
        head, part = self.head, self.part
        if head is None:
            return []
        return [Part(part.path, part.name, head.start, part.end, head.number)]

    def close(self) -> None:
        self._lines = iter(())


class _Index:
    """Which file holds a leaf: 44 bits of the hash and 20 of the file's number in one integer, so
    that ten million lines take 80 MB. A false hit costs one needless look, nothing else.
    """

    def __init__(self, files: list[_Reader]) -> None:
        self.erased: set[bytes] = set()
        entries: list[int] = []
        for number, file in enumerate(files):
            for line in lines_of(file.part):
                entries.append(self._prefix(leaf_hash(line.raw)) | number)
                if b'"kind":"erasure"' in line.raw:
                    self._note_erasure(line.raw)
        self._entries = array("Q", sorted(entries))

    @staticmethod
    def _prefix(leaf: bytes) -> int:
        return int.from_bytes(leaf[:6], "big") >> 4 << 20

    def _note_erasure(self, raw: bytes) -> None:
        try:
            record = decode(raw)
        except BadRecord:
            return
        if record["kind"] == "erasure":
            self.erased.add(base64.b64decode(record["leaf"]))

    def files_with(self, leaf: bytes) -> list[int]:
        prefix = self._prefix(leaf)
        at = bisect_left(self._entries, prefix)
        found = []
        while at < len(self._entries) and self._entries[at] >> 20 << 20 == prefix:
            found.append(self._entries[at] & 0xFFFFF)
            at += 1
        return found
