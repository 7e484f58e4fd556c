"""The sealed part of the log: the line of every leaf, in the order of the leaves."""

from __future__ import annotations

import base64
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from timeline.log.lines import Line, Part, lines_of
from timeline.records.codec import BadRecord, decode, leaf_hash


class Missing(NamedTuple):
    """A sealed leaf whose line is nowhere in the segments."""

    position: int
    leaf: bytes
    erased: bool


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
