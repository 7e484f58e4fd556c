"""The page of an entity: its names, its states on a day, its years, its company, its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from timeline.publish.choice import Choice
from timeline.publish.lists import entity_known, labels, lines, names_known, records_known
from timeline.publish.pages.missing import missing
from timeline.publish.pages.states import day_asked, standing_on, state_labels, told_state
from timeline.publish.pages.timeline import histogram_facts
from timeline.publish.pictures import Place, coast_map
from timeline.publish.site import Ask, Document
from timeline.readmodel import page_queries
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.asking import Row, rows
from timeline.readmodel.facets import FIELDS, Chosen, choose_selection, counts, page_at
from timeline.readmodel.selection import Selection
from timeline.readmodel.subjects_then import kin_then

_SHOWN: Final = 25
_BESIDE: Final = 12
_KIN: Final = 60
_OUTSIDE: Final = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "geonames": "https://www.geonames.org/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "isni": "https://isni.org/isni/{}",
}
_TOPIC: Final = {"place": "place", "topic": "topic"}


def entity(ask: Ask) -> Document:
    """`/entity/ID`"""
    name, limit = ask.names["entity"], ask.upto
    found = entity_known(ask, name)
    if found is None:
        return missing(ask, "entity", name)
    choice = chosen_for(ask, found)
    chosen = choose_selection(ask.connection, choice.selection)
    size = 10**6 if ask.links.static else _SHOWN
    newest = [dict(event) for event in page_at(chosen, 0, limit=size, newest_first=True)]
    # No event has an office as a participant: those that change who holds it make its page.
    made = [] if newest else rows(ask.connection, queries.moving_events(name, limit))
    moving = [event for event in reversed(made) if not event["merged_into"]]
    day, why = day_asked(ask)
    facts: dict[str, Any] = {
        "entity": found,
        "names": names_known(ask, name),
        "external": _outside(found),
        "kin": _kin(ask, name),
        "above": labels(ask, [found["parent"] or "", found["successor_of"] or ""]),
        "choice": choice,
        "total": chosen.total,
        "moving": len(moving),
        "lines": lines(ask, newest or moving[:size], newest=True),
        "companions": _commonest(ask, chosen, "actors", name),
        "places": _commonest(ask, chosen, "place", name),
        "states": _states(ask, name, day),
        "day": day,
        "day_wrong": why,
        "map": _map(found),
        "history": records_known(ask, page_queries.records_of(name, limit)),
        **histogram_facts(ask, choice),
    }
    return Document("entity.html", facts)


def _kin(ask: Ask, name: str) -> Sequence[Row]:
    if ask.known is None:
        return rows(ask.connection, queries.entity_kin(name, _KIN))
    return kin_then(ask.connection, name, ask.known, _KIN)


def _commonest(ask: Ask, chosen: Chosen, field: str, name: str) -> list[dict[str, Any]]:
    """The commonest entities of a field among the events, the page's own left out."""
    ranked = [(str(value), n) for value, n in counts(chosen, FIELDS[field], 3 * _BESIDE)]
    known = labels(ask, [value for value, _ in ranked])
    found = [(value, n) for value, n in ranked if value in known and value != name]
    return [{"id": value, "label": known[value], "n": n} for value, n in found[:_BESIDE]]


def chosen_for(ask: Ask, found: Row) -> Choice:
    """The events of an entity: where it took part, or that happened there."""
    field = _TOPIC.get(found["kind"], "who")
    selection = replace(Selection(as_of=ask.known), **_field(field, found["id"]))
    return Choice(((field, found["id"]),), selection, {})


def _field(name: str, value: str) -> dict[str, Any]:
    return {"who": {"who": (value,)}, "place": {"places": (value,)}, "topic": {"topics": (value,)}}[
        name
    ]


def _outside(found: Row) -> list[tuple[str, str, str]]:
    """Scheme, id and address (empty where we know none) of every id elsewhere."""
    ids: dict[str, str] = orjson.loads(found["external_ids"] or "{}")
    return [(s, i, _OUTSIDE[s].format(i) if s in _OUTSIDE else "") for s, i in ids.items()]


def _states(ask: Ask, name: str, day: int) -> list[dict[str, Any]]:
    """What ever stood, newest first: of the entity itself, and of all that it is a party to."""
    limit = ask.upto
    found = rows(ask.connection, queries.states_of(name, limit))
    found += rows(ask.connection, queries.states_for(name, limit))
    held = sorted(
        (state for state in found if state["state"]),
        key=lambda state: (state["valid_from"] is not None, state["valid_from"]),
        reverse=True,
    )
    ids = {state[key] for state in held for key in ("subject", "party")}
    known = labels(ask, ids | {s for one in held for s in one["state"].split(" | ")})
    words = state_labels(ask)
    return [
        {
            **state,
            "machine_label": words.get((state["machine"], "")) or state["machine"],
            "other": state["party"] if state["subject"] == name else state["subject"],
            "told": told_state(state, words, known),
            "known": known,
            "stands": bool(standing_on([state], day)),
        }
        for state in held
    ]


def _map(found: Row) -> Any:
    if found["latitude"] is None:
        return None
    spot = Place(found["latitude"], found["longitude"], 1, found["label"])
    return coast_map([spot], title="Where it is", desc=found["label"], uid="where")
