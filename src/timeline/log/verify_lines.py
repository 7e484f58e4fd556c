"""The verifier's walk over the files: which stored line answers to which sealed leaf.

In the usual case the next leaf is the next line of the file at hand; lines that a merge, an editor
or an erasure has displaced are found when the walk is over.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from timeline.log.verify_feed import Feed, Place, Stray, leaf_of

_LINE = 45  # 43 characters of base64, `=`, LF
_STRIDE = 33
_LONGEST_RUN = 4096


@dataclass(slots=True)
class Gap:
    """A sealed leaf that no line answered to when its turn came.

    Attributes:
        position: 0-based.
        leaf: 32 bytes.
        near: where its line was due.
        there: what stands at `near`: `other` for another line, `crlf` or `no-lf` for the very line
            with another end, empty for nothing.
    """

    position: int
    leaf: bytes
    near: Place
    there: str = ""


@dataclass(slots=True)
class Match:
    """What the walk found.

    Attributes:
        gaps: leaves without a line, by leaf.
        unsealed: how many lines have no leaf and stand for no gap.
        torn: files that end without LF, and the number of that last line.
        kept: the lines of the leaves that were asked for, by leaf.
    """

    gaps: dict[bytes, list[Gap]] = field(default_factory=dict)
    unsealed: int = 0
    torn: list[Place] = field(default_factory=list)
    kept: dict[bytes, bytes] = field(default_factory=dict)


def padded_leaves(block: bytes) -> bytes | None:
    """The leaves of whole lines of `leaves/*.txt`, each with a zero byte behind it; None where one
    of the lines is not 32 bytes in base64 and LF.
    """
    count = len(block) // _LINE
    if len(block) % _LINE or block[43::_LINE] != b"=" * count or block[44::_LINE] != b"\n" * count:
        return None
    try:
        # 43 characters and an A are 33 bytes, the last of them zero if the unused bits were.
        padded = a2b_base64(block.replace(b"=\n", b"A"), strict_mode=True)
    except Base64Error:
        return None
    return padded if padded[32::_STRIDE] == bytes(count) else None


def _padded(leaves: Sequence[bytes]) -> bytes:
    return b"\x00".join((*leaves, b""))


class Walk:
    """Goes through the leaves once; `finish` then reads what is left of the files."""

    def __init__(self, root: Path, paths: Sequence[Path], keep: Iterable[bytes] = ()) -> None:
        """`keep` are the leaves of lines to be kept; paths are below `root`."""
        self._match = Match(kept=dict.fromkeys(keep, b""))
        self._strays: list[tuple[Stray, int, int]] = []  # with the positions around it
        self._run = (0, 0)  # the latest gaps without a line between them: first, behind the last
        self._feeds = [Feed(root, path, self._match.kept) for path in paths]
        self._heads: dict[bytes, list[Feed]] = {}
        for feed in self._feeds:
            self._show(feed)
        self._none = self._current = Feed(root, None, self._match.kept)
        self._position = 0

    def take(self, padded: bytes) -> list[bytes]:
        """Finds the lines of a run of leaves, and returns those.

        Args:
            padded: leaf hashes, each with a zero byte behind it, as `padded_leaves` gives them.
        """
        taken: list[bytes] = []
        count, run = len(padded) // _STRIDE, _LONGEST_RUN
        while (done := len(taken)) < count:
            feed = self._current
            run = min(run, count - done, len(feed.leaves) - feed.at)
            wanted = padded[done * _STRIDE : (done + run) * _STRIDE]
            stretch = feed.leaves[feed.at : feed.at + run]
            if run > 0 and _padded(stretch) == wanted:
                taken += stretch
                feed.at += run
                run *= 2
            elif run > 1:
                run //= 4
            else:
                leaf = padded[done * _STRIDE : done * _STRIDE + 32]
                if not self._find(leaf, self._position + done):
                    self._note_gap(self._position + done, leaf)
                    taken.append(leaf)
                run = 1
        self._position += count
        return taken

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

    def _find(self, leaf: bytes, position: int) -> bool:
        """Makes the feed current whose next line has this leaf. False: no line in sight has it."""
        self._leave(position)
        current = self._current
        if current.at == len(current.leaves):
            current.load()
        if current.head() == leaf:
            return True
        waiting = self._heads.get(leaf)
        if waiting:
            self._turn_to(waiting[-1])
            return True
        return self._look_ahead(leaf, position)

    def _leave(self, position: int) -> None:
        """Notes the last position that the feed at hand had a line for."""
        start, stop = self._run
        self._current.last = (start if stop == position else position) - 1

    def _look_ahead(self, leaf: bytes, position: int) -> bool:
        """Steps over the lines before that of `leaf` in a file under way, or in the next one."""
        unread = next((feed for feed in self._feeds if not feed.started), self._current)
        under_way = [feed for feed in self._feeds if feed.started and feed is not self._current]
        for feed in (self._current, *under_way, unread):
            count = feed.distance(leaf)
            if count is not None:
                if feed is not self._current:
                    self._turn_to(feed)
                self._strays += [(stray, feed.last, position) for stray in feed.skip(count)]
                return True
        return False

    def _turn_to(self, feed: Feed) -> None:
        """Makes a waiting feed the current one, and the current one wait."""
        head = feed.head()
        assert head is not None
        self._heads[head].remove(feed)
        if not self._heads[head]:
            del self._heads[head]
        self._show(self._current)
        feed.start()
        self._current = feed

    def _show(self, feed: Feed) -> None:
        if (head := feed.head()) is not None:
            self._heads.setdefault(head, []).append(feed)

    def _note_gap(self, position: int, leaf: bytes) -> None:
        first = next(iter(self._feeds), self._current)
        near = self._current if self._current is not self._none else first
        self._match.gaps.setdefault(leaf, []).append(Gap(position, leaf, near.place()))
        self._run = (self._run[0] if self._run[1] == position else position, position + 1)

    def _fills(self, line: bytes) -> bool:
        """Whether the line is one that was missed where it was due."""
        gaps = self._match.gaps.get(leaf_of(line)) if self._match.gaps else None
        if not gaps:
            return False
        gaps.pop()
        if not gaps:
            del self._match.gaps[leaf_of(line)]
        return True

    def _is_damaged(self, stray: Stray, there: str) -> bool:
        """Marks the gap that a line would fill if it had the right end."""
        for gap in self._match.gaps.get(leaf_of(stray.line), ()):
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
