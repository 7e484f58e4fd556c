"""The tip of the log: the newest segments, and all that an append must know of what is there.

A writer looks at it with the lock held. One who appends again asks `stat` whether the tip is still
what it left, and spares itself the look.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from timeline.archive import Archive
from timeline.log.ends import End, Ends, ends_of, read_end
from timeline.log.files import naming, refused
from timeline.log.repair import finish_batch, set_aside
from timeline.log.segments import Segment, segments_by_writer, writer_name

State: TypeAlias = tuple[int, int, int]
"""Inode, size and mtime (ns) of a file or folder; zeros while there is none."""

_TICK, _COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds within which a second change may leave a file's mtime as it is: some ticks of the
kernel, and two seconds on file systems that count in whole ones (FAT).
"""

_KEPT = 128
"""How many ids of one's own are remembered before the end of the log is read anew."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What a writer knows of the end of the log.

    Attributes:
        writer: the name under which this clone appends.
        newest: the segment of every writer that the writer appended to last, with its size; before
            it those that were opened after it and hold nothing yet.
        ends: their last lines.
        warnings: what had to be repaired, a sentence each.
        states: everything that this follows from; None where a change could go unnoticed.
    """

    writer: str
    newest: Mapping[Segment, tuple[Path, int]]
    ends: Ends
    warnings: tuple[str, ...]
    states: Mapping[str, State | None]

    @property
    def paths(self) -> list[Path]:
        """The newest segments."""
        return [path for path, _ in self.newest.values()]

    def is_current(self) -> bool:
        """Whether nobody has written since; with the lock held."""
        return all(_state(path) == state for path, state in self.states.items())

    def grown(
        self, segment: Segment, ids: Iterable[bytes], newest: datetime, status: os.stat_result
    ) -> Tip | None:
        """The tip after an append of one's own, or None where it is time to look again."""
        known, ends = self.newest.get(segment), self.ends
        if known is None or len(ends.own) > _KEPT:
            return None
        path = known[0]
        return Tip(
            self.writer,
            {**self.newest, segment: (path, status.st_size)},
            Ends(newest, ends.since, ends.ids, ends.own.union(ids)),
            (),
            {**self.states, str(path): _state_of(status)},
        )


def look(archive: Archive) -> Tip:
    """Looks at the end of the log and sets aside what an interrupted append has left there; with
    the lock held.
    """
    looked = time.time_ns()
    unfinished = finish_batch(archive)
    warnings = [unfinished] if unfinished else []
    ends: dict[Segment, tuple[Path, End]] = {}
    for segments in segments_by_writer(archive):
        for segment, name in segments:
            path = Path(name)
            end = read_end(path)
            if end.whole < end.status.st_size:
                warnings.append(set_aside(archive, path, end.whole, "an unfinished line"))
                end = read_end(path)
            ends[segment] = path, end
            # Whoever died before the first line of a new file left one that tells nothing.
            if end.whole:
                break
    return Tip(
        writer_name(archive),
        {segment: (path, end.status.st_size) for segment, (path, end) in ends.items()},
        ends_of({segment: end for segment, (_, end) in ends.items()}),
        tuple(warnings),
        {str(path): _state_of(end.status) for path, end in ends.values()}
        | {path: _settled(_state(path), looked) for path in _folders(archive)},
    )


def _folders(archive: Archive) -> Iterator[str]:
    """Where another writer's file would appear."""
    yield str(archive.events)
    with naming(archive.events), os.scandir(archive.events) as folders:
        yield from (folder.path for folder in folders if folder.is_dir())


def _settled(state: State, looked: int) -> State | None:
    """Git's rule for a racy index: what changed just before the look may have changed just after
    it as well and show the same mtime. (A segment needs no such care: an append makes it longer.
    Nor does the note of a batch: it matters only where a segment has become longer.)
    """
    finely = state[2] % 1_000_000 > 0
    return state if looked - state[2] > (_TICK if finely else _COARSE) else None


def _state(path: str) -> State:
    try:
        return _state_of(os.lstat(path))
    except FileNotFoundError:
        return 0, 0, 0
    except OSError as error:
        raise refused(path, error) from error


def _state_of(status: os.stat_result) -> State:
    return status.st_ino, status.st_size, status.st_mtime_ns
