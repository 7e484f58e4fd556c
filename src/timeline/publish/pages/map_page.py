"""The map: places of the chosen events as circles, and the same as a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from timeline.publish.choice import choice_of
from timeline.publish.pages.timeline import chosen_filters
from timeline.publish.pictures import Place, coast_map
from timeline.publish.site import Ask, Document
from timeline.readmodel.facets import choose_selection
from timeline.readmodel.placed import located, unplaced

_DRAWN = 250  # circles; a reader sees no more, and the page stays light


def map_page(ask: Ask) -> Document:
    """`/map`"""
    choice = choice_of(ask)
    chosen = choose_selection(ask.connection, choice.selection)
    places = located(chosen)
    found = [
        {**asdict(place), "href": ask.links.timeline(choice.with_("place", place.id))}
        for place in places
    ]
    spots = [
        Place(p["latitude"], p["longitude"], p["n"], p["label"], p["href"]) for p in found[:_DRAWN]
    ]
    facts: dict[str, Any] = {
        "choice": choice,
        "chosen": chosen_filters(ask, choice, "map"),
        "total": chosen.total,
        "unplaced": unplaced(chosen, places),
        "places": found,
        "drawn": min(len(found), _DRAWN),
        "map": coast_map(spots, title="Where it happened"),
    }
    return Document("map.html", facts)
