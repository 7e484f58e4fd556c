"""The tail of the log in its order, as it streams by: by (recorded_at, id).

A segment is in that order already unless git merged two branches into it: a merge of files, not a
sort.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from timeline.log.lines import (
    FIRST,
    Decoded,
    Key,
    Line,
    Part,
    decoded,
    line_key,
    lines_of,
    raw_lines_of,
    stamp_of,
)


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
    for raw in raw_lines_of(part):
        stamp = stamp_of(raw)
        if first is None:
            first = line_key(raw) or FIRST
        if (
            stamp <= last_stamp
            and stamp
            and not (stamp == last_stamp and _not_after(last_raw, raw))
        ):
            keys = filter(None, map(line_key, raw_lines_of(part)))
            return min(keys, default=FIRST), False
        if stamp:
            last_stamp, last_raw = stamp, raw
    return first, True


def _not_after(one: bytes, other: bytes) -> bool:
    return (line_key(one) or FIRST) <= (line_key(other) or FIRST)


def _sorted_lines(part: Part) -> list[Line]:
    """The lines of one part that git's union merge left out of order, put in order."""
    keyed: list[tuple[Key, int, Line]] = []
    key = FIRST
    for line in lines_of(part):
        key = line_key(line.raw) or key
        keyed.append((key, line.number, line))
    keyed.sort(key=lambda item: item[:2])
    return [line for _, _, line in keyed]
