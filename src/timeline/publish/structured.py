"""An event as JSON-LD of schema.org, for machines that read the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from markupsafe import Markup

from timeline.publish.lists import Name
from timeline.publish.site import Ask
from timeline.publish.words import web_address
from timeline.records.scales import CREDIBILITY_OF

_STATUS: Final = {
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
    "scheduled": "https://schema.org/EventScheduled",
}
_HTML: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

Row = Mapping[str, Any]


def json_ld(
    ask: Ask, event: Row, claims: Sequence[Row], people: Sequence[Row | Name], places: Sequence[Row]
) -> Markup:
    """`Event`, each standing claim as `Claim`, and our grade of it as `ClaimReview`.

    A date goes in only where ISO 8601-1 can hold it: an exact day; all others are left to `name`.
    """
    address = f"{ask.site.address or '/'}event/{event['id']}"
    graph = [_event(address, event, people, places)]
    standing = [claim for claim in claims if claim["stood"]]
    graph += [_claim(address, claim) for claim in standing]
    graph.append(_review(ask, address, event))
    text = orjson.dumps({"@context": "https://schema.org", "@graph": graph}).decode()
    # Inside <script> nothing may look like markup, whatever a title says.
    return Markup(text.translate(_HTML))


def _event(
    address: str, event: Row, people: Sequence[Row | Name], places: Sequence[Row]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "Event",
        "@id": address,
        "name": event["title"],
        "url": address,
        "description": event["summary"] or event["date"],
    }
    if event["day"] and event["day"][0] != "-" and event["day"][:4] != "0000":
        made["startDate"] = made["endDate"] = event["day"]
    if event["status"] in _STATUS:
        made["eventStatus"] = _STATUS[event["status"]]
    if places:
        made["location"] = [_place(place) for place in places]
    if people:
        labels = [p.label if isinstance(p, Name) else p["label"] for p in people]
        made["attendee"] = [{"@type": "Thing", "name": label} for label in labels]
    return made


def _place(place: Row) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "Place", "name": place["label"]}
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
