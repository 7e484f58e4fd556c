"""How values read on a page: the filters and functions of the templates, without any markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from timeline import edtf
from timeline.records.pack_entries import label_of
from timeline.records.pack_file import shipped
from timeline.records.scales import (
    BASIS,
    CREDIBILITY,
    CREDIBILITY_MEANING,
    LIKELIHOOD_MEANING,
    PRECISION,
    RELIABILITY,
    STANCE,
    STATUS,
)

CERTAINTY_MEANING: Final = {
    CREDIBILITY[code]: meaning.removesuffix(" (Admiralty code)")
    for code, meaning in CREDIBILITY_MEANING.items()
}
STATUS_SIGN: Final = {
    "scheduled": "◷", "cancelled": "✕", "postponed": "↷", "unconfirmed": "?", "hypothetical": "∴",
}  # fmt: skip
DATE_PRECISION: Final = {
    "day": "to the day", "month": "to the month", "season": "to the season",
    "year": "to the year", "decade": "to the decade", "century": "to the century",
    "millennium": "to the millennium", "interval": "from day to day", "set": "one of several",
    "unknown": "not known",
}  # fmt: skip
PLACE_PRECISION: Final = {
    "venue": "to the building", "city": "to the town", "admin": "to the province",
    "country": "country only", "region": "region only", "unknown": "place uncertain",
}  # fmt: skip
CHANGED: Final = {
    "added": "Added", "claimed": "New source", "corrected": "Corrected", "retracted": "Retracted",
    "restored": "Restored", "merged": "Merged", "unmerged": "Merge undone", "related": "Related",
    "assessed": "Graded", "superseded": "Superseded",
}  # fmt: skip
CHANGE_SIGN: Final = {
    "added": "+", "claimed": "“", "corrected": "✎", "retracted": "✕", "restored": "↺",
    "merged": "⇉", "unmerged": "⇇", "related": "↔", "assessed": "★", "superseded": "»",
}  # fmt: skip
RELATION: Final = {
    "part_of": ("Part of", "Has as part"),
    "follows": ("Follows", "Followed by"),
    "in_response_to": ("In response to", "Answered by"),
    "caused_by": ("Caused by", "Led to"),
    "implements": ("Implements", "Implemented by"),
    "contradicts": ("Contradicts", "Contradicted by"),
    "corroborates": ("Corroborates", "Corroborated by"),
    "refers_to": ("Refers to", "Referred to by"),
}  # fmt: skip
FIELD: Final = {
    "/when": "Date", "/where": "Place", "/title": "Title", "/summary": "Summary",
    "/participants": "Participants", "/type": "Type", "/status": "Status", "/topics": "Topics",
}  # fmt: skip

SCHEME: Final = {
    "iso3166_1": "ISO 3166-1", "iso3166_1_alpha3": "ISO 3166-1 alpha-3", "iso3166_3": "ISO 3166-3",
    "historyatstate": "Office of the Historian", "wikidata": "Wikidata", "geonames": "GeoNames",
    "viaf": "VIAF", "isni": "ISNI", "fips": "FIPS", "cow": "Correlates of War",
}  # fmt: skip
_CODE: Final = re.compile(r"[a-z]+(_[a-z]+)+")
_CAPITALS: Final = frozenset({"csce", "eu", "nato", "osce", "uk", "un", "us"})


@cache
def type_labels() -> Mapping[str, str]:
    """Type -> label, of the vocabulary that ships."""
    return {name: kind.label for name, kind in shipped("diplomacy").types.items()}


@cache
def topic_labels() -> Mapping[str, str]:
    """Topic -> label, of the vocabulary that ships."""
    return dict(shipped("diplomacy").topics)


def type_label(name: str) -> str:
    """`treaty.entered_into_force` as a reader says it."""
    return type_labels().get(name) or label_of(name.replace(".", " "))


def topic_label(name: str) -> str:
    """`arms-control` as a reader says it."""
    if known := topic_labels().get(name):
        return known
    words = label_of(name).split(" ")
    return " ".join(w.upper() if w.lower() in _CAPITALS else w for w in words)


def scheme_label(name: str) -> str:
    """`iso3166_1` as a reader says it."""
    return SCHEME.get(name) or label_of(name)


def date_precision(word: str) -> str:
    """How exact a date is, in two or three words."""
    return DATE_PRECISION.get(word, word)


def field_label(pointer: str) -> str:
    """A JSON Pointer as a heading: `/data/treaty` is `Treaty`."""
    return FIELD.get(pointer) or label_of(
        pointer.removeprefix("/data").strip("/").replace("/", " ")
    )


def number(value: int | None) -> str:
    """`12,345`; an en dash for nothing."""
    return "–" if value is None else f"{value:,}"


def counted(value: int, one: str, many: str = "") -> str:
    """`1 event`, `2 events`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def many(stance: str) -> str:
    """What several claims do: they `assert`, where one `asserts`."""
    return _MANY.get(stance, stance)


_MANY: Final = {
    "asserts": "assert", "denies": "deny", "implies": "imply", "questions": "question",
}  # fmt: skip


def day_of(instant: str) -> str:
    """The day of an instant, as people write it: `20 November 2026`."""
    return date_words(instant[:10])


@cache
def date_words(text: str) -> str:
    """An EDTF text in words; as it is where it is none."""
    try:
        return edtf.sentence(edtf.parse(text))
    except edtf.BadDate:
        return text


def life(text: str) -> str:
    """The interval of a person's life as people write it: `1962–2011`, `born 1962`."""
    born, slash, died = text.partition("/")
    if not slash:
        return date_words(text)
    if died in ("", ".."):
        return f"born {date_words(born)}"
    return f"{date_words(born)} – {date_words(died)}" if born else f"died {date_words(died)}"


def sentence_end(text: str) -> str:
    """The text with a full stop, where it ends without any sign."""
    return text if text[-1:] in ".!?…" else f"{text}."


def web_address(text: str | None) -> str:
    """The address where it is one that may be linked (http and https), else nothing."""
    try:
        scheme = urlsplit(text or "").scheme
    except ValueError:
        return ""
    return str(text) if scheme in {"http", "https"} else ""


def host(text: str) -> str:
    """The host of an address, without `www.`."""
    try:
        return (urlsplit(text).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def told(value: Any, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """A JSON value in one line: a date in words, entities by their labels, other things as JSON."""
    match value:
        case None:
            return "nothing"
        case str() if value[:1] in "-0123456789":
            return date_words(value)
        case str():
            # A code of a vocabulary (`in_force`) reads as words.
            plain = value.replace("_", " ") if _CODE.fullmatch(value) else value
            return known.get(value, plain)
        case {"edtf": str(text)}:
            return date_words(text)
        case {"entity": str(text)} | {"place": str(text)} | {"name": str(text)}:
            return known.get(text, text)
        case list():
            return ", ".join(told(item, known) for item in value) or "nothing"
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)


def told_json(text: str | None, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """`told` of a JSON text."""
    return told(None if text is None else json.loads(text), known)


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "type_label": type_label,
    "topic_label": topic_label,
    "scheme_label": scheme_label,
    "label": label_of,
    "date_precision": date_precision,
    "field_label": field_label,
    "number": number,
    "counted": counted,
    "many": many,
    "day_of": day_of,
    "date_words": date_words,
    "web_address": web_address,
    "host": host,
    "iso_day": edtf.iso,
    "life": life,
    "told_json": told_json,
    "sentence_end": sentence_end,
}
GLOBALS: Final[dict[str, Any]] = {
    "BASIS": BASIS,
    "CERTAINTY_MEANING": CERTAINTY_MEANING,
    "CHANGED": CHANGED,
    "CHANGE_SIGN": CHANGE_SIGN,
    "LIKELIHOOD_MEANING": LIKELIHOOD_MEANING,
    "PLACE_PRECISION": PLACE_PRECISION,
    "PRECISION": PRECISION,
    "RELATION": RELATION,
    "RELIABILITY": RELIABILITY,
    "STANCE": STANCE,
    "STATUS": STATUS,
    "STATUS_SIGN": STATUS_SIGN,
}
