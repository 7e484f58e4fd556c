"""From events to what each key of a machine sees, and the real treaties' lives."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest

from tests.corpora import corpus
from timeline import edtf
from timeline.fold.state_events import Key, Succession, Told, gather, state_events
from timeline.fold.states import Life, Rectangle, fold_life, state_at
from timeline.fold.steps import Reading
from timeline.records.gazetteer import continuations
from timeline.records.pack_file import read_pack, shipped
from timeline.records.pack_yaml import read_yaml

MACHINES = shipped("diplomacy").machines
TREATY = MACHINES["treaty_status"]
SUCCESSIONS = [Succession(*step) for step in continuations()]


def day(text: str) -> int:
    found = edtf.parse(text).start_min
    assert found is not None
    return found


def told(kind: str, when: str, *parties: str, **data: Any) -> Told:
    people = [{"entity": party, "role": "party"} for party in parties]
    fields = {"type": kind, "when": when, "participants": people, "data": data}
    return Told(f"{kind}@{when}", 0, fields)


def keys(event: Told) -> list[Key]:
    return [key for key, _ in state_events(TREATY, event)]


def test_an_act_of_two_parties_speaks_to_two_keys() -> None:
    event = told("treaty.ratified", "2011-02-05", "state:us", "state:ru", treaty="treaty:x")

    assert [("treaty:x", "state:us"), ("treaty:x", "state:ru")] == keys(event)


def test_an_act_for_the_whole_treaty_has_a_key_of_its_own() -> None:
    event = told(
        "treaty.ended", "2026-02-05", "state:us", treaty=["treaty:x", "treaty:y"], scope="treaty"
    )

    assert [
        ("treaty:x", "state:us"),
        ("treaty:y", "state:us"),
        ("treaty:x", ""),
        ("treaty:y", ""),
    ] == keys(event)


def test_an_act_without_a_party_is_about_the_whole() -> None:
    assert [("treaty:x", "")] == keys(told("treaty.ended", "2026-02-05", treaty="treaty:x"))


def test_who_acts_for_a_state_stands_for_it() -> None:
    people = [{"entity": "person:gorbachev", "for": "state:su", "role": "party"}]
    fields = {
        "type": "treaty.signed",
        "when": "1987-12-08",
        "participants": people,
        "data": {"treaty": "treaty:inf"},
    }

    assert [("treaty:inf", "state:su")] == keys(Told("e", 0, fields))


@pytest.mark.parametrize("status", ["scheduled", "cancelled", "unconfirmed", "hypothetical"])
def test_what_was_not_held_moves_nothing(status: str) -> None:
    event = told("treaty.ended", "2026-02-05", treaty="treaty:x")

    assert [] == state_events(TREATY, Told("e", 0, {**event.fields, "status": status}))


def test_an_event_of_no_machine_moves_nothing() -> None:
    assert [] == keys(told("meeting.held", "2026-02-05", treaty="treaty:x"))


def test_the_day_that_counts_in_law_goes_before_the_day_of_the_act() -> None:
    event = told(
        "treaty.suspended", "2007-07-14", "state:ru", treaty="treaty:cfe", effective="2007-12-12"
    )
    [(_, found)] = state_events(TREATY, event)

    assert (day("2007-12-12"), day("2007-12-12")) == (found.earliest, found.latest)


def test_an_act_inside_a_span_took_effect_on_some_day_of_it() -> None:
    [(_, found)] = state_events(
        TREATY, told("treaty.signed", "1991-07-29/1991-08-01", "state:us", treaty="treaty:x")
    )

    assert (day("1991-07-29"), day("1991-08-01")) == (found.earliest, found.latest)


def test_the_first_move_that_fits_counts() -> None:
    part = told("treaty.suspended", "2022", "state:ru", treaty="treaty:x", extent="part")
    whole = told("treaty.suspended", "2022", "state:ru", treaty="treaty:x")

    assert ["suspended_in_part", "suspended"] == [
        state_events(TREATY, event)[0][1].move.to for event in (part, whole)
    ]


def test_claims_of_claimants_are_readings() -> None:
    event = told("treaty.suspended", "2023-02-28", "state:ru", treaty="treaty:x")
    claims: list[dict[str, Any]] = [
        {"source": "src:a"},
        {"source": "src:a", "claimant": "state:ru"},
        {"source": "src:a", "claimant": "state:us", "stance": "denies"},
        {"source": "src:a", "claimant": "state:fr", "stance": "denies", "fields": ["/when"]},
        {"source": "src:a", "claimant": "state:gb", "value": {"data": {"state": "withdrawn"}}},
    ]
    [(_, found)] = state_events(TREATY, Told("e", 0, event.fields, claims))

    assert (
        Reading("state:ru", "suspended"),
        Reading("state:us", None),
        Reading("state:gb", "withdrawn"),
    ) == found.readings


def test_an_office_is_held_by_the_person_and_not_by_the_state() -> None:
    who = {"entity": "person:lavrov", "for": "state:ru", "role": "appointee"}
    fields = {
        "type": "office.began",
        "when": "2004-03-09",
        "participants": [who],
        "data": {"office": "office:ru-foreign-minister"},
    }
    [(key, found)] = state_events(MACHINES["office_holder"], Told("e", 0, fields))

    assert (("office:ru-foreign-minister",), ("person:lavrov",)) == (key, found.values)


def test_a_pack_of_somebody_else_folds_without_a_line_of_python() -> None:
    pack = read_pack(
        "pack: league\nversion: 1\ntypes:\n  transfer.made:\n    roles:\n      player: {min: 1}\n"
        "    data:\n      to: {type: entity, required: true}\n  career.ended:\n    roles:\n"
        "      player: {min: 1}\n"
        "states:\n  club:\n    key: [participants.player]\n    moves:\n"
        "      transfer.made: {to: under_contract}\n      career.ended: null\n"
    )
    player = [{"name": "Kane", "role": "player"}]
    events = [
        Told("a", 0, {"type": "transfer.made", "when": "2023-08-12", "participants": player}),
        Told("b", 1, {"type": "career.ended", "when": "2035", "participants": player}),
    ]
    machine = pack.machines["club"]
    lives = gather(machine, [found for event in events for found in state_events(machine, event)])

    assert [("Kane",)] == list(lives)
    assert [("under_contract",)] == [
        standing
        for rectangle in fold_life(machine, lives["Kane",])
        for standing in rectangle.standings
        if not rectangle.uncertain
    ]


def test_a_treaty_of_a_state_that_ended_is_its_heirs_treaty() -> None:
    signed = told("treaty.signed", "1987-12-08", "state:su", "state:us", treaty="treaty:inf")
    force = told("treaty.entered_into_force", "1988-06-01", treaty="treaty:inf", scope="treaty")
    found = [pair for event in (signed, force) for pair in state_events(TREATY, event)]
    lives = gather(TREATY, found, SUCCESSIONS)
    new, old = (fold_life(TREATY, lives["treaty:inf", p]) for p in ("state:ru", "state:su"))

    assert (day("1991-12-26"), ("in_force",)) == (new[0].valid_from, new[0].standings[0])
    assert day("1991-12-26") == old[-1].valid_to


# What the sources of the curated file say, event by event; the sentence names the source.
ANSWERS = [
    # New START: signed 8 April 2010 in Prague (Office of the Historian, trips of 2010), in force
    # 5 February 2011 (exchange in Munich), Russian law of 28 February 2023, expired
    # 5 February 2026.
    ("new-start", "state:us", "2010-06-01", "signed"),
    ("new-start", "state:ru", "2010-06-01", "signed"),
    ("new-start", "state:us", "2015-01-01", "in_force"),
    ("new-start", "state:ru", "2023-04-01", "suspended"),
    ("new-start", "state:us", "2023-04-01", "in_force"),
    ("new-start", "state:us", "2026-03-01", "ended"),
    ("new-start", "state:ru", "2026-03-01", "ended"),
    # INF: signed 8 December 1987 in Washington, in force 1 June 1988; the United States suspended
    # on 2 February 2019 and left on 2 August 2019.
    ("inf", "state:su", "1988-01-15", "signed"),
    ("inf", "state:su", "1990-01-01", "in_force"),
    ("inf", "state:ru", "2000-01-01", "in_force"),
    ("inf", "state:us", "2019-04-01", "suspended"),
    ("inf", "state:us", "2020-01-01", "withdrawn"),
    # ABM: signed 26 May 1972, in force 3 October 1972, notice 13 December 2001, left June 2002.
    ("abm", "state:us", "1972-07-01", "signed"),
    ("abm", "state:us", "1990-01-01", "in_force"),
    ("abm", "state:us", "2002-01-01", "notice_given"),
    ("abm", "state:us", "2003-01-01", "withdrawn"),
    ("abm", "state:ru", "1995-01-01", "in_force"),
    # CFE: Russian decree with effect from 12 December 2007, law of 29 May 2023, left
    # 7 November 2023; the United States suspended on 7 December 2023.
    ("cfe", "", "1995-01-01", "in_force"),
    ("cfe", "state:us", "2023-06-01", "in_force"),
    ("cfe", "state:us", "2024-01-01", "suspended"),
    ("cfe", "state:su", "1991-01-01", "signed"),
    ("cfe", "state:ru", "1995-01-01", "in_force"),
    ("cfe", "state:ru", "2010-01-01", "suspended"),
    ("cfe", "state:ru", "2023-07-01", "notice_given"),
    ("cfe", "state:ru", "2024-01-01", "withdrawn"),
    # Open Skies: signed 24 March 1992, in force 1 January 2002, left by the United States on
    # 22 November 2020 and by Russia in December 2021.
    ("open-skies", "state:us", "1992-06-01", "signed"),
    ("open-skies", "state:us", "2010-01-01", "in_force"),
    ("open-skies", "state:us", "2020-07-01", "notice_given"),
    ("open-skies", "state:us", "2021-01-01", "withdrawn"),
    ("open-skies", "state:ru", "2022-02-01", "withdrawn"),
    # START I: signed 31 July 1991, in force 5 December 1994, expired 5 December 2009.
    ("start-i", "state:us", "1993-01-01", "signed"),
    ("start-i", "state:ua", "2000-01-01", "in_force"),
    ("start-i", "state:ru", "2000-01-01", "in_force"),
    ("start-i", "state:us", "2010-01-01", "ended"),
    # CTBT: Russia ratified in 2000 and took the ratification back on 2 November 2023.
    ("ctbt", "state:ru", "2010-01-01", "bound"),
    ("ctbt", "state:ru", "2024-01-01", "signed"),
]


@pytest.fixture(scope="module")
def curated() -> dict[Key, Life]:
    with (corpus("curated") / "osce-arms-control.csv").open(encoding="utf-8", newline="") as rows:
        table = list(csv.DictReader(rows))
    file = resources.files("timeline.importers").joinpath("profiles", "osce-arms-control.yml")
    document, _ = read_yaml(file.read_text(encoding="utf-8"), "profile")
    assert document is not None
    found = [
        pair
        for number, row in enumerate(table)
        for pair in state_events(TREATY, _told(number, row, document.content))
    ]
    return gather(TREATY, found, SUCCESSIONS)


@pytest.mark.parametrize(("treaty", "party", "on", "expected"), ANSWERS)
def test_the_real_treaties_stood_as_their_sources_say(
    curated: dict[Key, Life], treaty: str, party: str, on: str, expected: str
) -> None:
    found = state_at(fold_life(TREATY, curated[f"treaty:{treaty}", party]), day(on))

    assert ((expected,),) == (found.standings if found else None)


def test_no_real_treaty_makes_an_impossible_move(curated: dict[Key, Life]) -> None:
    assert {} == {
        key: flagged
        for key, life in curated.items()
        if (flagged := [r.impossible for r in fold_life(TREATY, life) if r.impossible])
    }


def test_new_start_in_april_2023_keeps_both_readings(curated: dict[Key, Life]) -> None:
    denial = {"claimant": "state:us", "stance": "denies", "source": "src:state-department"}
    law = told("treaty.suspended", "2023-02-28", "state:ru", treaty="treaty:new-start")
    life = curated["treaty:new-start", "state:ru"]
    [(_, denied)] = state_events(TREATY, Told("law", 0, law.fields, [denial]))
    others = [event for event in life.own if event.move.to != "suspended"]

    found: Rectangle | None = state_at(
        fold_life(TREATY, Life((*others, denied))), day("2023-04-01")
    )

    assert found is not None
    assert (("suspended",),) == found.standings
    assert (("state:us", ("suspended_in_part",)),) == found.readings


def _told(number: int, row: Mapping[str, str], profile: Mapping[str, Any]) -> Told:
    """A row of the curated file as its profile reads it."""
    kind, own = profile["types"][row["type"]], profile["rows"].get(row["title"], {})
    data = {**kind.get("data", {}), **own.get("data", {})}
    if row["treaty"]:
        names = profile["names"]["data.treaty"]
        data["treaty"] = [names[text.strip()] for text in row["treaty"].split(";")]
    contradicted = row["confidence"] == "contradicted"
    default = "unconfirmed" if contradicted else kind.get("status", "held")
    people = []
    for who in filter(None, row["participants"].split(";")):
        facts = {
            **profile["participants"].get(who, {}),
            **own.get("participants", {}).get(who, {}),
        }
        role = own.get("role", kind.get("role", "participant"))
        people.append({"name": who, "role": role, **facts})
    fields = {
        "type": own.get("type", kind["type"]),
        "when": row["date_edtf"],
        "status": own.get("status", default),
        "participants": people,
        "data": {name: value for name, value in data.items() if value is not None},
    }
    return Told(f"row-{number + 2}", number, fields)
