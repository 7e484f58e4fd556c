from __future__ import annotations

import pytest

from timeline.edtf import certainly_on, jdn, parse, possibly_on


def on(day: str) -> int:
    number = parse(day).start_min
    assert number is not None
    return number


@pytest.mark.parametrize(
    ("text", "day", "certainly", "possibly"),
    [
        ("2024-12-05", "2024-12-05", True, True),
        ("2024-12-05", "2024-12-06", False, False),
        ("2024-12", "2024-12-05", False, True),
        ("2024-12", "2025-01-01", False, False),
        ("2024-12-04/2024-12-06", "2024-12-05", True, True),
        ("2024-11/2024-12", "2024-11-15", False, True),
        ("2024-11/2024-12", "2024-11-30", True, True),
        ("2024-11/2024-12", "2024-12-02", False, True),
        ("2024-12-04/2024-12", "2024-12-04", True, True),
        ("1985/..", "2024-12-05", True, True),
        ("1985/..", "1985-06-01", False, True),
        ("1985-04-12/", "2024-12-05", False, True),
        ("1985-04-12/", "1985-04-11", False, False),
        ("/1985-04-12", "1066-10-14", False, True),
        ("../1985-04-12", "1066-10-14", False, True),
        ("../1985-04-12", "1985-04-13", False, False),
        ("[2024-12-04,2024-12-06]", "2024-12-04", False, True),
        ("[2024-12-04..]", "2030-01-01", False, True),
        ("{2024-12-04,2024-12-05}", "2024-12-04", True, True),
        ("{2024-12-04,2024-12-09}", "2024-12-06", False, True),
        ("{2024-12-04..}", "2030-01-01", True, True),
        ("2024-12-05?", "2024-12-05", True, True),
    ],
)
def test_on_a_day(text: str, day: str, certainly: bool, possibly: bool) -> None:
    dates = parse(text)

    assert (certainly, possibly) == (certainly_on(dates, on(day)), possibly_on(dates, on(day)))


def test_days_are_julian_day_numbers() -> None:
    assert certainly_on(parse("2000-01-01"), 2451545)
    assert 2451545 == jdn(2000, 1, 1)
