"""Exit codes and last words of the command as a process of its own."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import add_malta, lines, new_archive, process

CODE = "from timeline.cli import main; main()"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = new_archive(tmp_path / "a")
    add_malta(folder)
    return folder


def quiet_environment() -> dict[str, str]:
    """That of the tests, with a name and without what would make the command say more."""
    return {**os.environ, "TIMELINE_BY": "ana", "TIMELINE_VERBOSE": ""}


def ended(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        cwd=folder,
        env={**quiet_environment(), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["find"], 0),
        (["sql", "SELECT nonsense"], 2),
        (["find", "--sort", "nonsense"], 2),
        (["import", "none.csv"], 4),
        (["show", "nothing-like-it"], 4),
        (["init", "."], 6),
    ],
)
def test_the_exit_code_says_how_it_went(archive: Path, arguments: list[str], code: int) -> None:
    result = ended(archive, *arguments)

    assert code == result.returncode
    assert "Traceback" not in result.stderr
    assert (code != 0) == result.stderr.startswith("Error: ")


def test_a_held_lock_ends_with_7_and_names_the_holder(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import timeline.log.writer as w\n"
        "append = w.append\n"
        "w.append = lambda *a, **k: append(*a, **{**k, 'wait': 0.1})\n" + CODE
    )
    descriptor = os.open(archive / ".timeline" / "lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    monkeypatch.setenv("TIMELINE_BY", "ana")
    result = subprocess.run(
        [sys.executable, "-c", code, "add", "X", "-d", "2024", "-s", "x"],
        cwd=archive,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(descriptor)

    assert 7 == result.returncode
    assert "held by" in result.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_watching_build(archive: Path, number: signal.Signals, code: int) -> None:
    child = process(archive, "build", "--watch")
    assert child.stderr is not None
    child.stderr.readline()
    child.send_signal(number)
    _, words = child.communicate(timeout=30)

    assert code == child.returncode
    assert b"Traceback" not in words


def test_a_reader_that_leaves_ends_a_listing_with_141(archive: Path) -> None:
    many = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"
    child = process(archive, "sql", many, "--csv")
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.stderr is not None
    with child.stderr:
        words = child.stderr.read()

    assert (141, b"") == (child.wait(timeout=30), words)


def test_an_archive_that_cannot_be_written_is_one_line(archive: Path) -> None:
    before = lines(archive)
    (folder,) = (archive / "events").iterdir()
    for path in folder.iterdir():
        path.unlink()
        path.mkdir()
    result = ended(archive, "add", "X", "-d", "2024", "-s", "x")

    assert (1, 4) == (result.returncode, len(before))
    assert 1 == len([line for line in result.stderr.splitlines() if line.startswith("Error")])
    assert "Traceback" not in result.stderr


def test_a_fault_of_ours_is_words_and_with_v_a_traceback(archive: Path) -> None:
    broken = "import timeline.readmodel.selection as s\ns.events = None\n" + CODE
    quiet, loud = (
        subprocess.run(
            [sys.executable, "-c", broken, *options, "find"],
            cwd=archive, capture_output=True, text=True, check=False, env=quiet_environment(),
        )
        for options in ([], ["-v"])
    )  # fmt: skip

    assert (1, 1) == (quiet.returncode, loud.returncode)
    assert quiet.stderr.startswith("Error: timeline itself failed: TypeError")
    assert "Traceback" in loud.stderr


def test_errors_of_the_system_name_path_and_errno(tmp_path: Path) -> None:
    (tmp_path / "events").write_text("not a folder")
    result = ended(tmp_path, "init", ".")

    assert result.returncode in {1, 6}
    assert "Traceback" not in result.stderr
