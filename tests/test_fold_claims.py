from __future__ import annotations

from typing import Any

import pytest

from timeline.fold.claims import (
    HeldClaim,
    SourceFacts,
    Weight,
    contested,
    field_claims,
    voice,
    weigh,
)

BODY: dict[str, Any] = {"type": "meeting.held", "when": "2024-12-05", "data": {"delegations": 57}}


def weighed(*claims: dict[str, Any]) -> Weight:
    held = [HeldClaim(n, 0, {"source": f"src:{n}", **claim}, True, BODY) for n, claim in
            enumerate(claims)]  # fmt: skip
    voices = [voice(one.claim, SourceFacts(one.claim["source"], None)) for one in held]
    return weigh(voices, contested(field_claims(BODY, held), held), None)


def test_fifty_seven_or_fifty_six_delegations_are_contested() -> None:
    weight = weighed({}, {"value": {"data": {"delegations": 56}}})

    assert ("/data/delegations",) == weight.contested


def test_claims_that_give_the_same_value_are_not_contested() -> None:
    assert () == weighed({}, {"value": {"when": "2024-12-05"}}).contested


def test_whoever_says_less_of_the_same_people_contests_nothing() -> None:
    minister = {"entity": "person:x", "role": "visitor", "as": "office:minister"}
    host = {"entity": "state:mt", "role": "host"}
    less = {"value": {"participants": [host, {"entity": "person:x", "role": "visitor"}]}}

    assert () == weighed({"value": {"participants": [minister, host]}}, less).contested


@pytest.mark.parametrize(
    "other",
    [
        [{"entity": "person:x", "role": "host"}],
        [{"entity": "person:y", "role": "visitor"}],
        [{"entity": "person:x", "role": "visitor"}, {"entity": "person:y"}],
        [{"name": "person:x", "role": "visitor"}],
        [],
    ],
)
def test_another_role_another_person_or_one_more_is_contested(other: list[Any]) -> None:
    one = {"value": {"participants": [{"entity": "person:x", "role": "visitor"}]}}

    assert ("/participants",) == weighed(one, {"value": {"participants": other}}).contested


def test_two_offices_are_contested_though_a_third_source_names_none() -> None:
    def told(**office: str) -> dict[str, Any]:
        return {"value": {"participants": [{"entity": "person:x", **office}]}}

    weight = weighed(told(), told(**{"as": "office:a"}), told(**{"as": "office:b"}))

    assert ("/participants",) == weight.contested


def test_a_claim_that_names_its_fields_affirms_no_others() -> None:
    other = {"fields": ["/when"], "value": {"when": "2024-12-06"}}

    assert ("/when",) == weighed({}, other).contested


def test_a_denial_disputes_and_contests_nothing() -> None:
    weight = weighed({}, {"stance": "denies"})

    assert (True, ()) == (weight.disputed, weight.contested)


@pytest.mark.parametrize(
    ("claims", "certainty"),
    [
        ([{"stance": "denies"}], 6),
        ([{"stance": "silent", "basis": "official_record"}], 6),
        ([{}], 2),
        ([{"basis": "official_record"}], 1),
        ([{}, {}], 1),
        ([{"likelihood": "likely"}], 2),
        ([{"likelihood": "possible"}], 3),
        ([{"likelihood": "unlikely"}], 4),
        ([{"likelihood": "almost_no_chance"}], 5),
        ([{"stance": "implies", "basis": "speculated", "credibility": 5}], 5),
        ([{"basis": "official_record"}, {"stance": "denies"}], 4),
    ],
)
def test_certainty_follows_from_the_claims(claims: list[dict[str, Any]], certainty: int) -> None:
    assert certainty == weighed(*claims).certainty
