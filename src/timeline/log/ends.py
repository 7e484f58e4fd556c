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

from timeline.log.files import closing, naming, open_regular
from timeline.log.lines import stamp_of
from timeline.log.reader import last_line_end
from timeline.log.segments import Segment
from timeline.records.codec import MAX_LINE

_SHORT, _LONG = 16 * 1024, 2 * (MAX_LINE + 1)
_STAMPS = re.compile(rb'"recorded_at":"([^"]*)"')
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_V7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Ends:
    """The last lines of every segment of the newest month.

    Attributes:
        newest: the newest `recorded_at` in them; "" while the log is empty.
        since: whatever was recorded after this moment is in `blocks`; "" where nothing is known.
        blocks: the bytes of those lines, one block a segment.
    """

    newest: str
    since: str
    blocks: tuple[bytes, ...]

    def may_know(self, ids: Sequence[str]) -> bool:
        """Whether these ids, made for one batch, may be in the log; False saves reading it all.

        The first UUIDv7 of a batch was made before the batch is written down: when the log has
        it, then at a later moment than its own. (The ids after it may lie ahead of the clock.)
        """
        if not self.newest or not ids:
            return False
        first = min(ids)
        since = instant(self.since)
        if since is None or not all(map(_V7.fullmatch, ids)):
            return True
        if int(first[:8] + first[9:13], 16) <= int(since.timestamp() * 1000):
            return True
        return any(first.encode() in block for block in self.blocks)


def read_ends(newest: Mapping[Segment, Path]) -> Ends:
    """The ends of those of the `newest_segments` that are of the newest month."""
    for month in sorted({segment.month for segment in newest}, reverse=True):
        blocks = [_block(path) for segment, path in newest.items() if segment.month == month]
        moments = [found for block in blocks if (found := _moments(block))]
        if moments:
            oldest = max(first for first, _ in moments)
            return Ends(max(last for _, last in moments), oldest, tuple(blocks))
    return Ends("", "", ())


def _block(path: Path) -> bytes:
    """The last whole lines of a segment, at least one where there is one."""
    end = last_line_end(path)
    descriptor = open_regular(path, os.O_RDONLY)
    with closing(descriptor, path), naming(path):
        for length in (_SHORT, _LONG):
            start = max(0, end - length)
            block = os.pread(descriptor, end - start, start)
            if not start:
                return block
            at = block.find(b"\n") + 1
            if at < len(block):
                return block[at:]
    return b""


def _moments(block: bytes) -> tuple[str, str] | None:
    """The first and the last of the moments of a block. Git's union merge may have left its lines
    in any order.
    """
    stamps = _STAMPS.findall(block)
    if len(stamps) != block.count(b"\n"):  # a field of that name deeper inside, or no record
        stamps = [stamp_of(line) for line in block.split(b"\n")]
    texts = sorted({stamp.decode("ascii", "replace") for stamp in stamps})
    first = next((text for text in texts if instant(text) is not None), None)
    last = next((text for text in reversed(texts) if instant(text) is not None), "")
    return None if first is None else (first, last)


def instant(text: str) -> datetime | None:
    """The moment of a `recorded_at`, or None where it is no moment at all."""
    try:
        return datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None


def written(moment: datetime) -> str:
    """A moment (UTC) as `recorded_at` says it."""
    return f"{moment.isoformat(timespec='microseconds')[:26]}Z"
