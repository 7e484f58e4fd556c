"""Atom (RFC 4287): an entry a row, in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from timeline.exporters.rows import Rows

SUFFIX = ".atom"
NEEDS: Final = frozenset({"id", "title"})
_UPDATED: Final = ("updated", "recorded_at", "known_at", "retrieved_at")
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_NEVER: Final = "1970-01-01T00:00:00Z"
# XML 1.0 section 2.2: characters that no document may hold.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the entries; `address` is that of the page, `own` that of the feed."""

    title: str = "timeline"
    address: str = ""
    own: str = ""
    rights: str = ""


def write(rows: Rows, out: BinaryIO, head: Head = Head()) -> int:
    """Writes one feed. Returns the number of entries."""
    entries = [dict(zip(rows.columns, values, strict=True)) for values in rows.values]
    out.write(feed(entries, head).encode())
    return len(entries)


def feed(entries: Iterable[Mapping[str, Any]], head: Head) -> str:
    """A feed of mappings with id, title and, where known, updated, url and summary."""
    found = list(entries)
    updated = max((_updated(entry) for entry in found), default=_NEVER)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(head.title)}</title>",
        f"<id>{_text(head.own or head.address or 'tag:timeline,2026:feed')}</id>",
        f"<updated>{updated}</updated>",
        f"<author><name>{_text(head.title)}</name></author>",
    ]
    if head.address:
        parts.append(f"<link href={_attribute(head.address)}/>")
    if head.own:
        parts.append(f'<link rel="self" href={_attribute(head.own)}/>')
    if head.rights:
        parts.append(f"<rights>{_text(head.rights)}</rights>")
    parts += [_entry(entry, head.address) for entry in found]
    return "\n".join([*parts, "</feed>", ""])


def _entry(entry: Mapping[str, Any], base: str) -> str:
    name = str(entry["id"])
    url = str(entry.get("url") or "")
    link = f"<link href={_attribute(url)}/>" if re.match(r"https?://", url) else ""
    summary = entry.get("summary") or entry.get("date") or ""
    uri = url if link and "#" not in url else f"{base or 'tag:timeline,2026:'}{name}"
    return (
        f"<entry><title>{_text(entry['title'])}</title><id>{_text(uri)}</id>"
        f"<updated>{_updated(entry)}</updated>{link}<summary>{_text(summary)}</summary></entry>"
    )


def _updated(entry: Mapping[str, Any]) -> str:
    """The first column that holds an instant; the epoch where none does."""
    found = (str(entry.get(name) or "") for name in _UPDATED)
    return next((text for text in found if _INSTANT.fullmatch(text)), _NEVER)


def _text(value: object) -> str:
    return escape(_NOT_XML.sub("\ufffd", str(value)))


def _attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", value))
