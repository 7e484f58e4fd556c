import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, segment, titles
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import files
from timeline.log.cursor import Cursor, PrefixChanged, Reading, head, read_from_start, read_new
from timeline.log.leaves import LeavesBroken, count_leaves
from timeline.log.reader import Entry, read
from timeline.records.codec import leaf_hash


@pytest.fixture(autouse=True)
def _writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")


def by(monkeypatch: pytest.MonkeyPatch, writer: str, archive: Archive, number: int) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", writer)
    add(archive, number, at=NOON + timedelta(minutes=number))


def fix_order(archive: Archive, lines: list[bytes]) -> None:
    """Writes the leaves as a seal would."""
    folder = archive.seal / "leaves"
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(base64.b64encode(leaf_hash(line)).decode() + "\n" for line in lines)
    (folder / "000.txt").write_text(text)


def lines(archive: Archive) -> list[bytes]:
    return segment(archive).read_bytes().splitlines()


def finished(reading: Reading) -> tuple[list[Entry | Problem], Cursor]:
    return list(reading), reading.cursor()


def test_an_empty_archive_has_no_entries(tmp_path: Path) -> None:
    assert [] == list(read(archive_in(tmp_path)))


def test_an_entry_names_its_place_and_when_it_was_known(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)

    entry = list(read(archive))[1]

    assert isinstance(entry, Entry)
    assert (1, "events/2026/2026-11.ana.jsonl", 2) == (entry.position, entry.path, entry.line)
    assert "2026-11-23T12:00:00.000001Z" == entry.known_at
    assert leaf_hash(lines(archive)[1]) == entry.leaf


def test_files_of_several_writers_are_merged_by_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    for number, writer in enumerate(["cleo", "ana", "ben", "ana", "cleo"]):
        by(monkeypatch, writer, archive, number)

    assert [f"Paper {number}" for number in range(5)] == titles(archive)


def test_a_file_that_git_merged_out_of_order_is_put_in_order(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2, 3)
    one, two, three = lines(archive)

    segment(archive).write_bytes(b"\n".join([one, three, two, one, b""]))

    assert ["Paper 1", "Paper 1", "Paper 2", "Paper 3"] == titles(archive)


def test_a_line_that_does_not_decode_is_a_problem_without_a_position(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    one, two = lines(archive)
    segment(archive).write_bytes(b"\n".join([one, b"{nonsense", two, b""]))

    first, problem, second = read(archive)

    assert isinstance(problem, Problem)
    assert ("events/2026/2026-11.ana.jsonl", 2, "bad-json") == (
        problem.path,
        problem.line,
        problem.rule,
    )
    assert [0, 1] == [item.position for item in (first, second) if isinstance(item, Entry)]


def test_a_line_that_ends_in_cr_lf_is_named_as_such(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    one, two = lines(archive)
    segment(archive).write_bytes(one + b"\r\n" + two + b"\n")

    assert ["[crlf]", "Paper 2"] == titles(archive)


def test_lines_that_are_no_json_and_out_of_order_are_problems(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    one, two = lines(archive)
    segment(archive).write_bytes(two[:-1] + b"\n" + one[:-1] + b"\n")

    assert ["[bad-json]", "[bad-json]"] == titles(archive)


def test_a_line_that_others_wrote_stands_in_its_place(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    one, two = lines(archive)
    other = one.replace(b'"recorded_at":', b'"recorded\\u005fat": ')
    segment(archive).write_bytes(two + b"\n" + other + b"\n")

    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_a_torn_tail_and_a_byte_order_mark_do_not_hide_the_lines(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    path = segment(archive)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b'{"half"')

    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_sealed_records_stand_where_their_leaves_say(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2, 3, 4)
    one, _two, three, four = lines(archive)

    fix_order(archive, [three, one, four])

    assert ["Paper 3", "Paper 1", "Paper 4", "Paper 2"] == titles(archive)
    assert [True, True, True, False] == [
        entry.sealed for entry in read(archive) if isinstance(entry, Entry)
    ]


def test_known_at_never_falls_where_a_merge_brought_older_records(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    fix_order(archive, list(reversed(lines(archive))))

    assert ["2026-11-23T12:00:00.000001Z"] * 2 == [
        entry.known_at for entry in read(archive) if isinstance(entry, Entry)
    ]


def test_a_sealed_line_that_is_gone_is_a_problem_and_keeps_its_position(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2, 3)
    one, two, three = lines(archive)
    fix_order(archive, [one, two, three])
    segment(archive).write_bytes(one + b"\n" + three + b"\n")

    _, problem, last = read(archive)

    assert isinstance(problem, Problem)
    assert ("events/seal/leaves/000.txt", 2, "missing-line") == (
        problem.path,
        problem.line,
        problem.rule,
    )
    assert isinstance(last, Entry)
    assert 2 == last.position


def test_leaves_that_end_within_a_line_are_refused(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    fix_order(archive, lines(archive))
    with (archive.seal / "leaves" / "000.txt").open("a") as file:
        file.write("abc")

    with pytest.raises(LeavesBroken, match=r"000\.txt: 48 bytes"):
        count_leaves(archive)


def test_a_folder_in_the_place_of_a_segment_is_refused_in_one_sentence(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    (archive.events / "2026" / "2026-11.ana.jsonl").mkdir(parents=True)

    with pytest.raises(files.FileRefused, match=r"2026-11\.ana\.jsonl"):
        list(read(archive))


def test_a_cursor_gives_only_what_is_new(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    _, cursor = finished(read_from_start(archive))
    add(archive, 3)

    new, _ = finished(read_new(archive, cursor))

    (entry,) = new
    assert isinstance(entry, Entry)
    assert (2, 3, "events/2026/2026-11.ana.jsonl") == (entry.position, entry.line, entry.path)


def test_a_cursor_survives_json_and_is_the_same_in_any_steps(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    cursor = Cursor()
    for number in range(4):
        add(archive, number)
        _, cursor = finished(read_new(archive, Cursor.from_json(cursor.as_json())))

    assert finished(read_from_start(archive))[1] == cursor
    assert ([], cursor) == finished(read_new(archive, cursor))


def test_a_seal_of_what_was_read_changes_nothing_for_a_cursor(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    _, cursor = finished(read_from_start(archive))
    add(archive, 3)
    fix_order(archive, lines(archive))
    add(archive, 4)

    new, after = finished(read_new(archive, cursor))

    assert [(2, True), (3, False)] == [
        (entry.position, entry.sealed) for entry in new if isinstance(entry, Entry)
    ]
    assert finished(read_from_start(archive))[1] == after


def test_a_seal_in_another_order_is_a_changed_prefix(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    _, cursor = finished(read_from_start(archive))

    fix_order(archive, list(reversed(lines(archive))))

    with pytest.raises(PrefixChanged, match="sealed in other places"):
        read_new(archive, cursor)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda data: data[:-1] + b"x\n", "different"),
        (lambda data: data.replace(b"Paper 1", b"Paper 9"), "different"),
        (lambda data: data.replace(b"Paper 1", b"Paper 9") + data, "different"),
        (lambda data: data[: data.index(b"\n") + 1], "shorter"),
        (lambda data: data[:0], "shorter"),
    ],
)
def test_a_change_before_the_cursor_is_noticed(
    tmp_path: Path, change: Callable[[bytes], bytes], word: str
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    _, cursor = finished(read_from_start(archive))
    path = segment(archive)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(change(data))

    with pytest.raises(PrefixChanged, match=word):
        read_new(archive, cursor)


def test_a_change_during_the_reading_is_noticed_by_the_next_one(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    reading = read_from_start(archive)
    list(reading)
    path = segment(archive)
    path.write_bytes(path.read_bytes().replace(b"Paper 1", b"Paper 9"))

    with pytest.raises(PrefixChanged, match="different"):
        list(read_new(archive, reading.cursor()))


def test_a_segment_that_is_gone_is_a_changed_prefix(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    _, cursor = finished(read_from_start(archive))
    segment(archive).unlink()

    with pytest.raises(PrefixChanged, match="gone"):
        read_new(archive, cursor)


def test_an_older_record_from_a_merge_is_a_changed_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path / "one")
    other = archive_in(tmp_path / "two")
    add(other, 1)
    by(monkeypatch, "ben", archive, 2)
    _, cursor = finished(read_from_start(archive))
    segment(other).rename(archive.events / "2026" / "2026-11.ana.jsonl")

    with pytest.raises(PrefixChanged, match="sorts before"):
        list(read_new(archive, cursor))


def test_the_head_changes_with_every_append(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    heads = [head(archive)]
    for number in range(3):
        add(archive, number)
        heads.append(head(archive))

    assert 4 == len(set(heads))
    assert heads[-1] == head(archive)
