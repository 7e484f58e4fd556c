import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, record_id, segment, source, titles
from timeline.archive import Archive
from timeline.errors import Busy, Conflict
from timeline.log import checks, files, segments, writer
from timeline.log.cursor import HeadMoved, head
from timeline.log.lock import locked
from timeline.log.writer import Writer, append
from timeline.records.codec import BadRecord
from timeline.records.draft import fresh_id


@pytest.fixture(autouse=True)
def _writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")


def test_a_record_goes_to_the_file_of_its_month_and_writer(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    receipt = add(archive, 1)

    assert "events/2026/2026-11.ana.jsonl" == receipt.records[0].path
    assert receipt.records[0].line + b"\n" == segment(archive).read_bytes()


def test_recorded_at_is_the_clock_in_utc_with_microseconds(tmp_path: Path) -> None:
    receipt = add(archive_in(tmp_path), 1)

    assert "2026-11-23T12:00:00.000000Z" == receipt.records[0].recorded_at


def test_recorded_at_never_falls_when_the_clock_does(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    receipt = add(archive, 2, at=NOON - timedelta(minutes=4))

    assert "2026-11-23T12:00:00.000001Z" == receipt.records[0].recorded_at


def test_a_clock_more_than_five_minutes_behind_the_log_is_refused(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    with pytest.raises(writer.ClockBehind, match="more than five minutes apart"):
        add(archive, 2, at=NOON - timedelta(minutes=6))

    assert ["Paper 1"] == titles(archive)


def test_the_records_of_a_batch_keep_their_order(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    add(archive, 3, 1, 2)

    assert ["Paper 3", "Paper 1", "Paper 2"] == titles(archive)


def test_the_moments_of_a_batch_go_on_into_the_next_second(tmp_path: Path) -> None:
    receipt = add(archive_in(tmp_path), 1, 2, 3, at=NOON.replace(microsecond=999_999))

    assert ["12:00:00.999999Z", "12:00:01.000000Z", "12:00:01.000001Z"] == [
        record.recorded_at.partition("T")[2] for record in receipt.records
    ]


def test_a_batch_that_would_cross_the_month_waits_for_the_next_one(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    receipt = add(archive, 1, 2, at=datetime(2026, 11, 30, 23, 59, 59, 999_999, UTC))

    assert "events/2026/2026-12.ana.jsonl" == receipt.records[0].path
    assert "2026-12-01T00:00:00.000000Z" == receipt.records[0].recorded_at


def test_the_same_record_again_changes_nothing(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    before = segment(archive).read_bytes()

    again = append(archive, [source(1, recorded_by="ben")], now=lambda: NOON)

    assert not again.records[0].new
    assert "2026-11-23T12:00:00.000000Z" == again.records[0].recorded_at
    assert before == segment(archive).read_bytes()


def test_a_known_id_with_other_content_is_refused_with_the_whole_batch(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    with pytest.raises(Conflict, match="says something else"):
        append(archive, [source(2), source(1, title="Another")], now=lambda: NOON)

    assert ["Paper 1"] == titles(archive)


def test_an_id_given_twice_in_one_batch_is_written_once(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    receipt = add(archive, 1, 1)

    assert [True, False] == [record.new for record in receipt.records]
    assert ["Paper 1"] == titles(archive)


def test_known_ids_are_looked_up_where_the_caller_says(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    line = add(archive, 1).records[0].line

    receipt = append(archive, [source(1)], known=lambda ids: {ids[0]: line}, now=lambda: NOON)

    assert not receipt.records[0].new


def test_a_fresh_uuid7_needs_no_search_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    monkeypatch.setattr(writer, "find_lines", None)
    later = NOON + timedelta(seconds=1)
    fresh = fresh_id(int(later.timestamp() * 1000))

    append(archive, [source(2, id=fresh)], now=lambda: later)

    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_a_uuid7_that_was_appended_is_known_again(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    fresh = fresh_id(int(NOON.timestamp() * 1000))
    append(archive, [source(1, id=fresh)], now=lambda: NOON)

    again = append(archive, [source(1, id=fresh)], now=lambda: NOON)

    assert not again.records[0].new


@pytest.mark.parametrize(
    ("name", "bytes_in_it"),
    [
        ("2026/2026-11.ana.2.jsonl", b""),
        ("2026/2026-12.ana.jsonl", b""),
        ("2026/2026-12.ana.jsonl", b'{"torn":'),
    ],
)
def test_a_file_that_somebody_died_over_makes_nothing_unknown(
    tmp_path: Path, name: str, bytes_in_it: bytes
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    (archive.events / name).write_bytes(bytes_in_it)

    again = add(archive, 1)
    later = add(archive, 2, at=NOON - timedelta(minutes=4))

    assert [False] == [record.new for record in again.records]
    assert "2026-11-23T12:00:00.000001Z" == later.records[0].recorded_at
    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_a_record_that_breaks_a_rule_stops_the_whole_batch(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    with pytest.raises(BadRecord):
        append(archive, [source(1), source(2, colour="red")], now=lambda: NOON)

    assert [] == titles(archive)


def test_an_expected_head_must_be_the_head(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    before = head(archive)
    append(archive, [source(1)], expect_head=before, now=lambda: NOON)

    with pytest.raises(HeadMoved, match="moved on"):
        append(archive, [source(2)], expect_head=before, now=lambda: NOON)


def test_a_torn_tail_is_set_aside_with_a_warning(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    with segment(archive).open("ab") as file:
        file.write(b'{"half":')

    receipt = add(archive, 2)

    assert "events/2026/2026-11.ana.jsonl: an unfinished line of 8 bytes" in receipt.warnings[0]
    assert [b'{"half":'] == [path.read_bytes() for path in (tmp_path / ".timeline/torn").iterdir()]
    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_whole_lines_of_an_unfinished_batch_are_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    def crash(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[: data.index(b"\n") + 1])
        os._exit(9)

    if not (child := os.fork()):
        monkeypatch.setattr(writer, "write_all", crash)
        add(archive, 2, 3)
    os.waitpid(child, 0)
    receipt = add(archive, 4)

    assert "an unfinished batch" in receipt.warnings[0]
    assert ["Paper 1", "Paper 4"] == titles(archive)


def test_a_whole_batch_survives_although_its_note_was_not_wiped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    monkeypatch.setattr(writer, "forget_batch", lambda _: None)

    add(archive, 1, 2)
    add(archive, 3)

    assert ["Paper 1", "Paper 2", "Paper 3"] == titles(archive)


def test_an_error_takes_back_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    def full(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(writer, "write_all", full)
        with pytest.raises(files.FileRefused, match=r"2026-11\.ana\.jsonl: No space left"):
            add(archive, 2)

    assert segment(archive).read_bytes().endswith(b"\n")
    add(archive, 2)
    assert ["Paper 1", "Paper 2"] == titles(archive)


def test_a_failed_flush_is_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(files.DurabilityUnknown, match="durability unknown"):
            add(archive, 2)

    assert ["Paper 1"] == titles(archive)


def test_a_full_segment_is_followed_by_a_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path)
    monkeypatch.setattr(writer, "SEGMENT_BYTES", 300)

    paths = [add(archive, number).records[0].path for number in range(5)]

    assert [
        "events/2026/2026-11.ana.jsonl",
        "events/2026/2026-11.ana.jsonl",
        "events/2026/2026-11.ana.2.jsonl",
        "events/2026/2026-11.ana.2.jsonl",
        "events/2026/2026-11.ana.3.jsonl",
    ] == paths
    assert [f"Paper {number}" for number in range(5)] == titles(archive)


def test_a_writer_who_waited_too_long_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)

    with locked(archive), pytest.raises(Busy, match=f"process {os.getpid()}") as refused:
        append(archive, [source(1)], wait=0.05)

    assert 7 == refused.value.exit_code


def test_a_link_in_the_place_of_a_segment_is_refused(tmp_path: Path) -> None:
    archive = archive_in(tmp_path / "archive")
    add(archive, 1)
    path = segment(archive)
    path.rename(tmp_path / "elsewhere.jsonl")
    path.symlink_to(tmp_path / "elsewhere.jsonl")

    with pytest.raises(files.FileRefused, match=r"2026-11\.ana\.jsonl"):
        add(archive, 2)


def test_a_clone_makes_its_writer_name_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIMELINE_WRITER")
    archive = archive_in(tmp_path)

    name = segments.writer_name(archive)

    assert name == segments.writer_name(archive)
    assert name == (tmp_path / ".timeline" / "writer").read_text().strip()


def test_find_lines_gives_the_stored_line_of_each_id(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    receipt = add(archive, 1, 2, 3)

    found = writer.find_lines(archive, {record_id(2), record_id(9)})

    assert {record_id(2): receipt.records[1].line} == found


def test_a_writer_that_nobody_disturbs_looks_at_the_log_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)
    kept.append([source(2)], now=lambda: NOON)
    monkeypatch.setattr(writer, "look", None)

    receipt = kept.append([source(3)], known=lambda _: {}, now=lambda: NOON)

    assert "2026-11-23T12:00:00.000002Z" == receipt.records[0].recorded_at
    assert ["Paper 1", "Paper 2", "Paper 3"] == titles(archive)


def test_a_writer_looks_again_after_many_appends(tmp_path: Path) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)

    for number in range(2, 300):
        kept.append([source(number)], known=lambda _: {}, now=lambda: NOON)

    assert [f"Paper {number}" for number in range(1, 300)] == titles(archive)


def test_a_writer_knows_the_record_that_it_wrote_itself(tmp_path: Path) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)
    fresh = fresh_id(int(NOON.timestamp() * 1000))
    kept.append([source(2, id=fresh)], now=lambda: NOON)

    again = kept.append([source(2, id=fresh)], now=lambda: NOON)

    assert not again.records[0].new


def another_process_appends(archive: Archive) -> None:
    add(archive, 3, at=NOON + timedelta(minutes=1))


def another_writer_appends(archive: Archive) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMELINE_WRITER", "ben")
        add(archive, 3, at=NOON + timedelta(minutes=1))


def git_puts_another_file_there(archive: Archive) -> None:
    add(archive, 3, at=NOON + timedelta(minutes=1))
    path = segment(archive)
    shutil.copy(path, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def a_line_is_torn(archive: Archive) -> None:
    add(archive, 3, at=NOON + timedelta(minutes=1))
    with segment(archive).open("ab") as file:
        file.write(b'{"id":"')


def a_batch_is_cut_short(archive: Archive) -> None:
    add(archive, 3, at=NOON + timedelta(minutes=1))
    start = segment(archive).stat().st_size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "forget_batch", lambda _: None)
        add(archive, 4, 5, 6, at=NOON + timedelta(minutes=1))
    os.truncate(segment(archive), start + len(segment(archive).read_bytes().splitlines()[-1]) + 1)


def the_private_folder_is_deleted(archive: Archive) -> None:
    shutil.rmtree(archive.private)
    add(archive, 3, at=NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    "happens",
    [
        another_process_appends,
        another_writer_appends,
        git_puts_another_file_there,
        a_line_is_torn,
        a_batch_is_cut_short,
        the_private_folder_is_deleted,
    ],
)
def test_a_writer_sees_what_happened_since_its_last_append(
    tmp_path: Path, happens: Callable[[Archive], None]
) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)
    kept.append([source(2)], now=lambda: NOON)
    happens(archive)

    receipt = kept.append([source(7)], now=lambda: NOON)

    assert "2026-11-23T12:01:00.000001Z" == receipt.records[0].recorded_at
    assert ["Paper 1", "Paper 2", "Paper 3", "Paper 7"] == titles(archive)


def test_a_writer_that_failed_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)
    kept.append([source(2)], now=lambda: NOON)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(files.DurabilityUnknown):
            kept.append([source(3)], now=lambda: NOON)

    kept.append([source(4)], now=lambda: NOON)

    assert ["Paper 1", "Paper 2", "Paper 4"] == titles(archive)


def test_threads_may_share_a_writer(tmp_path: Path) -> None:
    archive = settled(tmp_path)
    kept = Writer(archive)
    threads = [
        threading.Thread(target=kept.append, args=([source(number)],)) for number in range(2, 32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 31 == len(titles(archive))
    assert () == checks.check(archive).problems


def settled(folder: Path) -> Archive:
    """An archive with one record, whose folders were last changed a while ago."""
    archive = archive_in(folder)
    add(archive, 1)
    for path in (archive.events, segment(archive).parent):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return archive


def broken(_: int) -> None:
    raise OSError(5, "Input/output error")
