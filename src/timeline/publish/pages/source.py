"""The page of a source: what it is, what rests on it, and on it alone."""

from __future__ import annotations

from typing import Any

from timeline.publish.lists import Row, row, rows
from timeline.publish.pages.missing import missing
from timeline.publish.pages.timeline import PER_PAGE, whole
from timeline.publish.site import Ask, Document, upto
from timeline.readmodel import page_queries
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.subjects_then import otherwise_then, source_then


def source(ask: Ask) -> Document:
    """`/source/ID`"""
    name, limit = ask.names["source"], upto(ask)
    found = _known(ask, name)
    if found is None:
        return missing(ask, "source", name)
    otherwise = _otherwise(ask, name)
    stances = rows(ask.connection, queries.source_stances(name, limit, otherwise))
    total = sum(stance["total"] for stance in stances)
    size = 10**6 if ask.links.static else PER_PAGE
    pages = max(1, -(-total // size))
    page = min(pages, whole(ask.one("page")))
    claims = queries.source_claims(name, limit, otherwise, size, (page - 1) * size)
    root = found["root"]
    family = rows(ask.connection, queries.source_copies(root))
    facts: dict[str, Any] = {
        "source": found,
        "stances": stances,
        "total": total,
        "alone": sum(stance["alone"] for stance in stances),
        "claims": rows(ask.connection, claims),
        "kin": [kin for kin in family if kin["id"] != name],
        "root": _known(ask, root) if root != name else None,
        "history": rows(ask.connection, page_queries.records_of(name, limit)),
        "page": page,
        "pages": pages,
    }
    return Document("source.html", facts)


def _known(ask: Ask, name: str) -> Row | None:
    """The source as it is, or as it was at the moment of the page."""
    if ask.as_of is None:
        return row(ask.connection, queries.source(name))
    return source_then(ask.connection, name, ask.as_of.position)


def _otherwise(ask: Ask, name: str) -> list[int]:
    """Records of its claims that stood at the moment of the page and do not now, or the reverse."""
    if ask.as_of is None:
        return []
    upto = ask.as_of.position
    found = rows(ask.connection, queries.source_pointed_at(name, upto))
    pairs = ((claim["position"], claim["standing"]) for claim in found)
    return otherwise_then(ask.connection, pairs, upto)
