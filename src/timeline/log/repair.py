"""Brings the log back to whole lines and whole batches after a crash."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from timeline.archive import Archive
from timeline.log.files import (
    closing,
    flush,
    flush_folder,
    flush_in_place,
    make_folder,
    naming,
    open_regular,
    opened,
    reading,
    replace_durably,
    write_all,
)

_NOTE_BYTES = 512
"""What a disk writes whole or not at all; overwriting in place spares the wait for the size."""


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
    descriptor, status = opened(file, os.O_WRONLY | os.O_CREAT)
    with closing(descriptor, file):
        with naming(file):
            write_all(descriptor, json.dumps(note).encode().ljust(_NOTE_BYTES))
        if status.st_size == _NOTE_BYTES:
            flush_in_place(descriptor, file)
        else:
            flush(descriptor, file)
            flush_folder(archive.private)


def forget_batch(archive: Archive) -> None:
    """The batch is in the log, or was taken back. Not flushed: a note that comes back after a power
    cut is compared with the bytes it announces and changes nothing.
    """
    file = archive.private / "batch"
    descriptor = open_regular(file, os.O_WRONLY)
    with closing(descriptor, file), naming(file):
        write_all(descriptor, bytes(_NOTE_BYTES).replace(b"\0", b" "))


def finish_batch(archive: Archive) -> str:
    """Sets aside a batch of which only a part was written, and returns a warning; "" if none was.

    With the lock held.
    """
    file = archive.private / "batch"
    with naming(file):
        text = file.read_bytes() if file.is_file() else b""
    if not text.strip():
        return ""
    try:
        note = json.loads(text)
    except ValueError:  # cut short before a single byte of the batch was written
        return ""
    path, start = archive.root / note["path"], note["start"]
    warning = ""
    if path.is_file() and path.stat().st_size > start:
        with reading(path) as segment:
            segment.seek(start)
            written = segment.read(note["bytes"])
        if hashlib.sha256(written).hexdigest() != note["sha256"]:
            warning = set_aside(archive, path, start, "an unfinished batch")
    forget_batch(archive)
    return warning


def set_aside(archive: Archive, path: Path, start: int, what: str) -> str:
    """Copies the bytes from `start` on to `.timeline/torn/`, then cuts them off the segment.

    With the lock held. Returns a warning that says `what` they were and where they are kept.
    """
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
