from __future__ import annotations

import random
from datetime import date

import pytest

from timeline.edtf import civil, iso, jdn, parse

JDN_OF_ORDINAL_0 = 1721425


@pytest.mark.parametrize(
    ("day", "number"),
    [((2000, 1, 1), 2451545), ((1858, 11, 17), 2400001),
     ((-4713, 11, 24), 0), ((0, 3, 1), 1721120)],
)  # fmt: skip
def test_known_julian_day_numbers(day: tuple[int, int, int], number: int) -> None:
    assert number == jdn(*day)
    assert day == civil(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [(2460650, "2024-12-05"), (0, "-4713-11-24"), (jdn(12345, 6, 7), "12345-06-07")],
)
def test_a_day_as_iso_text(number: int, text: str) -> None:
    assert text == iso(number)


def test_random_days_agree_with_datetime() -> None:
    source = random.Random(1)
    for ordinal in source.choices(range(1, date.max.toordinal() + 1), k=20_000):
        text = date.fromordinal(ordinal).isoformat()
        dates = parse(text)

        assert ordinal + JDN_OF_ORDINAL_0 == dates.start_min == dates.end_max
        assert text == dates.day
