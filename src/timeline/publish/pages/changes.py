"""The page of changes: everything appended, month by month, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from timeline.publish.lists import labels, records_known, source_titles
from timeline.publish.pages.missing import missing
from timeline.publish.pages.timeline import whole
from timeline.publish.site import Ask, Document
from timeline.readmodel import change_queries as queries
from timeline.readmodel.asking import Row, kept_rows, rows

_PER_PAGE: Final = 60


def changes(ask: Ask) -> Document:
    """`/changes` and `/changes/YYYY-MM`"""
    month = ask.names.get("month", "")
    limit = ask.upto
    months = kept_rows(ask.connection, queries.months(limit))
    if month and month not in {one["month"] for one in months}:
        return missing(ask, "month", month)
    everything = ask.one("all") == "1"
    size = 2_000 if ask.links.static else _PER_PAGE
    (counted,) = kept_rows(ask.connection, queries.count(month, limit, everything=everything))
    total = counted["n"]
    pages = max(1, -(-total // size))
    page = min(pages, whole(ask.one("page")))
    found = records_known(ask, queries.records(month, limit, everything=everything, limit=size,
                                               offset=(page - 1) * size))  # fmt: skip
    facts: dict[str, Any] = {
        "month": month,
        "months": months,
        "additions": kept_rows(ask.connection, queries.additions(month or "", limit))
        if month
        else [],
        "everything": everything,
        "records": with_changes(ask, found),
        "total": total,
        "page": page,
        "pages": pages,
    }
    return Document("changes.html", facts)


def paired(done: Sequence[Row]) -> list[Row]:
    """What one record did, where a merge of two events is one entry with its other as `into`."""
    if len(done) != 2 or {change["what"] for change in done} - {"merged", "unmerged"}:
        return list(done)
    first, second = sorted(done, key=lambda change: change["merged_into"] is None)
    return [{**first, "into": second}]


def with_changes(ask: Ask, found: Sequence[Row]) -> list[dict[str, Any]]:
    """Records with what each did to events, and the name of what it speaks of."""
    positions = orjson.dumps([record["position"] for record in found]).decode()
    done: dict[int, list[Row]] = {}
    for change in rows(ask.connection, queries.done_by(positions, ask.upto)):
        done.setdefault(change["position"], []).append(change)
    subjects = sorted({str(record["subject"]) for record in found})
    named = labels(ask, subjects) | source_titles(ask, subjects)
    return [
        {
            **record,
            "done": paired(done.get(record["position"], [])),
            "label": named.get(record["subject"], record["subject"]),
            "is_entity": record["subject"] in named and not record["subject"].startswith("src:"),
            "is_source": record["subject"] in named and record["subject"].startswith("src:"),
        }
        for record in found
    ]
