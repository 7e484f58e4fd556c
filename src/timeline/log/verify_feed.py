"""One segment as the verifier reads it: in pieces, every byte hashed once, line by line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from timeline.errors import VerificationFailed

_PIECE = 256 * 1024
_LONGEST = 65_536


class Unreadable(VerificationFailed):
    """A file that must be read to verify the log cannot be read."""


class Place(NamedTuple):
    """Where a line stands: the file's path relative to the archive, and its 1-based number."""

    path: str
    line: int


class Stray(NamedTuple):
    """A line that no leaf stood for when its turn came."""

    place: Place
    line: bytes


def leaves_of(data: bytes) -> list[bytes]:
    """The leaf of every whole line in `data`: SHA-256(0x00 ‖ line), RFC 9162 section 2.1.1."""
    # Copies of one started hash, fed from a view: half the time of a new hash for each line.
    fresh = hashlib.sha256(b"\x00").copy
    view, find = memoryview(data), data.find
    leaves, start = [], 0
    while (end := find(b"\n", start)) >= 0:
        state = fresh()
        state.update(view[start:end])
        leaves.append(state.digest())
        start = end + 1
    return leaves


def leaf_of(line: bytes) -> bytes:
    """The leaf of one line without its LF."""
    return hashlib.sha256(b"\x00" + line).digest()


def lines_of(path: Path) -> Iterator[bytes]:
    """The whole lines of a file, without their LF.

    Raises:
        Unreadable: with the path and the reason.
    """
    offset, rest = 0, b""
    while data := read_piece(path, offset, _PIECE):
        offset += len(data)
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


class Feed:
    """A segment's lines in file order: the leaves of those at hand, and which one is next.

    One that waits for its turn holds the leaf of its first line only.

    Attributes:
        leaves: of the lines at hand.
        at: index of the next one in them.
        torn: the bytes behind the last LF, once the end was reached.
        last: the latest position that one of its lines answered to; -1 for none.
        started: whether its turn has come.
    """

    def __init__(self, root: Path, path: Path | None, kept: dict[bytes, bytes]) -> None:
        """Without a path it has no lines. Of the leaves in `kept` the lines are put there."""
        self.leaves: list[bytes] = []
        self.at = 0
        self.torn = b""
        self.last = -1
        self.started = path is None
        self._path = path
        self._name = path.relative_to(root).as_posix() if path is not None else "events"
        self._kept = kept
        self._data = b""  # the lines at hand, and perhaps the beginning of the one after
        self._before = 0  # lines before those at hand
        self._offset = 0
        self._first = self._first_leaf()

    def head(self) -> bytes | None:
        """The leaf of the next line; None at the end of what is at hand."""
        if not self.started:
            return self._first
        return self.leaves[self.at] if self.at < len(self.leaves) else None

    def place(self) -> Place:
        """Where the next line stands."""
        return Place(self._name, self._before + self.at + 1)

    def start(self) -> None:
        """Reads the first piece of a file whose turn has come."""
        if not self.started:
            self.started = True
            self.load()

    def load(self) -> bool:
        """Puts the next piece behind the lines not yet taken. False: the file is at its end."""
        data = self._read()
        if not data:
            return False
        left = b"".join(line + b"\n" for line in self._lines())
        leaves = leaves_of(data)
        self._before += self.at
        self.leaves = self.leaves[self.at :] + leaves
        self._data = left + data if left else data
        self.at = 0
        if not self._kept.keys().isdisjoint(leaves):
            self._keep()
        return True

    def distance(self, leaf: bytes) -> int | None:
        """How many lines stand before the one with this leaf, as far as one piece ahead."""
        self.start()
        if leaf not in self.leaves[self.at :] and sum(map(len, self._lines())) < _PIECE:
            self.load()
        try:
            return self.leaves.index(leaf, self.at) - self.at
        except ValueError:
            return None

    def skip(self, count: int) -> list[Stray]:
        """Steps over lines and returns them."""
        skipped = []
        for line in self._lines()[:count]:
            skipped.append(Stray(self.place(), line))
            self.at += 1
        return skipped

    def rest(self) -> Iterator[Stray]:
        """Every line not yet taken, to the end of the file."""
        self.start()
        while True:
            yield from self.skip(len(self.leaves) - self.at)
            if not self.load():
                return

    def _lines(self) -> list[bytes]:
        """The lines at hand that were not yet taken."""
        if self.at == len(self.leaves):
            return []
        return self._data.split(b"\n")[self.at : len(self.leaves)]

    def _keep(self) -> None:
        for leaf, line in zip(self.leaves, self._lines(), strict=True):
            if leaf in self._kept:
                self._kept[leaf] = line

    def _read(self) -> bytes:
        """The next whole lines, and the beginning of the one after, which is read again later."""
        if self._path is None:
            return b""
        count = _PIECE
        while True:
            data = read_piece(self._path, self._offset, count)
            end = data.rfind(b"\n") + 1
            if end or len(data) < count:
                break
            count *= 2  # a line longer than any that was sealed, or zeros
        self._offset += end
        self.torn = b"" if end else data
        return data if end else b""

    def _first_leaf(self) -> bytes | None:
        """The leaf of the first line, if it ends within the longest that a line may be."""
        if self._path is None:
            return None
        head, separator, _ = read_piece(self._path, 0, _LONGEST).partition(b"\n")
        return leaf_of(head) if separator else None


def read_piece(path: Path, offset: int, count: int) -> bytes:
    """Up to `count` bytes of a file from `offset` on.

    Raises:
        Unreadable: with the path and the reason.
    """
    # Opened anew each time: ten thousand segments may wait, and a process has 1,024 files.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe would wait
    try:
        descriptor = os.open(path, flags)
        try:
            return os.pread(descriptor, count, offset)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror} (errno {error.errno})") from error
