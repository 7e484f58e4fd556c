"""Reads the ends of the newest segments: all that an append must know of the log before it.

What it costs follows the number of writers in the newest month, not the length of the log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from timeline.log.files import close, opened, refused
from timeline.log.lines import stamp_of
from timeline.log.reader import line_end_before
from timeline.log.segments import Segment
from timeline.records.codec import MAX_LINE

_SHORT, _LONG = 16 * 1024, 2 * (MAX_LINE + 1)
_STAMPS = re.compile(rb'"recorded_at":"([^"]*)"')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_V7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class End(NamedTuple):
    """The end of one segment.

    Attributes:
        status: what `fstat` said of the file.
        whole: offset after the last LF; bytes behind it are torn.
        block: the last whole lines, at least one where there is one.
    """

    status: os.stat_result
    whole: int
    block: bytes


def read_end(path: Path) -> End:
    """The end of a segment as it is now."""
    descriptor, status = opened(path, os.O_RDONLY)
    try:
        return _end(descriptor, status)
    except OSError as error:
        raise refused(path, error) from error
    finally:
        close(descriptor, path)


def _end(descriptor: int, status: os.stat_result) -> End:
    end = status.st_size
    for length in (_SHORT, _LONG):
        start = max(0, end - length)
        block = os.pread(descriptor, end - start, start)
        if not block.endswith(b"\n"):  # torn: look again from where the whole lines end
            end = line_end_before(descriptor, end)
            start = max(0, end - length)
            block = os.pread(descriptor, end - start, start)
        if not start:
            return End(status, end, block)
        at = block.find(b"\n") + 1
        if at < len(block):
            return End(status, end, block[at:])
    return End(status, end, b"")


@dataclass(frozen=True, slots=True)
class Ends:
    """The last lines of every segment of the newest month.

    Attributes:
        newest: the newest `recorded_at` in them; None while the log is empty.
        since: the ids of whatever was recorded after this moment are in `ids` or `own`; None where
            nothing is known.
        ids: every UUID in those lines.
        own: of the records that were appended behind them since they were read.
    """

    newest: datetime | None = None
    since: datetime | None = None
    ids: frozenset[bytes] = frozenset()
    own: frozenset[bytes] = frozenset()

    def may_know(self, ids: Sequence[str]) -> bool:
        """Whether these ids, made for one batch, may be in the log; False saves reading it all.

        The first UUIDv7 of a batch was made before the batch is written down: when the log has
        it, then at a later moment than its own. (The ids after it may lie ahead of the clock.)
        """
        if self.newest is None or not ids:
            return False
        first = min(ids)
        # One that is no UUID at all is refused later on: its version's digit is enough to ask for.
        if self.since is None or not _V7.fullmatch(first) or {one[14:15] for one in ids} != {"7"}:
            return True
        if (wanted := first.encode()) in self.ids or wanted in self.own:
            return True
        made = int(first[:8] + first[9:13], 16)
        return made <= _milliseconds(self.since)


def ends_of(newest: Mapping[Segment, End]) -> Ends:
    """The ends of those of the newest segments that are of the newest month."""
    for month in sorted({segment.month for segment in newest}, reverse=True):
        blocks = [end.block for segment, end in newest.items() if segment.month == month]
        moments = [found for block in blocks if (found := _moments(block))]
        if moments:
            oldest = max(first for first, _ in moments)
            ids = frozenset(found for block in blocks for found in _UUID.findall(block))
            return Ends(max(last for _, last in moments), oldest, ids)
    return Ends()


def _moments(block: bytes) -> tuple[datetime, datetime] | None:
    """The first and the last of the moments of a block. Git's union merge may have left its lines
    in any order.
    """
    stamps = _STAMPS.findall(block)
    if len(stamps) != block.count(b"\n"):  # a field of that name deeper inside, or no record
        stamps = [stamp_of(line) for line in block.split(b"\n")]
    texts = sorted({stamp.decode("ascii", "replace") for stamp in stamps})
    first = next((moment for text in texts if (moment := instant(text))), None)
    last = next((moment for text in reversed(texts) if (moment := instant(text))), None)
    return None if first is None or last is None else (first, last)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def instant(text: str) -> datetime | None:
    """The moment of a `recorded_at`, or None where it is no moment at all."""
    try:
        return datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None


def written(moment: datetime) -> str:
    """A moment (UTC) as `recorded_at` says it."""
    return f"{moment.isoformat(timespec='microseconds')[:26]}Z"
