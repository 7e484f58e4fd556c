"""Cells of Datasette's own tables as a reader wants them: words, badges and links to our pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from markupsafe import Markup, escape

from timeline import edtf
from timeline.publish.links import Links
from timeline.publish.words import CERTAINTY_MEANING, date_words, type_labels

_ENTITY: Final = re.compile(
    r"(person|state|place|organization|office|treaty|mission|case|company|topic):[a-z0-9_-]+"
)
_LINE: Final = frozenset({"id", "date", "title"})
"""Columns by which a row of a query is one of an event."""
_LINKED: Final = frozenset(
    {"place", "entity", "party", "subject", "parent", "successor_of", "office", "represents"}
)
_EVENTS: Final = frozenset({"events", "current_events", "event_history", "weak_events"})
_DAYS: Final = frozenset({"start_min", "start_max", "end_min", "end_max", "valid_from", "valid_to"})


@lru_cache(maxsize=1 << 14, typed=True)
def cell(
    value: Any, column: str, table: str | None, base: str, columns: frozenset[str] = frozenset()
) -> Markup | None:
    """The cell's markup; None leaves it to Datasette.

    Args:
        value: what the cell holds.
        column: its column; a query names it as it likes.
        table: its table, None for a query.
        base: the base address of the site.
        columns: all columns of a query's row; of a table they are known.
    """
    links = Links(base)
    if isinstance(value, int) and column in _DAYS:
        return _day(value)
    if not isinstance(value, str) or not value:
        return None
    for named, render in _BY_COLUMN.items():
        if column in named:
            return render(value, links)
    of_event = table in _EVENTS or (table is None and _LINE <= columns)
    if (column == "id" and of_event) or column == "event":
        return _link(links.event(value), value)
    if column == "id" and table == "entities":
        return _link(links.entity(value), value)
    if (column == "id" and table == "sources") or column in {"source", "root", "copies"}:
        return _link(links.source(value), value)
    return _entity(value, links)


def _link(href: str, label: str) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(href, label)


def _entity(value: str, links: Links) -> Markup | None:
    return _link(links.entity(value), value) if _ENTITY.fullmatch(value) else None


def _entities(value: str, links: Links) -> Markup | None:
    try:
        names = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(names, list):
        return None
    parts = [_entity(str(name), links) or Markup("<bdi>{}</bdi>").format(name) for name in names]
    return Markup(", ").join(parts)


def _topics(value: str, links: Links) -> Markup | None:
    try:
        topics = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(topics, list):
        return None
    return Markup(", ").join(_link(links.timeline([("topic", str(t))]), str(t)) for t in topics)


def _certainty(value: str, _: Links) -> Markup | None:
    if value not in CERTAINTY_MEANING:
        return None
    return Markup(
        '<span class="mark c-{0}" title="{1}"><i aria-hidden="true"></i>{0}</span>'
    ).format(value, CERTAINTY_MEANING[value])


def _edtf(value: str, _: Links) -> Markup | None:
    words = date_words(value)
    return Markup('<span title="{}">{}</span>').format(words, value) if words != value else None


def _type(value: str, _: Links) -> Markup | None:
    label = type_labels().get(value)
    return Markup('<span title="{}">{}</span>').format(value, label) if label else None


def _title(value: str, _: Links) -> Markup:
    return Markup("<bdi>{}</bdi>").format(escape(value))


def _day(value: int) -> Markup | None:
    if abs(value) >= 10**8:
        return None
    return Markup('<span title="Julian Day Number {}">{}</span>').format(value, edtf.iso(value))


_BY_COLUMN: Final[Mapping[frozenset[str], Callable[[str, Links], Markup | None]]] = {
    _LINKED: _entity,
    frozenset({"actors"}): _entities,
    frozenset({"topics"}): _topics,
    frozenset({"certainty"}): _certainty,
    frozenset({"edtf", "published", "valid", "said"}): _edtf,
    frozenset({"type"}): _type,
    frozenset({"title", "label", "name"}): _title,
}
