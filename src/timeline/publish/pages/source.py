"""The page of a source: what it is, what rests on it, and on it alone."""

from __future__ import annotations

from typing import Any

from timeline.publish.lists import records_known, source_known
from timeline.publish.pages.missing import missing
from timeline.publish.pages.timeline import PER_PAGE, whole
from timeline.publish.site import Ask, Document
from timeline.readmodel import page_queries
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.asking import Row, rows
from timeline.readmodel.claims_then import claims_then
from timeline.readmodel.selection import Query
from timeline.readmodel.subjects_then import copies_then


def source(ask: Ask) -> Document:
    """`/source/ID`"""
    name, limit = ask.names["source"], ask.upto
    found = source_known(ask, name)
    if found is None:
        return missing(ask, "source", name)
    then = None if ask.known is None else claims_then(ask.connection, name, ask.known)

    def claimed(query: Query) -> list[Row]:
        return rows(ask.connection, query if then is None else then.over(query))

    stances = claimed(queries.source_stances(name, ask.known))
    total = sum(stance["total"] for stance in stances)
    size = 10**6 if ask.links.static else PER_PAGE
    pages = max(1, -(-total // size))
    page = min(pages, whole(ask.one("page")))
    shown = queries.source_claims(name, ask.known, size, (page - 1) * size)
    root = found["root"]
    family = _copies(ask, root)
    facts: dict[str, Any] = {
        "source": found,
        "stances": stances,
        "total": total,
        "alone": sum(stance["alone"] for stance in stances),
        "claims": claimed(shown),
        "kin": [kin for kin in family if kin["id"] != name],
        "root": source_known(ask, root) if root != name else None,
        "history": records_known(ask, page_queries.records_of(name, limit)),
        "page": page,
        "pages": pages,
    }
    return Document("source.html", facts)


def _copies(ask: Ask, root: str) -> list[Row]:
    if ask.known is None:
        return rows(ask.connection, queries.source_copies(root))
    return copies_then(ask.connection, root, ask.known)
