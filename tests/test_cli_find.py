from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from timeline.cli.table import squeezed

from .commands import add_malta, add_rome, done, lines, new_archive, run


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two events."""
    folder = new_archive(tmp_path_factory.mktemp("two"))
    add_malta(folder)
    add_rome(folder)
    return folder


def found(folder: Path, *arguments: str) -> list[str]:
    return [event["id"] for event in json.loads(done(folder, "find", *arguments, "--json"))]


MALTA, ROME = "blinken-visits-malta-2024", "talks-in-rome-1991"


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ([], [ROME, MALTA]),
        (["--sort", "-date"], [MALTA, ROME]),
        (["malta"], [MALTA]),
        (["mal blink"], [MALTA]),
        (["--from", "1991-01-31", "--to", "2000"], [ROME]),
        (["--from", "1991-02"], [MALTA]),
        (["--to", "Dec 1990"], []),
        (["-t", "meeting.held"], [ROME]),
        (["-t", "visit."], [MALTA]),
        (["-w", "Ann Lee", "-w", "Bo Ek"], [ROME]),
        (["-w", "Ann Lee", "-w", "Malta"], []),
        (["-w", "state:mt"], [MALTA]),
        (["-p", "Valletta"], [MALTA]),
        (["--topic", "arms-control"], [ROME]),
        (["-c", "confirmed"], [MALTA]),
        (["--status", "held", "--limit", "1"], [ROME]),
        (["--as-of", "#3"], [MALTA]),
        (["talks", "--as-of", "#3"], []),
        (["-w", "Ann Lee", "--as-of", "last", "--topic", "arms-control"], [ROME]),
    ],
)
def test_filters_hold_together(two: Path, arguments: list[str], ids: list[str]) -> None:
    assert ids == found(two, *arguments)


def test_count_and_facets(two: Path) -> None:
    assert "2\n" == done(two, "find", "--count")
    assert "type,n\nmeeting.held,1\nvisit.made,1\n" == done(two, "find", "--facet", "type", "--csv")
    assert "actors,n\nAnn Lee,1\nBo Ek,1\n" == done(
        two, "find", "rome", "--facet", "actors", "--csv"
    )


def test_the_table_is_not_cut_in_a_pipe(two: Path) -> None:
    header, first, second = done(two, "find").splitlines()

    assert ["date", "title", "type", "certainty", "id"] == header.split()
    assert first.endswith("Talks in Rome         meeting.held  probable   talks-in-rome-1991")
    assert second.endswith(
        "Blinken visits Malta  visit.made    confirmed  blinken-visits-malta-2024"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-c", "confirmd"], "did you mean confirmed"),
        (["-t", "meeting.hold"], "did you mean meeting.held"),
        (["--status", "hold"], "did you mean held"),
        (["--sort", "titel"], "did you mean title"),
        (["--facet", "yeer"], "did you mean year"),
        (["--from", "05/12/2024"], "05/12/2024"),
        (["--from", "1985/.."], ""),
        (["--as-of", "soon"], "no moment"),
        (["-w", "person:nobody"], "nothing here is called"),
    ],
)
def test_a_word_of_no_scale_is_refused_with_the_nearest(
    two: Path, arguments: list[str], words: str
) -> None:
    result = run(two, "find", *arguments)

    assert words in result.stderr
    assert result.exit_code in {0, 1, 2, 4}
    assert not words or result.exit_code


def test_what_the_limit_leaves_out_is_said(two: Path) -> None:
    assert "1 of 2; --limit 2 shows all" in run(two, "find", "--limit", "1").stderr


def test_export_writes_all_columns_to_a_file(two: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    result = run(two, "export", "csv", "malta", "-o", str(target))

    header, row = target.read_text().splitlines()
    assert header.startswith("id,type,title,")
    assert row.startswith("blinken-visits-malta-2024,visit.made,Blinken visits Malta,")
    assert "1 event in" in result.stderr
    assert ["out.csv"] == [path.name for path in tmp_path.iterdir()]


def test_a_pipe_is_filled_and_stays_a_pipe(two: Path, tmp_path: Path) -> None:
    target = tmp_path / "pipe"
    os.mkfifo(target)
    reader = os.open(target, os.O_RDONLY | os.O_NONBLOCK)

    done(two, "export", "nl", "-o", str(target))

    with os.fdopen(reader, "rb") as pipe:
        assert 2 == pipe.read().count(b"\n")
    assert stat.S_ISFIFO(target.stat().st_mode)


def test_behind_a_link_the_file_changes(two: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "events.csv")

    done(two, "export", "csv", "-o", str(tmp_path / "link.csv"))

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "events.csv").is_file()


def test_a_read_model_is_not_built_into_a_pipe(two: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert 2 == run(two, "build", "-o", str(tmp_path / "pipe")).exit_code
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_an_unknown_format_is_refused(two: Path) -> None:
    assert 2 == run(two, "export", "xls").exit_code


def test_log_is_newest_first_and_can_follow_one_thing(two: Path) -> None:
    everything = json.loads(done(two, "log", "--json"))
    one = json.loads(done(two, "log", "blink", "--json"))

    assert [5, 4, 3, 2, 1, 0] == [row["position"] for row in everything]
    assert [3] == [row["position"] for row in one]
    assert [5, 4] == [
        row["position"] for row in json.loads(done(two, "log", "--since", "#3", "--json"))
    ]
    assert [] == json.loads(done(two, "log", "--by", "nobody", "--json"))


def test_build_and_its_proof(two: Path) -> None:
    built = run(two, "build")
    proved = run(two, "build", "--check")

    assert "6 records, 2 events, 2 entities, 2 sources" in built.stderr
    assert (0, "every row is what the log says") == (
        proved.exit_code, proved.stderr.strip().partition(": ")[2]
    )  # fmt: skip


def test_a_read_model_that_was_touched_is_found_out(tmp_path: Path) -> None:
    import sqlite3

    new_archive(tmp_path)
    add_malta(tmp_path)
    done(tmp_path, "build")
    with sqlite3.connect(tmp_path / "timeline.db") as connection:
        connection.execute("UPDATE events SET title = 'x'")
    connection.close()
    result = run(tmp_path, "build", "--check")

    assert 1 == result.exit_code
    assert "events are not what the log says" in result.stderr


def test_an_older_archive_can_be_built(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    add_rome(tmp_path)
    result = run(tmp_path, "build", "--as-of", "#3")

    assert "4 records, 1 event, 2 entities, 1 source" in result.stderr
    assert (tmp_path / "timeline-as-of-3.db").exists()


def test_check_names_what_is_wrong_and_ends_with_one(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    good = run(tmp_path, "check")
    (segment,) = (tmp_path / "events").glob("*/*.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b"2024-12-04/", b"2024-13-04/"))
    bad = run(tmp_path, "check")
    told = run(tmp_path, "check", "--json")

    assert (0, 1) == (good.exit_code, bad.exit_code)
    assert "0 problems" in good.stderr
    assert ":4: " in bad.stdout
    assert 4 == json.loads(told.stdout.splitlines()[0])["line"]


def test_types_are_listed_and_explained(two: Path) -> None:
    assert "meeting.held" in done(two, "types")
    assert "Roles (-w WHO:ROLE)" in done(two, "types", "visit.made")
    assert "properties" in json.loads(done(two, "types", "visit.made", "--json"))
    assert "visit.made" in done(two, "types", "visit.made", "--template", "csv")
    assert 4 == run(two, "types", "visit.mad").exit_code


def test_nothing_of_this_wrote_to_the_log(two: Path) -> None:
    assert 6 == len(lines(two))


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_an_exported_table_is_the_listed_one(two: Path, form: str) -> None:
    assert done(two, "find", "--sort", "recorded", f"--{form}") == done(two, "export", form)


@pytest.mark.parametrize("form", ["json", "nl"])
def test_an_export_says_the_same_as_a_listing(two: Path, form: str) -> None:
    listed = json.loads(done(two, "find", "--sort", "recorded", "--json"))
    exported = done(two, "export", form)

    assert listed == (
        json.loads(exported) if form == "json" else [json.loads(x) for x in exported.splitlines()]
    )


def test_a_narrow_terminal_leaves_ids_whole() -> None:
    columns, widths = ("date", "title", "id"), [15, 40, 30]

    assert [15, 21, 30] == squeezed(columns, widths, 70)
    assert [8, 8, 10] == squeezed(columns, widths, 30)
