"""Pictures: what they show, that they are sound SVG, and that they look as they did."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from timeline.edtf import days
from timeline.publish.pictures import (
    Bucket,
    Lane,
    Mark,
    Picture,
    Place,
    Span,
    StatusBar,
    StatusRow,
    buckets_of,
    calendar_strip,
    calendar_table,
    calendar_text,
    coast_map,
    histogram,
    histogram_table,
    histogram_text,
    lanes,
    lanes_table,
    lanes_text,
    map_table,
    span,
    span_table,
    span_words,
    status_bars,
    status_table,
    status_text,
)
from timeline.publish.pictures.coast import fit, place

GOLDEN = Path(__file__).parent / "data" / "pictures"


def jdn(year: int, month: int = 1, day: int = 1) -> int:
    return days.jdn(year, month, day)


YEARS = buckets_of(
    [
        (jdn(1949, 4, 4), "confirmed", 2),
        (jdn(1949, 8, 1), "possible", 1),
        (jdn(1962, 10, 16), "confirmed", 5),
        (jdn(1962, 10, 27), "doubtful", 2),
        (jdn(1963, 8, 5), "unknown", 1),
    ]
)
TREATY = (
    StatusRow(
        "United States",
        (
            StatusBar(jdn(2010, 4, 8), jdn(2011, 2, 5), "signed", href="/event/signing"),
            StatusBar(jdn(2011, 2, 5), None, "in_force"),
        ),
        href="/entity/us",
    ),
    StatusRow(
        "Russia",
        (
            StatusBar(None, jdn(2011, 2, 5), "signed"),
            StatusBar(jdn(2011, 2, 5), jdn(2023, 2, 28), "in_force"),
            StatusBar(jdn(2023, 2, 28), jdn(2026, 2, 5), "suspended", "by its own reading"),
            StatusBar(jdn(2026, 2, 5), None, "ended"),
        ),
    ),
)
MEETINGS = (
    Lane("Lavrov", (Mark(jdn(2013, 5, 7), jdn(2013, 5, 7), "Moscow", "confirmed", "/event/a"),)),
    Lane(
        "Blinken",
        (
            Mark(jdn(2021, 5, 19), jdn(2021, 5, 20), "Reykjavík", "probable"),
            Mark(jdn(2024, 1, 1), jdn(2024, 12, 31), "Some day", "rumoured"),
        ),
    ),
)
DAYS = {jdn(2024, 2, 29): 1, jdn(2024, 12, 5): 7, jdn(2025, 1, 1): 99}
PLACES = (
    Place(46.2, 6.15, 9, "Geneva", "/timeline?place=geneva"),
    Place(38.9, -77.04, 4, "Washington"),
    Place(-33.92, 18.42, 1, "Cape Town"),
)
CENTURY = Span(jdn(1950), jdn(1950, 12, 31), jdn(1953), jdn(1953, 12, 31))


def golden(name: str, content: str) -> None:
    """Compares with the file of that name; with UPDATE_GOLDEN=1 writes it."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(content, "utf-8")
    assert path.read_text("utf-8") == content


def every_picture() -> list[Picture]:
    return [
        histogram(YEARS, href=lambda bucket: f"/timeline?_from={bucket.label}&x=1"),
        span(CENTURY),
        status_bars(TREATY, marker=jdn(2023, 3, 15)),
        lanes(MEETINGS),
        calendar_strip(2024, DAYS, href=lambda day: f"?day={day}"),
        coast_map(PLACES),
    ]


@pytest.mark.parametrize("picture", every_picture(), ids=lambda picture: picture.kind)
def test_a_picture_is_drawn_as_it_was(picture: Picture) -> None:
    # The coasts have a file of their own; here only what is drawn over them.
    drawn = re.sub(
        r'(<path class="tl-coast"|<path) d="M[^"]{3000,}"', r'\1 d="…"', picture.inline()
    )

    golden(f"{picture.kind}.svg", drawn + "\n")


@pytest.mark.parametrize("picture", every_picture(), ids=lambda picture: picture.kind)
@pytest.mark.parametrize("dark", [False, True])
def test_a_file_stands_alone(picture: Picture, dark: bool) -> None:
    content = picture.file(dark=dark)

    ElementTree.fromstring(content)
    assert "var(" not in content
    assert "@media" not in content
    assert "<script" not in content
    assert set(re.findall(r"https?://[^\"' <]*", content)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("picture", every_picture(), ids=lambda picture: picture.kind)
def test_ids_are_unique_and_every_reference_has_its_target(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.inline())
    ids = [node.get("id", "") for node in root.iter() if node.get("id")]
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', picture.inline()))

    assert sorted(set(ids)) == sorted(ids)
    assert used <= set(ids)
    assert all(name.startswith(picture.uid) for name in ids)


def test_two_pictures_on_one_page_share_no_id() -> None:
    one, two = (span(CENTURY, uid=uid).inline() for uid in ("first", "second"))

    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', two))


def test_a_picture_has_a_name_and_says_what_it_shows() -> None:
    root = ElementTree.fromstring(histogram(YEARS, title="Crises").inline())
    title, desc = list(root)[:2]

    assert ("img", "Crises") == (root.get("role"), title.text)
    assert root.get("aria-labelledby") == title.get("id")
    assert "11 events, 1949 to 1963, most in 1962 (7)." == desc.text


def test_a_picture_with_links_is_a_group_since_an_image_may_hold_none() -> None:
    root = ElementTree.fromstring(status_bars(TREATY).inline())

    assert "group" == root.get("role")


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//elsewhere.example", "data:text/html,x", "/\\evil", " x"]
)
def test_an_address_that_could_run_code_or_leave_the_site_is_no_link(href: str) -> None:
    picture = coast_map([Place(0, 0, 1, "x", href)])

    assert "<a" not in picture.inline()


def test_markup_and_writing_direction_in_a_label_do_no_harm() -> None:
    rows = [Lane("<script>\u202ekcart</script>\x00", (Mark(0, 0, "\x1b[31m & co"),))]

    ElementTree.fromstring(lanes(rows).inline())
    assert "&lt;script&gt;kcart&lt;/script&gt;\ufffd" in lanes(rows).inline()
    assert "\x1b" not in lanes(rows).inline() + lanes_text(rows)
    assert "\u202e" not in lanes(rows).inline() + lanes_text(rows)


def test_bars_of_a_short_span_are_months() -> None:
    bars = buckets_of([(jdn(2024, 11, 30), "confirmed", 1), (jdn(2025, 1, 1), "confirmed", 1)])

    assert ["November 2024", "December 2024", "January 2025"] == [bar.label for bar in bars]
    assert jdn(2024, 12, 31) == bars[1].end_jdn


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (1900, 1990, "1900"),
        (1400, 1990, "1400s"),
        (-43, 1990, "101 BC – 2 BC"),
        (-9999, 1990, "10,001 BC – 9902 BC"),
    ],
)
def test_bars_grow_with_the_span(first: int, last: int, label: str) -> None:
    bars = buckets_of([(jdn(first), "confirmed", 1), (jdn(last), "confirmed", 1)])

    assert label == bars[0].label
    assert len(bars) <= 200


def test_one_early_event_in_a_hundred_does_not_coarsen_the_others() -> None:
    many = [(jdn(year), "confirmed", 5) for year in range(1950, 2000)]
    bars = buckets_of([(jdn(-43, 3, 15), "confirmed", 1), *many])

    assert ["before 1950", "1950", "1951"] == [bar.label for bar in bars[:3]]
    assert 1 == bars[0].total
    assert jdn(-43, 3, 15) == bars[0].start_jdn


def test_nothing_has_no_bars_and_still_a_picture() -> None:
    assert [] == buckets_of([])
    assert "No events." == histogram([]).desc
    assert "No events.\n" == histogram_text([])


def test_a_level_outside_the_scale_counts_as_unknown() -> None:
    bucket = Bucket("1962", jdn(1962), jdn(1962, 12, 31), {"confirmed": 1, "rumoured": 2})

    assert ("When", "Events", "Confirmed", "Unknown") == histogram_table([bucket]).headers
    assert (("1962", "3", "1", "2"),) == histogram_table([bucket]).rows


def test_a_histogram_in_characters() -> None:
    golden("histogram.txt", histogram_text(YEARS, width=40))


def test_a_histogram_dims_what_is_not_selected() -> None:
    drawn = histogram(YEARS, selected=(jdn(1962), jdn(1962, 12, 31))).inline()

    assert 2 == drawn.count('class="tl-outside"')
    assert "tl-outside" not in histogram(YEARS).inline()


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (Span(2460650, 2460650, 2460650, 2460650), "5 December 2024."),
        (Span(2460649, 2460649, 2460650, 2460650), "4–5 December 2024."),
        (
            Span(jdn(2024, 12), jdn(2024, 12, 31), jdn(2024, 12), jdn(2024, 12, 31)),
            "Possible 1–31 December 2024; no day is certain.",
        ),
        (
            Span(jdn(2011, 2, 5), jdn(2011, 2, 5), None, None, "open"),
            "From 5 February 2011 on, and it goes on; certain from 5 February 2011 on.",
        ),
        (
            Span(jdn(1985), jdn(1985), jdn(1985), None, "unknown"),
            "From 1 January 1985 on, its end is not known; certain on 1 January 1985.",
        ),
        (
            Span(None, None, jdn(-43, 3, 15), jdn(-43, 3, 15)),
            "Until 15 March 44 BC, its start is not known; no day is certain.",
        ),
        (Span(None, None, None, None), "No day is known."),
    ],
)
def test_a_span_in_words(dates: Span, words: str) -> None:
    assert words == span_words(dates)
    ElementTree.fromstring(span(dates).inline())


def test_the_bounds_of_a_date_as_a_table() -> None:
    dates = Span(jdn(1985), jdn(1985, 12, 31), None, None, "unknown")

    assert (
        ("Earliest start", "1 January 1985"),
        ("Latest start", "31 December 1985"),
        ("End", "not known"),
    ) == span_table(dates).rows


def test_an_open_end_is_an_arrow_and_an_unknown_end_fades() -> None:
    goes_on = span(Span(jdn(2011), jdn(2011), None, None, "open")).inline()
    unknown = span(Span(jdn(2011), jdn(2011), None, None, "unknown")).inline()

    assert (True, False) == ("tl-pin" in goes_on, "Gradient" in goes_on)
    assert (False, True) == ("tl-pin" in unknown, "Gradient" in unknown)


def test_every_state_has_its_own_pattern_and_word() -> None:
    states = ["signed", "bound", "provisional", "in_force", "suspended", "withdrawn", "ended"]
    states += ["uncertain", "contested", "filed", "heard"]
    bars = tuple(StatusBar(i * 100, i * 100 + 100, state) for i, state in enumerate(states))
    drawn = status_bars([StatusRow("x", bars)]).inline()
    legend = drawn[drawn.index('class="tl-legend"') :]

    fills = re.findall(r'class="tl-bar [^>]*fill="([^"]+)"', legend)
    assert len(states) == len(set(fills))
    assert ">provisionally applied<" in legend
    assert ">in force<" in legend


def test_a_bar_without_room_for_its_word_has_none() -> None:
    bars = (StatusBar(0, 9900, "in_force"), StatusBar(9900, 10000, "suspended"))
    drawn = status_bars([StatusRow("x", bars)]).inline()

    words = re.findall(r'class="tl-word">([^<]+)<', drawn)
    assert ["in force"] == words


def test_status_as_a_table_and_in_characters() -> None:
    table = status_table(TREATY)

    assert ("Party", "State", "From", "Until", "Note") == table.headers
    assert (
        "Russia",
        "suspended",
        "28 February 2023",
        "5 February 2026",
        "by its own reading",
    ) == table.rows[4]
    assert "/event/signing" == table.hrefs[0]
    golden("status.txt", status_text(TREATY, width=64, marker=jdn(2023, 3, 15)))


def test_lanes_as_a_table_and_in_characters() -> None:
    assert ("Blinken", "19–20 May 2021", "Reykjavík", "probable") == lanes_table(MEETINGS).rows[1]
    assert "unknown" == lanes_table(MEETINGS).rows[2][3]
    golden("lanes.txt", lanes_text(MEETINGS, width=64))


def test_a_calendar_holds_the_days_of_its_year_alone() -> None:
    assert (("29 February 2024", "1"), ("5 December 2024", "7")) == calendar_table(2024, DAYS).rows
    assert "8 events on 2 days, most on 5 December 2024 (7)." == calendar_strip(2024, DAYS).desc
    golden("calendar.txt", calendar_text(2024, DAYS))


def test_a_map_of_far_places_is_the_world_and_of_near_ones_a_part() -> None:
    near = coast_map([PLACES[0], Place(48.2, 16.37, 2, "Vienna")])

    assert 'viewBox="0 ' in coast_map(PLACES).inline()
    assert 'width="100%" height="100%" viewBox="1' in near.inline()
    assert len(near.inline()) < 10_000 < len(coast_map(PLACES).inline()) < 25_000


@pytest.mark.parametrize("southern", [-77.5, -90.0])
def test_a_map_that_reaches_to_the_south_pole_loses_no_place_in_the_north(southern: float) -> None:
    places = [place(51.5, -0.1), place(64.1, -21.9), place(southern, 165.0)]
    window = fit(places)

    assert [] == [y for _, y in places if not window.y < y < window.y + window.height]
    assert round(2.2, 2) == round(window.width / window.height, 2)


def test_places_are_listed_by_the_number_of_their_events() -> None:
    assert (
        ("Geneva", "9", "46.20° N, 6.15° E"),
        ("Washington", "4", "38.90° N, 77.04° W"),
        ("Cape Town", "1", "33.92° S, 18.42° E"),
    ) == map_table(PLACES).rows


def test_a_template_prints_a_picture_as_markup() -> None:
    picture = span(CENTURY)

    assert picture.inline() == picture.__html__()
