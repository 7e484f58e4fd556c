import ast
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, segment
from tests.sealed_archives import KEY, OTHER, archive_of, at_home, sealed, sealed_twice
from timeline.archive import Archive
from timeline.errors import VerificationFailed
from timeline.log.seal import checkpoint_path
from timeline.log.verify import Verification, verify
from timeline.log.verify_feed import Unreadable
from timeline.log.verify_note import parse_checkpoint

SOURCES = Path(__file__).parents[1] / "src" / "timeline"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


def found(result: Verification) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.rule) for problem in result.problems]


def lines(archive: Archive) -> list[bytes]:
    return segment(archive).read_bytes().splitlines(keepends=True)


def write(archive: Archive, *parts: bytes) -> None:
    segment(archive).write_bytes(b"".join(parts))


NAME = "events/2026/2026-11.ana.jsonl"


def test_the_verifier_imports_nothing_of_the_prover() -> None:
    allowed = {"timeline.archive", "timeline.errors"}
    for path in (SOURCES / "log").glob("verify*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("timeline"):
                module = node.module or ""
                assert module in allowed or module.startswith("timeline.log.verify"), path.name


def test_a_sealed_log_verifies_and_is_counted(tmp_path: Path) -> None:
    result = verify(sealed_twice(tmp_path))

    assert (22, 0, 1, 0) == (result.sealed, result.unsealed, result.segments, result.exit_code)
    assert [(11, (KEY.key,)), (22, (KEY.key,))] == [
        (seal.size, seal.signed_by) for seal in result.seals
    ]


def test_a_tail_behind_the_last_seal_is_told_apart(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    add(archive, 99, at=NOON + timedelta(minutes=3))

    result = verify(archive)

    assert (22, 1, 4) == (result.sealed, result.unsealed, result.exit_code)


def test_a_log_that_was_never_sealed_is_all_tail(tmp_path: Path) -> None:
    result = verify(archive_of(tmp_path, 1, 2))

    assert (0, 2, 4) == (result.sealed, result.unsealed, result.exit_code)


def test_a_changed_line_is_named(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    write(archive, segment(archive).read_bytes().replace(b"Paper 7", b"Paper 8", 1))

    result = verify(archive)

    assert [(NAME, 8, "changed-line")] == found(result)
    assert "sealed record 7 (leaf " in result.problems[0].message
    assert "events/seal/leaves/000.txt:8" in result.problems[0].message
    assert (5, 0) == (result.exit_code, result.unsealed)


def test_a_missing_line_is_named_where_it_was(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    all_lines = lines(archive)
    write(archive, *all_lines[:4], *all_lines[5:])

    assert [(NAME, 5, "missing-line")] == found(verify(archive))


def test_a_missing_file_is_every_line_of_it(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    segment(archive).unlink()

    result = verify(archive)

    assert {"missing-line", "bad-seal-record"} == {problem.rule for problem in result.problems}
    assert 24 == len(result.problems)


def test_lines_in_another_order_or_file_are_the_same_log(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    all_lines = lines(archive)
    random.Random(1).shuffle(all_lines)
    write(archive, *all_lines[:15])
    (archive.events / "2026" / "2026-11.ben.jsonl").write_bytes(b"".join(all_lines[15:]))

    assert ([], 22, 0) == (found(result := verify(archive)), result.sealed, result.exit_code)


def test_lines_of_several_writers_are_matched_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path / "archive")
    for number in range(30):
        monkeypatch.setenv("TIMELINE_WRITER", f"writer-{number % 4}")
        add(archive, number, at=NOON + timedelta(seconds=number))
    sealed(archive, at=NOON + timedelta(minutes=1))
    path = archive.events / "2026" / "2026-11.writer-2.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Paper 10", b"Paper 11"))

    assert [("events/2026/2026-11.writer-2.jsonl", 3, "changed-line")] == found(verify(archive))


def test_a_new_line_among_sealed_ones_is_part_of_the_tail(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    other = archive_in(tmp_path / "other")
    add(other, 50)
    all_lines = lines(archive)
    write(archive, *all_lines[:5], *lines(other), *all_lines[5:])

    result = verify(archive)

    assert ([], 1, 4) == (found(result), result.unsealed, result.exit_code)


def test_cr_lf_is_named_as_what_it_is(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    write(archive, segment(archive).read_bytes().replace(b"\n", b"\r\n"))

    problems = verify(archive).problems

    assert [(NAME, number, "crlf") for number in range(1, 23)] == [
        (problem.path, problem.line, problem.rule) for problem in problems if problem.path == NAME
    ]


def test_a_line_end_that_an_editor_took_is_named(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    write(archive, segment(archive).read_bytes()[:-1])

    assert (NAME, 22, "no-lf") in found(verify(archive))


def test_a_byte_order_mark_is_a_changed_line(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    write(archive, b"\xef\xbb\xbf", segment(archive).read_bytes())

    assert [(NAME, 1, "changed-line")] == found(verify(archive))


def test_a_leaf_taken_away_or_changed_breaks_the_signed_tree(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    path = archive.seal / "leaves" / "000.txt"
    path.write_bytes(path.read_bytes()[45:])

    rules = {problem.rule for problem in verify(archive).problems}

    assert {"other-tree"} == rules


def test_a_checkpoint_for_another_tree_is_named(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path / "one")
    other = archive_of(tmp_path / "two", *range(30, 40))
    shutil.rmtree(tmp_path / "state")
    foreign = sealed(other)
    checkpoint_path(archive, 11).write_bytes(foreign.note)

    assert [("events/seal/checkpoints/11", 0, "other-tree")] == found(verify(archive))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda data: data[:-10] + b"AAAA" + data[-6:], "bad-signature"),
        (lambda data: data.replace(b"\n22\n", b"\n21\n"), "bad-checkpoint"),
        (lambda data: b"hello\n" + data[:0], "bad-checkpoint"),
    ],
)
def test_a_changed_checkpoint_is_named(
    tmp_path: Path, change: Callable[[bytes], bytes], rule: str
) -> None:
    archive = sealed_twice(tmp_path)
    data = change(checkpoint_path(archive).read_bytes())
    for path in (checkpoint_path(archive), checkpoint_path(archive, 22)):
        path.write_bytes(data)

    assert ("events/seal/checkpoints/22", 0, rule) in found(verify(archive))


def test_the_newest_checkpoint_must_be_one_that_is_kept(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    with checkpoint_path(archive).open("ab") as file:
        file.write("— a.example AAAAAAAA\n".encode())

    assert [("events/seal/checkpoint", 0, "bad-checkpoint")] == found(verify(archive))


def test_a_seal_that_was_cut_short_is_told_apart_from_tampering(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    checkpoint_path(archive).write_bytes(checkpoint_path(archive, 11).read_bytes())

    result = verify(archive)

    assert ([], 11, 11, 4) == (found(result), result.sealed, result.unsealed, result.exit_code)


def test_no_flipped_bit_in_a_sealed_archive_goes_unseen(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    paths = sorted(path for path in archive.events.rglob("*") if path.is_file())
    weights = [path.stat().st_size for path in paths]
    choose = random.Random(20261123)
    unseen = []
    for _ in range(1000):
        (path,) = choose.choices(paths, weights)
        data = bytearray(path.read_bytes())
        at, bit = choose.randrange(len(data)), choose.randrange(8)
        data[at] ^= 1 << bit
        before = path.read_bytes()
        path.write_bytes(data)
        result = verify(archive)
        named = {problem.path for problem in result.problems}
        messages = " ".join(problem.message for problem in result.problems)
        name = path.relative_to(archive.root).as_posix()
        is_named = name in named or name in messages or path.parent == archive.seal
        if not (result.problems and is_named):
            unseen.append((name, at, bit, named))
        path.write_bytes(before)

    assert [] == unseen


def test_a_trusted_key_must_have_signed(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)

    assert [] == found(verify(archive, trusted=[KEY.key]))
    assert [("events/seal/checkpoint", 0, "untrusted-key")] == found(
        verify(archive, trusted=[OTHER.key])
    )


def test_trust_is_handed_to_a_new_key_by_the_old_ones_signature(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    add(archive, 30, at=NOON + timedelta(minutes=3))
    sealed(archive, OTHER, succeeding=KEY, at=NOON + timedelta(minutes=4))
    add(archive, 31, at=NOON + timedelta(minutes=5))
    sealed(archive, OTHER, at=NOON + timedelta(minutes=6))

    assert [] == found(verify(archive, trusted=[KEY.key]))
    assert [] == found(verify(archive, trusted=[OTHER.key]))


def test_a_new_key_that_nobody_vouched_for_is_not_trusted(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    add(archive, 30, at=NOON + timedelta(minutes=3))
    sealed(archive, OTHER, succeeding=True, at=NOON + timedelta(minutes=4))

    assert [] == found(verify(archive))
    assert [("events/seal/checkpoint", 0, "untrusted-key")] == found(
        verify(archive, trusted=[KEY.key])
    )


def test_a_checkpoint_kept_elsewhere_must_be_a_beginning_of_this_log(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path / "one")
    kept = parse_checkpoint(checkpoint_path(archive, 11).read_bytes())
    shutil.rmtree(tmp_path / "state")
    other = archive_of(tmp_path / "two", *range(30, 55))
    sealed(other)

    assert [] == found(verify(archive, against=[kept]))
    assert [("events/seal/leaves", 0, "other-history")] == found(verify(other, against=[kept]))


def test_two_seals_made_apart_are_told(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path / "one")
    shutil.rmtree(tmp_path / "state")
    other = archive_of(tmp_path / "two", 1, 2)
    foreign = sealed(other)
    checkpoint_path(archive, 3).write_bytes(foreign.note)

    result = verify(archive)

    assert [("events/seal/checkpoints/3", 0, "other-tree")] == found(result)
    assert "two seals were made apart" in result.problems[0].message


def test_a_link_in_the_place_of_a_segment_is_refused(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    path = segment(archive)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Unreadable, match=r"2026-11\.ana\.jsonl") as refused:
        verify(archive)

    assert isinstance(refused.value, VerificationFailed)


def test_many_seals_and_more_leaves_than_one_block(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, *range(2500))
    sealed(archive)
    for step in range(5):
        first = 3000 + 700 * step
        add(archive, *range(first, first + 700), at=NOON + timedelta(minutes=2 * step + 1))
        sealed(archive, at=NOON + timedelta(minutes=2 * step + 2))

    result = verify(archive)

    assert ([], 6006) == (found(result), result.sealed)
    assert [2501, 3202, 3903, 4604, 5305, 6006] == [seal.size for seal in result.seals]
