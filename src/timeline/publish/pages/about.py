"""The page on method: scope, scales, the rule of certainty, corrections, seals and how to check."""

from __future__ import annotations

import inspect
from typing import Any, Final

from timeline.archive import Archive
from timeline.fold.claims import certainty
from timeline.log.seal import newest_checkpoint
from timeline.publish.lists import totals_known
from timeline.publish.site import Ask, Document
from timeline.publish.words import CERTAINTY_MEANING
from timeline.readmodel import change_queries, page_queries
from timeline.readmodel.asking import kept_rows, rows
from timeline.records import scales
from timeline.records.pack_file import shipped

_SEALS: Final = 10


def about(ask: Ask) -> Document:
    """`/about`"""
    sealed = newest_checkpoint(Archive(ask.site.root)) if ask.site.root else None
    facts: dict[str, Any] = {
        "totals": totals_known(ask),
        "rule": certainty_rule(),
        "scales": scales,
        "certainties": CERTAINTY_MEANING,
        "types": shipped("diplomacy").types.values(),
        "used": {found["type"] for found in kept_rows(ask.connection, page_queries.types_used())},
        # Weak points are counted as they are now.
        "health": kept_rows(ask.connection, change_queries.health())[0] if not ask.as_of else None,
        "checkpoint": sealed[0] if sealed else None,
        "note": sealed[1].decode("utf-8", "replace") if sealed else "",
        "seals": rows(ask.connection, page_queries.newest_seals(ask.upto, _SEALS)),
    }
    return Document("about.html", facts)


def certainty_rule() -> list[str]:
    """The sentences of the rule, as the function that applies it states them."""
    text = inspect.getdoc(certainty) or ""
    rule = " ".join(text.partition("\n\n")[2].split())
    parts = [part.strip() for number in range(1, 10) for part in [_between(rule, number)] if part]
    return parts or [" ".join(text.split())]


def _between(rule: str, number: int) -> str:
    """What stands behind `1 ` and before `2 `."""
    _, found, rest = f" {rule}".partition(f" {number} ")
    return rest.partition(f" {number + 1} ")[0] if found else ""
