"""The page of what is not there: says what was asked for and where to look."""

from __future__ import annotations

from timeline.publish.site import Ask, Document


def missing(ask: Ask, noun: str, name: str) -> Document:
    """Status 404; the name is shown as it was asked, cut where it is long."""
    early = f" as of {ask.as_of.text}" if ask.as_of else ""
    return Document("missing.html", {"noun": noun, "name": name[:200], "early": early}, 404)
