"""A source that is published again: what is new, changed, gone, back, or only renumbered."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.archives import archive_in
from tests.corpora import corpus
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.importers.historyatstate_travels import SERIES
from timeline.importers.known import known
from timeline.importers.options import Options
from timeline.importers.run import ImportPlan, plan_import, run_import
from timeline.importers.trips import Facts, Trip, facts_of, read_trips
from timeline.importers.versions import Held, held_entries
from timeline.log.writer import append
from timeline.records.draft import fresh_id

TRAVELS = "historyatstate-travels"
CLOCK = itertools.count()


def trip(number: int, start: str, end: str, country: str, locale: str, **more: str) -> str:
    who = more.get("who", "kerry-john-forbes")
    return (
        f'<trip role="secretary" who="{who}"><id>{number}</id><name>{more.get("name", "K")}</name>'
        f"<start-date>{start}</start-date><end-date>{end}</end-date>"
        f'<country id="{country}">{country.title()}</country><locale>{locale}</locale>'
        f"<remarks>{more.get('remarks', 'Met.')}</remarks></trip>"
    )


GENEVA = trip(1, "2016-08-25", "2016-08-28", "switzerland", "Geneva")
PARIS = trip(2, "2016-09-01", "2016-09-02", "france", "Paris")


def version(folder: Path, day: str, *trips: str) -> Path:
    source = folder / day / "secretary-travels"
    source.mkdir(parents=True)
    (source / "kerry.xml").write_text(f"<trips>{''.join(trips)}</trips>", encoding="utf-8")
    return source.parent


def imported(archive: Archive, source: Path, **options: Any) -> ImportPlan:
    """Plans and runs, an hour of the log's clock after the last one."""
    plan = plan_import(archive, [source], Options(**options), importer=TRAVELS)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=next(CLOCK))
    run_import(plan, archive, by="ana", now=lambda: at)
    return plan


def held(archive: Archive) -> list[Held[Facts]]:
    return held_entries(known(archive).records.values(), SERIES, facts_of)


def current(archive: Archive) -> Counter[Facts]:
    return Counter(one.facts for one in held(archive) if one.stands and not one.silent)


def wanted(source: Path) -> Counter[Facts]:
    return Counter(one.facts for one in read_trips(source) if isinstance(one, Trip))


def outcomes(plan: ImportPlan) -> dict[str, int]:
    return {word: count for word, count in plan.rows.items() if count}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archive_in(tmp_path)


def test_a_trip_is_a_visit_with_its_version_as_source(tmp_path: Path, archive: Archive) -> None:
    plan = imported(archive, version(tmp_path, "2016-10-01", GENEVA))

    (event,) = [dict(draft.body) for _, draft in plan.drafts if draft.body["kind"] == "event"]
    assert {
        "kind": "event",
        "event": "kerry-switzerland-2016",
        "type": "visit.made",
        "title": "John F. Kerry visits Switzerland (Geneva)",
        "language": "en",
        "when": "2016-08-25/2016-08-28",
        "where": [{"place": "place:geneva", "name": "Geneva"}],
        "participants": [
            {
                "entity": "person:john-kerry",
                "as": "office:us-secretary-of-state",
                "for": "state:us",
                "role": "visitor",
            },
            {"entity": "state:ch", "role": "host"},
        ],
        "claims": [
            {
                "source": "src:state-historian-travels-2016-10-01",
                "locator": "trip 1",
                "basis": "official_record",
                "likelihood": "certain",
            }
        ],
        "external_ids": {"historyatstate-trip@2016-10-01": "1"},
    } == event


def test_remarks_are_kept_only_when_asked_for(tmp_path: Path, archive: Archive) -> None:
    source = version(tmp_path, "2016-10-01", GENEVA)
    plans = [
        plan_import(archive, [source], Options(with_remarks=kept), importer=TRAVELS)
        for kept in (False, True)
    ]

    quotes = [plan.drafts[-1][1].body["claims"][0].get("quote") for plan in plans]
    assert [None, {"text": "Met.", "language": "en"}] == quotes


def test_a_changed_date_is_a_correction_with_old_and_new(tmp_path: Path, archive: Archive) -> None:
    imported(
        archive, version(tmp_path, "2017-04-22", GENEVA.replace("2016-08-2", "3016-08-2"), PARIS)
    )

    plan = imported(archive, version(tmp_path, "2017-04-25", GENEVA, PARIS))

    (correction,) = [d.body for _, d in plan.drafts if d.body["kind"] == "correction"]
    assert {"corrected": 1, "already": 1} == outcomes(plan)
    assert "source_corrected" == correction["reason"]
    assert {
        "/when": {"from": "3016-08-25/3016-08-28", "to": "2016-08-25/2016-08-28"}
    } == correction["changes"]


def test_renumbered_and_reworded_trips_change_nothing(tmp_path: Path, archive: Archive) -> None:
    imported(archive, version(tmp_path, "2017-01-01", GENEVA, PARIS))
    swapped = (
        GENEVA.replace("<id>1<", "<id>2<").replace("Met.", "Met again."),
        PARIS.replace("<id>2<", "<id>1<").replace("<name>K<", "<name>John Kerry<"),
    )

    plan = imported(archive, version(tmp_path, "2018-01-01", *swapped))

    assert {"already": 2} == outcomes(plan)
    assert {"source": 1} == plan.kinds
    assert {"kerry-switzerland-2016", "kerry-france-2016"} == {one.event for one in held(archive)}


def test_a_host_in_brackets_after_its_town_is_no_other_place(
    tmp_path: Path, archive: Archive
) -> None:
    ceylon = trip(1, "1956-03-11", "1956-03-11", "sri-lanka", "Colombo (Sri Lanka)")
    imported(archive, version(tmp_path, "2020-11-19", ceylon))

    plan = imported(archive, version(tmp_path, "2022-01-21", ceylon.replace(" (Sri Lanka)", "")))

    assert {"already": 1} == outcomes(plan)


def test_a_place_elsewhere_in_brackets_is_part_of_the_name(tmp_path: Path) -> None:
    source = version(tmp_path, "2018-01-01", GENEVA.replace(">Geneva<", ">Dakar (Senegal)<"))

    assert [("Dakar (Senegal)",)] == [t.places for t in read_trips(source) if isinstance(t, Trip)]


def test_a_trip_that_vanishes_is_silent_and_one_that_returns_returns(
    tmp_path: Path, archive: Archive
) -> None:
    imported(archive, version(tmp_path, "2017-01-01", GENEVA, PARIS))

    gone = imported(archive, version(tmp_path, "2018-01-01", GENEVA))
    (claim,) = [draft.body for _, draft in gone.drafts if draft.body["kind"] == "claim"]
    assert ("kerry-france-2016", "silent") == (claim["event"], claim["claim"]["stance"])
    assert 1 == sum(current(archive).values())

    back = imported(archive, version(tmp_path, "2019-01-01", GENEVA, PARIS))
    assert {"returned": 1, "already": 1} == outcomes(back)
    assert 2 == sum(current(archive).values())


def test_the_only_trip_to_a_place_that_goes_and_comes_is_one(
    tmp_path: Path, archive: Archive
) -> None:
    imported(archive, version(tmp_path, "2020-01-01", GENEVA, PARIS))
    moved = trip(9, "2016-11-01", "2016-11-03", "france", "Paris")

    plan = imported(archive, version(tmp_path, "2021-01-01", GENEVA, moved))

    assert {"corrected": 1, "already": 1} == outcomes(plan)
    assert "kerry-france-2016" == plan.drafts[-1][1].body["of"]


def test_another_trip_to_the_same_place_is_another_trip(tmp_path: Path, archive: Archive) -> None:
    imported(archive, version(tmp_path, "2020-01-01", PARIS))
    later = trip(3, "2017-01-14", "2017-01-15", "france", "Paris")

    plan = imported(archive, version(tmp_path, "2021-01-01", PARIS, later))

    assert {"new": 1, "already": 1} == outcomes(plan)


def test_two_equal_trips_are_two_events(tmp_path: Path, archive: Archive) -> None:
    imported(archive, version(tmp_path, "2020-01-01", PARIS, PARIS.replace("<id>2<", "<id>8<")))

    assert ["kerry-france-2016", "kerry-france-2016-2"] == [one.event for one in held(archive)]


def test_an_older_version_adds_what_it_alone_has_and_changes_nothing(
    tmp_path: Path, archive: Archive
) -> None:
    new = version(tmp_path, "2020-01-01", GENEVA)
    imported(archive, new)
    old = version(tmp_path, "2018-01-01", GENEVA.replace("08-28", "08-27"), PARIS)

    plan = imported(archive, old)

    assert {"event": 1, "claim": 1, "source": 1} == {
        kind: count for kind, count in plan.kinds.items() if kind != "entity"
    }
    assert wanted(new) == current(archive)


def test_what_an_editor_corrected_stays_corrected(tmp_path: Path, archive: Archive) -> None:
    imported(archive, version(tmp_path, "2018-01-01", GENEVA))
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=next(CLOCK))
    edit = {
        "kind": "correction",
        "of": "kerry-switzerland-2016",
        "changes": {"/when": {"from": "2016-08-25/2016-08-28", "to": "2016-08-26"}},
        "reason": "new_evidence",
        "id": fresh_id(1_767_225_600_000),
        "v": 1,
        "recorded_by": "ana",
    }
    append(archive, [edit], now=lambda: at)

    plan = imported(archive, version(tmp_path, "2019-01-01", GENEVA))

    assert {"already": 1} == outcomes(plan)


def test_a_trip_that_ends_before_it_begins_is_kept_and_told(
    tmp_path: Path, archive: Archive
) -> None:
    plan = imported(archive, version(tmp_path, "2018-01-01", GENEVA.replace("08-28", "08-24")))

    assert ["reversed-dates"] == [advice.rule for advice in plan.warnings]
    assert "2016-08-25?" == plan.drafts[-1][1].body["when"]["edtf"]


def test_a_day_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    source = version(tmp_path, "2018-01-01", GENEVA.replace("08-28", "08-32"))

    assert ["bad-date"] == [one.rule for one in read_trips(source) if isinstance(one, Problem)]


def test_all_trips_of_the_corpus_arrive_once(archive: Archive) -> None:
    source = corpus(TRAVELS)

    first = imported(archive, source, published="2026-07-18")
    again = imported(archive, source, published="2026-07-18")

    assert ({"new": 4271}, {"already": 4271}) == (outcomes(first), outcomes(again))
    assert () == first.problems
    assert () == again.drafts
    assert wanted(source) == current(archive)


@pytest.mark.slow
def test_twelve_versions_lose_and_double_no_trip(archive: Archive) -> None:
    sources = sorted(corpus("historyatstate-travels-history").glob("*.tar.gz"))
    events: dict[str, Facts] = {}
    corrections: list[int] = []
    print("version     trips   new corrected  gone  back again")  # noqa: T201 - shown with -s
    for source in sources:
        plan = imported(archive, source)
        again = plan_import(archive, [source], Options(), importer=TRAVELS)
        corrections.append(plan.kinds.get("correction", 0))
        told = (
            plan.kinds.get("event", 0), corrections[-1], plan.kinds.get("claim", 0),
            plan.kinds.get("retraction", 0), len(again.drafts),
        )  # fmt: skip
        trips = sum(wanted(source).values())
        print(source.name[:10], *(f"{n:6}" for n in (trips, *told)))  # noqa: T201

        assert () == plan.problems
        assert () == again.drafts
        assert wanted(source) == current(archive)
        assert events.keys() <= {one.event for one in held(archive)}
        events = {one.event: one.facts for one in held(archive)}

    assert [0, 0, 9, 0, 16, 1, 2, 0, 0, 1, 4, 0] == corrections
    assert 4271 == sum(current(archive).values())
    assert 4 == sum(1 for one in held(archive) if one.silent)


ORDERS = [
    (11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    (5, 11, 0, 7, 3, 9, 1, 4, 10, 2, 8, 6),
]


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS)
def test_twelve_versions_in_another_order_end_in_the_same_state(
    archive: Archive, order: tuple[int, ...]
) -> None:
    sources = sorted(corpus("historyatstate-travels-history").glob("*.tar.gz"))
    for number in order:
        imported(archive, sources[number])

    assert wanted(sources[-1]) == current(archive)
    assert 4 == sum(1 for one in held(archive) if one.silent)
