from __future__ import annotations

from datetime import date

import pytest

from timeline.edtf import BadDate, parse, read

TODAY = date(2026, 11, 24)


def refusal(text: str) -> BadDate:
    with pytest.raises(BadDate) as refused:
        parse(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("2024-02-30", "2024-02-29"),
        ("2023-02-29", "2023-02-28"),
        ("2016-04-31", "2016-04-30"),
        ("2024-00", "2024"),
        ("2024-12-00", "2024-12"),
        ("2024-13", "2024"),
        ("2024-2X", "2024-XX"),
        ("156X-09-31", "156X-09"),
        ("1XX1-02-29", "1XX1-02"),
        ("2024-21-05", "2024-21"),
        ("-0000", "0000"),
        ("-0000S2", "0000S2"),
        ("2024-12-05/2024-12-04", "2024-12-04/2024-12-05"),
        ("[1672..1670]", "[1670..1672]"),
        ("2024-02-01/2024-02-30", "2024-02-01/2024-02-29"),
        ("{2024-02-30,2024-04-31}", "{2024-02-29,2024-04-31}"),
        ("Y2024", "2024"),
        ("Y00001", "0001"),
        ("Y012345", "Y12345"),
        ("Y1E2S2", "0100S2"),
        ("12345", "Y12345"),
        ("2024-12-05T24:00:00", "2024-12-05"),
        ("2024-12-05T10:61", "2024-12-05"),
        ("2024-12-05T10:00Z/2024-12-06", "2024-12-05/2024-12-06"),
        ("2024-1-5", "2024-01-05"),
        ("20241205", "2024-12-05"),
        ("2024/12/05", "2024-12-05"),
        ("2024-12-05 10:00", "2024-12-05T10:00"),
        ("Dec 2024", "2024-12"),
        ("c. 1950", "1950~"),
        ("199u", "199X"),
        ("199x", "199X"),
        ("1985/open", "1985/.."),
        ("1985/unknown", "1985/"),
        ("2004-(06)?-11", "2004-?06-11"),
        (" 2024", "2024"),
    ],
)
def test_the_nearest_right_form_is_offered(text: str, fix: str) -> None:
    error = refusal(text)

    assert fix == error.fix
    assert "bad-date" == error.rule
    assert "write" in error.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "dates look like 2024-12-05"),
        ("not a date", "dates look like 2024-12-05"),
        ("05/12/2024", "5 December 2024 or 12 May 2024; write 2024-12-05 or 2024-05-12"),
        ("24", "write the year in full"),
        ("5 Dec 24", "write the year in full"),
        ("December", "write the year in full"),
        ("193", "write 0193 for the year or 193X for the ten years"),
        ("1800s", "write 180X for the ten years or 18XX for the hundred"),
        ("1861-67", "for a span of years, 1861/1867"),
        ("2024-12-05T10:00+15:00", "zones go from -12:00 to +14:00"),
        ("2024-12-05T10:00-00:00", "zero is Z"),
        ("/", "neither a start nor an end"),
        ("../..", "neither a start nor an end"),
        ("[..]", "an empty member"),
        ("[1984,]", "an empty member"),
        ("[1984}", "a set ends as it begins"),
        ("[1984..,1985]", "an open .. stands before the first date"),
        ("1950S5", "write S1 to S4"),
        ("1950S0", "write S1 to S4"),
        ("Y1E13", "years go up to 999999999999"),
        ("X" * 1000, "a date of 1000 characters"),
        ("1985-1985-", "dates look like"),
        ("[[[[1985]]]]", "dates look like"),
        ("1985/1986/1987", "dates look like"),
        ("[1985/1986]", "dates look like"),
        ("٢٠٢٤-12-05", "dates look like"),
    ],
)
def test_a_refusal_says_what_would_be_right(text: str, words: str) -> None:
    assert words in refusal(text).message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("05/12/2024", "5 December 2024 or 12 May 2024"),
        ("5.12.24", "write the year in full"),
        ("5 Dec 24", "write the year in full"),
        ("1851 to 67", "write the year in full"),
        ("30 February 2024", "February 2024 has 29 days; write 2024-02-29"),
        ("32 Dec 2024", "December 2024 has 31 days; write 2024-12-31"),
        ("31/02/2024", "February 2024 has 29 days"),
        ("2024-13-01", "there is no month 13"),
        ("8-5 Dec 2024", "write 2024-12-05/2024-12-08"),
        ("1952 to 1950", "write 1950/1952"),
        ("between 1952 and 1950", "write [1950..1952]"),
        ("0 BC", "dates look like"),
        ("early 1950s", "dates look like"),
        ("5 Dezember 2024", "dates look like"),
        ("before 1985/..", "dates look like"),
        ("since since 1985", "dates look like"),
        ("x" * 1000, "a date of 1000 characters"),
    ],
)
def test_what_a_person_wrote_is_refused_with_the_right_form(text: str, words: str) -> None:
    with pytest.raises(BadDate) as refused:
        read(text, today=TODAY)

    assert words in refused.value.message


def test_an_order_that_makes_no_day_is_refused_with_the_other_reading() -> None:
    with pytest.raises(BadDate) as refused:
        read("25/12/2024", today=TODAY, order="mdy")

    assert "2024-12-25" == refused.value.fix
