"""The home page: what this archive is, how much it holds, what changed last, how to take it."""

from __future__ import annotations

from typing import Any

from timeline.publish.choice import choice_of
from timeline.publish.lists import kept_rows, row, rows
from timeline.publish.pages.timeline import facets, histogram_facts
from timeline.publish.site import Ask, Document, upto
from timeline.readmodel import page_queries as queries
from timeline.readmodel.facets import choose_selection

_SHOWN = 8


def home(ask: Ask) -> Document:
    """`/`"""
    choice = choice_of(ask)
    connection = ask.connection
    facts: dict[str, Any] = {
        "n_events": choose_selection(connection, choice.selection).total,
        "totals": kept_rows(connection, queries.totals(upto(ask)))[0],
        "newest": row(connection, queries.newest_record()),
        "changes": rows(connection, queries.latest_changes(upto(ask), _SHOWN)),
        "facets": facets(ask, choice, limit=7),
        "choice": choice,
        **histogram_facts(ask, choice),
    }
    return Document("home.html", facts)
