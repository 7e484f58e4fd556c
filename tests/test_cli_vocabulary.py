"""`timeline vocabulary`: packs of one's own, from a file to states, without a line of Python."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.commands import done, lines, new_archive, run
from timeline.records.pack_file import shipped_text

LEAGUE = """\
# What players do.
pack: league
version: 1
title: Football league
types:
  transfer.made:
    strict: true
    roles:
      player: {min: 1, max: 1}
    data:
      to: {type: text, required: true}
      fee: money
  career.ended:
    roles:
      player: {min: 1}
states:
  club:
    key: [participants.player]
    value: data.to
    opens: transfer.made
    closes: career.ended
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return new_archive(tmp_path / "archive")


def league(folder: Path, text: str = LEAGUE) -> str:
    path = folder / "league.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_pack_of_ones_own_goes_from_template_to_state(archive: Path) -> None:
    assert "league\n" == done(archive, "vocabulary", "add", league(archive))
    header = done(archive, "types", "transfer.made", "--template", "csv").splitlines()[0]
    for day, club in (("2004-07-01", "Tottenham"), ("2023-08-12", "Bayern")):
        done(
            archive, "add", f"Kane to {club}", "-d", day, "-t", "transfer.made",
            "-w", "Harry Kane:player", f"to={club}", "-s", "A paper",
        )  # fmt: skip

    state = list(csv.DictReader(io.StringIO(done(archive, "state", "Harry Kane", "--csv"))))

    assert "participants.player" in header
    assert [("Tottenham", "2023-08-11"), ("Bayern", "")] == [
        (row["state"], row["until"]) for row in state
    ]
    done(archive, "check")


def test_a_strict_type_of_ones_own_refuses_what_it_lacks(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))
    result = run(
        archive, "add", "Kane moves", "-d", "2023", "-t", "transfer.made", "-s", "A paper",
        "fe=1 EUR",
    )  # fmt: skip

    assert 2 == result.exit_code
    assert "fee" in result.stderr


def test_a_pack_is_shown_as_it_was_written(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))

    assert LEAGUE == done(archive, "vocabulary", "show", "league")


def test_a_pack_that_ships_is_shown_and_added_by_its_name(archive: Path) -> None:
    assert shipped_text("court") == done(archive, "vocabulary", "show", "court")
    done(archive, "vocabulary", "add", "court")

    assert ["court"] == [record["pack"] for record in lines(archive)]


def test_the_list_tells_what_is_in_force_and_what_ships(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))
    rows = csv.DictReader(io.StringIO(done(archive, "vocabulary", "list", "--csv")))

    assert {
        "diplomacy": "in force",
        "league": "in force",
        "court": "ships; timeline vocabulary add court",
        "company": "ships; timeline vocabulary add company",
        "incident": "ships; timeline vocabulary add incident",
    } == {row["pack"]: row["standing"] for row in rows}


def test_a_pack_that_narrows_under_its_old_number_is_refused(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))
    narrower = league(archive, LEAGUE.replace("      fee: money\n", ""))

    result = run(archive, "vocabulary", "add", narrower)

    assert (2, 1) == (result.exit_code, len(lines(archive)))
    assert "the field fee is gone" in result.stderr
    assert "Fix: version: 2" in result.stderr


def test_old_events_keep_the_version_of_their_day(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))
    done(
        archive, "add", "Kane to Bayern", "-d", "2023", "-t", "transfer.made",
        "-w", "Kane:player", "to=Bayern", "fee=100 EUR", "-s", "A paper",
    )  # fmt: skip
    narrower = LEAGUE.replace("      fee: money\n", "").replace("version: 1", "version: 2")
    done(archive, "vocabulary", "add", league(archive, narrower))

    done(archive, "check")


def test_the_same_pack_again_is_a_conflict(archive: Path) -> None:
    done(archive, "vocabulary", "add", league(archive))

    assert 6 == run(archive, "vocabulary", "add", league(archive)).exit_code


def test_lint_names_every_problem_with_its_line(archive: Path) -> None:
    wrong = LEAGUE.replace("money", "mony").replace("min: 1}", "mn: 1}")

    result = run(archive, "vocabulary", "lint", league(archive, wrong))

    assert 1 == result.exit_code
    assert [12, 15] == [
        int(line.split(":")[2]) for line in result.stderr.splitlines() if "league.yml" in line
    ]


def test_a_word_that_is_no_pack_names_the_nearest(archive: Path) -> None:
    result = run(archive, "vocabulary", "add", "cort")

    assert 4 == result.exit_code
    assert "did you mean court" in result.stderr
