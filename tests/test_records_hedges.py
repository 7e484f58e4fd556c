"""The hedge lexicon suggests and warns."""

from __future__ import annotations

import csv

import pytest

from tests.corpora import corpus
from timeline.records.hedges import LEXICON, Hedge, suggest, warning
from timeline.records.scales import Basis, Likelihood


@pytest.mark.parametrize(
    ("text", "word", "likelihood", "basis"),
    [
        ("They probably met", "probably", "likely", None),
        ("A meeting is likely", "likely", "likely", None),
        ("They almost certainly met", "almost certainly", "almost_certain", None),
        ("Undoubtedly they spoke", "Undoubtedly", "almost_certain", None),
        ("They may have met", "may", "possible", None),
        ("They might, meet", "might", "possible", None),
        ("It could be", "could", "possible", None),
        ("It is unlikely", "unlikely", "unlikely", None),
        ("very  unlikely", "very  unlikely", "very_unlikely", None),
        ("They reportedly met", "reportedly", None, "reported"),
        ("He is said to agree", "said to", None, "reported"),
        ("MAY be", "MAY", "possible", None),
    ],
)
def test_a_word_of_doubt_suggests_a_likelihood_or_a_basis(
    text: str, word: str, likelihood: Likelihood | None, basis: Basis | None
) -> None:
    hedge = Hedge(word, likelihood, basis, text.index(word))

    assert [hedge] == suggest(text)


@pytest.mark.parametrize(
    "text",
    ["Signed in May 2024", "On 5 May", "May–June talks", "in May", "Until May, nothing", "mayor"],
)
def test_the_month_of_may_is_no_doubt(text: str) -> None:
    assert [] == suggest(text)


def test_a_title_that_hedges_under_a_certain_claim_is_warned_of() -> None:
    sentence = warning("Lavrov and Blinken probably met", "", "certain")

    assert (
        "the title says “probably” but the likelihood says certain; "
        "likelihood likely would fit the wording"
    ) == sentence


def test_nothing_is_warned_of_where_the_claim_is_not_certain() -> None:
    assert warning("They probably met", "", "likely") is None


def test_a_plain_text_is_not_warned_of() -> None:
    assert warning("They met", "In Geneva", "certain") is None


def test_the_lexicon_agrees_with_the_compiler_of_the_seed_claims() -> None:
    with (corpus("curated") / "seed-claims.csv").open(encoding="utf-8", newline="") as rows:
        hedged = [row for row in csv.DictReader(rows) if row["hedge"]]

    assert {row["hedge"]: row["likelihood"] for row in hedged} == {
        row["hedge"]: LEXICON[row["hedge"]][0] for row in hedged
    }
