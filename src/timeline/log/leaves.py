"""The sealed order: `events/seal/leaves/000.txt` and on, one base64 leaf hash a line."""

from __future__ import annotations

import binascii
import stat
from collections.abc import Iterator
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import VerificationFailed
from timeline.log.files import naming, reading

LEAVES_PER_FILE = 65_536
LINE_BYTES = 45  # 32 bytes are 44 characters of base64, and the LF


class LeavesBroken(VerificationFailed):
    """A file of leaves is not what a seal writes."""


def folder(archive: Archive) -> Path:
    """Where the files of leaves are."""
    return archive.seal / "leaves"


def leaf_path(archive: Archive, position: int) -> Path:
    """The file that holds the leaf of a position (0-based)."""
    return folder(archive) / f"{position // LEAVES_PER_FILE:03d}.txt"


def count_leaves(archive: Archive) -> int:
    """How many records are sealed: from the sizes of the files, nothing is read.

    Raises:
        LeavesBroken: when a file is missing in the row, too long, or ends within a line.
    """
    if not folder(archive).is_dir():
        return 0
    with naming(folder(archive)):
        names = [path.name for path in folder(archive).glob("*.txt")]
    paths = [leaf_path(archive, index * LEAVES_PER_FILE) for index in range(len(names))]
    if sorted(names) != sorted(path.name for path in paths):
        raise LeavesBroken(f"{folder(archive)}: the files are not 000.txt, 001.txt and on")
    total = 0
    for index, path in enumerate(paths):
        with naming(path):
            status = path.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise LeavesBroken(f"{path}: not an ordinary file", fix="git checkout -- events/seal")
        size = status.st_size
        full = LEAVES_PER_FILE * LINE_BYTES
        if size % LINE_BYTES or size > full or (size < full and index < len(paths) - 1):
            raise LeavesBroken(
                f"{path}: {size} bytes, not a whole number of leaves of {LINE_BYTES} bytes",
                fix="git checkout -- events/seal",
            )
        total += size // LINE_BYTES
    return total


def read_leaves(archive: Archive, start: int, stop: int) -> Iterator[bytes]:
    """The leaf hashes (32 bytes each) of positions `start` (inclusive) to `stop` (exclusive).

    Raises:
        LeavesBroken: naming file and line, where a line is not 32 bytes in base64.
    """
    position = start
    while position < stop:
        path = leaf_path(archive, position)
        first = position % LEAVES_PER_FILE
        wanted = min(LEAVES_PER_FILE - first, stop - position)
        with reading(path) as file:
            file.seek(first * LINE_BYTES)
            block = file.read(wanted * LINE_BYTES)
        lines = block.split(b"\n")
        if len(lines) != wanted + 1 or lines.pop():
            raise LeavesBroken(f"{path}: lines are missing or longer than a leaf")
        for number, line in enumerate(lines, start=first + 1):
            yield _leaf(line, path, number)
        position += wanted


def _leaf(line: bytes, path: Path, number: int) -> bytes:
    try:
        leaf = binascii.a2b_base64(line, strict_mode=True)
    except binascii.Error:
        leaf = b""
    if len(leaf) != 32:
        raise LeavesBroken(f"{path}:{number}: not a leaf hash: {line[:60]!r}")
    return leaf
