"""The page of an event: its working version, who says so, who says otherwise, how it came to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

import orjson

from timeline.publish.citing import cite
from timeline.publish.lists import Name, labels, lines, name_of
from timeline.publish.pages.missing import missing
from timeline.publish.pictures import Place, Span, coast_map, span
from timeline.publish.site import Ask, AsOf, Document
from timeline.publish.structured import json_ld
from timeline.publish.words import RELATION
from timeline.readmodel import change_queries
from timeline.readmodel import page_queries as queries
from timeline.readmodel.asking import Row, in_place, row, rows
from timeline.readmodel.event_then import event_then
from timeline.readmodel.facets import Place as InOrder
from timeline.readmodel.facets import choose_selection, page
from timeline.readmodel.selection import Query, Selection
from timeline.records.codec import leaf_hash

_ID = re.compile(r'"([a-z]+:[a-z0-9_-]+)"')

_NUMBER = re.compile(r"[0-9]{1,9}")
_BESIDE: Final = 3


def event(ask: Ask) -> Document:
    """`/event/ID` and `/event/ID@rN`"""
    name, _, revision = ask.names["event"].partition("@r")
    fixed = int(revision) if _NUMBER.fullmatch(revision) else None
    if revision and fixed is None:
        return missing(ask, "event", ask.names["event"])
    found = row(ask.connection, queries.event_at(name, ask.known, fixed))
    if found is None or found["known_from"] > ask.upto:
        return missing(ask, "event", ask.names["event"])
    if fixed and found["known_to"] is not None and found["known_to"] <= ask.upto:
        # What never changes is what was known before the next revision.
        ask = replace(ask, as_of=AsOf(ask.names["event"], found["known_to"] - 1, ""))
    return Document("event.html", _facts(ask, found, fixed))


def _facts(ask: Ask, found: Row, fixed: int | None) -> dict[str, Any]:
    connection, number = ask.connection, found["number"]
    tables = None if ask.known is None else event_then(connection, found["id"], ask.known)

    def hanging(query: Query) -> list[Row]:
        return rows(connection, query) if tables is None else in_place(connection, query, tables)

    claims = hanging(queries.event_claims(number))
    said = hanging(queries.event_fields(number))
    participants = hanging(queries.event_participants(number))
    places = hanging(queries.event_places(number))
    changed = rows(connection, queries.event_changes(number, ask.upto))
    facts = {
        "event": found,
        "fixed": fixed,
        "current": found["known_to"] is None,
        "participants": participants,
        "places": places,
        "topics": orjson.loads(found["topics"]),
        "data": _data(ask, found),
        "claims": claims,
        "stances": _stances(claims),
        "contested": _contested(said, found),
        "known": labels(ask, _ids_in(said) | {claim["claimant"] for claim in claims}),
        "revisions": rows(connection, queries.event_revisions(found["id"], ask.upto)),
        "changes": _changes(changed),
        "merged_with": _merged_with(ask, found["id"], changed),
        "relations": _relations(hanging(queries.event_relations(number, found["id"]))),
        "around": _around(ask, found),
        "span": span(_bounds(found), uid="span"),
        "map": _map(places),
        "record": _record(ask, found["first_position"]),
    }
    citation = cite(ask.site, found, facts["record"])
    linked = json_ld(ask, found, claims, participants, places)
    return {**facts, "citation": citation, "json_ld": linked}


def _bounds(found: Row) -> Span:
    return Span(*(found[n] for n in ("start_min", "start_max", "end_min", "end_max", "end_state")))


def _data(ask: Ask, found: Row) -> list[tuple[str, list[Name]]]:
    """The fields of its type, each as names or texts."""
    fields: dict[str, Any] = orjson.loads(found["data"]) if found["data"] else {}
    listed = {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
    texts = {key: [_text(item) for item in items] for key, items in listed.items()}
    known = labels(ask, [text for items in texts.values() for text in items])
    return [(key, [name_of(text, known) for text in items]) for key, items in texts.items()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _stances(claims: Sequence[Row]) -> dict[str, int]:
    """How many sources take each stance in claims that stand."""
    sources: dict[str, set[str]] = {}
    for claim in claims:
        if claim["standing"]:
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
    done = rows(ask.connection, change_queries.done_by(orjson.dumps(positions).decode(), ask.upto))
    return [one for one in done if one["event"] != name and one["what"] != "added"]


def _around(ask: Ask, found: Row) -> dict[str, Any]:
    """The events next to it in the order of time, three on each side."""
    if found["start_min"] is None:
        return {"before": [], "after": []}
    before, after = _around_then(ask, found) if ask.as_of else _around_now(ask, found)
    return {"before": lines(ask, before[::-1]), "after": lines(ask, after)}


def _around_now(ask: Ask, found: Row) -> tuple[list[Row], list[Row]]:
    key = (found["number"], found["start_min"])
    before = rows(ask.connection, queries.around(*key, before=True, limit=_BESIDE))
    return before, rows(ask.connection, queries.around(*key, before=False, limit=_BESIDE))


def _around_then(ask: Ask, found: Row) -> tuple[list[Row], list[Row]]:
    chosen = choose_selection(ask.connection, Selection(as_of=ask.known))
    place = InOrder(found["start_min"], found["number"])
    before = page(chosen, after=place, limit=_BESIDE, newest_first=True)
    after = page(chosen, after=place, limit=_BESIDE)
    return [dict(one) for one in before if one["start_min"] is not None], list(map(dict, after))


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
