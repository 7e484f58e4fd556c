"""An event as JSON-LD of schema.org, for machines that read the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from markupsafe import Markup

from timeline import edtf
from timeline.exporters.icalendar_feed import exact_days
from timeline.publish.lists import Name
from timeline.publish.site import Ask
from timeline.publish.words import web_address
from timeline.records.scales import CREDIBILITY_OF

_STATUS: Final = {
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
    "scheduled": "https://schema.org/EventScheduled",
}
_ATTENDEE: Final = {
    "person": "Person",
    "organization": "Organization",
    "company": "Organization",
    "state": "GovernmentOrganization",
}
"""Kind of entity -> type of schema.org; an attendee is a person or an organization."""
_HTML: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

Row = Mapping[str, Any]


def json_ld(
    ask: Ask, event: Row, claims: Sequence[Row], people: Sequence[Row | Name], places: Sequence[Row]
) -> Markup:
    """`Event`, each standing claim as `Claim`, and our grade of it as `ClaimReview`.

    `startDate` and `endDate` go in only where both days are certain and ISO 8601-1 can hold them
    (years 1 to 9999); the description begins with the date in words, whatever it is.
    """
    address = f"{ask.site.address or '/'}event/{event['id']}"
    base = f"{ask.site.address or '/'}entity/"
    graph = [_event(address, base, event, people, places)]
    standing = [claim for claim in claims if claim["standing"]]
    graph += [_claim(address, claim) for claim in standing]
    graph.append(_review(ask, address, event))
    text = orjson.dumps({"@context": "https://schema.org", "@graph": graph}).decode()
    # Inside <script> nothing may look like markup, whatever a title says.
    return Markup(text.translate(_HTML))


def _event(
    address: str, base: str, event: Row, people: Sequence[Row | Name], places: Sequence[Row]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "Event",
        "@id": address,
        "name": event["title"],
        "url": address,
        "description": f"{event['date']}. {event['summary'] or ''}".strip(),
    }
    if days := exact_days(event["edtf"]):
        made["startDate"], made["endDate"] = map(edtf.iso, days)
    if event["status"] in _STATUS:
        made["eventStatus"] = _STATUS[event["status"]]
    if places:
        made["location"] = [_place(place, base) for place in places]
    if people:
        made["attendee"] = [_attendee(person, base) for person in people]
    return made


def _attendee(person: Row | Name, base: str) -> dict[str, Any] | str:
    """Somebody of a known kind; a name alone where the kind is not known."""
    name, label = (
        (person.id, person.label)
        if isinstance(person, Name)
        else (person["entity"], person["label"])
    )
    kind = _ATTENDEE.get((name or "").partition(":")[0])
    return {"@type": kind, "@id": base + name, "name": label} if kind else label


def _place(place: Row, base: str) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "Place", "name": place["label"]}
    if place["place"]:
        made["@id"] = base + place["place"]
    if place["latitude"] is not None:
        where = {"latitude": place["latitude"], "longitude": place["longitude"]}
        made["geo"] = {"@type": "GeoCoordinates", **where}
    return made


def _claim(address: str, claim: Row) -> dict[str, Any]:
    source: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": claim["source_title"] or claim["source"],
    }
    if url := web_address(claim["url"]):
        source["url"] = url
    return {
        "@type": "Claim",
        "@id": f"{address}#claim-{claim['n'] + 1}",
        "about": {"@id": address},
        "appearance": source,
        "text": claim["quote"] or f"The source {claim['stance']} it.",
    }


def _review(ask: Ask, address: str, event: Row) -> dict[str, Any]:
    code = CREDIBILITY_OF[event["certainty"]]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": event["certainty"]}
    if code != 6:
        rating |= {"ratingValue": 6 - code, "bestRating": 5, "worstRating": 1}
    return {
        "@type": "ClaimReview",
        "url": address,
        "claimReviewed": event["title"],
        "author": {"@type": "Organization", "name": ask.site.title},
        "itemReviewed": {"@id": address},
        "reviewRating": rating,
    }
