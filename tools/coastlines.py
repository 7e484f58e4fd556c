"""Makes `static/coast.svgpath.txt` from a local TopoJSON or GeoJSON file of the world's land.

Used when the map is drawn anew, not at run time:

    python tools/coastlines.py land-50m.json

The shipped path comes from Natural Earth's 1:50m land, which is in the public domain, in the
TopoJSON form of the `world-atlas` package (version 2.0.2). Points nearer to a straight coast than
the tolerance (Douglas and Peucker) and islands smaller than four map units are left out, until the
path has at most 38,000 bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from timeline.publish.pictures.coast import area, clip, path_of, place, simplify

TARGET = Path(__file__).parents[1] / "src/timeline/publish/static/coast.svgpath.txt"
MOST_BYTES = 38_000
SMALLEST = 4.0  # square map units, some 500 square kilometres at the equator


def polygons(data: dict[str, Any]) -> list[list[list[list[float]]]]:
    """Every polygon as rings of [longitude, latitude]."""
    if data["type"] == "Topology":
        arcs = [_arc(arc, data.get("transform")) for arc in data["arcs"]]
        shapes = [_shape(g, arcs) for o in data["objects"].values() for g in _geometries(o)]
    else:
        features = data.get("features", [data])
        shapes = [feature.get("geometry", feature) for feature in features]
    found = []
    for shape in shapes:
        many = shape["type"] == "MultiPolygon"
        found += shape["coordinates"] if many else [shape["coordinates"]]
    return found


def _geometries(thing: dict[str, Any]) -> list[dict[str, Any]]:
    return thing.get("geometries", [thing])


def _arc(steps: list[list[int]], transform: dict[str, Any] | None) -> list[list[float]]:
    if transform is None:
        return steps
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        points.append([x * scale_x + move_x, y * scale_y + move_y])
    return points


def _shape(geometry: dict[str, Any], arcs: list[list[list[float]]]) -> dict[str, Any]:
    def ring(numbers: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for n in numbers:
            arc = arcs[n] if n >= 0 else arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [ring(r) for r in geometry["arcs"]]}
    return {
        "type": "MultiPolygon",
        "coordinates": [[ring(r) for r in polygon] for polygon in geometry["arcs"]],
    }


def unrolled(ring: list[list[float]]) -> list[list[tuple[float, float]]]:
    """The ring cut at 180 degrees, where some files run on from one edge to the other."""
    line = [(ring[0][0], ring[0][1])]
    for longitude, latitude, *_ in ring[1:]:
        turns = round((line[-1][0] - longitude) / 360)
        line.append((longitude + 360 * turns, latitude))
    if abs(line[-1][0] - line[0][0]) > 180:
        # Around the south pole: down to it at both ends.
        line += [(line[-1][0], -90.0), (line[0][0], -90.0)]
    else:
        line.pop()
    east = [[(lon + shift, lat) for lon, lat in line] for shift in (-360, 0, 360)]
    parts = (clip(part, -180.0, -90.0, 180.0, 90.0) for part in east)
    return [part for part in parts if len(part) > 2]


def main(source: Path) -> None:
    """Writes the path with the smallest tolerance that fits."""
    shapes = polygons(json.loads(source.read_text("utf-8")))
    parts = [part for shape in shapes for ring in shape for part in unrolled(ring)]
    whole = [[place(lat, lon) for lon, lat in part] for part in parts]
    tolerance = 0.2
    while True:
        thin = [simplify(ring, tolerance) for ring in whole]
        thin = [ring for ring in thin if len(ring) > 2 and area(ring) >= SMALLEST]
        path = "".join(path_of(ring) for ring in thin)
        if len(path) <= MOST_BYTES:
            break
        tolerance *= 1.05
    TARGET.write_text(path + "\n", "ascii")
    points = sum(map(len, thin))
    sys.stdout.write(f"{len(path)} bytes, {len(thin)} rings, {points} points, {tolerance:.2f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
