"""GeoJSON (RFC 7946): a point for every row with coordinates; the others are counted."""

from __future__ import annotations

from typing import BinaryIO, Final

import orjson

from timeline.exporters.json_lines import lines
from timeline.exporters.rows import Rows

SUFFIX = ".geojson"
NEEDS: Final = frozenset({"latitude", "longitude"})


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes one FeatureCollection. Returns the number of rows, those without a place included.

    The foreign member `left_out` says how many rows have no coordinates (section 6.1).
    """
    n = drawn = 0
    out.write(b'{"type":"FeatureCollection","features":[')
    for line in lines(rows):
        n += 1
        row = orjson.loads(line)
        latitude, longitude = row.pop("latitude", None), row.pop("longitude", None)
        if isinstance(latitude, int | float) and isinstance(longitude, int | float):
            point = {"type": "Point", "coordinates": [longitude, latitude]}
            feature = {"type": "Feature", "geometry": point, "properties": row}
            if "id" in row:
                feature["id"] = row["id"]
            out.write((b",\n" if drawn else b"\n") + orjson.dumps(feature))
            drawn += 1
    out.write(b'\n],"left_out":%d}\n' % (n - drawn))
    return n
