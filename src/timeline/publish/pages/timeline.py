"""The timeline: the histogram, the filters with exact counts, and the list of what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from timeline.publish.choice import CHOICES, Choice, choice_of
from timeline.publish.lists import Name, labels, lines, name_of
from timeline.publish.pictures import Bucket, buckets_of, histogram, histogram_table
from timeline.publish.site import Ask, Document
from timeline.publish.words import date_precision, topic_label, type_label
from timeline.readmodel.facets import FIELDS, Chosen, choose_selection, counts, page_at, stacked
from timeline.readmodel.selection import Selection, events

PER_PAGE: Final = 50
PER_FILE: Final = 200
"""Events on one page of published files: fewer files, each still light."""

_FACETS: Final = (
    ("type", "Type", "type"),
    ("who", "Who", "actors"),
    ("topic", "Topic", "topics"),
    ("place", "Place", "place"),
    ("certainty", "Certainty", "certainty"),
    ("precision", "Date exact", "precision"),
    ("status", "Status", "status"),
)
_ORDER: Final = {
    "certainty": ("confirmed", "probable", "possible", "doubtful", "improbable", "unknown"),
    "precision": (
        "day",
        "interval",
        "set",
        "month",
        "season",
        "year",
        "decade",
        "century",
        "millennium",
        "unknown",
    ),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: how many events, and whether it is chosen."""

    value: str
    label: str
    n: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One list of values to choose from; `more` says that there are others."""

    name: str
    label: str
    values: tuple[Value, ...]
    more: bool


def timeline(ask: Ask) -> Document:
    """`/timeline`"""
    choice = choice_of(ask)
    chosen = choose_selection(ask.connection, choice.selection)
    total = chosen.total
    size = PER_FILE if ask.links.static else PER_PAGE
    pages = max(1, -(-total // size))
    page = min(pages, whole(ask.one("page")))
    newest = ask.one("sort") == "newest"
    found = page_at(chosen, (page - 1) * size, limit=size, newest_first=newest)
    sorting = (("sort", "newest"),) if newest else ()
    facts: dict[str, Any] = {
        "choice": choice,
        "total": total,
        "page": page,
        "pages": pages,
        "size": size,
        "newest": newest,
        "lines": lines(ask, [dict(row) for row in found], newest=newest),
        # Among files there is no page for two filters: counts under one would lead elsewhere.
        "facets": [] if ask.links.static and choice.pairs else facets(ask, choice, limit=20),
        "chosen": chosen_filters(ask, choice),
        "sql": _sql_address(ask, choice),
        "page_link": lambda to: ask.links.timeline((*choice.pairs, *sorting, ("page", str(to)))),
        **histogram_facts(ask, choice),
    }
    return Document("timeline.html", facts, 400 if choice.refused else 200)


def whole(text: str) -> int:
    """A page number; 1 where it is none."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def facets(ask: Ask, choice: Choice, *, limit: int) -> list[Facet]:
    """Values of every facet with the number of events under the other filters."""
    made = []
    known_choices: dict[Selection, Chosen] = {}
    for name, label, field in _FACETS:
        selection = choice.open_to(CHOICES[name])
        if selection not in known_choices:
            known_choices[selection] = choose_selection(ask.connection, selection)
        ranked = counts(known_choices[selection], FIELDS[field], limit + 1)
        found = [(str(value), n) for value, n in ranked if value]
        known = labels(ask, [value for value, _ in found])
        if order := _ORDER.get(name):
            found = [item for word in order for item in found if item[0] == word]
        values = [
            _value(ask, choice, name, n, name_of(value, known), value) for value, n in found[:limit]
        ]
        if values:
            made.append(Facet(name, label, tuple(values), len(found) > limit))
    return made


def _value(ask: Ask, choice: Choice, name: str, n: int, known: Name, value: str) -> Value:
    chosen = choice.has(name, value)
    query = choice.without(name, value) if chosen else choice.with_(name, value)
    if ask.links.static:
        # Among files there are pages for one filter, not for every two.
        query = () if chosen else ((name, value),)
    return Value(value, value_label(name, known), n, chosen, ask.links.timeline(query))


def value_label(name: str, known: Name) -> str:
    """A filter's value as a reader says it."""
    match name:
        case "type":
            return type_label(known.label)
        case "topic":
            return topic_label(known.label)
        case "precision":
            return date_precision(known.label)
        case _:
            return known.label


def chosen_filters(ask: Ask, choice: Choice, page: str = "timeline") -> list[tuple[str, str, str]]:
    """Heading, value and the address without it, of every filter that is set."""
    headings = {name: label for name, label, _ in _FACETS}
    headings |= {"q": "Words", "from": "From", "to": "To"}
    known = labels(ask, [value for _, value in choice.pairs])
    return [
        (
            headings[name],
            value_label(name, name_of(value, known)),
            ask.links.page(page, choice.without(name, value)),
        )
        for name, value in choice.pairs
    ]


def histogram_facts(ask: Ask, choice: Choice) -> dict[str, Any]:
    """The histogram of a choice without its days, with the chosen days standing out."""
    buckets = buckets_of(stacked(choose_selection(ask.connection, choice.undated)))
    chosen = choice.selection
    picked = chosen.first is not None or chosen.last is not None
    first = -(10**9) if chosen.first is None else chosen.first
    last = 10**9 if chosen.last is None else chosen.last

    def href(bucket: Bucket) -> str:
        return ask.links.timeline(choice.between(bucket.start_jdn, bucket.end_jdn))

    linked = None if ask.links.static else href
    drawn = histogram(buckets, href=linked, selected=(first, last) if picked else None)
    shown = [i for i, b in enumerate(buckets) if b.end_jdn >= first and b.start_jdn <= last]
    return {
        "buckets": buckets,
        "histogram": drawn,
        "histogram_table": histogram_table(buckets),
        "first_bar": shown[0] if shown else 0,
        "last_bar": shown[-1] if shown else 0,
    }


def _sql_address(ask: Ask, choice: Choice) -> str:
    """Datasette's page for exactly this selection, its values in the address."""
    query = events(choice.selection)
    pairs = [(name, str(value)) for name, value in query.parameters.items()]
    return ask.links.sql(query.sql, pairs)
