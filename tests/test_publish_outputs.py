"""Downloads and Datasette's own pages: formats, filters, cells and functions."""

from __future__ import annotations

import csv
import io
import json
import re

import feedparser
import icalendar
import pytest

from tests.sites import MARKUP, followed, get, under_base


def test_a_selection_as_csv_has_the_rows_that_its_page_counts() -> None:
    rows = list(csv.DictReader(io.StringIO(get("/selection.csv?who=person:reagan").text)))

    assert ["geneva-1985", "reykjavik-1986"] == [row["id"] for row in rows]


def test_a_selection_of_an_earlier_moment_says_so_in_its_name() -> None:
    response = get("/selection.csv?_as_of=%238")

    assert 'filename="events-as-of-8.csv"' in response.headers["content-disposition"]
    assert "hostile" not in [row["id"] for row in csv.DictReader(io.StringIO(response.text))]


def test_a_selection_as_calendar_links_back() -> None:
    calendar = icalendar.Calendar.from_ical(get("/selection.ics").content)

    assert "2" == calendar["X-TIMELINE-LEFT-OUT"] or len(calendar.walk("VEVENT"))
    assert "http://localhost/event/geneva-1985" in get("/selection.ics").text.replace("\r\n ", "")


def test_feeds_are_read_by_a_feed_reader() -> None:
    changes = feedparser.parse(get("/changes.atom").content)
    newest = feedparser.parse(get("/selection.atom").content)

    assert not changes.bozo
    assert not newest.bozo
    assert "Corrected: Reykjavik summit" in [entry.title for entry in changes.entries]
    assert "inf-signed" in newest.entries[0].link


def test_an_event_can_be_cited_by_programs() -> None:
    bibtex = get("/event/hostile.bib").text
    (item,) = get("/event/geneva-1985.csl.json").json()

    assert r"\&" in bibtex
    assert "geneva-1985@r2" in item["id"]
    assert "record 13 of the log" in item["note"]


def test_the_records_of_an_event_are_the_stored_lines() -> None:
    records = get("/event/reykjavik-1986.json").json()

    assert ["event", "correction", "claim"] == [r["record"]["kind"] for r in records]


def test_there_is_no_proof_before_the_first_seal() -> None:
    assert 404 == get("/event/geneva-1985.tlog-proof").status_code


def test_a_refused_download_says_why_in_a_line() -> None:
    assert 400 == get("/selection.csv?from=1985-13").status_code


@pytest.mark.parametrize("form", ["ics", "geojson", "atom", "nl"])
def test_datasettes_tables_come_in_our_formats(form: str) -> None:
    assert 200 == get(f"/timeline/current_events.{form}").status_code


def test_a_query_without_the_columns_is_not_offered_as_a_calendar() -> None:
    text = get("/timeline/participants").text

    assert "participants.ics" not in text
    assert "participants.nl" in text


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("_on=1985-11-20", ["geneva-1985"]),
        ("_from=1986&_to=1987", ["reykjavik-1986", "inf-signed"]),
        ("_to=1900", ["ides"]),
        ("_from=1985-13", []),
    ],
)
def test_datasettes_tables_take_our_filters(query: str, ids: list[str]) -> None:
    rows = get(f"/timeline/current_events.json?_shape=array&{query}").json()

    assert ids == [row["id"] for row in rows]


def test_versions_as_of_a_record_are_those_that_stood_then() -> None:
    path = "/timeline/event_history.json?_shape=array&_as_of=%2310&id=reykjavik-1986"

    assert ["1986-10"] == [row["edtf"] for row in get(path).json()]


def test_cells_carry_words_and_links() -> None:
    text = get("/timeline/current_events").text

    assert 'class="mark c-probable"' in text
    assert 'href="/entity/person:reagan"' in text
    assert "<script>alert" not in text


def test_a_hostile_title_stays_text_in_datasettes_tables() -> None:
    assert MARKUP not in get("/timeline/sources").text
    assert "&lt;script&gt;" in get("/timeline/sources").text


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("edtf_sentence('198X')", "some time in the 1980s"),
        ("edtf_start_min('2024-12-05')", 2460650),
        ("edtf_certainly_on('2024-05-01/2024-05-31', '2024-05-05')", 1),
        ("edtf_possibly_on('2024-05', '2024-06-01')", 0),
        ("iso_day(2460650)", "2024-12-05"),
        ("edtf_read('Dec 2024')", "2024-12"),
        ("edtf_sentence('no date')", None),
        ("edtf_sentence(NULL)", None),
    ],
)
def test_sql_knows_dates(call: str, value: object) -> None:
    rows = followed(
        f"/timeline.json?_shape=array&sql=select+{call}+as+v".replace("'", "%27")
    ).json()

    assert [{"v": value}] == rows


def test_datasettes_list_of_versions_and_tables_answers() -> None:
    assert 200 == get("/-/versions.json").status_code
    assert 200 == get("/-/tables").status_code


def test_an_unmatched_address_answers_404() -> None:
    assert 404 == get("/no/such/page/here").status_code


def test_json_ld_names_the_event_its_claims_and_our_grade() -> None:
    text = get("/event/geneva-1985").text
    found = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</")[0])

    assert ["Event", "Claim", "Claim", "ClaimReview"] == [n["@type"] for n in found["@graph"]]


def test_under_a_base_address_every_link_begins_with_it_once() -> None:
    text = under_base("/archive/treaty/inf?on=1988-01-01&_as_of=%2316").text
    found = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)

    assert 'action="/archive/treaty/inf#on-day"' in text
    assert [] == [link for link in found if not re.match("/archive/(?!archive/)", link)]
    assert "Custom SQL" in under_base("/archive/timeline?sql=select+1").text


@pytest.mark.parametrize("path", ["/%5Cexample.com/", "/%2Fexample.com/"])
def test_no_address_leads_to_another_host(path: str) -> None:
    assert 404 == get(path).status_code


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/timeline?q=%00", 200),
        ("/timeline?q=%22%27%28*", 200),
        ("/timeline?page=99999999", 200),
        ("/timeline?from=%00", 200),
        ("/selection.csv?q=%00", 200),
        ("/event/ides@r99999999999999999999", 404),
        ("/event/ides@rx", 404),
        ("/event/%00", 404),
        ("/treaty/inf?on=9999999999", 200),
        ("/?_as_of=%23999999999999999999999", 404),
        ("/timeline/events?_sort=__x", 400),
        ("/compare/a...b", 400),
    ],
)
def test_senseless_addresses_are_answered_calmly(path: str, status: int) -> None:
    assert status == get(path).status_code
