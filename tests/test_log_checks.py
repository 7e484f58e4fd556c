from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, record_id, segment, source
from timeline.archive import Archive
from timeline.log.checks import check
from timeline.log.writer import append

EVENT = {
    "v": 1,
    "recorded_by": "ana",
    "kind": "event",
    "type": "visit.made",
    "title": "Blinken visits Malta",
    "when": "2024-12-04",
    "participants": [{"entity": "person:antony-blinken", "role": "visitor"}],
    "claims": [{"source": "src:paper-1"}, {"source": "src:paper-2"}],
}


@pytest.fixture(autouse=True)
def _writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")


def rules(archive: Archive) -> list[tuple[int, str]]:
    return [(problem.line, problem.rule) for problem in check(archive).problems]


def test_a_sound_log_has_no_problems_and_is_counted(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)

    report = check(archive)

    assert () == report.problems
    assert {"segments": 1, "records": 2, "source": 2, "duplicates": 0} == report.counts


def test_all_problems_are_found_in_one_reading(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2, 3)
    path = segment(archive)
    one, two, three = path.read_bytes().splitlines()
    broken = [
        b"\xef\xbb\xbf" + one,
        two + b"\r",
        b"[]",
        one.replace(b"2026-11", b"2026-10"),
        three.replace(b"T12", b"T52"),
        b'{"torn"',
    ]
    path.write_bytes(b"\n".join(broken))

    assert [
        (1, "byte-order-mark"),
        (1, "id-reused"),
        (2, "crlf"),
        (3, "not-object"),
        (4, "wrong-month"),
        (5, "bad-instant"),
        (6, "torn-tail"),
    ] == rules(archive)


def test_a_misnamed_segment_is_named(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    segment(archive).rename(archive.events / "2026" / "notes.jsonl")

    assert [(0, "bad-name")] == rules(archive)


def test_a_line_twice_is_counted_and_harms_nothing(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    segment(archive).write_bytes(segment(archive).read_bytes() * 2)

    report = check(archive)

    assert () == report.problems
    assert 1 == report.counts["duplicates"]


def test_lines_out_of_order_are_a_note(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1, 2)
    one, two = segment(archive).read_bytes().splitlines()
    segment(archive).write_bytes(two + b"\n" + one + b"\n")

    report = check(archive)

    assert () == report.problems
    assert ["out-of-order"] == [note.rule for note in report.notes]


def test_what_a_record_acts_on_must_stand_before_it(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    base = {"v": 1, "recorded_by": "ana"}
    append(
        archive,
        [
            source(1, batch="import-1"),
            {**base, "id": record_id(2), "kind": "retraction", "of": "src:paper-1",
             "reason": "other"},
            {**base, "id": record_id(3), "kind": "retraction", "of": record_id(9),
             "reason": "other"},
            {**base, "id": record_id(4), "kind": "retraction", "batch_of": "import-2",
             "reason": "other"},
            source(5, supersedes=[record_id(1), record_id(8)]),
        ],
        now=lambda: NOON,
    )  # fmt: skip

    assert [
        (3, "/of"),
        (4, "/batch_of"),
        (5, "/supersedes/1"),
    ] == [(problem.line, problem.field) for problem in check(archive).problems]


def test_sources_and_entities_that_nobody_states_are_named_once(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    append(
        archive,
        [
            {**EVENT, "id": record_id(7), "event": "one"},
            {**EVENT, "id": record_id(8), "event": "two"},
            source(1),
        ],
        now=lambda: NOON,
    )

    assert [
        (1, "unknown-entity", "/participants/0/entity"),
        (1, "unknown-source", "/claims/1/source"),
    ] == sorted((problem.line, problem.rule, problem.field) for problem in check(archive).problems)


def test_an_event_is_checked_against_the_vocabulary(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    event = {**EVENT, "id": record_id(7), "event": "one", "type": "visit.maed"}
    append(archive, [event], now=lambda: NOON)

    assert [(1, "unknown-type")] == rules(archive)[:1]
