"""Git between writers: what it does to the log ends right, or in words with file and line."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from tests.archives import NOON, add, archive_in, git, segment, source
from tests.sealed_archives import KEY, at_home, sealed
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import checks
from timeline.log.reader import read
from timeline.log.verify import verify
from timeline.log.writer import append

NAME = "events/2026/2026-11.ana.jsonl"
ATTRIBUTES = "events/**/*.jsonl -text merge=union\nevents/seal/** -text merge=binary\n"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """A repository on `main` with two records, sealed."""
    archive = archive_in(tmp_path / "archive")
    (archive.root / ".gitattributes").write_text(ATTRIBUTES)
    (archive.root / ".gitignore").write_text(".timeline/\n")
    git(archive.root, "init", "-q", "-b", "main")
    add(archive, 1, 2)
    sealed(archive)
    commit(archive)
    return archive


def commit(archive: Archive) -> None:
    git(archive.root, "add", "-A")
    git(archive.root, "commit", "-q", "-m", "records")


def branch(archive: Archive, name: str) -> None:
    """A new branch from where main is."""
    git(archive.root, "checkout", "-q", "-b", name, "main")


def add_later(archive: Archive, number: int, minutes: int) -> None:
    """Appends one record that many minutes after noon, and commits."""
    add(archive, number, at=NOON + timedelta(minutes=minutes))
    commit(archive)


def places(archive: Archive) -> list[tuple[str, int, str]]:
    """File, line and rule of everything that the check and the verifier find."""
    found = [*checks.check(archive).problems, *verify(archive).problems]
    return [(problem.path, problem.line, problem.rule) for problem in found]


@pytest.mark.parametrize("into", ["ours", "theirs"])
@pytest.mark.parametrize("other", ["ana", "ben"])
def test_two_branches_that_append_merge_in_either_direction(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, into: str, other: str
) -> None:
    branch(archive, "ours")
    add_later(archive, 3, minutes=1)
    add_later(archive, 5, minutes=3)
    branch(archive, "theirs")
    monkeypatch.setenv("TIMELINE_WRITER", other)
    add_later(archive, 4, minutes=2)
    git(archive.root, "checkout", "-q", into)

    git(archive.root, "merge", "-q", "-m", "merge", "ours" if into == "theirs" else "theirs")

    assert ["Paper 3", "Paper 4", "Paper 5"] == by_title(archive)[2:]
    assert [] == places(archive)
    sealed(archive, at=NOON + timedelta(minutes=5))
    assert [] == places(archive)


def by_title(archive: Archive) -> list[str]:
    """The titles of the sources, in log order; the seals have none."""
    records = [item.record for item in read(archive) if not isinstance(item, Problem)]
    return [str(record["title"]) for record in map(dict, records) if record["kind"] == "source"]


def test_the_same_record_on_two_branches_is_there_once(archive: Archive) -> None:
    branch(archive, "ours")
    add_later(archive, 3, minutes=1)
    branch(archive, "theirs")
    add_later(archive, 3, minutes=1)
    add_later(archive, 4, minutes=2)

    git(archive.root, "merge", "-q", "-m", "merge", "ours")

    assert [] == places(archive)
    assert ["Paper 1", "Paper 2", "Paper 3", "Paper 4"] == by_title(archive)


def test_one_id_with_two_contents_is_named(archive: Archive) -> None:
    branch(archive, "ours")
    add_later(archive, 3, minutes=1)
    branch(archive, "theirs")
    append(archive, [source(3, title="Another")], now=lambda: NOON + timedelta(minutes=2))
    commit(archive)

    git(archive.root, "merge", "-q", "-m", "merge", "ours")

    assert ["id-reused"] == [rule for _, _, rule in places(archive)]


def two_seals(archive: Archive) -> str:
    """Seals on two branches and merges one into the other; what git says to that."""
    branch(archive, "ours")
    add(archive, 3, at=NOON + timedelta(minutes=1))
    sealed(archive, at=NOON + timedelta(minutes=2))
    commit(archive)
    branch(archive, "theirs")
    add(archive, 4, at=NOON + timedelta(minutes=1))
    forget_what_was_signed(archive)
    sealed(archive, at=NOON + timedelta(minutes=2))
    commit(archive)

    with pytest.raises(CalledProcessError) as refused:
        git(archive.root, "merge", "-m", "merge", "ours")
    return str(refused.value.stdout)


def forget_what_was_signed(archive: Archive) -> None:
    """What makes this machine another one than that which signed before."""
    for path in (archive.root.parent / "state").rglob("*.json"):
        path.unlink()


def test_two_branches_that_both_seal_are_stopped_by_git(archive: Archive) -> None:
    said = two_seals(archive)

    assert "CONFLICT (content): Merge conflict in events/seal/checkpoint\n" in said
    assert "CONFLICT (content): Merge conflict in events/seal/leaves/000.txt\n" in said


def test_of_two_seals_one_is_kept_and_what_the_other_sealed_is_sealed_anew(
    archive: Archive,
) -> None:
    two_seals(archive)

    git(archive.root, "checkout", "--ours", "events/seal")

    assert 2 == verify(archive).unsealed
    assert [] == places(archive)
    sealed(archive, at=NOON + timedelta(minutes=5))
    assert [] == places(archive)
    assert ["Paper 1", "Paper 2", "Paper 4", "Paper 3"] == by_title(archive)


def test_halves_of_two_seals_are_named(archive: Archive) -> None:
    two_seals(archive)

    git(archive.root, "checkout", "--ours", "events/seal")
    git(archive.root, "checkout", "--theirs", "events/seal/checkpoint")

    assert [("events/seal/checkpoint", 0, "bad-checkpoint")] == places(archive)


CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], tuple[str, int, str]]] = {
    "edited": (
        lambda lines: [lines[0].replace(b"Paper", b"Pappe"), *lines[1:]],
        (NAME, 1, "changed-line"),
    ),
    "deleted": (lambda lines: lines[1:], (NAME, 1, "missing-line")),
    "CRLF": (lambda lines: [line[:-1] + b"\r\n" for line in lines], (NAME, 1, "crlf")),
    "torn": (lambda lines: [*lines[:-1], lines[-1][:-20]], (NAME, 3, "torn-tail")),
    "merge marks": (lambda lines: [b"<<<<<<< HEAD\n", *lines], (NAME, 1, "bad-json")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_hand_or_a_checkout_did_is_named_with_file_and_line(
    archive: Archive, change: str
) -> None:
    edit, expected = CHANGES[change]
    lines = segment(archive).read_bytes().splitlines(keepends=True)

    segment(archive).write_bytes(b"".join(edit(lines)))

    assert expected in places(archive)


def test_a_checkout_with_autocrlf_leaves_the_bytes_alone(archive: Archive) -> None:
    before = segment(archive).read_bytes()
    git(archive.root, "config", "core.autocrlf", "true")
    segment(archive).unlink()

    git(archive.root, "checkout", "--", "events")

    assert before == segment(archive).read_bytes()


def test_reordered_lines_are_the_same_log(archive: Archive) -> None:
    lines = segment(archive).read_bytes().splitlines(keepends=True)

    segment(archive).write_bytes(b"".join(reversed(lines)))

    assert [] == places(archive)
    assert [(NAME, 2, "out-of-order")] == [
        (note.path, note.line, note.rule) for note in checks.check(archive).notes
    ]
    assert ["Paper 1", "Paper 2"] == by_title(archive)


def test_a_clone_reads_and_verifies_as_the_original_does(archive: Archive, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(archive.root), "clone")

    clone = Archive(tmp_path / "clone")

    assert by_title(archive) == by_title(clone)
    assert (KEY.key,) == verify(clone).seals[0].signed_by
    assert [] == places(clone)
