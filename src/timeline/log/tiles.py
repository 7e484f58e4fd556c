"""Publishes the sealed log as static files that verifiers of others read: C2SP tlog-tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from timeline.archive import Archive
from timeline.log.files import naming
from timeline.log.leaves import read_leaves
from timeline.log.merkle import Tree
from timeline.log.proofs import NotSealed
from timeline.log.reader import snapshot
from timeline.log.seal import newest_checkpoint
from timeline.log.sealed import Missing, SealedOrder

_WIDTH = 256


def write_tiles(archive: Archive, out: Path) -> int:
    """Writes `checkpoint`, `tile/<level>/<n>` and `tile/entries/<n>` below `out`.

    An erased record is an entry of no bytes; its leaf is in the tile as before.

    Returns:
        How many files were written; one that is there already with its final content is not.

    Raises:
        NotSealed: when there is no seal.
    """
    found = newest_checkpoint(archive)
    if found is None:
        raise NotSealed("this archive was never sealed", fix="timeline seal --new-key")
    point, note = found
    written = 0
    for name, data in _files(archive, point.size):
        written += _put(out / name, data)
    return written + _put(out / "checkpoint", note)


def tile_path(level: int | str, number: int, width: int = _WIDTH) -> str:
    """`tile/0/x001/x234/067.p/8`: thousands as folders, the width only for a partial tile."""
    digits = f"{number % 1000:03d}"
    while number >= 1000:
        number //= 1000
        digits = f"x{number % 1000:03d}/{digits}"
    partial = f".p/{width}" if width < _WIDTH else ""
    return f"tile/{level}/{digits}{partial}"


def _files(archive: Archive, size: int) -> Iterator[tuple[str, bytes]]:
    levels: list[list[bytes]] = [[]]
    counts = [0]
    for leaf in read_leaves(archive, 0, size):
        top, level = leaf, 0
        while True:
            levels[level].append(top)
            if len(levels[level]) < _WIDTH:
                break
            yield tile_path(level, counts[level]), b"".join(levels[level])
            top = Tree(levels[level]).root()
            counts[level] += 1
            levels[level] = []
            level += 1
            if level == len(levels):
                levels.append([])
                counts.append(0)
    for level, hashes in enumerate(levels):
        if hashes:
            yield tile_path(level, counts[level], len(hashes)), b"".join(hashes)
    yield from _bundles(archive, size)


def _bundles(archive: Archive, size: int) -> Iterator[tuple[str, bytes]]:
    order = SealedOrder(snapshot(archive))
    entries: list[bytes] = []
    number = 0
    for line in order.walk(read_leaves(archive, 0, size), 0):
        raw = b"" if isinstance(line, Missing) else line.raw
        entries.append(len(raw).to_bytes(2, "big") + raw)
        if len(entries) == _WIDTH:
            yield tile_path("entries", number), b"".join(entries)
            number, entries = number + 1, []
    if entries:
        yield tile_path("entries", number, len(entries)), b"".join(entries)


def _put(path: Path, data: bytes) -> int:
    with naming(path):
        if path.is_file() and path.read_bytes() == data:
            return 0
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return 1
