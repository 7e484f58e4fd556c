"""The coastlines of the package in map units, whole or cut to a window.

One unit is a tenth of a degree of longitude, x grows eastward from 180° W, y southward from the
north pole. The projection is cylindrical, so any rectangle of the map is a map: Patterson, Šavrič
and Jenny, "Introducing the Patterson Cylindrical Projection", Cartographic Perspectives 78 (2014).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import degrees, hypot, radians

WIDTH = 3600
POLE = 1026.0861
ASPECT = 2.2

_STEP = re.compile(r"-?\d+")
_PIXELS = 912  # width of the map on a large screen
_MARGIN = 20  # units outside a window that are kept, so that cut edges are not seen

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the map in map units."""

    x: float
    y: float
    width: float
    height: float


def place(latitude: float, longitude: float) -> Point:
    """A point of the earth, degrees north and east, in map units."""
    phi = radians(max(-90.0, min(90.0, latitude)))
    square = phi * phi
    y = phi * (1.0148 + square * square * (0.23185 + square * (-0.14499 + square * 0.02406)))
    return 10 * (longitude + 180), POLE - 10 * degrees(y)


# From 84° north, the tip of Greenland, to Cape Horn.
WORLD = Window(0, place(84, 0)[1], WIDTH, WIDTH / ASPECT)


@cache
def coast() -> str:
    """The path of all coasts: closed rings, whole numbers, steps from point to point."""
    folder = resources.files("timeline.publish") / "static"
    return (folder / "coast.svgpath.txt").read_text("ascii").strip()


@cache
def rings() -> list[Ring]:
    """The coasts as rings of points."""
    found = []
    for part in coast().split("z")[:-1]:
        steps = [int(step) for step in _STEP.findall(part)]
        x = y = 0
        ring: Ring = []
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def fit(points: list[Point]) -> Window:
    """The smallest window of the usual shape around `points`, with air; the world if they are
    far apart. None is narrower than 60 degrees, where the coasts would look coarse."""
    if not points:
        return WORLD
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    width = max(600.0, wide * 1.25, high * 1.25 * ASPECT)
    if width > 0.6 * WIDTH:
        return _world(min(ys) - 20, max(ys) + 20)
    x, y = min(xs) + wide / 2 - width / 2, min(ys) + high / 2 - width / ASPECT / 2
    return Window(round(x), round(y), round(width), round(width / ASPECT))


def _world(top: float, bottom: float) -> Window:
    """The world, moved down as far as `bottom`, or made smaller where `top` would be cut off."""
    below = max(0.0, bottom - (WORLD.y + WORLD.height))
    if below == 0 or top >= WORLD.y + below:
        return Window(WORLD.x, WORLD.y + below, WORLD.width, WORLD.height)
    top = min(top, WORLD.y)
    width = (bottom - top) * ASPECT
    return Window(round((WIDTH - width) / 2), round(top), round(width), round(width / ASPECT))


@lru_cache(maxsize=1024)
def coast_in(window: Window) -> str:
    """The path of the coasts in a window, no finer than a screen shows it."""
    pixel = window.width / _PIXELS
    left, right = window.x - _MARGIN, window.x + window.width + _MARGIN
    top, bottom = window.y - _MARGIN, window.y + window.height + _MARGIN
    cut = (
        clip(ring, left, top, right, bottom)
        for ring, (least_x, least_y, most_x, most_y) in thinned(pixel)
        if least_x <= right and most_x >= left and least_y <= bottom and most_y >= top
    )
    return "".join(path_of(ring) for ring in cut if len(ring) > 2)


@lru_cache(maxsize=8)
def thinned(pixel: float) -> list[tuple[Ring, tuple[float, float, float, float]]]:
    """The coasts without what is smaller than a pixel, each with its bounds (left, top, right,
    bottom); all windows of one width share them."""
    thin = (simplify(ring, pixel) for ring in rings() if area(ring) > pixel * pixel)
    return [(ring, _bounds(ring)) for ring in thin]


def _bounds(ring: Ring) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def path_of(ring: Ring) -> str:
    """One closed ring as the shortest path: whole units, relative steps, no step twice."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps: list[str] = []
    x, y = whole[0]
    for next_x, next_y in whole[1:]:
        if (next_x, next_y) != (x, y):
            steps += [str(next_x - x), str(next_y - y)]
        x, y = next_x, next_y
    if not steps:
        # A command without numbers would end the whole path there.
        return ""
    return re.sub(r" (?=-)", "", f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}z")


def clip(ring: Ring, left: float, top: float, right: float, bottom: float) -> Ring:
    """The ring cut at the four sides, one after the other (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        ring = _cut(ring, [sign * (point[axis] - limit) for point in ring])
    return ring


def _cut(ring: Ring, depths: list[float]) -> Ring:
    """The points that lie at a depth of 0 or more, and where the ring passes through 0."""
    kept: Ring = []
    for index, here in enumerate(ring):
        before, depth_before, depth = ring[index - 1], depths[index - 1], depths[index]
        if (depth_before < 0) != (depth < 0):
            share = depth_before / (depth_before - depth)
            x = before[0] + share * (here[0] - before[0])
            kept.append((x, before[1] + share * (here[1] - before[1])))
        if depth >= 0:
            kept.append(here)
    return kept


def simplify(ring: Ring, tolerance: float) -> Ring:
    """The ring without points that lie within `tolerance` of the line between their neighbours."""
    far = max(range(len(ring)), key=lambda i: _distance(ring[i], ring[0], ring[0]))
    return _thin(ring[: far + 1], tolerance)[:-1] + _thin([*ring[far:], ring[0]], tolerance)[:-1]


def _thin(line: Ring, tolerance: float) -> Ring:
    keep = {0, len(line) - 1}
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        distances = [_distance(line[i], line[first], line[last]) for i in range(first + 1, last)]
        far = max(range(len(distances)), key=distances.__getitem__)
        if distances[far] > tolerance:
            middle = first + 1 + far
            keep.add(middle)
            open_parts += [(first, middle), (middle, last)]
    return [line[i] for i in sorted(keep)]


def _distance(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length else 0.0
    along = max(0.0, min(1.0, along))
    return hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def area(ring: Ring) -> float:
    """The area of a ring in square map units."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
