"""What a power cut or a bad copy leaves at a segment's end is set aside, wherever it was cut."""

import os
import shutil
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, segment, source, titles
from timeline.archive import Archive
from timeline.log import checks, writer
from timeline.log.writer import append

NAME = "events/2026/2026-11.ana.jsonl"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(os, "fdatasync", lambda _: None)


def kept(archive: Archive) -> list[bytes]:
    folder = archive.private / "torn"
    return [path.read_bytes() for path in folder.iterdir()] if folder.is_dir() else []


def test_a_line_cut_at_any_byte_is_set_aside(tmp_path: Path) -> None:
    for cut in range(len(tail_of(archive_in(tmp_path / "model"))) - 1):
        archive = archive_in(tmp_path / str(cut))
        torn = tail_of(archive)[: cut + 1]
        path = segment(archive)
        os.truncate(path, path.stat().st_size - len(tail_of_last(path)) + len(torn))

        assert ["Paper 1", "Paper 2"] == titles(archive)
        assert [(NAME, 3, "torn-tail")] == [
            (problem.path, problem.line, problem.rule) for problem in checks.check(archive).problems
        ]
        assert 1 == len(add(archive, 4).warnings)
        assert [torn] == kept(archive)
        assert ["Paper 1", "Paper 2", "Paper 4"] == titles(archive)
        assert () == checks.check(archive).problems


def tail_of(archive: Archive) -> bytes:
    """Appends two plain records and one with letters of several bytes; the line of the last."""
    add(archive, 1, 2)
    receipt = append(archive, [source(3, title="Übereinkunft 条約")], now=lambda: NOON)
    return receipt.records[0].line + b"\n"


def tail_of_last(path: Path) -> bytes:
    return path.read_bytes().splitlines(keepends=True)[-1]


def test_a_batch_cut_at_any_byte_is_set_aside_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "forget_batch", lambda _: None)
    archive = archive_in(tmp_path)
    add(archive, 1)
    path, start = segment(archive), segment(archive).stat().st_size
    add(archive, 2, 3, 4)
    note = (archive.private / "batch").read_bytes()
    before, batch = path.read_bytes()[:start], path.read_bytes()[start:]
    for cut in range(1, len(batch)):
        path.write_bytes(before + batch[:cut])
        (archive.private / "batch").write_bytes(note)

        assert 1 == len(add(archive, 5).warnings)
        assert ["Paper 1", "Paper 5"] == titles(archive)
        assert [batch[:cut]] == kept(archive)
        shutil.rmtree(archive.private / "torn")


@pytest.mark.parametrize("count", [1, 100, 4096, 70_000])
def test_zeros_behind_the_last_line_are_set_aside(tmp_path: Path, count: int) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    with segment(archive).open("ab") as file:
        file.write(bytes(count))

    assert ["Paper 1"] == titles(archive)
    assert f"an unfinished line of {count:,} bytes" in add(archive, 2).warnings[0]
    assert [bytes(count)] == kept(archive)
    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_zeros_in_the_middle_are_a_problem_with_file_and_line(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2, 3)
    data = segment(archive).read_bytes()
    second = data.splitlines(keepends=True)[1]
    segment(archive).write_bytes(data.replace(second, bytes(len(second) - 1) + b"\n"))

    assert [(NAME, 2)] == [
        (problem.path, problem.line) for problem in checks.check(archive).problems
    ]
    assert 1 == titles(archive).count("Paper 3")


def test_a_whole_last_line_without_its_line_end_is_set_aside(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    last = tail_of_last(segment(archive))
    os.truncate(segment(archive), segment(archive).stat().st_size - 1)

    add(archive, 2)

    assert [last[:-1]] == kept(archive)
    assert ["Paper 1", "Paper 2"] == titles(archive)
