"""The verifier's walk over the files: which stored line answers to which sealed leaf.

Every byte is read and hashed once. In the usual case the next leaf is the next line of the file at
hand; lines that a merge, an editor or an erasure has displaced are found when the walk is over.
Leaves are handled as the lines of `leaves/*.txt`: 44 characters of base64 and the LF.
"""

from __future__ import annotations

import hashlib
import os
from binascii import b2a_base64
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from timeline.errors import VerificationFailed

_CHUNK = 256 * 1024
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


@dataclass(slots=True)
class Gap:
    """A sealed leaf that no line answered to when its turn came.

    Attributes:
        position: 0-based.
        text: the leaf's line.
        near: where its line was due.
        there: what stands at `near`: `other` for another line, `crlf` or `no-lf` for the very line
            with another end, empty for nothing.
    """

    position: int
    text: bytes
    near: Place
    there: str = ""


@dataclass(slots=True)
class Match:
    """What the walk found.

    Attributes:
        gaps: leaves without a line, by their text.
        unsealed: how many lines have no leaf and stand for no gap.
        torn: files that end without LF, and the number of that last line.
        kept: the lines of the leaves that were asked for, by leaf text.
    """

    gaps: dict[bytes, list[Gap]] = field(default_factory=dict)
    unsealed: int = 0
    torn: list[Place] = field(default_factory=list)
    kept: dict[bytes, bytes] = field(default_factory=dict)


def leaf_text(line: bytes) -> bytes:
    """The line of `leaves/*.txt` for a stored line: SHA-256(0x00 ‖ line) in base64, and LF."""
    return b2a_base64(hashlib.sha256(b"\x00" + line).digest())


def lines_of(path: Path) -> Iterator[bytes]:
    """The whole lines of a file, without their LF.

    Raises:
        Unreadable: with the path and the reason.
    """
    offset, rest = 0, b""
    while data := read_piece(path, offset, _CHUNK):
        offset += len(data)
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


class Walk:
    """Goes through the leaves once; `finish` then reads what is left of the files."""

    def __init__(self, root: Path, paths: Sequence[Path], keep: Iterable[bytes] = ()) -> None:
        """`keep` are the leaf texts of lines to be kept; paths are below `root`."""
        self._match = Match(kept=dict.fromkeys(keep, b""))
        self._strays: list[tuple[Stray, int, int]] = []  # with the positions around it
        self._run = (0, 0)  # the latest gaps without a line between them: first, behind the last
        self._feeds = [_Feed(root, path, self._match.kept) for path in paths]
        self._heads: dict[bytes, list[_Feed]] = {}
        for feed in self._feeds:
            self._show(feed)
        self._none = self._current = _Feed(root, None, self._match.kept)
        self._position = 0

    def take(self, lines: Sequence[bytes]) -> list[bytes]:
        """The leaf hashes of a run of lines of `leaves/*.txt`; empty bytes where no line is."""
        leaves: list[bytes] = []
        keep = leaves.append
        feed = self._current
        texts, digests, at, count = feed.texts, feed.digests, feed.at, len(feed.texts)
        for text in lines:
            if at < count and texts[at] == text:
                keep(digests[at])
                at += 1
                continue
            feed.at = at
            found = self._find(text, self._position + len(leaves))
            feed = self._current
            texts, digests, at, count = feed.texts, feed.digests, feed.at, len(feed.texts)
            if found:
                keep(digests[at])
                at += 1
            else:
                self._note_gap(self._position + len(leaves), text)
                keep(b"")
        feed.at = at
        self._position += len(leaves)
        return leaves

    def finish(self) -> Match:
        """Reads the rest of every file, and fills the gaps that lines elsewhere can fill."""
        self._leave(self._position)
        unsettled = [item for item in self._strays if not self._fills(item[0].line)]
        room = sum(map(len, self._match.gaps.values()))  # a long tail is counted, not held
        for feed in self._feeds:
            for number, stray in enumerate(feed.rest()):
                if self._fills(stray.line):
                    continue
                if number < room:
                    unsettled.append((stray, feed.last, self._position))
                else:
                    self._match.unsealed += 1
            if feed.torn:
                self._match.torn.append(feed.place())
                self._is_damaged(Stray(feed.place(), feed.torn), "no-lf")
        self._pair(unsettled)
        return self._match

    def _find(self, text: bytes, position: int) -> bool:
        """Makes the feed current whose next line has this leaf. False: no line in sight has it."""
        self._leave(position)
        current = self._current
        if current.at == len(current.texts):
            current.load()
        if current.head() == text:
            return True
        waiting = self._heads.get(text)
        if waiting:
            self._turn_to(waiting[-1])
            return True
        return self._look_ahead(text, position)

    def _leave(self, position: int) -> None:
        """Notes the last position that the feed at hand had a line for."""
        start, stop = self._run
        self._current.last = (start if stop == position else position) - 1

    def _look_ahead(self, text: bytes, position: int) -> bool:
        """Steps over the lines before `text` in a file under way, or in the next one."""
        unread = next((feed for feed in self._feeds if not feed.started), self._current)
        under_way = [feed for feed in self._feeds if feed.started and feed is not self._current]
        for feed in (self._current, *under_way, unread):
            count = feed.skipped_to(text)
            if count is not None:
                if feed is not self._current:
                    self._turn_to(feed)
                self._strays += [(stray, feed.last, position) for stray in feed.skip(count)]
                return True
        return False

    def _turn_to(self, feed: _Feed) -> None:
        """Makes a waiting feed the current one, and the current one wait."""
        head = feed.head()
        assert head is not None
        self._heads[head].remove(feed)
        if not self._heads[head]:
            del self._heads[head]
        self._show(self._current)
        feed.start()
        self._current = feed

    def _show(self, feed: _Feed) -> None:
        if (head := feed.head()) is not None:
            self._heads.setdefault(head, []).append(feed)

    def _note_gap(self, position: int, text: bytes) -> None:
        first = next(iter(self._feeds), self._current)
        near = self._current if self._current is not self._none else first
        self._match.gaps.setdefault(text, []).append(Gap(position, text, near.place()))
        self._run = (self._run[0] if self._run[1] == position else position, position + 1)

    def _fills(self, line: bytes) -> bool:
        """Whether the line is one that was missed where it was due."""
        gaps = self._match.gaps.get(leaf_text(line)) if self._match.gaps else None
        if not gaps:
            return False
        gaps.pop()
        if not gaps:
            del self._match.gaps[leaf_text(line)]
        return True

    def _is_damaged(self, stray: Stray, there: str) -> bool:
        """Marks the gap that a line would fill if it had the right end."""
        for gap in self._match.gaps.get(leaf_text(stray.line), ()):
            if not gap.there:
                gap.near, gap.there = stray.place, there
                return True
        return False

    def _pair(self, unsettled: Sequence[tuple[Stray, int, int]]) -> None:
        """Says of each gap which line stands in its place; what is left over is the tail."""
        rest = []
        for stray, after, before in unsettled:
            cut = Stray(stray.place, stray.line[:-1])
            if not (stray.line.endswith(b"\r") and self._is_damaged(cut, "crlf")):
                rest.append((stray, after, before))
        open_gaps = deque(
            sorted(
                (gap for same in self._match.gaps.values() for gap in same if not gap.there),
                key=lambda gap: gap.position,
            )
        )
        for stray, after, before in rest:
            gap = next((gap for gap in open_gaps if after < gap.position < before), None)
            if gap is None:
                self._match.unsealed += 1
            else:
                gap.near, gap.there = stray.place, "other"
                open_gaps.remove(gap)


class _Feed:
    """One file, read in chunks: the leaves of the lines at hand, and which one is next.

    A file that waits for its turn holds its first line only, and is not open.
    """

    def __init__(self, root: Path, path: Path | None, kept: dict[bytes, bytes]) -> None:
        self.texts: list[bytes] = []
        self.digests: list[bytes] = []
        self.at = 0
        self.torn = b""
        self.last = -1
        self.started = path is None
        self._path = path
        self._name = path.relative_to(root).as_posix() if path is not None else "events"
        self._kept = kept
        self._lines: list[bytes] = []
        self._before = 0  # lines before the chunk at hand
        self._offset = 0
        self._rest = b""
        self._first = self._first_text()

    def head(self) -> bytes | None:
        """The leaf text of the next line; None at the end of what is loaded."""
        if not self.started:
            return self._first
        return self.texts[self.at] if self.at < len(self.texts) else None

    def place(self) -> Place:
        """Where the next line stands."""
        return Place(self._name, self._before + self.at + 1)

    def start(self) -> None:
        """Loads the first chunk of a file whose turn has come."""
        if not self.started:
            self.started = True
            self.load()

    def load(self) -> bool:
        """Puts the next chunk behind the lines not yet taken. False: the file is at its end."""
        data = self._read()
        if not data:
            self.torn, self._rest = self._rest or self.torn, b""
            return False
        data = self._rest + data
        lines = data.split(b"\n")
        self._rest = lines.pop()
        sha256 = hashlib.sha256
        digests = [sha256(b"\x00" + line).digest() for line in lines]
        texts = [b2a_base64(digest) for digest in digests]
        if not self._kept.keys().isdisjoint(texts):
            self._kept.update(
                (text, line) for line, text in zip(lines, texts, strict=True) if text in self._kept
            )
        self._before += self.at
        self._lines = self._lines[self.at :] + lines
        self.digests = self.digests[self.at :] + digests
        self.texts = self.texts[self.at :] + texts
        self.at = 0
        return True

    def skipped_to(self, text: bytes) -> int | None:
        """How many lines stand before the one with this leaf, as far as one chunk ahead."""
        self.start()
        if text not in self.texts[self.at :] and sum(map(len, self._lines[self.at :])) < _CHUNK:
            self.load()
        try:
            return self.texts.index(text, self.at) - self.at
        except ValueError:
            return None

    def skip(self, count: int) -> list[Stray]:
        """Steps over lines and returns them."""
        skipped = []
        for line in self._lines[self.at : self.at + count]:
            skipped.append(Stray(self.place(), line))
            self.at += 1
        return skipped

    def rest(self) -> Iterator[Stray]:
        """Every line not yet taken, to the end of the file."""
        self.start()
        while True:
            yield from self.skip(len(self._lines) - self.at)
            if not self.load():
                return

    def _read(self) -> bytes:
        if self._path is None:
            return b""
        data = read_piece(self._path, self._offset, _CHUNK)
        self._offset += len(data)
        return data

    def _first_text(self) -> bytes | None:
        """The leaf of the first line, if it ends within the longest that a line may be."""
        if self._path is None:
            return None
        head, separator, _ = read_piece(self._path, 0, _LONGEST).partition(b"\n")
        return leaf_text(head) if separator else None


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
