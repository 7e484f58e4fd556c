"""The page that compares the archive at two moments."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from timeline.errors import UsageRefused
from timeline.publish.lists import lines
from timeline.publish.pages.changes import paired
from timeline.publish.site import Ask, AsOf, Document
from timeline.readmodel import change_queries as queries
from timeline.readmodel import page_queries
from timeline.readmodel.asking import Row, number, row, rows
from timeline.readmodel.moments import position_of

_SHOWN: Final = 200
_CHANGES: Final = 1_000
_ORDER: Final = (
    "retracted",
    "corrected",
    "restored",
    "superseded",
    "merged",
    "unmerged",
    "claimed",
)
"""What readers need most comes first."""


def compare(ask: Ask) -> Document:
    """`/compare/A...B`; an empty B means now. A form sends `?a=…&b=…`."""
    first, _, second = ask.names.get("moments", "").partition("...")
    first, second = ask.one("a") or first, ask.one("b") or second or "last"
    if not first:
        raise UsageRefused("compare two moments: /compare/2026-01-01...2026-02-01")
    a = position_of(ask.connection, first, ask.today)
    b = position_of(ask.connection, second, ask.today)
    (a, first), (b, second) = sorted([(a, first), (b, second)])
    connection = ask.connection
    changed = rows(connection, queries.changed_between(a, b, _CHANGES))
    before, after = number_at(connection, a), number_at(connection, b)
    added = queries.added_between(before, after, b, _SHOWN)
    then = replace(ask, as_of=AsOf(second, b, ""))
    facts: dict[str, Any] = {
        "first": first,
        "second": second,
        "from_record": row(connection, page_queries.record_at(a)),
        "to_record": row(connection, page_queries.record_at(b)),
        "a": a,
        "b": b,
        "n_added": after - before,
        "counts": rows(connection, queries.counted_between(a, b)),
        "changed": by_kind(changed),
        "added": lines(then, rows(connection, added)),
        "shown": _SHOWN,
    }
    return Document("compare.html", facts)


def by_kind(changed: Sequence[Row]) -> list[tuple[str, list[list[Row]]]]:
    """Changes under what they did; within, those of one record to one event together.

    An event that was given several sources is told once.
    """
    kinds: dict[str, list[list[Row]]] = {what: [] for what in _ORDER}
    for _, of_record in groupby(changed, key=lambda change: change["position"]):
        together = groupby(paired(list(of_record)), key=lambda change: change["event"])
        for _, group in together:
            entries = list(group)
            kinds.setdefault(entries[0]["what"], []).append(entries)
    kinds["claimed"] = list({group[0]["event"]: group for group in kinds["claimed"]}.values())
    return [(what, groups) for what, groups in kinds.items() if groups]


def number_at(connection: sqlite3.Connection, position: int) -> int:
    """How many events had been recorded with a position, inclusive: the last one's number."""
    low, high = 0, number(connection, queries.last_number())
    while low < high:
        middle = (low + high + 1) // 2
        if number(connection, queries.first_position_of(middle)) <= position:
            low = middle
        else:
            high = middle - 1
    return low
