"""Ids out of words: the slug of a title, and an event's id from its title and date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_MONTH = re.compile(r"(?<!\d)(\d{4})(?:-(0[1-9]|1[0-2]))?(?!\d)")
_LONGEST = 80


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens, at most 80, cut between words; `x` at least.

    What has no ASCII form is left out, so a title in another script may need an id of its own.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) > _LONGEST:
        words = words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
    return words or "x"


def event_slug(title: str, edtf: str) -> str:
    """The title, then the year and month of its date: `blinken-visits-malta-2024-12`."""
    words = slug(title)
    match = _MONTH.search(edtf)
    if match is None or match[1] in words:
        return words
    return f"{words}-{match[0]}"


def free(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with the first number from 2 on that nobody has: an id is never used again."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
