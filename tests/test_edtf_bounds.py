from __future__ import annotations

import pytest

from timeline.edtf import Dates, iso, parse


def bounds(text: str) -> tuple[str | None, str | None, str | None, str | None]:
    dates = parse(text)
    numbers = (dates.start_min, dates.start_max, dates.end_min, dates.end_max)
    first, second, third, fourth = (None if n is None else iso(n) for n in numbers)
    return first, second, third, fourth


def days(text: str) -> tuple[str | None, str | None]:
    """First and last day of a date that starts and ends within the same days."""
    start_min, start_max, end_min, end_max = bounds(text)
    assert (start_min, start_max) == (end_min, end_max)
    return start_min, start_max


def test_a_day_has_one_bound_four_times() -> None:
    assert Dates(
        edtf="2024-12-05",
        start_min=2460650,
        start_max=2460650,
        end_min=2460650,
        end_max=2460650,
        end_state="",
        precision="day",
        uncertain=False,
        approximate=False,
    ) == parse("2024-12-05")


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2024-12", "2024-12-01", "2024-12-31", "month"),
        ("2023-02", "2023-02-01", "2023-02-28", "month"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
        ("0000", "0000-01-01", "0000-12-31", "year"),
        ("-0043", "-0043-01-01", "-0043-12-31", "year"),
        ("-0043-03-15", "-0043-03-15", "-0043-03-15", "day"),
        ("-0004-02-29", "-0004-02-29", "-0004-02-29", "day"),
        ("Y170000002", "170000002-01-01", "170000002-12-31", "year"),
        ("Y-17E7", "-170000000-01-01", "-170000000-12-31", "year"),
        ("1950S2", "1900-01-01", "1999-12-31", "century"),
        ("-1950S3", "-1959-01-01", "-1950-12-31", "decade"),
        ("Y17101E4S3", "171000000-01-01", "171999999-12-31", "unknown"),
    ],
)
def test_a_date_can_mean_each_of_its_days(text: str, first: str, last: str, precision: str) -> None:
    assert (first, last) == days(text)
    assert precision == parse(text).precision


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("199X", "1990-01-01", "1999-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "century"),
        ("1XXX", "1000-01-01", "1999-12-31", "millennium"),
        ("XXXX", "0000-01-01", "9999-12-31", "unknown"),
        ("1XX3", "1003-01-01", "1993-12-31", "millennium"),
        ("-004X", "-0049-01-01", "-0040-12-31", "decade"),
        ("-00XX", "-0099-01-01", "-0001-12-31", "century"),
        ("-00XX-02-29", "-0096-02-29", "-0004-02-29", "century"),
        ("1985-XX", "1985-01-01", "1985-12-31", "year"),
        ("1985-1X", "1985-10-01", "1985-12-31", "year"),
        ("1985-XX-31", "1985-01-31", "1985-12-31", "year"),
        ("1985-X2-31", "1985-12-31", "1985-12-31", "day"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31", "year"),
        ("1985-12-XX", "1985-12-01", "1985-12-31", "month"),
        ("2017-02-X9", "2017-02-09", "2017-02-19", "month"),
        ("2016-02-X9", "2016-02-09", "2016-02-29", "month"),
        ("2016-04-3X", "2016-04-30", "2016-04-30", "day"),
        ("XXXX-02-29", "0000-02-29", "9996-02-29", "unknown"),
        ("19XX-02-29", "1904-02-29", "1996-02-29", "century"),
        ("XX00-02-29", "0000-02-29", "9600-02-29", "unknown"),
        ("156X-12-25", "1560-12-25", "1569-12-25", "decade"),
        ("2X12-1X-X4", "2012-10-04", "2912-12-24", "millennium"),
    ],
)
def test_masked_digits_stand_for_real_days_only(
    text: str, first: str, last: str, precision: str
) -> None:
    assert (first, last) == days(text)
    assert precision == parse(text).precision


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2001-21", "2001-03-01", "2001-05-31"),
        ("2001-22", "2001-06-01", "2001-08-31"),
        ("2001-23", "2001-09-01", "2001-11-30"),
        ("2003-24", "2003-12-01", "2004-02-29"),
        ("2001-25", "2001-03-01", "2001-05-31"),
        ("2001-29", "2001-09-01", "2001-11-30"),
        ("2001-30", "2001-12-01", "2002-02-28"),
        ("2001-32", "2001-06-01", "2001-08-31"),
        ("2001-33", "2001-01-01", "2001-03-31"),
        ("2001-36", "2001-10-01", "2001-12-31"),
        ("2001-37", "2001-01-01", "2001-04-30"),
        ("2001-39", "2001-09-01", "2001-12-31"),
        ("2001-40", "2001-01-01", "2001-06-30"),
        ("2001-41", "2001-07-01", "2001-12-31"),
        ("201X-22", "2010-06-01", "2019-08-31"),
    ],
)
def test_seasons_are_whole_months(text: str, first: str, last: str) -> None:
    assert (first, last) == days(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-12-04/2024-12-05", ("2024-12-04", "2024-12-04", "2024-12-05", "2024-12-05")),
        ("2024-11/2024-12", ("2024-11-01", "2024-11-30", "2024-12-01", "2024-12-31")),
        ("-2005/-1999-02", ("-2005-01-01", "-2005-12-31", "-1999-02-01", "-1999-02-28")),
        ("1985/", ("1985-01-01", "1985-12-31", None, None)),
        ("1985/..", ("1985-01-01", "1985-12-31", None, None)),
        ("/1985", (None, None, "1985-01-01", "1985-12-31")),
        ("../1985", (None, None, "1985-01-01", "1985-12-31")),
    ],
)
def test_an_interval_has_a_start_and_an_end(text: str, expected: tuple[str | None, ...]) -> None:
    assert expected == bounds(text)
    assert "interval" == parse(text).precision


def test_the_start_of_an_interval_is_never_after_its_end() -> None:
    assert ("2024-01-01", "2024-03-31", "2024-03-01", "2024-03-31") == bounds("2024/2024-03")
    assert ("2024-12-04", "2024-12-04", "2024-12-04", "2024-12-31") == bounds("2024-12-04/2024-12")


@pytest.mark.parametrize(
    ("text", "state"),
    [("1985/1990", ""), ("1985/", "unknown"), ("1985/..", "open"), ("../1985", ""),
     ("[1985..]", "unknown"), ("{1985..}", "open"), ("[..1985]", "")],
)  # fmt: skip
def test_an_end_is_known_unknown_or_open(text: str, state: str) -> None:
    assert state == parse(text).end_state


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
        ("[1672-05,1667]", "1667-01-01", "1672-05-31"),
        ("[..1760-12-03]", None, "1760-12-03"),
        ("[1760-12..]", "1760-12-01", None),
        ("[..1667,1670..]", None, None),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("{..1760}", None, "1760-12-31"),
        ("[-0099..0000]", "-0099-01-01", "0000-12-31"),
        ("[Y-17E7..2024]", "-170000000-01-01", "2024-12-31"),
    ],
)
def test_a_set_reaches_from_its_first_to_its_last_day(
    text: str, first: str | None, last: str | None
) -> None:
    assert (first, last) == days(text)
    assert "set" == parse(text).precision


@pytest.mark.parametrize(
    "text",
    ["{2024-12-04,2024-12-05}", "{2024-12-05,2024-12-04}", "{2024-12-04..2024-12-05}"],
)
def test_all_of_some_days_without_a_gap_is_throughout(text: str) -> None:
    assert bounds("2024-12-04/2024-12-05") == bounds(text)


def test_all_of_some_days_with_a_gap_is_not_throughout() -> None:
    assert ("2024-12-04", "2024-12-09") == days("{2024-12-04,2024-12-05,2024-12-09}")


@pytest.mark.parametrize("text", ["1984?", "2004-06~", "2004-?06-11", "%1984", "1984?/2004~"])
def test_qualifiers_never_move_a_bound(text: str) -> None:
    bare = text.replace("?", "").replace("~", "").replace("%", "")

    assert bounds(bare) == bounds(text)


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [("1984", False, False), ("1984?", True, False), ("1984~", False, True), ("1984%", True, True),
     ("2004?-~06-~04", True, True), ("?1945/1959", True, False), ("[1984~,1990]", False, True)],
)  # fmt: skip
def test_qualifiers_of_any_part_mark_the_whole(
    text: str, uncertain: bool, approximate: bool
) -> None:
    dates = parse(text)

    assert (uncertain, approximate) == (dates.uncertain, dates.approximate)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("[1667, 1668 ,1670..1672]", "[1667,1668,1670..1672]"),
        ("2016-05-02T16:54:59+0230", "2016-05-02T16:54:59+02:30"),
        ("2016-05-02T16:54:59-12", "2016-05-02T16:54:59-12:00"),
        ("2016-05-02T16:54:59Z", "2016-05-02T16:54:59Z"),
    ],
)
def test_the_text_is_kept_in_one_form(text: str, canonical: str) -> None:
    assert canonical == parse(text).edtf


def test_a_time_does_not_move_its_local_day() -> None:
    assert ("2023-11-07", "2023-11-07") == days("2023-11-07T00:00:00+03:00")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-12-05", "2024-12-05"), ("2024-12-05T10:00:00Z", "2024-12-05"),
     ("2024-12-05/2024-12-05", "2024-12-05"), ("[2024-12-05]", "2024-12-05"),
     ("1985-X2-31", "1985-12-31"), ("2024-12-05?", None), ("2024-12-05~", None),
     ("2024-12", None), ("2024-12-05/", None), ("../2024-12-05", None)],
)  # fmt: skip
def test_a_day_is_given_only_where_it_is_one_certain_day(text: str, day: str | None) -> None:
    assert day == parse(text).day


@pytest.mark.parametrize(
    ("text", "year"), [("2024-12", 2024), ("-0043", -43), ("[1667,1672]", 1667), ("/1985", None)]
)
def test_the_year_is_that_of_the_first_possible_day(text: str, year: int | None) -> None:
    assert year == parse(text).year
