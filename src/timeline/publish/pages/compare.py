"""The page that compares the archive at two moments."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from timeline.errors import UsageRefused
from timeline.publish.lists import lines, row, rows
from timeline.publish.site import Ask, Document
from timeline.readmodel import change_queries as queries
from timeline.readmodel import page_queries
from timeline.readmodel.moments import position_of

_SHOWN: Final = 200


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
    changed = rows(connection, queries.changed_between(a, b, 1_000))
    facts: dict[str, Any] = {
        "first": first,
        "second": second,
        "from_record": row(connection, page_queries.record_at(a)),
        "to_record": row(connection, page_queries.record_at(b)),
        "a": a,
        "b": b,
        "counts": rows(connection, queries.counted_between(a, b)),
        "changed": [list(group) for _, group in groupby(changed, key=lambda c: c["event"])],
        "added": lines(connection, rows(connection, queries.added_between(a, b, _SHOWN))),
        "shown": _SHOWN,
    }
    return Document("compare.html", facts)
