from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from timeline.archive import Archive
from timeline.publish.questions import question
from timeline.readmodel.build import build
from timeline.readmodel.database import connect
from timeline.readmodel.functions import register

from .logs import event, lines, read_model, record, source

ROOT = Path(__file__).resolve().parents[1]

KERRY, LAVROV = "person:john-kerry", "person:sergey-lavrov"
OURS, THEIRS = "office:us-secretary-of-state", "office:ru-foreign-minister"


def term(n: int, person: str, office: str, when: str, kind: str = "office.began") -> Any:
    """Somebody takes or leaves an office."""
    return event(
        n, f"{person.partition(':')[2]}-{kind.partition('.')[2]}", type=kind, when=when,
        data={"office": office}, participants=[{"entity": person, "role": "appointee"}],
    )  # fmt: skip


def meeting(n: int, name: str, when: str, **fields: Any) -> Any:
    """Kerry meets Lavrov."""
    people = [
        {"entity": KERRY, "role": "party", "for": "state:us"},
        {"entity": LAVROV, "role": "party", "for": "state:ru"},
    ]
    return event(n, name, when=when, participants=people, **fields)


def treaty(n: int, kind: str, party: str, when: str) -> Any:
    return event(
        n, f"{kind.partition('.')[2]}-{party.partition(':')[2]}", type=kind, when=when,
        data={"treaty": ["treaty:new-start"]}, participants=[{"entity": party, "role": "party"}],
    )  # fmt: skip


RECORDS = [
    source(0, "src:agency", reliability="B", url="https://agency.example/"),
    source(1, "src:blog", reliability="E"),
    record(2, "entity", entity=KERRY, names=[{"text": "John Kerry"}]),
    record(3, "entity", entity=LAVROV, names=[{"text": "Sergey Lavrov"}]),
    term(4, KERRY, OURS, "2013-02-01"),
    term(5, KERRY, OURS, "2017-01-20", "office.ended"),
    term(6, LAVROV, THEIRS, "2004-03-09"),
    meeting(7, "kerry-lavrov-geneva", "2016-08-26", where=[{"name": "Geneva"}]),
    meeting(8, "kerry-lavrov-late", "2018-01"),
    meeting(9, "kerry-lavrov-geneva-again", "2016-08-26"),
    treaty(10, "treaty.entered_into_force", "state:us", "2011-02-05"),
    treaty(11, "treaty.entered_into_force", "state:ru", "2011-02-05"),
    treaty(12, "treaty.suspended", "state:ru", "2023-02-28"),
    event(13, "rumour", title="Rumour of talks in Malta", claims=[{"source": "src:blog"}]),
    event(14, "caesar", title="Caesar is killed", when="-0043-03-15"),
    record(15, "claim", event="kerry-lavrov-geneva",
           claim={"source": "src:blog", "stance": "denies", "quote": {"text": "They did not."}}),
    record(16, "claim", event="kerry-lavrov-geneva",
           claim={"source": "src:blog", "value": {"when": "2016-08-27"}, "fields": ["/when"]}),
    record(17, "correction", of="caesar", reason="typing_error", note="a slip",
           changes={"/title": {"from": "Caesar is killed", "to": "Caesar is murdered"}}),
    record(18, "retraction", of="rumour", reason="unsupported"),
    event(19, "some-day", when="2024-12", claims=[{"source": "src:blog"}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Iterator[sqlite3.Connection]:
    """Twenty records, one of everything that the questions ask about."""
    connection = read_model(lines(RECORDS))
    connection.row_factory = sqlite3.Row
    register(connection)
    yield connection
    connection.close()


def answer(connection: sqlite3.Connection, name: str, **given: str) -> list[sqlite3.Row]:
    found = question(name)
    values = {**dict.fromkeys(found.parameters, ""), **given}
    return connection.execute(found.sql, values).fetchall()


def column(rows: list[sqlite3.Row], *names: str) -> list[Any]:
    return [row[names[0]] if len(names) == 1 else tuple(row[n] for n in names) for row in rows]


def test_1_meetings_of_those_who_held_the_offices_then(small: sqlite3.Connection) -> None:
    rows = answer(small, "meetings-of-ministers")

    assert [("kerry-lavrov-geneva", THEIRS), ("kerry-lavrov-geneva-again", THEIRS)] == column(
        rows, "id", "their_office"
    )


def test_2_what_stood_between_two_states(small: sqlite3.Connection) -> None:
    assert [("state:ru", "suspended"), ("state:us", "in_force")] == column(
        answer(small, "treaties-in-force"), "party", "status"
    )
    assert ["in_force", "in_force"] == column(
        answer(small, "treaties-in-force", day="2015-01-01"), "status"
    )
    assert [] == answer(small, "treaties-in-force", day="2010-06-01")


def test_3_what_we_believed_on_a_day(small: sqlite3.Connection) -> None:
    assert [] == answer(small, "believed-on-a-day", as_of="2025-12-31")
    (row,) = answer(small, "believed-on-a-day", as_of="2026-01-01", word="caesar")
    assert ("Caesar is murdered", 2) == (row["title"], row["revision"])


def test_4_what_rests_on_one_weak_root(small: sqlite3.Connection) -> None:
    assert ["some-day"] == column(answer(small, "resting-on-one-weak-root"), "id")


def test_5_what_changed_since(small: sqlite3.Connection) -> None:
    rows = answer(small, "changed-since", since="16")

    assert [("added", "some-day"), ("retracted", "rumour"), ("corrected", "caesar")] == column(
        rows, "what", "event"
    )


def test_6_where_sources_contradict_each_other(small: sqlite3.Connection) -> None:
    rows = answer(small, "contradictions")

    assert {("/when", '"2016-08-26"', 1), ("/when", '"2016-08-27"', 0)} == set(
        column(rows, "field", "value", "affirms")
    )


def test_7_what_a_source_said(small: sqlite3.Connection) -> None:
    rows = answer(small, "what-a-source-said", source="src:blog")

    assert {"asserts", "denies"} == set(column(rows, "stance"))
    assert "They did not." in column(rows, "quote")
    assert 7 < len(answer(small, "what-a-source-said", source="https://agency.example/"))


def test_8_who_says_that_they_met(small: sqlite3.Connection) -> None:
    rows = answer(small, "did-they-meet", one=LAVROV, other=KERRY, place="geneva")

    said = column(rows, "event", "source", "stance")
    assert ("kerry-lavrov-geneva", "src:agency", "asserts") in said
    assert ("kerry-lavrov-geneva", "src:blog", "denies") in said


def test_9_when_two_met_last_and_how_often(small: sqlite3.Connection) -> None:
    rows = answer(small, "meetings-of-two", one=KERRY, other=LAVROV)

    assert [(2018, 1), (2016, 2), (2016, 2)] == column(rows, "year", "that_year")


def test_10_who_held_an_office(small: sqlite3.Connection) -> None:
    assert [(KERRY, "John Kerry", "2013-02-01", "2017-01-19")] == column(
        answer(small, "who-held-an-office", day="2015-05-05"), "holder", "name", "since", "until"
    )
    assert [] == answer(small, "who-held-an-office", day="2017-05-05")


def test_13_certainly_and_possibly(small: sqlite3.Connection) -> None:
    assert [("certainly", "kerry-lavrov-geneva"), ("certainly", "kerry-lavrov-geneva-again")] == (
        column(
            answer(small, "certainly-and-possibly", **{"from": "2016-08-20", "to": "2016-08"}),
            "then_it_happened",
            "id",
        )
    )
    assert [("possibly", "some-day")] == column(
        answer(small, "certainly-and-possibly", **{"from": "2024-12-02", "to": "2024-12-08"}),
        "then_it_happened",
        "id",
    )


def test_14_what_has_no_exact_day(small: sqlite3.Connection) -> None:
    assert [("kerry-lavrov-late", 31), ("some-day", 31)] == column(
        answer(small, "no-exact-day"), "id", "days_it_may_span"
    )


def test_19_what_was_corrected_or_retracted(small: sqlite3.Connection) -> None:
    rows = answer(small, "corrected-or-retracted")

    assert [("rumour", "retracted", "unsupported"), ("caesar", "corrected", "typing_error")] == (
        column(rows, "event", "what", "reason")
    )
    assert ["a slip"] == [row["because"] for row in rows if row["because"]]


def test_21_what_looks_like_one_event_twice(small: sqlite3.Connection) -> None:
    assert [("kerry-lavrov-geneva", "kerry-lavrov-geneva-again", 2)] == column(
        answer(small, "the-same-event-twice"), "event", "other", "shared_participants"
    )


def test_24_everything_before_1900(small: sqlite3.Connection) -> None:
    assert [("caesar", -43)] == column(answer(small, "before-1900"), "id", "year")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The read model of the archive that this repository holds."""
    if not (ROOT / "events").is_dir():
        pytest.skip("this checkout has no events/")
    folder = tmp_path_factory.mktemp("real")
    (folder / "events").symlink_to(ROOT / "events", target_is_directory=True)
    archive = Archive(folder)
    build(archive)
    connection = connect(archive)
    yield connection
    connection.close()


@pytest.mark.slow
def test_nobody_but_one_article_says_that_they_met_in_malta(real: sqlite3.Connection) -> None:
    rows = answer(real, "did-they-meet")
    met = [row for row in rows if row["about"].startswith("1") and row["stance"] == "asserts"]

    assert [("Lavrov And Blinken Meet: Key Takeaways From Malta OSCE Meeting", "E", "asserts")] == [
        tuple(row[n] for n in ("source", "reliability", "stance")) for row in met
    ]
    assert {"improbable"} == {row["certainty"] for row in met}
    assert any(row["event"] == "blinken-malta-2024" for row in rows)


@pytest.mark.slow
def test_contradictions_of_the_real_archive_stand_side_by_side(real: sqlite3.Connection) -> None:
    rows = answer(real, "contradictions")

    assert all(row["field"].startswith("/") for row in rows)


@pytest.mark.slow
def test_the_meetings_of_ministers_include_the_known_ones(real: sqlite3.Connection) -> None:
    ids = column(answer(real, "meetings-of-ministers"), "id")

    assert "john-kerry-meets-sergey-lavrov-in-geneva-2016-2" in ids
    assert 90 <= len(set(ids))


@pytest.mark.slow
def test_a_week_of_december_2024_holds_the_council(real: sqlite3.Connection) -> None:
    rows = answer(real, "certainly-and-possibly", **{"from": "2024-12-02", "to": "2024-12-08"})

    assert ("certainly", "31st-osce-ministerial-council-in-malta-2024") in column(
        rows, "then_it_happened", "id"
    )


@pytest.mark.slow
def test_events_without_an_exact_day_are_those_of_months_and_years(
    real: sqlite3.Connection,
) -> None:
    rows = answer(real, "no-exact-day")

    assert {"day", "month", "year", "interval", "set"} >= set(column(rows, "precision"))
    assert "eisenhower-proposes-mutual-aerial-observation-1955" in column(rows, "id")


@pytest.mark.slow
def test_before_1900_there_are_offices_and_the_journeys_of_seward(
    real: sqlite3.Connection,
) -> None:
    ids = column(answer(real, "before-1900"), "id")

    assert ids[0].startswith("robert-r-livingston-becomes-secretary-of-foreign-affairs")
    assert "seward-denmark-1866" in ids
