"""Citations of an event: in words, as BibTeX and as CSL-JSON, with its place in the log."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from timeline.archive import Archive
from timeline.log.seal import newest_checkpoint
from timeline.log.verify_note import Checkpoint
from timeline.publish.site import Site

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TEX = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\~{}"})


@dataclass(frozen=True, slots=True)
class Citation:
    """All that a citation says. The revision and the position fix what was cited.

    Attributes:
        event: its row in one version.
        record: the first record of the event.
        checkpoint: the newest signed state of the log, if it covers this version.
    """

    site: Site
    event: Mapping[str, Any]
    record: Mapping[str, Any]
    checkpoint: Checkpoint | None = None

    @property
    def fixed(self) -> str:
        """The id with its revision, which never changes."""
        return f"{self.event['id']}@r{self.event['revision']}"

    @property
    def address(self) -> str:
        """Where it can be read; a path where nobody said under which host."""
        return f"{self.site.address or '/'}event/{self.fixed}"

    @property
    def place(self) -> str:
        """`record 17 of the log (checkpoint 120, root hNW…=)`"""
        text = f"record {self.event['known_from']} of the log"
        if point := self.checkpoint:
            text += f" (checkpoint {point.size}, root {_base64(point.root)})"
        return text

    def text(self) -> str:
        """One sentence for a footnote."""
        event = self.event
        return (
            f"“{isolated(event['title'])}”, {event['date']}. {self.site.title}, {self.fixed},"
            f" {self.place}, {self.address}."
        )

    def bibtex(self) -> str:
        """A `@misc` entry; what TeX would obey is escaped."""
        fields = {
            "title": f"{{{tex(self.event['title'])}}}",
            "howpublished": tex(self.site.title),
            "note": tex(f"{self.event['date']}; {self.fixed}, {self.place}"),
            "year": self.record["recorded_at"][:4],
            "url": self.address,
        }
        key = re.sub(r"[^A-Za-z0-9_-]", "-", self.fixed)
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{key},\n{body}}}\n"

    def csl(self) -> dict[str, Any]:
        """One CSL-JSON item of type `entry`; `issued` is when we recorded it."""
        day = [int(part) for part in self.record["recorded_at"][:10].split("-")]
        return {
            "id": self.fixed,
            "type": "entry",
            "title": self.event["title"],
            "container-title": self.site.title,
            "issued": {"date-parts": [day]},
            "event-date": {"literal": self.event["date"]},
            "version": f"r{self.event['revision']}",
            "note": self.place,
            "URL": self.address,
        }

    def csl_text(self) -> str:
        """That item as a CSL-JSON file."""
        return orjson.dumps([self.csl()], option=orjson.OPT_INDENT_2).decode()


def isolated(text: str) -> str:
    """The text; where it turns the direction of writing, so that what follows is not turned too.

    FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, Unicode Standard Annex #9 section 2.4.
    """
    return f"\u2068{text}\u2069" if _TURNS.search(text) else text


def cite(site: Site, event: Mapping[str, Any], record: Mapping[str, Any]) -> Citation:
    """The citation of one version of an event."""
    found = newest_checkpoint(Archive(site.root)) if site.root else None
    covered = found and found[0].size > event["known_from"]
    return Citation(site, event, record, found[0] if found and covered else None)


def tex(text: str) -> str:
    """Text that TeX prints as it is."""
    return text.translate(_TEX)


def _base64(root: bytes) -> str:
    return b64encode(root).decode()
