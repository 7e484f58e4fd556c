"""Question 10: who held an office on a day; on real terms, against the terms themselves."""

from __future__ import annotations

import shutil
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

import pytest

from tests.archives import archive_in
from tests.corpora import corpus
from timeline.importers.options import Options
from timeline.importers.run import plan_import, run_import
from timeline.publish.questions import question
from timeline.readmodel.build import build
from timeline.readmodel.database import connect

FILES = ("secretary.xml", "secretary-ad-interim.xml")

HELD = {
    "1801-01-15": ["John Marshall"],
    "1801-02-20": ["John Marshall ad interim"],
    "1801-04-01": ["Levi Lincoln ad interim"],
    "1803-04-30": ["James Madison"],
    "1814-12-24": ["James Monroe ad interim"],
    "1823-12-02": ["John Quincy Adams"],
    "1843-06-22": ["William S. Derrick ad interim"],
    "1845-07-04": ["James Buchanan"],
    "1852-10-30": ["Charles Magill Conrad ad interim"],
    "1867-03-30": ["William H. Seward"],
    "1869-03-10": ["Elihu Benjamin Washburne"],
    "1905-07-10": ["Francis Butler Loomis ad interim"],
    "1918-11-11": ["Robert Lansing"],
    "1920-03-18": [],
    "1946-03-05": ["James F. Byrnes"],
    "1962-10-22": ["David Dean Rusk"],
    "1980-05-01": ["Warren M. Christopher ad interim"],
    "1992-10-01": ["Lawrence S. Eagleburger ad interim"],
    "1993-01-03": ["Lawrence S. Eagleburger"],
    "2017-01-25": ["Thomas Alfred Shannon ad interim"],
    "2018-04-10": [],
    "2021-01-20": ["Michael R. Pompeo", "Daniel Bennett Smith ad interim"],
    "2024-12-05": ["Antony J. Blinken"],
}
"""Day -> who the terms say was Secretary of State; nobody on two days that no term covers."""

AS_OF_THE_EVENING = {"1801-02-04", "1815-02-28", "1980-05-03", "1992-12-08", "1993-01-20"}
"""Days on which one man went on in another capacity, or took up and left the office: the archive
says what held as the day ended."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    source = corpus("historyatstate-principals")
    folder = tmp_path_factory.mktemp("terms")
    (folder / "source").mkdir()
    for name in FILES:
        shutil.copy(source / "positions-principals" / name, folder / "source")
    shutil.copy(source / "people.tar.gz", folder / "source")
    archive = archive_in(folder)
    plan = plan_import(
        archive, [folder / "source"], Options(), importer="historyatstate-principals"
    )
    run_import(plan, archive, by="ana")
    build(archive)
    connection = connect(archive)
    yield connection
    connection.close()


def held(model: sqlite3.Connection, day: str, office: str = "") -> list[tuple[str, str]]:
    found = question("who-held-an-office")
    rows = model.execute(found.sql, {"office": office, "day": day})
    return [(row["name"], row["capacity"]) for row in rows]


@pytest.mark.parametrize("day", HELD)
def test_who_was_secretary_of_state(model: sqlite3.Connection, day: str) -> None:
    found = [
        name + (" ad interim" if how == "ad_interim" else "") for name, how in held(model, day)
    ]

    assert HELD[day] == found


def test_every_quarter_agrees_with_the_terms(model: sqlite3.Connection) -> None:
    terms = [term for name in FILES for term in _terms(name)]
    days = [date(year, month, 15).isoformat() for year in range(1801, 2025) for month in (1, 4, 7)]
    expected = {day: sorted(how for since, to, how in terms if since <= day <= to) for day in days}

    assert expected == {day: sorted(how for _, how in held(model, day)) for day in days}


def test_the_first_and_last_day_of_every_term_agree_with_it(model: sqlite3.Connection) -> None:
    terms = [term for name in FILES for term in _terms(name)]
    days = {day for since, to, _ in terms for day in (since, to) if "1801" < day < "2025"}
    missed = {
        day
        for day in days
        if sorted(how for since, to, how in terms if since <= day <= to)
        != sorted(how for _, how in held(model, day))
    }

    assert AS_OF_THE_EVENING == missed


def test_an_office_that_nobody_knows_has_no_holder(model: sqlite3.Connection) -> None:
    assert [] == held(model, "1900-01-01", "office:nobody")


def _terms(name: str) -> Iterator[tuple[str, str, str]]:
    """First and last day and capacity of each term, read without the importer."""
    root = ET.parse(corpus("historyatstate-principals") / "positions-principals" / name)
    how = "ad_interim" if "interim" in name else "full"
    for term in root.iter("principal"):
        since = term.findtext("started/date") or term.findtext("appointed/date") or ""
        yield since, term.findtext("ended/date") or "9999", how
