"""The map: places of the chosen events as circles, and the same as a table."""

from __future__ import annotations

from typing import Any

from timeline.publish.choice import choice_of
from timeline.publish.lists import kept_rows
from timeline.publish.pages.timeline import chosen_filters
from timeline.publish.pictures import Place, coast_map
from timeline.publish.site import Ask, Document
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.facets import choose_selection

_DRAWN = 250  # circles; a reader sees no more, and the page stays light


def map_page(ask: Ask) -> Document:
    """`/map`"""
    choice = choice_of(ask)
    found = [
        {**place, "href": ask.links.timeline(choice.with_("place", place["id"]))}
        for place in kept_rows(ask.connection, queries.places(choice.selection))
    ]
    spots = [
        Place(p["latitude"], p["longitude"], p["n"], p["label"], p["href"]) for p in found[:_DRAWN]
    ]
    facts: dict[str, Any] = {
        "choice": choice,
        "chosen": chosen_filters(ask, choice, "map"),
        "total": choose_selection(ask.connection, choice.selection).total,
        "unplaced": kept_rows(ask.connection, queries.unplaced(choice.selection))[0]["n"],
        "places": found,
        "drawn": min(len(found), _DRAWN),
        "map": coast_map(spots, title="Where it happened"),
    }
    return Document("map.html", facts)
