"""A full disk, a folder that may only be read, files that are something else, clocks that jump."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit

import pytest

from tests.archives import NOON, add, archive_in, segment, source, titles
from tests.faults import Tell, needs_strace, run_traced
from tests.sealed_archives import KEY, archive_of, at_home, sealed, sealed_twice
from timeline.archive import Archive
from timeline.errors import Problem, TimelineError
from timeline.log import checks
from timeline.log.files import FileRefused
from timeline.log.reader import read
from timeline.log.seal import seal
from timeline.log.verify import verify
from timeline.log.writer import append

NAME = "events/2026/2026-11.ana.jsonl"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


# --- room and leave -------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KB in memory; only root can have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("NO FULL DISK WAS TRIED: only root may mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_on_a_full_disk_nothing_is_torn_and_with_room_the_same_command_completes(
    small_disk: Path,
) -> None:
    archive = archive_in(small_disk / "archive")
    (small_disk / "ballast").write_bytes(bytes(60_000))
    done = 0
    with pytest.raises(FileRefused, match=r"No space left on device \(errno 28\)"):
        for done in range(1_000):
            add(archive, *range(done * 10, done * 10 + 10))

    assert segment(archive).read_bytes().endswith(b"\n")
    assert [f"Paper {number}" for number in range(done * 10)] == titles(archive)
    (small_disk / "ballast").unlink()
    add(archive, *range(done * 10, done * 10 + 10))
    assert [f"Paper {number}" for number in range(done * 10 + 10)] == titles(archive)


def test_a_read_only_disk_is_told_in_one_line(small_disk: Path) -> None:
    archive = archive_in(small_disk / "archive")
    add(archive, 1)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(FileRefused, match=r"/archive/.*Read-only file system \(errno 30\)"):
        add(archive, 2)

    assert ["Paper 1"] == titles(archive)
    assert () == checks.check(archive).problems
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    add(archive, 2)
    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_a_folder_that_may_only_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere; the read-only disk stands for this")
    archive = archive_in(tmp_path)
    add(archive, 1)
    segment(archive).chmod(0o444)

    with pytest.raises(FileRefused, match=r"Permission denied \(errno 13\)"):
        add(archive, 2)


@needs_strace
@pytest.mark.parametrize("room", [1, 100, 200, 400, 600])
def test_a_write_that_is_cut_short_is_taken_back(tmp_path: Path, room: int) -> None:
    archive = archive_in(tmp_path / "archive")
    add(archive, *range(10, 20))
    limit = segment(archive).stat().st_size + room

    def cut_short(tell: Tell) -> None:
        setrlimit(RLIMIT_FSIZE, (limit, limit))
        tell(record.id for record in add(archive, 2, 3, 4, 5).records)

    run = run_traced(cut_short, tmp_path)

    assert ((), 1) == (run.ids, run.code)
    assert f"Error: {segment(archive)}: File too large (errno 27)\n" == run.words
    assert [f"Paper {number}" for number in range(10, 20)] == titles(archive)
    assert () == add(archive, 2, 3, 4, 5).warnings


@needs_strace
def test_a_disk_that_lies_about_a_write_is_found_out_by_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(tmp_path, 1, 2)
    lines = segment(archive).read_bytes().count(b"\n")

    def seal_it(_: Tell) -> None:
        seal(archive, KEY, by="ana", now=lambda: NOON)

    length = len(seal_record(tmp_path / "other", monkeypatch)) + 1
    at_home(monkeypatch, tmp_path)
    run = run_traced(seal_it, tmp_path, f"inject=write:retval={length}:when=1")

    assert "(INJECTED)" in run.hit
    assert lines == segment(archive).read_bytes().count(b"\n")
    assert (NAME, 3, "missing-line") in [
        (found.path, found.line, found.rule) for found in verify(archive).problems
    ]


def seal_record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The line that a seal of two records appends."""
    at_home(monkeypatch, folder)
    archive = archive_of(folder, 1, 2)
    sealed(archive)
    return segment(archive).read_bytes().splitlines()[-1]


# --- something else in a file's place -------------------------------------------------------------


def folder_there(path: Path) -> None:
    move_away(path)
    path.mkdir()


def link_there(path: Path) -> None:
    path.symlink_to(move_away(path))


def broken_link_there(path: Path) -> None:
    move_away(path)
    path.symlink_to("nowhere")


def pipe_there(path: Path) -> None:
    move_away(path)
    os.mkfifo(path)


def move_away(path: Path) -> Path:
    place = path.parent.parent.parent.parent / f"moved-{path.name}"
    return path.rename(place) if path.exists() else place


SEALED = ("seal/checkpoint", "seal/leaves/000.txt", "seal/checkpoints/11")


@pytest.mark.parametrize("name", ["2026/2026-11.ana.jsonl", *SEALED])
@pytest.mark.parametrize("put", [folder_there, link_there, broken_link_there, pipe_there])
def test_what_is_no_ordinary_file_is_refused_or_named(
    tmp_path: Path, name: str, put: Callable[[Path], None]
) -> None:
    archive = sealed_twice(tmp_path)
    put(archive.events / name)

    told = [told_by(task, archive) for task in (check_it, verify_it, read_it, add_it, seal_it)]

    assert all("Traceback" not in words for words in told)
    assert any(name.rpartition("/")[2] in words for words in told), told


@pytest.mark.parametrize("name", ["lock", "batch", "writer"])
@pytest.mark.parametrize("put", [folder_there, broken_link_there, pipe_there])
def test_what_stands_in_the_way_in_the_private_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, put: Callable[[Path], None]
) -> None:
    monkeypatch.delenv("TIMELINE_WRITER")
    archive = archive_in(tmp_path / "a" / "b" / "archive")
    add(archive, 1, 2)
    put(archive.private / name)

    try:
        append(archive, [source(3), source(4)], now=lambda: NOON)
    except FileRefused as error:
        assert f".timeline/{name}" in error.message

    assert {"Paper 1", "Paper 2"} <= set(titles(archive))


def told_by(task: Callable[[Archive], str], archive: Archive) -> str:
    try:
        return task(archive)
    except (TimelineError, OSError) as error:  # the door says an OSError with path and reason
        return str(error)


def check_it(archive: Archive) -> str:
    return " ".join(map(str, checks.check(archive).problems))


def verify_it(archive: Archive) -> str:
    return " ".join(map(str, verify(archive).problems))


def read_it(archive: Archive) -> str:
    return " ".join(str(item) for item in read(archive) if isinstance(item, Problem))


def add_it(archive: Archive) -> str:
    return str(add(archive, 99, at=NOON + timedelta(hours=1)).warnings)


def seal_it(archive: Archive) -> str:
    return str(sealed(archive, at=NOON + timedelta(hours=2)).warnings)


# --- clocks ---------------------------------------------------------------------------------------


ADD_ONE = """
import sys
from pathlib import Path
from tests.archives import source
from timeline.archive import Archive
from timeline.cli.door import through_door
from timeline.log.writer import append

def add():
    receipt = append(Archive(Path(sys.argv[1])), [source(int(sys.argv[2]))])
    print(receipt.records[0].recorded_at)

sys.exit(through_door(add, []))
"""


def add_at(archive: Archive, number: int, shift: str) -> subprocess.CompletedProcess[str]:
    """Appends a source in a process whose clock is shifted, in faketime's words."""
    command = ["faketime", "-f", shift, sys.executable, "-c", ADD_ONE, str(archive.root)]
    root = Path(__file__).parents[1]
    return subprocess.run(
        [*command, str(number)], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("faketime") is None, reason="faketime is not here: NO CLOCK JUMPED"
)
def test_recorded_at_never_falls_whatever_the_clock_does(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    first = add_at(archive, 1, "+0")
    back_a_little = add_at(archive, 2, "-120")
    back_ten_years = add_at(archive, 3, "-10y")
    back_to_1970 = add_at(archive, 4, "@1970-01-02 00:00:00")
    forward = add_at(archive, 5, "+2m")

    assert [0, 0, 1, 1, 0] == [
        done.returncode for done in (first, back_a_little, back_ten_years, back_to_1970, forward)
    ]
    stamps = [done.stdout.strip() for done in (first, back_a_little, forward)]
    assert sorted(set(stamps)) == stamps
    assert "more than five minutes apart" in back_ten_years.stderr
    assert "Error: this machine's clock says 1970-01-02T" in back_to_1970.stderr
    assert ["Paper 1", "Paper 2", "Paper 5"] == titles(archive)
    assert () == checks.check(archive).problems


@pytest.mark.parametrize("years", [-56, -10, 10, 100])
def test_the_clock_given_may_jump_and_the_order_holds(tmp_path: Path, years: int) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    try:
        add(archive, 2, at=NOON.replace(year=NOON.year + years))
    except TimelineError as error:
        assert "five minutes" in error.message

    stamps = [item.record["recorded_at"] for item in read(archive) if not isinstance(item, Problem)]
    assert sorted(stamps) == stamps
    assert () == checks.check(archive).problems
