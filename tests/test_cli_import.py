from __future__ import annotations

import json
from pathlib import Path

import pytest

from .commands import done, lines, new_archive, run

HEADER = "date,type,title,source_url\n"
GOOD = "2024-12-05,meeting.held,Council meets,https://osce.example/council\n"
BAD = "2024-13-05,meeting.held,No such month,https://osce.example/council\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return new_archive(tmp_path / "a")


def table(archive: Path, *rows: str) -> str:
    path = archive.parent / "rows.csv"
    path.write_text(HEADER + "".join(rows))
    return str(path)


def test_good_rows_become_events_of_one_batch(archive: Path) -> None:
    result = run(archive, "import", table(archive, GOOD))

    assert 0 == result.exit_code
    assert "1 row: 1 new" in result.stderr
    assert {result.stdout.strip()} == {f"batch/{record['batch']}" for record in lines(archive)}
    assert "1\n" == done(archive, "find", "--count")


def test_the_same_file_again_appends_nothing(archive: Path) -> None:
    run(archive, "import", table(archive, GOOD))
    before = lines(archive)
    again = run(archive, "import", table(archive, GOOD))

    assert (0, before) == (again.exit_code, lines(archive))
    assert "0 records appended" in again.stderr


def test_one_bad_row_stops_everything_with_3(archive: Path) -> None:
    result = run(archive, "import", table(archive, GOOD, BAD))

    assert 3 == result.exit_code
    assert [] == lines(archive)
    assert "rows.csv:3: date: " in result.stderr
    assert "1 row rejected, nothing was appended" in result.stderr


def test_good_rows_go_in_and_the_others_into_a_file_to_mend(archive: Path) -> None:
    path = table(archive, GOOD, BAD)
    result = run(archive, "import", path, "--good-rows")
    errors = archive.parent / "rows.errors.csv"
    errors.write_text(errors.read_text().replace("2024-13-05", "2024-11-05"))
    mended = run(archive, "import", str(errors))

    assert (3, 0) == (result.exit_code, mended.exit_code)
    assert ["Council meets", "No such month"] == [
        record["title"] for record in lines(archive) if record["kind"] == "event"
    ]


def test_problems_and_sums_come_as_json(archive: Path) -> None:
    refused = run(archive, "import", table(archive, BAD), "--json")
    taken = run(archive, "import", table(archive, GOOD), "--json")

    assert 2 == json.loads(refused.stderr.splitlines()[0])["line"]
    rows = json.loads(taken.stdout)["rows"]
    assert {"new": 1} == {outcome: count for outcome, count in rows.items() if count}


def test_a_dry_run_shows_the_lines(archive: Path) -> None:
    printed = done(archive, "import", table(archive, GOOD), "-n")

    assert ["source", "event"] == [json.loads(line)["kind"] for line in printed.splitlines()]
    assert [] == lines(archive)


def test_columns_are_mapped_and_the_mapping_kept(archive: Path) -> None:
    path = archive.parent / "other.csv"
    path.write_text("wann,was,quatsch\n2024-12-05,Rat tagt,x\n")
    options = ["--map", "wann=when", "--map", "was=title", "--map", "quatsch=-"]
    options += ["--set", "type=meeting.held", "--set", "source=https://osce.example/"]
    run(archive, "import", str(path), *options, "--save-profile", "rat")
    again = run(archive, "import", str(path), "--profile", "rat")

    assert "1 already recorded" in again.stderr
    assert "Rat tagt" == lines(archive)[-1]["title"]


def test_standard_input_is_a_table_too(archive: Path) -> None:
    done(archive, "import", "-", input=HEADER + GOOD)

    assert "Council meets" == lines(archive)[-1]["title"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["none.csv"], 4, "none.csv"),
        (["rows.csv", "--map", "x"], 2, "--map NAME=VALUE"),
        (["rows.csv", "--map", "dat=when"], 2, "did you mean date"),
        (["rows.csv", "--format", "csw"], 2, "did you mean csv"),
        (["rows.csv", "--profile", "osce"], 4, "osce"),
    ],
)
def test_what_was_typed_wrongly_is_refused(
    archive: Path, arguments: list[str], code: int, words: str
) -> None:
    path = table(archive, GOOD)
    arguments = [path if word == "rows.csv" else word for word in arguments]
    result = run(archive, "import", *arguments)

    assert code == result.exit_code
    assert words in result.stderr
    assert [] == lines(archive)
