"""Verifies the whole log as an outsider would: every byte read, every leaf, every signature.

Shares nothing with the prover but the formats: it imports neither `merkle` nor `checkpoint`,
`seal`, `reader` or the codec, so that one mistake cannot be made twice.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log.verify_erasure import standing_erasures
from timeline.log.verify_feed import Unreadable, read_piece
from timeline.log.verify_lines import Gap, Match, Walk, padded_leaves
from timeline.log.verify_note import BadNote, Checkpoint, VerifierKey, parse_checkpoint
from timeline.log.verify_seals import SealSeen, judge_seals, other_histories, why_untrusted
from timeline.log.verify_tree import Roots

_PER_FILE = 65_536
_LEAF_LINE = 45
_BLOCK = 4096
_LONGEST_NOTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Erased:
    """A line that was removed on a legal basis, and whose leaf still stands in the tree."""

    position: int
    basis: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found.

    Attributes:
        sealed: records under a signed checkpoint.
        unsealed: lines that no checkpoint covers yet.
        segments: files of records that were read.
        seals: every checkpoint that holds, the smallest first.
        erased: lawful gaps.
        problems: what was tampered with or is missing; empty when all is well.
    """

    sealed: int
    unsealed: int
    segments: int
    seals: tuple[SealSeen, ...]
    erased: tuple[Erased, ...]
    problems: tuple[Problem, ...]

    @property
    def exit_code(self) -> int:
        """0 good, 5 tampered or missing, 4 good but with an unsealed tail."""
        return 5 if self.problems else 4 if self.unsealed else 0


def verify(
    archive: Archive,
    *,
    trusted: Sequence[VerifierKey] = (),
    against: Sequence[Checkpoint] = (),
) -> Verification:
    """Reads every byte of the log and compares it with what was signed.

    Args:
        archive: the log.
        trusted: keys known from elsewhere; one of them must have signed, or the first key that it
            handed over to. Without any, the keys that the log itself names are taken.
        against: checkpoints kept elsewhere, which this log must begin with.

    Raises:
        Unreadable: when a file cannot be read at all.
    """
    try:
        return _Verifier(archive, trusted, against).run()
    except OSError as error:
        reason = f"{error.filename}: {error.strerror} (errno {error.errno})"
        raise Unreadable(reason) from error


class _Verifier:
    """One run: what was read so far, and every problem found on the way."""

    def __init__(
        self, archive: Archive, trusted: Sequence[VerifierKey], against: Sequence[Checkpoint]
    ) -> None:
        self.archive = archive
        self.trusted = trusted
        self.against = against
        self.problems: list[Problem] = []
        self.points: dict[int, Checkpoint] = {}
        self.total = 0
        self.finished = 0

    def run(self) -> Verification:
        self._read_checkpoints()
        paths = sorted(self.archive.events.glob("*/*.jsonl"))
        ends = {size: self._last_leaf(size) for size in self.points}
        walk = Walk(self.archive.root, paths, ends.values())
        sizes = {size - back for size in self.points for back in (0, 1) if size >= back}
        roots = Roots({*sizes, *(point.size for point in self.against)})
        for block in self._leaf_blocks():
            leaves = walk.take(self._padded(block, self.total))
            roots.extend(leaves)
            self.total += len(leaves)
        roots.finish()
        match = walk.finish()
        erased = self._judge_gaps(match, paths)
        last_lines = {size: match.kept[leaf] for size, leaf in ends.items()}
        seals = self._judge_seals(last_lines, roots)
        sealed = max((seal.size for seal in seals if seal.size <= self.finished), default=0)
        unsealed = match.unsealed + len(match.torn) + self.total - sealed
        return Verification(
            sealed, unsealed, len(paths), tuple(seals), tuple(erased), tuple(self.problems)
        )

    # --- reading

    def _read_checkpoints(self) -> None:
        kept: dict[bytes, int] = {b"": 0}
        for path in self._files("checkpoints"):
            data = read_piece(path, 0, _LONGEST_NOTE)
            try:
                point = parse_checkpoint(data)
            except BadNote as error:
                self._wrong(path, 0, "bad-checkpoint", error.message)
                continue
            if path.name != str(point.size):
                self._wrong(path, 0, "bad-checkpoint", f"signs {point.size} records")
                continue
            self.points[point.size] = point
            kept[data] = point.size
        path = self.archive.seal / "checkpoint"
        newest = read_piece(path, 0, _LONGEST_NOTE) if path.exists() else b""
        if newest not in kept or (not newest and len(self.points) > 1):
            self._wrong(path, 0, "bad-checkpoint", "none of those in checkpoints/")
        # An older one: the seal of the newest was cut short, and the next seal finishes it.
        self.finished = kept.get(newest, 0)

    def _leaf_blocks(self) -> Iterator[bytes]:
        """All lines of `leaves/*.txt` in order, a few thousand at a time."""
        paths = self._files("leaves")
        for number, path in enumerate(paths):
            if path.name != f"{number:03d}.txt":
                self._wrong(path, 0, "bad-leaves", f"{number:03d}.txt is missing before it")
            size = path.stat().st_size
            full = _PER_FILE * _LEAF_LINE
            if size % _LEAF_LINE or size > full or (size < full and path != paths[-1]):
                self._wrong(path, 0, "bad-leaves", f"{size} bytes are not the leaves of one file")
            for start in range(0, size, _BLOCK * _LEAF_LINE):
                yield read_piece(path, start, _BLOCK * _LEAF_LINE)

    def _files(self, name: str) -> list[Path]:
        folder = self.archive.seal / name
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
        # A seal that was killed leaves these behind until the next one; nobody reads them.
        return [path for path in paths if not path.match(".*.tmp")]

    def _last_leaf(self, size: int) -> bytes:
        """The last leaf under a checkpoint, which is that of its `seal` record."""
        path, number = self._leaf_place(size - 1)
        if size < 1 or not path.is_file():
            return b""
        line = read_piece(path, (number - 1) * _LEAF_LINE, _LEAF_LINE)
        return (padded_leaves(line) or b"")[:32]

    def _padded(self, block: bytes, position: int) -> bytes:
        """The leaves of a block of lines; a line that is none is told, and stands as zeros."""
        padded = padded_leaves(block)
        if padded is not None:
            return padded
        found = []
        for index in range(-(-len(block) // _LEAF_LINE)):
            one = padded_leaves(block[index * _LEAF_LINE : (index + 1) * _LEAF_LINE])
            if one is None:
                place = self._leaf_place(position + index)
                self._wrong(*place, "bad-leaves", "not a leaf hash in base64")
            found.append(one or bytes(33))
        return b"".join(found)

    # --- judging

    def _judge_gaps(self, match: Match, paths: Sequence[Path]) -> list[Erased]:
        gaps = sorted(
            (gap for same in match.gaps.values() for gap in same), key=lambda gap: gap.position
        )
        lawful = standing_erasures(paths) if gaps else {}
        erased = []
        for gap in gaps:
            if gap.leaf in lawful:
                erased.append(Erased(gap.position, lawful[gap.leaf]))
            else:
                self.problems.append(self._gap_problem(gap))
        return erased

    def _gap_problem(self, gap: Gap) -> Problem:
        leaf_path, leaf_line = self._leaf_place(gap.position)
        leaf = b2a_base64(gap.leaf, newline=False).decode()
        what = f"sealed record {gap.position} (leaf {leaf}, {self._name(leaf_path)}:{leaf_line})"
        rule, words = _THERE[gap.there]
        message = f"{words} {what}"
        fix = f"git log -p -- {gap.near.path}"
        return Problem(gap.near.path, gap.near.line, rule, message, fix=fix)

    def _judge_seals(self, ends: Mapping[int, bytes], roots: Roots) -> list[SealSeen]:
        found = judge_seals(self.points, ends, roots, self.trusted)
        for wrong in found.wrong:
            self._wrong(self.archive.seal / "checkpoints" / str(wrong.size), 0, *wrong.reason)
        distrust = why_untrusted(found.seals, self.trusted)
        if distrust and self.points:
            self._wrong(self.archive.seal / "checkpoint", 0, "untrusted-key", distrust)
        for message in other_histories(self.against, roots):
            self._wrong(self.archive.seal / "leaves", 0, "other-history", message)
        return found.seals

    # --- places

    def _wrong(self, path: Path, line: int, rule: str, message: str) -> None:
        self.problems.append(Problem(self._name(path), line, rule, message))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.archive.root).as_posix()

    def _leaf_place(self, position: int) -> tuple[Path, int]:
        path = self.archive.seal / "leaves" / f"{position // _PER_FILE:03d}.txt"
        return path, position % _PER_FILE + 1


_THERE = {
    "other": ("changed-line", "another line stands in the place of"),
    "crlf": ("crlf", "CR LF stands at the end of"),
    "no-lf": ("no-lf", "the line end is missing after"),
    "": ("missing-line", "missing here or above:"),
}
