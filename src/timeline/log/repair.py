"""Brings the log back to whole lines and whole batches after a crash; run with the lock held."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from timeline.archive import Archive
from timeline.log.files import (
    closing,
    flush,
    flush_folder,
    make_folder,
    naming,
    open_regular,
    reading,
    replace_durably,
    write_all,
)
from timeline.log.reader import last_line_end


def repair(archive: Archive, newest: Iterable[Path]) -> list[str]:
    """Sets aside what an interrupted append left behind, and returns a warning for each.

    Args:
        newest: the files in which it may be, those of `newest_segments`.
    """
    warnings = [_finish_batch(archive)]
    for path in newest:
        with naming(path):
            size = path.stat(follow_symlinks=False).st_size
        end = last_line_end(path)
        if end < size:
            warnings.append(_set_aside(archive, path, end, "an unfinished line"))
    return [warning for warning in warnings if warning]


def note_batch(archive: Archive, path: Path, start: int, data: bytes) -> None:
    """Writes down, durably, what is about to be appended: a crash in the middle of several lines
    leaves whole lines behind, and only this note tells that they belong to an unfinished batch.
    """
    note = {
        "path": path.relative_to(archive.root).as_posix(),
        "start": start,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    file = archive.private / "batch"
    fresh = not file.exists()
    descriptor = open_regular(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with closing(descriptor, file):
        with naming(file):
            write_all(descriptor, json.dumps(note).encode())
        flush(descriptor, file)
    if fresh:
        flush_folder(archive.private)


def forget_batch(archive: Archive) -> None:
    """The batch is in the log, or was taken back. Not flushed: a note that comes back after a power
    cut is compared with the bytes it announces and changes nothing.
    """
    file = archive.private / "batch"
    with naming(file):
        os.truncate(file, 0)


def _finish_batch(archive: Archive) -> str:
    file = archive.private / "batch"
    with naming(file):
        if not file.is_file() or not file.stat().st_size:
            return ""
        text = file.read_bytes()
    try:
        note = json.loads(text)
    except ValueError:  # empty, or cut short before a single byte of the batch was written
        return ""
    path, start = archive.root / note["path"], note["start"]
    warning = ""
    if path.is_file() and path.stat().st_size > start:
        with reading(path) as segment:
            segment.seek(start)
            written = segment.read(note["bytes"])
        if hashlib.sha256(written).hexdigest() != note["sha256"]:
            warning = _set_aside(archive, path, start, "an unfinished batch")
    forget_batch(archive)
    return warning


def _set_aside(archive: Archive, path: Path, start: int, what: str) -> str:
    """Copies the bytes from `start` on to `.timeline/torn/`, then cuts them off the segment."""
    with reading(path) as segment:
        segment.seek(start)
        torn = segment.read()
    folder = archive.private / "torn"
    make_folder(folder)
    kept = folder / f"{path.name}.{start}.{hashlib.sha256(torn).hexdigest()[:8]}"
    replace_durably(kept, torn)  # before the cut, or a crash in between would lose the bytes
    descriptor = open_regular(path, os.O_WRONLY)
    with closing(descriptor, path):
        with naming(path):
            os.ftruncate(descriptor, start)
        flush(descriptor, path)
    name = path.relative_to(archive.root).as_posix()
    return (
        f"{name}: {what} of {len(torn):,} bytes at the end, left by a crash, "
        f"was never confirmed; it is kept in {kept.relative_to(archive.root).as_posix()}"
    )
