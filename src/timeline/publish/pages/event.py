"""The page of an event: its working version, who says so, who says otherwise, how it came to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import orjson

from timeline.publish.citing import cite
from timeline.publish.lists import Name, Row, labels, lines, name_of, row, rows
from timeline.publish.pages.missing import missing
from timeline.publish.pictures import Place, Span, coast_map, span
from timeline.publish.site import Ask, Document, upto
from timeline.publish.structured import json_ld
from timeline.publish.words import RELATION
from timeline.readmodel import change_queries
from timeline.readmodel import page_queries as queries
from timeline.records.codec import leaf_hash

_ID = re.compile(r'"([a-z]+:[a-z0-9_-]+)"')

_NUMBER = re.compile(r"[0-9]{1,9}")


def event(ask: Ask) -> Document:
    """`/event/ID` and `/event/ID@rN`"""
    name, _, revision = ask.names["event"].partition("@r")
    fixed = int(revision) if _NUMBER.fullmatch(revision) else None
    if revision and fixed is None:
        return missing(ask, "event", ask.names["event"])
    found = row(ask.connection, queries.event_at(name, ask.known, fixed))
    if found is None:
        return missing(ask, "event", ask.names["event"])
    limit = min(upto(ask), (found["known_to"] or 2**62) - 1 if fixed else 2**62)
    return Document("event.html", _facts(ask, found, limit, fixed))


def _facts(ask: Ask, found: Row, limit: int, fixed: int | None) -> dict[str, Any]:
    connection, number = ask.connection, found["number"]
    claims = rows(connection, queries.event_claims(number, limit))
    places = _places(ask, found)
    current = found["known_to"] is None
    said = rows(connection, queries.event_fields(number, limit))
    changed = rows(connection, queries.event_changes(number, limit))
    related = rows(connection, queries.event_relations(number, found["id"], limit))
    facts = {
        "event": found,
        "fixed": fixed,
        "current": current,
        "names": _people(ask, found) if not current else (),
        "participants": rows(connection, queries.event_participants(number)) if current else (),
        "places": places,
        "topics": orjson.loads(found["topics"]),
        "data": _data(ask, found),
        "claims": claims,
        "stances": _stances(claims),
        "contested": _contested(said, found),
        "known": labels(connection, _ids_in(said) | {claim["claimant"] for claim in claims}),
        "revisions": rows(connection, queries.event_revisions(found["id"])),
        "changes": _changes(changed),
        "merged_with": _merged_with(ask, found["id"], changed),
        "relations": _relations(related),
        "around": _around(ask, found),
        "span": span(_bounds(found), uid="span"),
        "map": _map(places),
        "record": _record(ask, found["first_position"]),
    }
    citation = cite(ask.site, found, facts["record"])
    linked = json_ld(ask, found, claims, facts["participants"] or facts["names"], places)
    return {**facts, "citation": citation, "json_ld": linked}


def _bounds(found: Row) -> Span:
    return Span(*(found[n] for n in ("start_min", "start_max", "end_min", "end_max", "end_state")))


def _people(ask: Ask, found: Row) -> list[Name]:
    actors = orjson.loads(found["actors"])
    known = labels(ask.connection, actors)
    return [name_of(actor, known) for actor in actors]


def _places(ask: Ask, found: Row) -> Sequence[Row]:
    if found["known_to"] is None:
        return rows(ask.connection, queries.event_places(found["number"]))
    if not found["place"]:
        return ()
    known = name_of(found["place"], labels(ask.connection, [found["place"]]))
    keys = ("latitude", "longitude", "country")
    old = {"place": known.id, "label": known.label, "precision": None}
    return ({**old, **{key: found[key] for key in keys}},)


def _data(ask: Ask, found: Row) -> list[tuple[str, list[Name]]]:
    """The fields of its type, each as names or texts."""
    fields: dict[str, Any] = orjson.loads(found["data"]) if found["data"] else {}
    listed = {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
    texts = {key: [_text(item) for item in items] for key, items in listed.items()}
    known = labels(ask.connection, [text for items in texts.values() for text in items])
    return [(key, [name_of(text, known) for text in items]) for key, items in texts.items()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _stances(claims: Sequence[Row]) -> dict[str, int]:
    """How many sources take each stance in claims that stand."""
    sources: dict[str, set[str]] = {}
    for claim in claims:
        if claim["stood"]:
            sources.setdefault(claim["stance"], set()).add(claim["source"])
    return {stance: len(names) for stance, names in sources.items()}


def _relations(found: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Related events under the words that say how, each group in the order given."""
    groups: dict[str, list[Row]] = {}
    for one in found:
        groups.setdefault(RELATION[one["relation"]][one["inverse"]], []).append(one)
    return list(groups.items())


def _contested(said: Sequence[Row], found: Row) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """Field by field: each value with the claims that give it, the working version first."""
    fields = set(orjson.loads(found["contested"]))
    made = []
    for field, entries in groupby(said, key=lambda entry: str(entry["field"])):
        values: dict[str, list[Row]] = {}
        for entry in entries:
            values.setdefault(entry["value"] or "null", []).append(entry)
        if field in fields or len(values) > 1:
            made.append((field, list(values.items())))
    return made


def _ids_in(said: Sequence[Row]) -> set[str]:
    """Entity ids that occur in values, wherever they stand."""
    return {i for entry in said for i in _ID.findall(entry["value"] or "")}


def _changes(found: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """One entry a record: itself, and the fields that it changed."""
    return [
        (group[0], [change for change in group if change["field"]])
        for _, entries in groupby(found, key=lambda change: change["position"])
        for group in [list(entries)]
    ]


def _merged_with(ask: Ask, name: str, changed: Sequence[Row]) -> list[Row]:
    """The other event of each merge, and of each that was undone."""
    positions = [c["position"] for c in changed if c["what"] in ("merged", "unmerged")]
    if not positions:
        return []
    done = rows(ask.connection, change_queries.done_by(orjson.dumps(positions).decode()))
    return [one for one in done if one["event"] != name and one["what"] != "added"]


def _around(ask: Ask, found: Row) -> dict[str, Any]:
    if found["start_min"] is None:
        return {"before": [], "after": []}
    start, connection = found["start_min"], ask.connection
    key = (found["number"], start, upto(ask))
    before = rows(connection, queries.around(*key, before=True))[::-1]
    after = rows(connection, queries.around(*key, before=False))
    return {"before": lines(connection, before), "after": lines(connection, after)}


def _map(places: Sequence[Row]) -> Any:
    spots = [
        Place(place["latitude"], place["longitude"], 1, place["label"])
        for place in places
        if place["latitude"] is not None
    ]
    return coast_map(spots, title="Where it happened", uid="where") if spots else None


def _record(ask: Ask, position: int) -> Row:
    """The event's first record, with its leaf in the log's tree."""
    found = row(ask.connection, queries.record_at(position)) or {}
    return {**found, "leaf": leaf_hash(str(found["line"]).encode()).hex()}
