"""The home page: what this archive is, how much it holds, what changed last, how to take it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import orjson

from timeline.publish.choice import choice_of
from timeline.publish.lists import lines, totals_known
from timeline.publish.pages.changes import paired
from timeline.publish.pages.timeline import facets, histogram_facts
from timeline.publish.site import Ask, Document
from timeline.readmodel import change_queries
from timeline.readmodel import page_queries as queries
from timeline.readmodel.asking import kept_rows, row
from timeline.readmodel.facets import choose_selection

_CHANGES = 200  # of them a few are shown, the others counted
_KINDS, _EACH = 3, 3
_DOUBTED = 5


def home(ask: Ask) -> Document:
    """`/`"""
    choice = choice_of(ask)
    connection = ask.connection
    facts: dict[str, Any] = {
        "n_events": choose_selection(connection, choice.selection).total,
        "totals": totals_known(ask),
        "newest": row(connection, queries.newest_record(ask.upto)),
        "changes": latest(ask),
        "doubted": lines(ask, kept_rows(connection, queries.differing(_DOUBTED)))
        if ask.as_of is None
        else [],
        "facets": facets(ask, choice, limit=7),
        "choice": choice,
        **histogram_facts(ask, choice),
    }
    return Document("home.html", facts)


def latest(ask: Ask) -> list[dict[str, Any]]:
    """The latest changes, those of one kind and day together.

    An import corrects or merges many events at once; eight lines of one kind would tell nothing.

    Returns:
        `what`, `day`, `n` records, a few `items` and how many events `more` there are. An event
        stands for all its records of that day.
    """
    found = kept_rows(ask.connection, queries.latest_changes(ask.upto, _CHANGES))
    kinds = groupby(found, key=lambda change: (change["what"], change["recorded_at"][:10]))
    groups = [(what, day, list(group)) for (what, day), group in kinds][:_KINDS]
    newest = [list({c["event"]: c for c in reversed(group)}.values())[::-1] for *_, group in groups]
    shown = [change["position"] for group in newest for change in group[:_EACH]]
    done: dict[int, list[Any]] = {}
    query = change_queries.done_by(orjson.dumps(shown).decode(), ask.upto)
    for change in kept_rows(ask.connection, query):
        if change["n"] == 0:
            done.setdefault(change["position"], []).append(change)
    return [
        {
            "what": what,
            "day": day,
            "n": len(group),
            "items": [{**one, **paired(done[one["position"]])[0]} for one in events[:_EACH]],
            "more": len(events[_EACH:]),
        }
        for (what, day, group), events in zip(groups, newest, strict=True)
    ]
