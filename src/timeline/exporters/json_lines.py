"""Newline-delimited JSON: one object a row, JSON columns as real arrays and objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

import orjson

from timeline.exporters.rows import Rows

SUFFIX = ".nl.json"
_BUFFERED = 1 << 16


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes a line for every row. Returns the number of rows."""
    n = 0
    buffer = bytearray()
    for line in lines(rows):
        n += 1
        buffer += line
        buffer += b"\n"
        if len(buffer) > _BUFFERED:
            out.write(buffer)
            buffer.clear()
    out.write(buffer)
    return n


def lines(rows: Rows) -> Iterator[bytes]:
    """Every row as the bytes of one JSON object."""
    if rows.objects:
        yield from (row[0].encode() for row in rows.values)
        return
    columns, places = rows.columns, rows.json_at()
    for row in rows.values:
        yield orjson.dumps(dict(zip(columns, _with_json(row, places), strict=True)))


def _with_json(row: Sequence[Any], places: tuple[int, ...]) -> Sequence[Any]:
    if not places:
        return row
    cells = list(row)
    for place in places:
        if isinstance(cells[place], str):
            cells[place] = _embedded(cells[place])
    return cells


@lru_cache(maxsize=1 << 14)
def _embedded(text: str) -> orjson.Fragment | str:
    """JSON text as what it says; in a query of one's own such a column can hold anything."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return orjson.Fragment(text)
