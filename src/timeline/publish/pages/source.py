"""The page of a source: what it is, what rests on it, and on it alone."""

from __future__ import annotations

from typing import Any

from timeline.publish.lists import row, rows
from timeline.publish.pages.missing import missing
from timeline.publish.pages.timeline import PER_PAGE, whole
from timeline.publish.site import Ask, Document, upto
from timeline.readmodel import page_queries
from timeline.readmodel import subject_queries as queries


def source(ask: Ask) -> Document:
    """`/source/ID`"""
    name, limit = ask.names["source"], upto(ask)
    found = row(ask.connection, queries.source(name))
    if found is None or found["first_position"] > limit:
        return missing(ask, "source", name)
    stances = rows(ask.connection, queries.source_stances(name, limit))
    total = sum(stance["total"] for stance in stances)
    size = 10**6 if ask.links.static else PER_PAGE
    pages = max(1, -(-total // size))
    page = min(pages, whole(ask.one("page")))
    claims = queries.source_claims(name, limit, size, (page - 1) * size)
    root = found["root"]
    family = rows(ask.connection, queries.source_copies(root))
    facts: dict[str, Any] = {
        "source": found,
        "stances": stances,
        "total": total,
        "alone": sum(stance["alone"] for stance in stances),
        "claims": rows(ask.connection, claims),
        "kin": [kin for kin in family if kin["id"] != name],
        "root": row(ask.connection, queries.source(root)) if root != name else None,
        "history": rows(ask.connection, page_queries.records_of(name, limit)),
        "page": page,
        "pages": pages,
    }
    return Document("source.html", facts)
