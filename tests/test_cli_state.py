"""`timeline state`: where things stood, and by whose reading."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import done, new_archive, run


def act(folder: Path, title: str, kind: str, day: str, who: str, *words: str) -> str:
    """An act on New START by the command itself; its id."""
    return done(
        folder, "add", title, "-d", day, "-t", kind, "-w", f"{who}:party", "-s", "A paper",
        "treaty=treaty:new-start", *words,
    ).splitlines()[-1]  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = new_archive(tmp_path)
    done(folder, "entity", "add", "treaty:new-start", "New START")
    for who in ("state:us", "state:ru"):
        act(folder, f"{who} signs", "treaty.signed", "2010-04-08", who)
        act(folder, f"In force for {who}", "treaty.entered_into_force", "2011-02-05", who)
    return folder


def told(folder: Path, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done(folder, "state", *words, "--csv"))))


def states(folder: Path, *words: str) -> list[tuple[str, str]]:
    return [(row["party"], row["state"]) for row in told(folder, *words)]


def test_the_state_of_a_treaty_on_a_day_is_told_party_by_party(archive: Path) -> None:
    assert [("state:ru", "signed"), ("state:us", "signed")] == states(
        archive, "treaty:new-start", "--on", "2010-06-01"
    )


def test_without_a_day_the_whole_life_is_told(archive: Path) -> None:
    rows = [row for row in told(archive, "treaty:new-start") if row["party"] == "state:us"]

    assert [("signed", "2010-04-08", "2011-02-04"), ("in_force", "2011-02-05", "")] == [
        (row["state"], row["since"], row["until"]) for row in rows
    ]


def test_a_party_is_told_with_all_its_treaties(archive: Path) -> None:
    assert ["treaty:new-start"] == [
        row["subject"] for row in told(archive, "state:us", "--on", "2015-01-01")
    ]


def test_a_name_of_the_treaty_will_do(archive: Path) -> None:
    assert 2 == len(states(archive, "New START", "--on", "2015-01-01"))


def test_who_denies_a_suspension_keeps_his_reading(archive: Path) -> None:
    event = act(archive, "Russia suspends", "treaty.suspended", "2023-02-28", "state:ru")
    done(archive, "cite", event, "A note", "--stance", "denies", "claimant=state:us")

    [row, other] = told(archive, "treaty:new-start", "--on", "2023-04-01")

    assert ("suspended", "contested: state:us reads in_force") == (row["state"], row["remarks"])
    assert ("in_force", "", event) == (other["state"], other["remarks"], row["events"])


def test_two_days_stand_side_by_side(archive: Path) -> None:
    rows = told(archive, "treaty:new-start", "--on", "2010-06-01", "--vs", "2015-01-01")

    assert {("signed", "in_force")} == {(row["2010-06-01"], row["2015-01-01"]) for row in rows}


def test_what_was_known_before_is_told_as_it_was_known(archive: Path) -> None:
    size = int(json.loads(done(archive, "log", "--limit", "1", "--json"))[0]["position"])
    act(archive, "It ends", "treaty.ended", "2026-02-05", "state:us")
    day = ("--on", "2026-03-01")

    assert "ended" in dict(states(archive, "treaty:new-start", *day)).values()
    assert {"in_force"} == set(
        dict(states(archive, "treaty:new-start", *day, "--as-of", f"#{size}")).values()
    )


def refused(folder: Path, *words: str) -> tuple[int, str]:
    result: Any = run(folder, "state", *words)
    return result.exit_code, result.stderr


def test_a_month_is_not_a_day(archive: Path) -> None:
    code, words = refused(archive, "treaty:new-start", "--on", "2023-04")

    assert 2 == code
    assert "'2023-04' is not one day" in words


def test_what_no_event_moves_has_no_state(archive: Path) -> None:
    done(archive, "entity", "add", "person:jane", "Jane")

    assert (4, "Error: no event moves a state of person:jane\n") == (
        refused(archive, "person:jane")[0],
        refused(archive, "person:jane")[1].splitlines(keepends=True)[0],
    )
