"""What programs read in a page and beside it: held against schemas and others' parsers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import jsonschema
import pytest
import vobject
from rdflib import RDF, SDO, Graph, URIRef

from tests.sites import MARKUP, get

DATA = Path(__file__).parent / "data"
EVENTS = ("geneva-1985", "geneva-1985@r1", "reykjavik-1986", "hostile", "ides", "inf-signed",
          "withdrawn")  # fmt: skip


def schema(name: str) -> jsonschema.Draft202012Validator:
    text = (DATA / f"{name}.schema.json").read_text("utf-8")
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(json.loads(text), format_checker=checker)


def linked(event: str) -> dict[str, Any]:
    """The JSON-LD in the page of an event."""
    text = get(f"/event/{event}").text
    found: dict[str, Any] = json.loads(
        text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    return found


@pytest.mark.parametrize("event", EVENTS)
def test_json_ld_is_what_schema_org_expects_of_its_types(event: str) -> None:
    faults = [error.message for error in schema("schema_org").iter_errors(linked(event))]

    assert [] == faults


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_every_type_and_property_of_json_ld_is_a_term_of_schema_org(event: str) -> None:
    document = {**linked(event), "@context": {"@vocab": str(SDO)}}
    graph = Graph().parse(data=json.dumps(document), format="json-ld", publicID="http://localhost/")

    types = {thing for thing in graph.objects(None, RDF.type) if isinstance(thing, URIRef)}
    terms = {term for term in graph.predicates() if isinstance(term, URIRef)} - {RDF.type}
    assert {SDO.Event, SDO.ClaimReview} <= types
    assert set() == {str(term) for term in types | terms if term not in SDO}


def test_json_ld_has_days_only_where_both_are_certain() -> None:
    (exact, vague, ancient) = (
        linked(event)["@graph"][0] for event in ("geneva-1985", "withdrawn", "ides")
    )

    assert ("1985-11-19", "1985-11-21") == (exact["startDate"], exact["endDate"])
    assert {"startDate", "endDate"}.isdisjoint(vague)
    assert {"startDate", "endDate"}.isdisjoint(ancient)
    assert "about May 1999." == vague["description"]
    assert "15 March 44 BC." == ancient["description"]


def test_json_ld_gives_a_kind_only_to_those_whose_kind_is_known() -> None:
    assert ["Person", "Person"] == [
        p["@type"] for p in linked("geneva-1985")["@graph"][0]["attendee"]
    ]
    assert [MARKUP, "=cmd|'/c'!A0"] == linked("hostile")["@graph"][0]["attendee"]


@pytest.mark.parametrize(
    "path",
    ["/selection.geojson", "/selection.geojson?who=person:reagan", "/timeline/events.geojson"],
)
def test_a_map_layer_is_geojson(path: str) -> None:
    layer = get(path).json()

    assert [] == [error.message for error in schema("geojson").iter_errors(layer)]
    assert layer["left_out"] >= 0


@pytest.mark.parametrize("path", ["/selection.ics", "/event/geneva-1985.ics", "/event/hostile.ics",
                                  "/timeline/events.ics"])  # fmt: skip
def test_two_calendar_readers_find_the_same_events(path: str) -> None:
    content = get(path).content
    one = icalendar.Calendar.from_ical(content)
    other = vobject.readOne(content.decode())

    events = [(str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt) for e in one.walk("VEVENT")]
    assert events
    assert events == [(e.uid.value, e.dtstart.value, e.dtend.value) for e in other.vevent_list]
    assert str(one["X-TIMELINE-LEFT-OUT"]) == other.x_timeline_left_out.value


def test_a_calendar_and_its_count_of_what_is_left_out_make_the_whole() -> None:
    calendar = icalendar.Calendar.from_ical(get("/selection.ics").content)

    # Of five standing events the Ides (44 BC) are none that a calendar can hold.
    assert 4 == len(calendar.walk("VEVENT"))
    assert "1" == calendar["X-TIMELINE-LEFT-OUT"]


@pytest.mark.parametrize("path", ["/changes.atom", "/selection.atom", "/timeline/events.atom"])
def test_a_feed_has_what_rfc_4287_requires(path: str) -> None:
    feed = feedparser.parse(get(path).content)

    assert not feed.bozo
    assert feed.feed.id
    assert feed.feed.title
    assert feed.feed.updated
    assert [] == [e for e in feed.entries if not (e.id and e.title and e.updated)]
    assert len(feed.entries) == len({entry.id for entry in feed.entries})
