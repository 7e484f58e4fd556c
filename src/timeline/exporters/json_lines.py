"""Newline-delimited JSON: one object a row, JSON columns as real arrays and objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

import orjson

from timeline.exporters.rows import Rows, chunks

SUFFIX = ".nl.json"


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes a line for every row. Returns the number of rows."""
    n = 0
    for chunk in chunks(rows.values):
        n += len(chunk)
        out.write(b"\n".join([*_objects(rows, chunk), b""]))
    return n


def lines(rows: Rows) -> Iterator[bytes]:
    """Every row as the bytes of one JSON object."""
    for chunk in chunks(rows.values):
        yield from _objects(rows, chunk)


def _objects(rows: Rows, chunk: Sequence[Sequence[Any]]) -> list[bytes]:
    if rows.ready:
        return [row[0] for row in chunk]
    columns, places = rows.columns, rows.json_at()
    return [orjson.dumps(dict(zip(columns, _with_json(row, places), strict=True))) for row in chunk]


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
