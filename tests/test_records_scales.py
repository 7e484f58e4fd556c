"""The closed lists of words."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from timeline.records import scales


def test_likelihood_maps_to_the_dni_column_of_stix() -> None:
    assert {
        "almost_no_chance": 5,
        "very_unlikely": 15,
        "unlikely": 30,
        "even": 50,
        "likely": 70,
        "very_likely": 85,
        "almost_certain": 95,
        "certain": 100,
        "possible": None,
        "unstated": None,
    } == scales.LIKELIHOOD


def test_every_likelihood_number_lies_in_its_icd_203_range() -> None:
    for word, bounds in scales.LIKELIHOOD_RANGE.items():
        number = scales.LIKELIHOOD[word]

        assert bounds is None or (number is not None and bounds[0] <= number <= bounds[1])


def test_credibility_words_and_codes_are_each_others_inverse() -> None:
    assert {word: code for code, word in scales.CREDIBILITY.items()} == scales.CREDIBILITY_OF


@pytest.mark.parametrize(
    ("literal", "table"),
    [
        (scales.Likelihood, scales.LIKELIHOOD),
        (scales.Likelihood, scales.LIKELIHOOD_MEANING),
        (scales.Likelihood, scales.LIKELIHOOD_RANGE),
        (scales.Credibility, scales.CREDIBILITY),
        (scales.Credibility, scales.CREDIBILITY_MEANING),
        (scales.Reliability, scales.RELIABILITY),
        (scales.Basis, scales.BASIS),
        (scales.Stance, scales.STANCE),
        (scales.Status, scales.STATUS),
        (scales.Precision, scales.PRECISION),
        (scales.RelationKind, scales.RELATIONS),
        (scales.CorrectionReason, scales.CORRECTION_REASONS),
        (scales.RetractionReason, scales.RETRACTION_REASONS),
        (scales.Review, scales.REVIEW),
    ],
)
def test_a_scale_is_the_same_for_the_type_checker_the_door_and_the_reader(
    literal: Any, table: dict[Any, Any]
) -> None:
    assert list(get_args(literal)) == list(table)
