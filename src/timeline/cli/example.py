"""The few records of `timeline init --example`: two sources that do not agree, and a plan."""

from __future__ import annotations

from typing import Any

from timeline.records.draft import Draft


def drafts() -> list[Draft]:
    """A made-up congress, its date contested, and a meeting that was only planned."""
    return [Draft(body) for body in (*_sources(), *_entities(), *_events())]


def _sources() -> list[dict[str, Any]]:
    return [
        {"kind": "source", "source": "src:gazette", "type": "newspaper", "title": "The Gazette",
         "published": "1815-06-12", "reliability": "B"},
        {"kind": "source", "source": "src:diary", "type": "diary", "title": "A delegate's diary",
         "reliability": "C"},
    ]  # fmt: skip


def _entities() -> list[dict[str, Any]]:
    return [
        {"kind": "entity", "entity": "person:ada-north", "names": [{"text": "Ada North"}]},
        {"kind": "entity", "entity": "person:bo-south",
         "names": [{"text": "Bo South"}, {"text": "B. South", "kind": "alias"}]},
        {"kind": "entity", "entity": "place:harbour-hall", "names": [{"text": "Harbour Hall"}]},
    ]  # fmt: skip


def _events() -> list[dict[str, Any]]:
    people = [
        {"entity": "person:ada-north", "role": "party"},
        {"entity": "person:bo-south", "role": "party"},
    ]
    signing = {
        "kind": "event", "event": "harbour-treaty-signed-1815", "type": "meeting.held",
        "title": "North and South sign at Harbour Hall", "when": "1815-06-09",
        "where": [{"place": "place:harbour-hall", "precision": "venue"}], "participants": people,
        "topics": ["trade"], "language": "en",
        "claims": [{"source": "src:gazette", "basis": "reported", "likelihood": "certain"}],
    }  # fmt: skip
    other_date = {
        "kind": "claim", "event": "harbour-treaty-signed-1815",
        "claim": {"source": "src:diary", "basis": "witnessed", "fields": ["/when"],
                  "value": {"when": "1815-06-10"}, "locator": "p. 41"},
    }  # fmt: skip
    planned = {
        "kind": "event", "event": "second-meeting-planned-1816", "type": "meeting.held",
        "title": "A second meeting is planned", "when": "1816-21", "status": "scheduled",
        "participants": people, "language": "en",
        "claims": [{"source": "src:diary", "hedge": "probably", "likelihood": "likely"}],
    }  # fmt: skip
    return [signing, other_date, planned]
