"""Appends records to the log: locked, whole or not at all, on the disk before anyone is told.

The steps and their numbers are those of docs/life-of-a-record.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import orjson

from timeline.archive import Archive
from timeline.errors import Conflict, TimelineError
from timeline.log.cursor import HeadMoved, head
from timeline.log.ends import Ends, written
from timeline.log.files import (
    close,
    flush,
    flush_file,
    flush_folder,
    make_folder,
    opened,
    refused,
    write_all,
)
from timeline.log.lines import line_key, lines_of
from timeline.log.lock import Lock
from timeline.log.reader import snapshot
from timeline.log.repair import forget_batch, note_batch
from timeline.log.segments import SEGMENT_BYTES, Segment
from timeline.log.tip import Tip, look
from timeline.records.codec import encode

Known: TypeAlias = Callable[[Sequence[str]], Mapping[str, bytes]]
"""The stored lines of those of the given record ids that the log holds; called under the lock."""

_CLOCK_FIELDS = frozenset({"recorded_at", "recorded_by", "batch"})
_AHEAD = timedelta(minutes=5)
_STEP = timedelta(microseconds=1)


class SameIdOtherContent(Conflict):
    """A record with this id is in the log and says something else."""


class ClockBehind(TimelineError):
    """The log holds a time more than five minutes ahead of this machine's clock."""


class Appended(NamedTuple):
    """One record as it stands in the log.

    Attributes:
        id: its id.
        recorded_at: when it was written down.
        line: the stored bytes without the LF.
        path: the segment it went to, relative to the archive; empty when it was there already.
        new: False when the log held it already.
    """

    id: str
    recorded_at: str
    line: bytes
    path: str
    new: bool


class Receipt(NamedTuple):
    """What an append did; whoever holds it may tell the world.

    Attributes:
        records: one for each record given, in their order.
        warnings: what had to be repaired on the way, a sentence each.
    """

    records: tuple[Appended, ...]
    warnings: tuple[str, ...]


def system_clock() -> datetime:
    """Now, aware, UTC."""
    return datetime.now(UTC)


def append(
    archive: Archive,
    records: Sequence[Mapping[str, Any]],
    *,
    expect_head: str | None = None,
    wait: float = 10.0,
    known: Known | None = None,
    now: Callable[[], datetime] = system_clock,
) -> Receipt:
    """Appends records to an archive, all or none: `Writer.append`, for those who write once."""
    return Writer(archive).append(records, expect_head=expect_head, wait=wait, known=known, now=now)


class Writer:
    """Appends again and again, and remembers between two appends what it knows of the log's end.

    It holds nothing open and nothing locked in between: others write, git merges, the folder may
    even be replaced. Whatever has changed is looked at anew.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock(archive)
        self._tip: Tip | None = None

    def append(
        self,
        records: Sequence[Mapping[str, Any]],
        *,
        expect_head: str | None = None,
        wait: float = 10.0,
        known: Known | None = None,
        now: Callable[[], datetime] = system_clock,
    ) -> Receipt:
        """Appends records, all or none, and returns when they are on the disk.

        Args:
            records: with everything but `recorded_at`, which is set here. One that the log holds
                already (same id; same content but for recorded_at, recorded_by and batch) is left
                out.
            expect_head: refuse unless `head(archive)` is this.
            wait: seconds to wait for another writer.
            known: looks ids up, in the read model; the log itself is searched without it.
            now: the clock.

        Raises:
            BadRecord: when one breaks a rule of the codec.
            SameIdOtherContent, HeadMoved: refused; nothing is written.
            ClockBehind: the clock is more than five minutes behind the log.
            Busy: another writer held the lock all the time.
            FileRefused: the system refused a write; what was written of the batch is taken back.
            DurabilityUnknown: fsync failed; not acknowledged.
        """
        with self._lock.held(wait):
            tip, self._tip = self._tip, None  # whatever fails below, the next append looks anew
            if tip is None or not tip.is_current():
                tip = look(self._archive)
            if expect_head is not None:
                _compare_head(self._archive, expect_head)
            appended, self._tip = append_holding(self._archive, tip, records, known, now())
        return Receipt(appended, tip.warnings)


def _compare_head(archive: Archive, expected: str) -> None:
    if head(archive) != expected:
        raise HeadMoved(
            f"the log has moved on: expected head {expected}, it is {head(archive)}",
            fix="look at what was added (timeline log), then try again",
        )


def append_holding(
    archive: Archive,
    tip: Tip,
    records: Sequence[Mapping[str, Any]],
    known: Known | None,
    now: datetime,
) -> tuple[tuple[Appended, ...], Tip | None]:
    """`append` for one who holds the lock and has looked at the tip. Also returns what the tip is
    then; None where it has to be looked at again.
    """
    clock = _in_one_month(_next_stamp(tip.ends.newest, now), len(records))
    ids = [str(record.get("id", "")) for record in records]
    held = dict(_lookup(archive, ids, tip.ends, known))
    first = written(clock)
    segment = _segment(tip, first[:7])
    path = f"events/{segment.path}"
    appended: list[Appended] = []
    fresh: list[bytes] = []
    stamps = iter([first]) if len(records) == 1 else _stamps(clock, len(records))
    for record_id, record in zip(ids, records, strict=True):
        before = held.get(record_id)
        if before is None:
            stamp = next(stamps)
            line = held[record_id] = encode({**record, "recorded_at": stamp})
            fresh.append(line)
            appended.append(Appended(record_id, stamp, line, path, True))
        else:
            appended.append(Appended(record_id, _same(record, before), before, "", False))
    if len(fresh) < len(appended):
        _flush_known(tip)
    if not fresh:
        return tuple(appended), None
    data = b"\n".join([*fresh, b""])
    status = _store(archive, _path(archive, tip, segment), data, len(fresh))
    last = clock + (len(fresh) - 1) * _STEP
    written_ids = (item.id.encode() for item in appended if item.new)
    return tuple(appended), tip.grown(segment, written_ids, last, status)


# --- the clock ------------------------------------------------------------------------------------


def _next_stamp(last: datetime | None, now: datetime) -> datetime:
    if last is None:
        return now
    if last - now > _AHEAD:
        raise ClockBehind(
            f"this machine's clock says {written(now)}, but the log holds a record of "
            f"{written(last)}; more than five minutes apart",
            fix="set the clock, then type the command again",
        )
    return max(now, last + _STEP)


def _stamps(clock: datetime, count: int) -> Iterator[str]:
    """So many moments from that one on, a microsecond apart."""
    while count > 0:
        second, first = written(clock)[: -len("000000Z")], clock.microsecond
        last = min(first + count, 1_000_000)
        yield from [f"{second}{microsecond:06d}Z" for microsecond in range(first, last)]
        count -= last - first
        clock = clock.replace(microsecond=0) + timedelta(seconds=1)


def _in_one_month(clock: datetime, count: int) -> datetime:
    """A batch goes to one file, and a file holds one month: near its end the next one is opened."""
    last = clock + (count - 1) * _STEP
    if last.month == clock.month:
        return clock
    return last.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


# --- known ids ------------------------------------------------------------------------------------


def _lookup(
    archive: Archive, ids: Sequence[str], ends: Ends, known: Known | None
) -> Mapping[str, bytes]:
    if known is not None:
        return known(ids)
    return find_lines(archive, set(ids)) if ends.may_know(ids) else {}


def find_lines(archive: Archive, ids: set[str]) -> dict[str, bytes]:
    """The first stored line of each of these record ids; reads the whole log."""
    found: dict[str, bytes] = {}
    pattern = re.compile(rb'"id":"([^"]{36})"')
    wanted = {record_id.encode() for record_id in ids}
    for part in snapshot(archive):
        for line in lines_of(part):
            if not wanted.isdisjoint(pattern.findall(line.raw)):
                key = line_key(line.raw)
                if key is not None and key[1] in ids:
                    found.setdefault(key[1], line.raw)
    return found


def _same(record: Mapping[str, Any], line: bytes) -> str:
    """`recorded_at` of the stored line, if it says the same as `record`."""
    stored = orjson.loads(line)
    stamp: str = stored["recorded_at"]
    if _content(stored) != _content(record):
        raise SameIdOtherContent(
            f"record {record['id']} is in the log since {stamp} and says something else",
            fix=f"timeline show {record['id']} --raw",
        )
    return stamp


def _content(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _CLOCK_FIELDS}


# --- the bytes ------------------------------------------------------------------------------------


def _store(archive: Archive, path: Path, data: bytes, count: int) -> os.stat_result:
    """Writes so many lines to the end of a segment; returns what `fstat` says of it then."""
    descriptor, status = opened(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        start = status.st_size
        if not start:
            _keep_name(path)
        if count > 1:
            note_batch(archive, path, start, data)
        try:
            write_all(descriptor, data)
            flush(descriptor, path)
            status = os.fstat(descriptor)
        except BaseException as error:
            _take_back(descriptor, start)
            if isinstance(error, OSError):
                raise refused(path, error) from error
            raise
        if count > 1:
            forget_batch(archive)
    finally:
        close(descriptor, path)
    return status


def _path(archive: Archive, tip: Tip, segment: Segment) -> Path:
    if known := tip.newest.get(segment):
        return known[0]
    path = archive.events / segment.path
    make_folder(path.parent)
    return path


def _keep_name(path: Path) -> None:
    """Makes a segment's name durable while it is empty: one who finds bytes in it, after somebody
    died at whatever step, may then take it that its name is on the disk.
    """
    flush_folder(path.parent)
    flush_folder(path.parent.parent)


def _flush_known(tip: Tip) -> None:
    """Whoever wrote a record that is there already may have died before the flush."""
    for segment, (path, _) in tip.newest.items():
        if segment.writer == tip.writer:
            flush_file(path)


def _take_back(descriptor: int, start: int) -> None:
    """Cuts the segment back when anything fails: what is not acknowledged shall not be there, and
    a retry after a failed fsync must write the bytes anew rather than find them in the cache.
    """
    with suppress(OSError):  # the first error is the one to report; the next look does the rest
        os.ftruncate(descriptor, start)
        os.fsync(descriptor)


def _segment(tip: Tip, month: str) -> Segment:
    """Where a batch of that month goes: this writer's last file of it, or the next one."""
    for last, (_, size) in tip.newest.items():
        if last.month == month and last.writer == tip.writer:
            full = size >= SEGMENT_BYTES
            return Segment(month, tip.writer, last.number + 1) if full else last
    return Segment(month, tip.writer)
