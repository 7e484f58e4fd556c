"""Where the chosen events happened: their places with coordinates, counted from the bitmaps."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from timeline.readmodel.facets import Chosen, counts


@dataclass(frozen=True, slots=True)
class Located:
    """A place that has coordinates (degrees, decimal), with the number of chosen events there."""

    id: str
    label: str
    country: str | None
    latitude: float
    longitude: float
    n: int


def located(chosen: Chosen) -> list[Located]:
    """The places of the chosen events that have coordinates, those of most events first."""
    counted = dict(counts(chosen, "place", None))
    cursor = chosen.connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        "SELECT id, label, country, latitude, longitude FROM entities"
        " WHERE id IN (SELECT value FROM json_each(?)) AND latitude IS NOT NULL",
        (orjson.dumps([*counted]).decode(),),
    )
    found = [
        Located(place, label, country, latitude, longitude, counted[place])
        for place, label, country, latitude, longitude in rows
    ]
    return sorted(found, key=lambda place: (-place.n, place.label))


def unplaced(chosen: Chosen, places: list[Located]) -> int:
    """How many of the chosen events are at none of these places."""
    return chosen.total - chosen.having("place", [place.id for place in places])
