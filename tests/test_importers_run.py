from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.archives import archive_in
from tests.corpora import corpus
from timeline.archive import Archive
from timeline.errors import Problem, RowsRejected
from timeline.importers.errors_file import errors_path, write_errors
from timeline.importers.options import Options
from timeline.importers.profile import shipped_profile
from timeline.importers.run import ImportPlan, ImportResult, batch_id, plan_import, run_import
from timeline.log.reader import read

HEADER = "when,type,title,source\n"
GOOD = "2024-12-05,note.recorded,First,Diary\n"
BAD = "2024-13,note.recorded,Second,Diary\n"


def plan(archive: Archive, *files: Path, **options: Any) -> ImportPlan:
    return plan_import(archive, files, Options(**options))


def run(archive: Archive, *files: Path, good_rows: bool = False, **options: Any) -> ImportResult:
    made = plan(archive, *files, **options)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return run_import(made, archive, by="ana", good_rows=good_rows, now=lambda: at)


def logged(archive: Archive) -> list[dict[str, Any]]:
    entries = list(read(archive))
    assert [] == [entry for entry in entries if isinstance(entry, Problem)]
    return [dict(entry.record) for entry in entries if not isinstance(entry, Problem)]


def table(folder: Path, *lines: str) -> Path:
    file = folder / "table.csv"
    file.write_text(HEADER + "".join(lines))
    return file


def test_one_bad_row_keeps_the_whole_file_out(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD, BAD)

    with pytest.raises(RowsRejected, match="nothing was appended"):
        run(archive, file)

    assert [] == logged(archive)


def test_good_rows_arrive_and_the_others_can_be_mended_and_imported(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD, BAD)
    problems = plan(archive, file).problems

    run(archive, file, good_rows=True)
    mended = errors_path(file)
    assert 1 == write_errors(mended, file, problems)
    assert f"{HEADER.strip()},_line,_error" == mended.read_text().splitlines()[0]
    assert mended.read_text().splitlines()[1].startswith("2024-13,note.recorded,Second,Diary,3,")
    mended.write_text(mended.read_text().replace("2024-13,", "2024-12,"))
    run(archive, mended)

    assert ["First", "Second"] == [r["title"] for r in logged(archive) if r["kind"] == "event"]


def test_a_row_with_surplus_cells_keeps_them_in_the_errors_file(tmp_path: Path) -> None:
    file = table(tmp_path, "2024,note.recorded,One, two,Diary\n")
    problems = plan(archive_in(tmp_path), file).problems

    write_errors(errors_path(file), file, problems)

    assert errors_path(file).read_text().splitlines()[1].endswith(",Diary")
    assert 1 == len(plan(archive_in(tmp_path / "b"), errors_path(file)).problems)


def test_importing_a_file_twice_appends_nothing(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD)
    run(archive, file)

    again = run(archive, file)

    assert ((), 1) == (again.appended, again.already)
    assert 2 == len(logged(archive))


def test_the_same_rows_under_another_name_are_known(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD)
    run(archive, file)

    copy = file.rename(tmp_path / "copy.csv")

    assert () == run(archive, copy).appended


def test_the_batch_is_named_after_the_bytes(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD)

    result = run(archive, file)

    assert batch_id([file]) == result.batch
    assert {result.batch} == {record["batch"] for record in logged(archive)}
    assert 12 == len(result.batch)


def test_two_events_of_one_title_and_year_have_ids_of_their_own(tmp_path: Path) -> None:
    other = GOOD.replace("12-05", "11-05")
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD, other)

    run(archive, file)

    assert ["first-2024", "first-2024-2"] == [
        r["event"] for r in logged(archive) if r["kind"] == "event"
    ]


@pytest.mark.parametrize(("name", "rows"), [("osce-arms-control", 456), ("seed-claims", 14)])
def test_every_curated_row_arrives_once(tmp_path: Path, name: str, rows: int) -> None:
    archive, profile = archive_in(tmp_path), shipped_profile(name)
    file = corpus("curated") / f"{name}.csv"

    first = plan(archive, file, profile=profile)
    run_import(first, archive, by="ana")

    assert f"{rows} rows: {rows} new" == first.summary()
    assert rows == first.kinds["event"] + first.kinds.get("claim", 0)
    assert (0, rows) == (
        plan(archive, file, profile=profile).rows["new"],
        plan(archive, file, profile=profile).rows["already"],
    )
    assert not any("quote" in claim for r in logged(archive) for claim in r.get("claims", ()))


def test_a_claim_about_no_event_is_refused(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), table(tmp_path, GOOD)
    run(archive, file)
    claims = tmp_path / "claims.csv"
    claims.write_text("about,stance,source\nfirst-2024,denies,Paper\nfrist-2024,denies,Paper\n")

    made = plan(archive, claims)

    assert [("unknown-event", 3)] == [(one.rule, one.line) for one in made.problems]
    assert "did you mean first-2024" in made.problems[0].message
    assert {"source": 1, "claim": 1} == made.kinds


def test_rows_can_say_that_two_events_are_one(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    run(archive, table(tmp_path, GOOD, GOOD.replace("First", "Again")))
    merges = tmp_path / "merges.csv"
    merges.write_text("duplicate,into\nagain-2024,first-2024\nnone-2024,first-2024\n")

    made = plan(archive, merges)

    assert [("unknown-event", 3, "duplicate")] == [
        (one.rule, one.line, one.field) for one in made.problems
    ]
    assert [{"kind": "merge", "duplicate": "again-2024", "into": "first-2024"}] == [
        dict(draft.body) for _, draft in made.drafts
    ]


def test_a_row_with_an_id_that_says_something_else_is_a_correction(tmp_path: Path) -> None:
    archive, file = archive_in(tmp_path), tmp_path / "table.csv"
    row = "7,2024-12-05,note.recorded,First,Diary\n"
    file.write_text(f"id,{HEADER}{row}")
    run(archive, file)
    file.write_text(f"id,{HEADER}{row.replace('12-05', '12-06')}")

    changed = plan(archive, file)
    run_import(changed, archive, by="ana")
    file.write_text(f"id,{HEADER}{row.replace('12-05', '12-06')}\n")
    again = plan(archive, file)
    file.write_text(f"id,{HEADER}{row}\n\n")
    back = plan(archive, file)

    assert "1 row: 1 corrected" == changed.summary()
    (correction,) = [dict(draft.body) for _, draft in changed.drafts]
    assert {"/when": {"from": "2024-12-05", "to": "2024-12-06"}} == correction["changes"]
    assert "1 row: 1 already recorded" == again.summary()
    assert {"/when": {"from": "2024-12-06", "to": "2024-12-05"}} == back.drafts[0][1].body[
        "changes"
    ]
