"""Julian Day Numbers on the axes of pictures."""

from __future__ import annotations

import pytest

from timeline.edtf import jdn
from timeline.publish.pictures.axis import Scale, ticks
from timeline.publish.pictures.days import day_words, first_of, range_words


def test_a_thirteenth_month_is_the_next_january() -> None:
    assert jdn(2025, 1, 1) == first_of(2024, 13)


def test_days_before_the_common_era_are_counted_as_people_do() -> None:
    assert "15 March 44 BC" == day_words(jdn(-43, 3, 15))
    assert "1 January AD 33" == day_words(jdn(33, 1, 1))


def test_a_range_names_its_month_once() -> None:
    assert "4–5 December 2024" == range_words(2460649, 2460650)
    assert "30 November 2024 – 2 December 2024" == range_words(2460645, 2460647)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ((1950, 1, 1), (1990, 1, 1), ["1950", "1960", "1970", "1980", "1990"]),
        ((-799, 1, 1), (400, 1, 1), ["800 BC", "600 BC", "400 BC", "200 BC", "AD 1", "AD 200"]),
        ((2024, 11, 29), (2025, 3, 2), ["Dec 2024", "Jan 2025", "Feb 2025", "Mar 2025"]),
        ((2024, 12, 30), (2025, 1, 4), ["30 Dec 2024", "31 Dec", "1 Jan 2025", "2 Jan"]),
    ],
)
def test_an_axis_is_labelled_with_round_days(
    first: tuple[int, int, int], last: tuple[int, int, int], labels: list[str]
) -> None:
    found = [tick.label for tick in ticks(Scale(jdn(*first), jdn(*last)))]

    assert labels == found[: len(labels)]
    assert len(found) <= 9
