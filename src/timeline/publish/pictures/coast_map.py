"""The map: coastlines without borders, and a circle for each place as large as its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from timeline.publish.pictures.coast import ASPECT, Window, coast_in, fit, place
from timeline.publish.pictures.writer import (
    Picture,
    Table,
    counted,
    element,
    haloed,
    link,
    number,
    percent,
    shorten,
    text,
)

_WIDTH = 912
_HEIGHT = round(_WIDTH / ASPECT)
_LEAST, _MOST = 3.5, 20.0
_NAMES = 12  # at most so many places carry their name
_ALWAYS = 3  # and so many do, whatever lies beside them
_CHARACTER = 6.4


@dataclass(frozen=True, slots=True)
class Place:
    """One circle: degrees north and east, how many events, its name."""

    latitude: float
    longitude: float
    count: int
    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Spot:
    place: Place
    x: float
    y: float
    radius: float


def coast_map(
    places: Sequence[Place],
    *,
    title: str = "Map of places",
    desc: str | None = None,
    uid: str = "map",
) -> Picture:
    """The world, or the part of it in which all places are; the largest circles are named.

    The area of a circle grows with its count. On a page the style sheet keeps its shape
    (`aspect-ratio`), whatever the width.
    """
    window = fit([place(p.latitude, p.longitude) for p in places])
    spots = _spots(places, window)
    body = _coast(window) + element("g", "".join(_circle(spot) for spot in spots))
    body += element("g", "".join(_names(spots)), class_="tl-names tl-wide")
    said = _describe(places) if desc is None else desc
    linked = any(p.href for p in places)
    return Picture("map", uid, title, said, body, _HEIGHT, linked=linked)


def _describe(places: Sequence[Place]) -> str:
    if not places:
        return "No places."
    top = max(places, key=lambda p: p.count)
    name = shorten(top.label, 60)
    return f"{counted(len(places), 'place')}, most events in {name} ({top.count:,})."


def _coast(window: Window) -> str:
    box = " ".join(number(v) for v in (window.x, window.y, window.width, window.height))
    path = element(
        "path", d=coast_in(window), class_="tl-coast", vector_effect="non-scaling-stroke"
    )
    return element(
        "svg", path, width="100%", height="100%", viewBox=box, preserveAspectRatio="none"
    )


def _spots(places: Sequence[Place], window: Window) -> list[_Spot]:
    """Largest first, so that small circles lie on top."""
    most = max((p.count for p in places), default=1)
    spots = []
    for p in sorted(places, key=lambda p: (-p.count, p.label)):
        x, y = place(p.latitude, p.longitude)
        radius = max(_LEAST, _MOST * sqrt(max(0, p.count) / max(1, most)))
        if len(places) == 1:
            radius = 7.0
        spots.append(
            _Spot(
                p, 100 * (x - window.x) / window.width, 100 * (y - window.y) / window.height, radius
            )
        )
    return spots


def _circle(spot: _Spot) -> str:
    words = f"{shorten(spot.place.label, 120)}: {counted(spot.place.count, 'event')}"
    circle = element(
        "circle",
        element("title", text(words)),
        class_="tl-spot tl-event",
        cx=percent(spot.x),
        cy=percent(spot.y),
        r=number(spot.radius),
    )
    return link(spot.place.href, circle)


def _names(spots: Sequence[_Spot]) -> list[str]:
    """Names right or left of the largest circles, none over another name or large circle."""
    taken = [_box(s, -s.radius, s.radius, s.radius) for s in spots[: 2 * _NAMES]]
    drawn: list[str] = []
    for position, spot in enumerate(spots[: 2 * _NAMES]):
        name = shorten(spot.place.label, 30)
        width = len(name) * _CHARACTER
        others = taken[:position] + taken[position + 1 :]
        if position < _ALWAYS:  # its halo keeps it readable over circles
            others = taken[2 * _NAMES :]
        for anchor, start, gap in (
            ("start", spot.radius, spot.radius + 5),
            ("end", -spot.radius - 8 - width, -spot.radius - 5),
        ):
            box = _box(spot, start, start + width + 8, 8)
            if 0 <= box[0] and box[2] <= _WIDTH and not any(_overlap(box, o) for o in others):
                taken.append(box)
                drawn.append(haloed(_name(name, spot, gap, anchor)))
                break
        if len(drawn) == _NAMES:
            break
    return drawn


def _name(name: str, spot: _Spot, gap: float, anchor: str) -> str:
    return element(
        "text",
        text(name),
        x=percent(spot.x),
        y=percent(spot.y),
        dx=number(gap),
        dy="4",
        class_="tl-word",
        text_anchor=anchor,
    )


def _box(spot: _Spot, left: float, right: float, half: float) -> tuple[float, float, float, float]:
    x, y = spot.x * _WIDTH / 100, spot.y * _HEIGHT / 100
    return x + left, y - half, x + right, y + half


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def map_table(places: Sequence[Place]) -> Table:
    """A row for each place, most events first."""
    listed = sorted(places, key=lambda p: (-p.count, p.label))
    rows = tuple((p.label, f"{p.count:,}", _degrees(p)) for p in listed)
    return Table(("Place", "Events", "Position"), rows, tuple(p.href for p in listed))


def _degrees(p: Place) -> str:
    north, east = ("N" if p.latitude >= 0 else "S"), ("E" if p.longitude >= 0 else "W")
    return f"{abs(p.latitude):.2f}° {north}, {abs(p.longitude):.2f}° {east}"
