from pathlib import Path

import pytest

from tests.sealed_archives import archive_of, at_home, sealed
from timeline.log.leaves import read_leaves
from timeline.log.merkle import Tree
from timeline.log.proofs import NotSealed
from timeline.log.reader import Entry, read
from timeline.log.tiles import tile_path, write_tiles


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 273, 112, "tile/0/273.p/112"),
        (2, 1_234_067, 256, "tile/2/x001/x234/067"),
        ("entries", 1000, 1, "tile/entries/x001/000.p/1"),
    ],
)
def test_tiles_are_named_by_thousands(level: int | str, number: int, width: int, path: str) -> None:
    assert path == tile_path(level, number, width)


def test_tiles_hold_the_leaves_and_the_roots_of_full_tiles(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, *range(600))
    size = sealed(archive).checkpoint.size
    leaves = list(read_leaves(archive, 0, size))

    write_tiles(archive, tmp_path / "out")

    files = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    entries = [
        len(entry.raw).to_bytes(2, "big") + entry.raw
        for entry in read(archive)
        if isinstance(entry, Entry)
    ]
    assert {
        "checkpoint": (archive.seal / "checkpoint").read_bytes(),
        "tile/0/000": b"".join(leaves[:256]),
        "tile/0/001": b"".join(leaves[256:512]),
        "tile/0/002.p/89": b"".join(leaves[512:]),
        "tile/1/000.p/2": Tree(leaves[:256]).root() + Tree(leaves[256:512]).root(),
        "tile/entries/000": b"".join(entries[:256]),
        "tile/entries/001": b"".join(entries[256:512]),
        "tile/entries/002.p/89": b"".join(entries[512:]),
    } == files


def test_tiles_that_are_there_are_not_written_again(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)
    sealed(archive)

    assert [3, 0] == [write_tiles(archive, tmp_path / "out") for _ in range(2)]


def test_a_log_without_a_seal_has_no_tiles(tmp_path: Path) -> None:
    with pytest.raises(NotSealed):
        write_tiles(archive_of(tmp_path, 1), tmp_path / "out")
