"""The states and places that ship with the package, read from `tables/*.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

from timeline import edtf
from timeline.records.names import Entity, Name

_DATED = re.compile(r"(?P<text>.+?)\((?P<since>[\d-]*)\.\.(?P<until>[\d-]*)\)")
TABLES: Final = ("states", "places")


@cache
def shipped_entities() -> tuple[Entity, ...]:
    """Every shipped state and place, states first, in the order of the tables."""
    states = tuple(_state(row) for row in _rows("states"))
    return (*states, *(_place(row) for row in _rows("places")))


@cache
def continuations() -> tuple[tuple[str, str, int], ...]:
    """(state, the state that continues it, from which day on as a Julian Day Number)."""
    return tuple(
        (row["id"], row["continued_by"], day + 1)
        for row in _rows("states")
        if row["continued_by"] and (day := _last(row["to"])) is not None
    )


@cache
def shipped_records() -> dict[str, dict[str, Any]]:
    """Entity id -> the body of an `entity` record, for importers that need the entity."""
    states = {row["id"]: _state_body(row) for row in _rows("states")}
    return {**states, **{row["id"]: _place_body(row) for row in _rows("places")}}


def _rows(table: str) -> Iterator[dict[str, str]]:
    file = resources.files("timeline.records").joinpath("tables", f"{table}.csv")
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())


def _state(row: dict[str, str]) -> Entity:
    codes = {"iso3166_1": row["alpha2"], "iso3166_1_alpha3": row["alpha3"]}
    if row["to"]:
        codes = {}
    return Entity(
        id=row["id"],
        label=_plain(row["name"]),
        names=(*_names(row["name"], alias=False), *_names(row["names"], alias=True)),
        continued_by=row["continued_by"],
        external_ids={k: v for k, v in {**codes, "iso3166_3": row["iso3166_3"]}.items() if v},
        since=_first(row["from"]),
        until=_last(row["to"]),
    )


def _place(row: dict[str, str]) -> Entity:
    return Entity(
        id=row["id"],
        label=row["name"],
        names=(Name(row["name"]), *_names(row["names"], alias=True)),
        country=row["country"],
    )


def _names(cell: str, *, alias: bool) -> Iterator[Name]:
    for part in filter(None, cell.split(";")):
        found = _DATED.fullmatch(part)
        if found:
            yield Name(found["text"], _first(found["since"]), _last(found["until"]), alias=alias)
        else:
            yield Name(part, alias=alias)


def _plain(cell: str) -> str:
    found = _DATED.fullmatch(cell)
    return found["text"] if found else cell


def _first(text: str) -> int | None:
    return edtf.parse(text).start_min if text else None


def _last(text: str) -> int | None:
    return edtf.parse(text).end_max if text else None


def _state_body(row: dict[str, str]) -> dict[str, Any]:
    body = _body(row)
    external = {"iso3166_3": row["iso3166_3"]}
    if not row["to"]:
        external |= {"iso3166_1": row["alpha2"], "iso3166_1_alpha3": row["alpha3"]}
    body["external_ids"] = {name: code for name, code in sorted(external.items()) if code}
    if row["from"] or row["to"]:
        body["valid"] = f"{row['from'] or '..'}/{row['to'] or '..'}"
    before = row["successor_of"]
    # `successor_of` hands a standing on, so it is said only of who continues the other.
    if any(step[:2] == (before, row["id"]) for step in continuations()):
        body["successor_of"] = before
    elif before:
        body["data"] = {"came_from": before}
    return {name: value for name, value in body.items() if value}


def _place_body(row: dict[str, str]) -> dict[str, Any]:
    here = {"latitude": row["latitude"], "longitude": row["longitude"], "country": row["country"]}
    return {**_body(row), **here, "data": {"precision": row["precision"]}}


def _body(row: dict[str, str]) -> dict[str, Any]:
    cells = [("short", row["name"]), *(("alias", part) for part in row["names"].split(";"))]
    names = [_record_name(kind, part) for kind, part in cells if part]
    return {"kind": "entity", "entity": row["id"], "names": names}


def _record_name(kind: str, part: str) -> dict[str, str]:
    found = _DATED.fullmatch(part)
    dated = {"from": found["since"], "to": found["until"]} if found else {}
    limits = {name: day for name, day in dated.items() if day}
    return {"text": _plain(part), "lang": "en", "kind": kind, **limits}
