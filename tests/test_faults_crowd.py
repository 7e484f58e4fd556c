"""Six processes append at once; a seventh that waits too long is told who holds the lock."""

import os
from pathlib import Path

import pytest

from tests.archives import archive_in, segment, source
from tests.faults import ended, forked
from timeline.archive import Archive
from timeline.cli.door import through_door
from timeline.errors import Problem
from timeline.log import checks
from timeline.log.lock import locked
from timeline.log.reader import read
from timeline.log.writer import Writer, append


def append_thousand(archive: Archive, process: int) -> int:
    """Every second process keeps its writer."""
    kept = Writer(archive)
    for number in range(process * 10_000, process * 10_000 + 1_000):
        writer = kept if process % 2 else Writer(archive)
        writer.append([source(number)], wait=300, known=lambda _: {})
    return 0


@pytest.mark.slow
def test_six_processes_append_a_thousand_records_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")
    archive = archive_in(tmp_path)

    children = [forked(lambda n=n: append_thousand(archive, n)) for n in range(6)]  # type: ignore[misc]

    assert [0] * 6 == [ended(child) for child in children]
    entries = [item for item in read(archive) if not isinstance(item, Problem)]
    assert 6_000 == len(entries)
    assert 6_000 == segment(archive).read_bytes().count(b"\n")
    stamps = [entry.record["recorded_at"] for entry in entries]
    assert sorted(set(stamps)) == stamps
    numbers = [number_of(entry.raw) for entry in entries]
    for first in range(0, 60_000, 10_000):
        of_one = [number for number in numbers if first <= number < first + 10_000]
        assert list(range(first, first + 1_000)) == of_one
    assert () == checks.check(archive).problems


def number_of(raw: bytes) -> int:
    return int(raw.split(b'"source":"src:paper-')[1].split(b'"')[0])


def test_a_seventh_who_waits_too_long_is_told_who_holds_the_lock(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = archive_in(tmp_path)

    with locked(archive):
        late = forked(lambda: through_door(lambda: append(archive, [source(1)], wait=0.05), []))
        code = ended(late)

    assert 7 == code
    assert f"process {os.getpid()}" in capfd.readouterr().err


def test_a_holder_who_is_killed_frees_the_lock(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    def die_holding() -> int:
        with locked(archive):
            os._exit(9)

    assert 9 == ended(forked(die_holding))
    assert append(archive, [source(1)], wait=0.05).records[0].new
