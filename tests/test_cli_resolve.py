"""`timeline resolve`: names that stand as text, and what they mean."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.commands import done, lines, new_archive, run


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two talks of one Jane Doe whom no entity answers for."""
    folder = new_archive(tmp_path)
    for day in ("1990", "1991"):
        done(
            folder, "add", f"Talks of {day}", "-d", day, "-t", "meeting.held",
            "-w", "Jane Doe:party", "-w", "Bo Ek:party", "-s", "A paper",
        )  # fmt: skip
    return folder


def listed(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done(folder, "resolve", "--csv"))))


def test_names_without_an_entity_are_listed_with_the_command_that_mends_them(
    archive: Path,
) -> None:
    assert [
        ("Bo Ek", "2", "timeline entity add person:bo-ek 'Bo Ek'"),
        ("Jane Doe", "2", "timeline entity add person:jane-doe 'Jane Doe'"),
    ] == [(row["name"], row["n_events"], row["command"]) for row in listed(archive)]


def test_a_name_that_an_entity_has_by_now_is_offered(archive: Path) -> None:
    done(archive, "entity", "add", "person:jane-doe", "Jane Doe")

    assert ["timeline resolve 'Jane Doe' person:jane-doe"] == [
        row["command"] for row in listed(archive) if row["name"] == "Jane Doe"
    ]


def test_saying_whom_a_name_means_corrects_every_event_that_has_it(archive: Path) -> None:
    done(archive, "entity", "add", "person:jane-doe", "Jane Doe")
    done(archive, "resolve", "Jane Doe", "person:jane-doe")

    assert ["Bo Ek"] == [row["name"] for row in listed(archive)]
    assert ["resolution", "resolution"] == [
        record["reason"] for record in lines(archive) if record["kind"] == "correction"
    ]
    assert "2" == done(archive, "find", "-w", "person:jane-doe", "--count").strip()


def test_with_n_nothing_is_appended(archive: Path) -> None:
    done(archive, "entity", "add", "person:jane-doe", "Jane Doe")
    before = len(lines(archive))
    done(archive, "resolve", "Jane Doe", "person:jane-doe", "-n")

    assert before == len(lines(archive))


def test_a_name_that_stands_nowhere_is_told(archive: Path) -> None:
    assert 4 == run(archive, "resolve", "Nobody", "state:mt").exit_code
