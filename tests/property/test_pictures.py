"""Whatever it is given, a picture is well-formed and counts nothing twice."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.publish.pictures import (
    Bucket,
    Lane,
    Mark,
    Place,
    Span,
    StatusBar,
    StatusRow,
    buckets_of,
    calendar_strip,
    calendar_text,
    coast_map,
    histogram,
    histogram_text,
    lanes,
    lanes_text,
    span,
    status_bars,
    status_text,
)
from timeline.publish.pictures.days import first_of

# Reading the coasts once takes longer than an example may.
calm = settings(deadline=None, max_examples=50)

DAY = st.integers(-80_000_000_000, 80_000_000_000)
WORDS = st.text(max_size=40)
LEVEL = st.sampled_from(["confirmed", "possible", "unknown", "rumoured"])
COUNTS = st.dictionaries(LEVEL, st.integers(0, 10**9))


@calm
@given(st.lists(st.tuples(DAY, LEVEL, st.integers(0, 1000)), max_size=30))
def test_every_event_stands_in_exactly_one_bar(counts: list[tuple[int, str, int]]) -> None:
    bars = buckets_of(counts)

    assert sum(count for *_, count in counts) == sum(bar.total for bar in bars)
    assert len(bars) <= 202
    assert all(a.end_jdn + 1 == b.start_jdn for a, b in pairwise(bars))


@calm
@given(st.lists(st.builds(Bucket, WORDS, DAY, DAY, COUNTS), max_size=12), WORDS, WORDS)
def test_any_histogram_is_well_formed(buckets: list[Bucket], title: str, href: str) -> None:
    ordered = sorted(buckets, key=lambda bucket: bucket.start_jdn)
    picture = histogram(ordered, title=title, href=lambda _: href)

    ElementTree.fromstring(picture.inline())
    ElementTree.fromstring(picture.file())
    assert histogram_text(ordered).endswith("\n")


BOUND = st.none() | DAY


@calm
@given(
    st.builds(Span, BOUND, BOUND, BOUND, BOUND, st.sampled_from(["", "open", "unknown"])),
)
def test_any_span_is_well_formed(dates: Span) -> None:
    ElementTree.fromstring(span(dates).inline())


@calm
@given(
    st.lists(
        st.builds(StatusBar, st.none() | DAY, st.none() | DAY, WORDS, WORDS, WORDS), max_size=5
    ),
    WORDS,
    st.none() | DAY,
)
def test_any_status_is_well_formed(bars: list[StatusBar], name: str, day: int | None) -> None:
    rows = [StatusRow(name, tuple(bars)), StatusRow("", ())]

    ElementTree.fromstring(status_bars(rows, marker=day).inline())
    assert status_text(rows, marker=day).endswith("\n")


@calm
@given(st.lists(st.builds(Mark, DAY, DAY, WORDS, LEVEL, WORDS), max_size=8), WORDS)
def test_any_lanes_are_well_formed(marks: list[Mark], name: str) -> None:
    rows = [Lane(name, tuple(marks))]

    ElementTree.fromstring(lanes(rows).inline())
    assert lanes_text(rows).endswith("\n")


@calm
@given(st.integers(-10_000, 10_000), st.dictionaries(st.integers(0, 400), st.integers(0, 9999)))
def test_any_calendar_is_well_formed(year: int, offsets: dict[int, int]) -> None:
    counts = {first_of(year) + offset: count for offset, count in offsets.items()}

    ElementTree.fromstring(calendar_strip(year, counts).inline())
    assert 17 == len(calendar_text(year, counts).splitlines()) + 1


@calm
@given(
    st.lists(
        st.builds(
            Place,
            st.floats(-90, 90),
            st.floats(-180, 180),
            st.integers(0, 10**6),
            WORDS,
            WORDS,
        ),
        max_size=6,
    )
)
def test_any_map_is_well_formed(places: list[Place]) -> None:
    ElementTree.fromstring(coast_map(places).inline())
