"""The page of a treaty: its status for each party over time, and on day V as known at R."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson

from timeline import edtf
from timeline.publish.lists import (
    entity_known,
    labels,
    lines,
    names_known,
    records_known,
    source_known,
)
from timeline.publish.pages.missing import missing
from timeline.publish.pages.states import (
    Labels,
    day_asked,
    readings,
    standing_on,
    state_labels,
    told_state,
)
from timeline.publish.pictures import StatusBar, StatusRow, status_bars, status_table
from timeline.publish.site import Ask, Document
from timeline.readmodel import page_queries
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.asking import Row, rows

_MACHINE = "treaty_status"
_CHANGES = 12


def treaty(ask: Ask) -> Document:
    """`/treaty/ID`, the id with or without `treaty:`"""
    name = ask.names["treaty"]
    name = name if ":" in name else f"treaty:{name}"
    found = entity_known(ask, name)
    if found is None:
        return missing(ask, "treaty", name)
    day, why = day_asked(ask)
    states = _states(ask, name)
    words, known = state_labels(ask), _known(ask, states)
    drawn = _rows(ask, states, words, known)
    today = edtf.jdn(ask.today.year, ask.today.month, ask.today.day)
    made = {event for state in states for event in orjson.loads(state["events"])}
    events = rows(ask.connection, queries.moving_events(name, ask.upto))
    facts: dict[str, Any] = {
        "treaty": found,
        "names": names_known(ask, name),
        "day": day,
        "day_wrong": why,
        "on_day": _on_day(ask, standing_on(states, day), words, known),
        "bars": status_bars(drawn, title="Status by party", marker=day, last_jdn=max(day, today))
        if drawn
        else None,
        "bars_table": status_table(drawn) if drawn else None,
        "lines": lines(ask, events),
        "made": made,
        "history": records_known(ask, page_queries.records_of(name, ask.upto)),
        "changes": _knowledge(ask, name),
    }
    return Document("treaty.html", facts)


def status_rows(ask: Ask, name: str) -> list[StatusRow]:
    """The rows of the picture of a treaty's status."""
    states = _states(ask, name)
    return _rows(ask, states, state_labels(ask), _known(ask, states))


def _states(ask: Ask, name: str) -> list[Row]:
    found = rows(ask.connection, queries.states_of(name, ask.upto))
    return [state for state in found if state["machine"] == _MACHINE]


def _known(ask: Ask, states: Sequence[Row]) -> Mapping[str, str]:
    parties = {state["party"] for state in states}
    claimants = {who for state in states for who, _ in orjson.loads(state["readings"])}
    found = labels(ask, parties | claimants)
    sources = [who for who in claimants if who not in found and who.startswith("src:")]
    for who in sources:
        source = source_known(ask, who)
        found[who] = source["title"] if source else who
    return found


def _rows(
    ask: Ask, states: Sequence[Row], words: Labels, known: Mapping[str, str]
) -> list[StatusRow]:
    """A row for each party, and one more for each who reads its status otherwise."""
    made = []
    for party, group in groupby(states, key=lambda state: str(state["party"])):
        own = list(group)
        label = known.get(party) or party or "The treaty as a whole"
        href = ask.links.entity(party) if party in known else ""
        bars = [_bar(ask, state, words, known) for state in own if state["standings"] != "[[]]"]
        made.append(StatusRow(label, tuple(bars), href))
        for who in dict.fromkeys(w for s in own for w, _, _ in readings(s, words, known)):
            read = tuple(bar for s in own for bar in _read(ask, s, who, words, known))
            made.append(StatusRow(f"{label}, as {known.get(who, who)} reads it", read))
    return made


def _bar(ask: Ask, state: Row, words: Labels, known: Mapping[str, str]) -> StatusBar:
    told = told_state(state, words, known)
    word = "uncertain" if state["uncertain"] else state["state"]
    note = told if state["uncertain"] else ""
    if state["contested"]:
        others = "; ".join(f"{known.get(w, w)}: {t}" for w, t, _ in readings(state, words, known))
        note = f"{note} contested: {others}".strip()
    return StatusBar(state["valid_from"], state["valid_to"], word, note, _maker(ask, state))


def _read(
    ask: Ask, state: Row, who: str, words: Labels, known: Mapping[str, str]
) -> list[StatusBar]:
    note = f"as {known.get(who, who)} reads it"
    days, maker = (state["valid_from"], state["valid_to"]), _maker(ask, state)
    return [
        StatusBar(*days, one[0], note, maker)
        for claimant, _, one in readings(state, words, known)
        if claimant == who and one
    ]


def _maker(ask: Ask, state: Row) -> str:
    events = orjson.loads(state["events"])
    return ask.links.event(events[-1]) if events else ""


def _on_day(
    ask: Ask, found: Sequence[Row], words: Labels, known: Mapping[str, str]
) -> list[dict[str, Any]]:
    ids = sorted({event for state in found for event in orjson.loads(state["events"])})
    named = queries.titles(orjson.dumps(ids).decode(), ask.upto)
    titles = {event["id"]: event for event in rows(ask.connection, named)}
    return [
        {
            **state,
            "label": known.get(state["party"]) or state["party"] or "The treaty as a whole",
            "entity": state["party"] if state["party"] in known else "",
            "told": told_state(state, words, known),
            "readings": [(known.get(w, w), t) for w, t, _ in readings(state, words, known)],
            "made_by": [titles[e] for e in orjson.loads(state["events"]) if e in titles],
        }
        for state in found
    ]


def _knowledge(ask: Ask, name: str) -> list[Row]:
    """When what we know of its status changed: positions with their days, newest first."""
    query = queries.state_changes(name, _MACHINE, ask.upto, _CHANGES)
    return [{**change, "day": change["recorded_at"][:10]} for change in rows(ask.connection, query)]
