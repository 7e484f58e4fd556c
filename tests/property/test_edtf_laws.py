from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from tests.edtf_oracle import first_and_last
from timeline.edtf import (
    BadDate,
    Dates,
    certainly_on,
    civil,
    iso,
    jdn,
    parse,
    possibly_on,
    read,
    sentence,
)

TODAY = date(2026, 11, 24)
digits = st.sampled_from("0123456789X")
masks = st.builds(
    lambda sign, year, month, day: "-".join([sign + year, *month, *day]),
    st.sampled_from(["", "-"]),
    st.text(digits, min_size=4, max_size=4),
    st.lists(st.builds(str.__add__, st.sampled_from("01X"), digits), min_size=1, max_size=1),
    st.lists(st.builds(str.__add__, st.sampled_from("0123X"), digits), max_size=1),
)
days = st.integers(jdn(0, 1, 1), jdn(9999, 12, 31)).map(iso)
coarse = st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10]))
spans = st.builds("{}/{}".format, coarse | st.just(".."), coarse | st.just("") | st.just(".."))
sets = st.builds(
    lambda brackets, members: brackets[0] + ",".join(members) + brackets[1],
    st.sampled_from(["[]", "{}"]),
    st.lists(coarse | st.builds("{}..{}".format, coarse, coarse), min_size=1, max_size=4),
)
long_years = st.builds(
    "{}{}{}{}".format,
    st.integers(-(10**9), 10**9).map(lambda year: f"Y{year}" if abs(year) > 9999 else f"{year:04}"),
    st.sampled_from(["", "E1", "E3"]),
    st.sampled_from(["", "S1", "S2", "S4"]),
    st.sampled_from(["", "?", "~", "%"]),
)
texts = masks | coarse | spans | sets | long_years
garbage = st.text(st.sampled_from("0123456789X-/.[]{},?~%YESTZ: decabc"), max_size=40) | st.text()


def parsed(text: str) -> Dates | None:
    try:
        return parse(text)
    except BadDate:
        return None


@given(st.integers(-(10**15), 10**15))
def test_every_day_number_is_a_day_and_comes_back(number: int) -> None:
    assert number == jdn(*civil(number))


@given(st.integers(-(10**15), 10**15))
def test_days_follow_each_other(number: int) -> None:
    assert civil(number) < civil(number + 1)


@given(masks)
@example("-XX00-02-29")
@example("XXX2-02-29")
def test_a_mask_has_the_bounds_that_writing_it_out_gives(text: str) -> None:
    """A masked digit stands for any digit that makes a day of the calendar (ISO 8601-2, 8.6)."""
    dates = parsed(text)
    try:
        expected = first_and_last(text)
    except LookupError:
        assert dates is None
        return

    if dates is None:
        assert text.startswith("-0000")
    else:
        assert dates.start_min is not None
        assert dates.end_max is not None
        assert expected == (iso(dates.start_min), iso(dates.end_max))


@given(texts)
def test_bounds_are_in_order(text: str) -> None:
    if dates := parsed(text):
        start_min, start_max = dates.start_min, dates.start_max
        end_min, end_max = dates.end_min, dates.end_max
        for low, high in (
            (start_min, start_max),
            (end_min, end_max),
            (start_min, end_min),
            (start_max, end_max),
        ):
            assert low is None or high is None or low <= high


@given(texts)
def test_the_canonical_text_is_its_own_canonical_text(text: str) -> None:
    if dates := parsed(text):
        assert dates == parse(dates.edtf)
        assert dates == read(dates.edtf, today=TODAY)


@given(texts)
def test_every_date_has_a_sentence(text: str) -> None:
    if dates := parsed(text):
        words = sentence(dates)

        assert words.isprintable()
        assert words == words.strip() != ""


@given(texts, st.integers(jdn(0, 1, 1), jdn(9999, 12, 31)))
def test_what_is_certain_is_possible(text: str, day: int) -> None:
    if dates := parsed(text):
        assert possibly_on(dates, day) or not certainly_on(dates, day)


@given(garbage)
def test_any_text_is_a_date_or_refused(text: str) -> None:
    for take in (parse, lambda text: read(text, today=TODAY)):
        try:
            assert isinstance(take(text), Dates)
        except BadDate as refused:
            assert refused.message.isprintable()


@given(st.text(min_size=161, max_size=3000))
def test_a_text_beyond_the_cap_is_refused_unread(text: str) -> None:
    """160 characters, so that no text costs more than 200 µs (benchmarks/edtf_dates.py)."""
    assert parsed(text) is None


@given(coarse)
def test_what_mends_a_day_is_a_date(text: str) -> None:
    for wrong in (f"{text[:4]}-02-31", f"{text[:4]}-13", f"{text[:4]}-00-01", f"Y{text[:4]}"):
        try:
            parse(wrong)
        except BadDate as refused:
            assert parse(refused.fix)
        else:
            raise AssertionError(wrong)
