"""Calendar, map layer and feed: read back by other people's parsers, what is left out counted."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import jsonschema
import pytest

from timeline.exporters import exporter
from timeline.exporters.icalendar_feed import exact_days, folded
from timeline.exporters.rows import rows_of

HOSTILE = "<script>alert(1)</script>; a, b\\c\n\u202e\x00\x0b]]>"
ROWS: list[dict[str, Any]] = [
    {"id": "a", "title": HOSTILE, "edtf": "2024-12-05/2024-12-06", "summary": HOSTILE * 400,
     "latitude": 35.9, "longitude": 14.5, "recorded_at": "2026-11-23T20:41:00.000001Z",
     "actors": '["person:a"]'},
    {"id": "b", "title": "Ides", "edtf": "-0043-03-15"},
    {"id": "c", "title": "Vague", "edtf": "1985"},
]  # fmt: skip


def written(form: str) -> bytes:
    out = io.BytesIO()
    columns = ("id", "title", "edtf", "summary", "latitude", "longitude", "recorded_at", "actors")
    assert 3 == exporter(form).write(rows_of(ROWS, columns), out)
    return out.getvalue()


def test_a_calendar_holds_exact_days_and_counts_the_others() -> None:
    calendar = icalendar.Calendar.from_ical(written("ics"))

    (event,) = calendar.walk("VEVENT")
    assert "2" == calendar["X-TIMELINE-LEFT-OUT"]
    assert ("2024-12-05", "2024-12-07") == (str(event["DTSTART"].dt), str(event["DTEND"].dt))


def test_a_calendar_keeps_hostile_text_as_text() -> None:
    (event,) = icalendar.Calendar.from_ical(written("ics")).walk("VEVENT")

    assert "<script>alert(1)</script>; a, b\\c\n\u202e]]>" == event["SUMMARY"]


def test_no_line_of_a_calendar_is_longer_than_75_octets() -> None:
    assert 75 >= max(len(line) for line in written("ics").split(b"\r\n"))


def test_folding_cuts_no_character() -> None:
    assert "é" * 100 == folded("é" * 100).decode().replace("\r\n ", "").strip()


@pytest.mark.parametrize(
    "text", ["1985", "2024-05~", "2014/..", "-0043-03-15", "[2024-01-01,2024-01-02]", "2024-05-0X"]
)
def test_what_a_calendar_cannot_hold_is_no_exact_day(text: str) -> None:
    assert exact_days(text) is None


def test_a_map_layer_is_a_feature_collection_and_counts_what_has_no_place() -> None:
    layer = json.loads(written("geojson"))

    (feature,) = layer["features"]
    assert 2 == layer["left_out"]
    assert {"type": "Point", "coordinates": [14.5, 35.9]} == feature["geometry"]
    assert HOSTILE == feature["properties"]["title"]
    assert ["person:a"] == feature["properties"]["actors"]


def test_a_map_layer_is_what_its_standard_says() -> None:
    schema = Path(__file__).parent / "data" / "geojson.schema.json"

    jsonschema.validate(json.loads(written("geojson")), json.loads(schema.read_text("utf-8")))


def test_a_feed_is_well_formed_whatever_it_holds() -> None:
    feed = feedparser.parse(written("atom"))

    assert not feed.bozo
    assert ["tag:timeline,2026:a", "tag:timeline,2026:b", "tag:timeline,2026:c"] == [
        entry.id for entry in feed.entries
    ]
    assert "2026-11-23T20:41:00.000001Z" == feed.feed.updated
