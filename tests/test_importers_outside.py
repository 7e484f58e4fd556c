from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from timeline.errors import NotFound
from timeline.importers.outside import SourceRefused, opened


def content(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()


def test_a_gzip_file_is_unpacked_on_the_way(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"when,title\n"))

    assert b"when,title\n" == content(file)


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"\0" * 50_000_000))

    with pytest.raises(SourceRefused, match="unpacks to more than"):
        content(file)


def test_a_torn_gzip_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(os.urandom(10_000))[:-100])

    with pytest.raises(SourceRefused, match="not a whole gzip file"):
        content(file)


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"BZh9", b"\x1f\x8b\x08"])
def test_a_packed_file_under_another_name_is_refused(tmp_path: Path, head: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(head + b"....")

    with pytest.raises(SourceRefused, match="unpack it"):
        content(file)


def test_a_link_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    os.mkfifo(tmp_path / "pipe.csv")

    for name in ("link.csv", ".", "pipe.csv"):
        with pytest.raises(SourceRefused):
            content(tmp_path / name)


def test_a_file_over_two_gigabytes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as sparse:
        sparse.truncate(2 * 1024**3 + 1)

    with pytest.raises(SourceRefused, match="at most"):
        content(file)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        content(tmp_path / "none.csv")
