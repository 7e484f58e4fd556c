"""Appends records to the log: locked, whole or not at all, on the disk before anyone is told.

The steps and their numbers are those of docs/life-of-a-record.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from timeline.archive import Archive
from timeline.errors import Conflict, TimelineError
from timeline.log.cursor import HeadMoved, head
from timeline.log.ends import Ends, instant, read_ends, written
from timeline.log.files import (
    closing,
    flush,
    flush_file,
    flush_folder,
    make_folder,
    naming,
    open_regular,
    write_all,
)
from timeline.log.lines import line_key, lines_of
from timeline.log.lock import locked
from timeline.log.reader import snapshot
from timeline.log.repair import forget_batch, note_batch, repair
from timeline.log.segments import (
    SEGMENT_BYTES,
    Segment,
    newest_segments,
    writer_name,
)
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


@dataclass(frozen=True, slots=True)
class Appended:
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


@dataclass(frozen=True, slots=True)
class Receipt:
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
    """Appends records, all or none, and returns when they are on the disk.

    Args:
        archive: where to.
        records: with everything but `recorded_at`, which is set here. One that the log holds
            already (same id; same content but for recorded_at, recorded_by and batch) is left out.
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
    with locked(archive, wait):
        newest = newest_segments(archive)
        warnings = tuple(repair(archive, newest.values()))
        if expect_head is not None and head(archive) != expect_head:
            raise HeadMoved(
                f"the log has moved on: expected head {expect_head}, it is {head(archive)}",
                fix="look at what was added (timeline log), then try again",
            )
        appended = append_holding(archive, newest, records, known, now())
    return Receipt(tuple(appended), warnings)


def append_holding(
    archive: Archive,
    newest: Mapping[Segment, Path],
    records: Sequence[Mapping[str, Any]],
    known: Known | None,
    now: datetime,
) -> list[Appended]:
    """`append` for one who holds the lock and has repaired the `newest` segments already."""
    ends = read_ends(newest)
    clock = _in_one_month(_next_stamp(ends.newest, now), len(records))
    ids = [str(record.get("id", "")) for record in records]
    held = dict(_lookup(archive, ids, ends, known))
    results: list[tuple[bytes, str, bool]] = []
    fresh: list[bytes] = []
    stamps = _stamps(clock)
    for record_id, record in zip(ids, records, strict=True):
        before = held.get(record_id)
        if before is not None:
            results.append((before, _same(record, before), False))
            continue
        stamp = next(stamps)
        line = encode({**record, "recorded_at": stamp})
        held[record_id] = line
        fresh.append(line)
        results.append((line, stamp, True))
    if len(fresh) < len(results):
        _flush_known(archive, newest)
    path = _store(archive, _segment(archive, newest, clock), fresh) if fresh else ""
    return [
        Appended(record_id, stamp, line, path if new else "", new)
        for record_id, (line, stamp, new) in zip(ids, results, strict=True)
    ]


# --- the clock ------------------------------------------------------------------------------------


def _next_stamp(newest: str, now: datetime) -> datetime:
    last = instant(newest)
    if last is None:
        return now
    if last - now > _AHEAD:
        raise ClockBehind(
            f"this machine's clock says {written(now)}, but the log holds a record of "
            f"{newest}; more than five minutes apart",
            fix="set the clock, then type the command again",
        )
    return max(now, last + _STEP)


def _stamps(clock: datetime) -> Iterator[str]:
    """A moment and all that follow it, a microsecond apart."""
    while True:
        second = written(clock)[: -len("000000Z")]
        for microsecond in range(clock.microsecond, 1_000_000):
            yield f"{second}{microsecond:06d}Z"
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


def _store(archive: Archive, segment: Segment, lines: list[bytes]) -> str:
    """Writes the lines to the end of a segment; returns its path relative to the archive."""
    path = archive.events / segment.path
    make_folder(path.parent)
    descriptor = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with closing(descriptor, path):
        with naming(path):
            start = os.fstat(descriptor).st_size
        if not start:
            _keep_name(path)
        data = b"\n".join(lines) + b"\n"
        if len(lines) > 1:
            note_batch(archive, path, start, data)
        with _taking_back(descriptor, start):
            with naming(path):
                write_all(descriptor, data)
            flush(descriptor, path)
        if len(lines) > 1:
            forget_batch(archive)
    return f"events/{segment.path}"


def _keep_name(path: Path) -> None:
    """Makes a segment's name durable while it is empty: one who finds bytes in it, after somebody
    died at whatever step, may then take it that its name is on the disk.
    """
    flush_folder(path.parent)
    flush_folder(path.parent.parent)


def _flush_known(archive: Archive, newest: Mapping[Segment, Path]) -> None:
    """Whoever wrote a record that is there already may have died before the flush."""
    own = writer_name(archive)
    for segment, path in newest.items():
        if segment.writer == own:
            flush_file(path)


@contextmanager
def _taking_back(descriptor: int, start: int) -> Iterator[None]:
    """Cuts the segment back when anything fails: what is not acknowledged shall not be there, and
    a retry after a failed fsync must write the bytes anew rather than find them in the cache.
    """
    try:
        yield
    except BaseException:
        with suppress(OSError):  # the first error is the one to report; repair does the rest
            os.ftruncate(descriptor, start)
            os.fsync(descriptor)
        raise


def _segment(archive: Archive, newest: Mapping[Segment, Path], clock: datetime) -> Segment:
    """Where a batch of that moment goes: this writer's last file of the month, or the next one."""
    segment = Segment(written(clock)[:7], writer_name(archive))
    for last, path in newest.items():
        if (last.month, last.writer) == (segment.month, segment.writer):
            full = path.stat(follow_symlinks=False).st_size >= SEGMENT_BYTES
            segment = Segment(last.month, last.writer, last.number + full)
    return segment
