"""The vocabulary in force, and what it says of an event."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any

import pytest

from tests.corpora import corpus
from timeline.records.pack_file import read_pack, shipped
from timeline.records.vocabulary import Vocabulary, standing
from timeline.records.vocabulary_check import advise_event, check_event
from timeline.records.vocabulary_lint import lint

DIPLOMACY = standing([shipped("diplomacy")], [])
FLOODS = """\
pack: river
version: 1
types:
  flood.began:
    strict: true
    roles:
      river: {min: 1, max: 1}
    data:
      level: {type: integer, min: 0, max: 1000, required: true}
      damage: money
      dead: quantity
      warned: boolean
      until: date
      report: url
      country: {type: entity, kind: state}
      gauge: place
      colour: {type: choice, choices: [brown, red]}
      names: {type: list, of: text}
"""


def found(vocabulary: Vocabulary, **record: Any) -> list[tuple[str, str, str]]:
    return [(f.pointer, f.rule, f.message) for f in check_event(vocabulary, record)]


def flood(**data: Any) -> list[tuple[str, str]]:
    record = {
        "type": "flood.began",
        "participants": [{"name": "Rhine", "role": "river"}],
        "data": {"level": 1, **data},
    }
    vocabulary = standing([], [read_pack(FLOODS)])
    return [(finding.pointer, finding.message) for finding in check_event(vocabulary, record)]


def test_diplomacy_has_every_type_of_the_design() -> None:
    assert 36 == len(DIPLOMACY.types())


def test_an_unknown_type_names_the_three_nearest() -> None:
    sentence = "meeting.hold is not a known type; did you mean meeting.held, "

    assert found(DIPLOMACY, type="meeting.hold")[0][2].startswith(sentence)


def test_an_unknown_field_names_the_nearest() -> None:
    assert [
        (
            "/data/porpose",
            "unknown-field",
            "porpose is not a field of visit.made; did you mean purpose, stage or treaty?",
        )
    ] == found(DIPLOMACY, type="visit.made", data={"porpose": "talks"})


def test_an_unknown_role_names_the_nearest() -> None:
    who = [{"name": "A", "role": "visiter"}]

    assert [
        (
            "/participants/0/role",
            "unknown-role",
            "visiter is not a role of visit.made; did you mean visitor, observer or absentee?",
        )
    ] == found(DIPLOMACY, type="visit.made", participants=who)


@pytest.mark.parametrize("role", ["participant", "party"])
def test_every_type_allows_participants_without_a_part(role: str) -> None:
    for name in DIPLOMACY.types():
        assert [] == found(DIPLOMACY, type=name, participants=[{"name": "A", "role": role}])


def test_a_missing_role_is_advice_unless_the_type_is_strict() -> None:
    record = {"type": "visit.made", "participants": [{"name": "A", "role": "visitor"}]}

    assert ([], ["visit.made asks for 1 in the role of host; here is none"]) == (
        check_event(DIPLOMACY, record),
        [finding.message for finding in advise_event(DIPLOMACY, record)],
    )


def test_a_strict_type_refuses_what_is_missing() -> None:
    strict = standing([], [read_pack(FLOODS)])

    assert [
        (
            "/participants",
            "missing-role",
            "flood.began asks for 1 in the role of river; here is none",
        ),
        ("/data/level", "missing-field", "flood.began asks for level (level)"),
    ] == found(strict, type="flood.began")


def test_too_many_of_a_role_are_refused() -> None:
    who = [{"name": n, "role": "expeller"} for n in "AB"]

    assert [
        ("/participants", "role-number", "expulsion.ordered takes at most 1 expeller, not 2")
    ] == found(DIPLOMACY, type="expulsion.ordered", participants=who)


@pytest.mark.parametrize(
    "data",
    [
        {"level": 1000},
        {"damage": {"amount": "12.50", "currency": "EUR"}},
        {"dead": {"low": 3, "best": 4, "high": "6.5"}},
        {"warned": False},
        {"until": "2024-12"},
        {"report": "https://example.org/a"},
        {"country": "state:de"},
        {"country": "Germany"},
        {"gauge": "place:bonn"},
        {"colour": "brown"},
        {"names": ["a", "b"]},
        {"names": "a"},
    ],
)
def test_a_right_value_passes(data: dict[str, Any]) -> None:
    assert [] == flood(**data)


@pytest.mark.parametrize(
    ("data", "pointer", "sentence"),
    [
        ({"level": "high"}, "/data/level", "level 'high' is not a whole number"),
        ({"level": True}, "/data/level", "level True is not a whole number"),
        ({"level": 1001}, "/data/level", "level 1001 is more than 1000"),
        (
            {"damage": {"amount": 1.5, "currency": "EUR"}},
            "/data/damage/amount",
            'damage 1.5 is not a number; write 3, or "3.5" as text',
        ),
        (
            {"damage": {"amount": 1, "currency": "Euro"}},
            "/data/damage/currency",
            "damage 'Euro' is not a currency code (ISO 4217) such as EUR",
        ),
        (
            {"dead": {"low": 5, "best": 4}},
            "/data/dead",
            "dead low, best and high are not in rising order",
        ),
        ({"dead": {"unit": "cows"}}, "/data/dead", "dead has none of low, best and high"),
        ({"warned": "yes"}, "/data/warned", "warned 'yes' is neither true nor false"),
        (
            {"report": "javascript:alert(1)"},
            "/data/report",
            "report 'javascript:alert(1)' is not a web address; "
            "it must begin with https:// or http://",
        ),
        (
            {"country": "person:jane"},
            "/data/country",
            "country person:jane is not a state; write state:… or a name",
        ),
        (
            {"colour": "brwn"},
            "/data/colour",
            "colour 'brwn' is not a choice; did you mean brown?",
        ),
        ({"names": ["a", 1]}, "/data/names/1", "names is not text"),
    ],
)
def test_a_wrong_value_is_a_sentence_at_its_place(
    data: dict[str, Any], pointer: str, sentence: str
) -> None:
    assert [(pointer, sentence)] == flood(**data)


def test_an_impossible_day_is_refused() -> None:
    assert ["/data/until"] == [pointer for pointer, _ in flood(until="2023-02-29")]


def test_the_log_overrules_what_ships_and_adds_to_it() -> None:
    changed = replace(shipped("diplomacy"), version=2, title="Ours")
    vocabulary = standing([shipped("diplomacy")], [read_pack(FLOODS), changed])

    assert {"diplomacy": 2, "river": 1} == {n: p.version for n, p in vocabulary.packs.items()}


def test_adding_a_field_is_no_problem() -> None:
    before, after = read_pack(FLOODS), read_pack(FLOODS + "      wind: text\n")

    assert [] == lint(after, before)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("      gauge: place\n", "", "the field gauge is gone"),
        ("max: 1000", "max: 900", "the range is narrower"),
        ("max: 1000, ", "", ""),
        ("[brown, red]", "[brown]", "the choice red is gone"),
        ("dead: quantity", "dead: integer", "the type changed from quantity to integer"),
        ("damage: money", "damage: {type: money, required: true}", "is required now"),
        ("min: 1, max: 1}", "min: 1}", ""),
        ("flood.began", "flood.started", "the type flood.began is gone"),
    ],
)
def test_narrowing_needs_a_new_version(old: str, new: str, sentence: str) -> None:
    before, after = read_pack(FLOODS), read_pack(FLOODS.replace(old, new))

    assert ([sentence] if sentence else []) == [problem.message for problem in lint(after, before)]


def test_narrowing_is_allowed_under_a_new_version() -> None:
    narrower = FLOODS.replace("      gauge: place\n", "").replace("version: 1", "version: 2")

    assert [] == lint(read_pack(narrower), read_pack(FLOODS))


def test_an_older_version_than_the_standing_one_is_a_problem() -> None:
    newer = read_pack(FLOODS.replace("version: 1", "version: 2"))

    assert ["version 1 is older than 2, which stands"] == [
        problem.message for problem in lint(read_pack(FLOODS), newer)
    ]


def test_a_machine_that_reads_what_no_type_has_is_a_problem() -> None:
    text = FLOODS + "states:\n  stage: {key: [data.nothing], opens: flood.began}\n"

    assert ["stage reads data.nothing, which none of its types has"] == [
        problem.message for problem in lint(read_pack(text))
    ]


def test_every_type_of_the_seed_claims_is_a_type_of_ours() -> None:
    with (corpus("curated") / "seed-claims.csv").open(encoding="utf-8", newline="") as rows:
        types = {row["type"] for row in csv.DictReader(rows)}

    assert set() == types - set(DIPLOMACY.types())
