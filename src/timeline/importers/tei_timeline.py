"""Imports a timeline in TEI P5: every `div` whose `head` holds a `date` is a dated event.

The sentences are the source's own, so titles are made of facts only: what kind of act it was, and
the unit or the persons concerned. A sentence is kept only when asked for, as a quotation.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from timeline import edtf
from timeline.errors import Problem
from timeline.importers.options import Item, Options
from timeline.importers.people import listed
from timeline.importers.tei_dates import when_of
from timeline.importers.trees import text, trees
from timeline.records.draft import Draft
from timeline.records.slugs import event_slug, slug, unique

TEI: Final = "{http://www.tei-c.org/ns/1.0}"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"

ACTS: Final = {
    "renaming": r"renam|redesignat|retitl|chang\w+ (?:the|its) (?:name|title)",
    "abolition": r"abolish|eliminat|discontinu|dissol|disband",
    "merger": r"\bmerg|consolidat|\bcombin",
    "transfer": r"transfer",
    "reorganization": r"reorganiz",
    "establishment": r"establish|\bcreat|inaugurat|\bfounded",
    "appointment": r"\bappoint|commissioned|sworn in|nominat|was designated|\bnamed\b",
    "opening": r"\bopened|\bopening|dedicated",
    "move": r"\bmoved\b|relocat",
}
FORMS: Final = {
    "law": r"\d+ Stat\.|Public Law|P\.L\.|Executive Order|\bAct of\b",
    "instruction": r"circular|Departmental Order|directive|regulation|instruct|\border(?:ed)?\b",
    "passports": r"passport|\bvisas?\b",
    "personnel": r"employ|hired|recruit|examination|salar|Foreign Service|officers",
    "publication": r"publish|publication|\bissued\b|released",
    "report": r"\breport|\bstudy\b|survey|recommend",
    "building": r"building|construct",
    "announcement": r"announc",
}
"""Kind of entry -> the words that tell it. What was done (`ACTS`) goes before the form in which it
was done (`FORMS`); of several the one told first counts."""

_UNIT = re.compile(
    r"\b(?:Bureau|Office|Division|Board|Commission|Center|Institute|Agency|Section)"
    r" (?:of|for|on) (?:the )?[A-Z][\w’-]+"
    r"(?:(?:, and|,| and| of the| of| for)? "
    r"(?!Deputy|Assistant|Under|Secretary|Director|Chief)[A-Z][\w’-]+)*"
)
_PERSON = re.compile(r"/people/([a-z0-9-]+)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated division.

    Attributes:
        chapter: xml:id of the division around it.
        date: its `date` element.
        prose: the paragraphs, joined.
        people: (the source's id, name as written) of persons that it links to.
        number: place in the whole text, from 1.
    """

    chapter: str
    date: ET.Element
    prose: str
    people: tuple[tuple[str, str], ...]
    number: int

    @property
    def kind(self) -> str:
        """What kind of act the entry tells of first; `note` where no word says it."""
        return _told_first(ACTS, self.prose) or _told_first(FORMS, self.prose) or "note"

    @property
    def subject(self) -> str:
        """The unit that it names first, else the persons; empty where it names neither."""
        found = _UNIT.search(self.prose)
        return found.group() if found else ", ".join(_name(*who) for who in self.people)


def read(source: Path, options: Options) -> Iterator[Item]:
    """The source record, then every entry in the order of the text."""
    for name, root in trees(source, lambda path: path.endswith(".xml")):
        if isinstance(root, Problem):
            yield root
            continue
        yield from _Text(name, root, options).items()


@dataclass(slots=True)
class _Text:
    """One TEI file being read."""

    path: str
    root: ET.Element
    options: Options
    given: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    repeats: Counter[str] = field(default_factory=Counter)

    def items(self) -> Iterator[Item]:
        """Drafts and problems of the file."""
        title = self._title("complete")
        source = f"src:{slug(title)}"
        yield Draft(
            {
                "kind": "source",
                "source": source,
                "type": "dataset",
                "title": title,
                "language": "en",
                **({"published": self.options.published} if self.options.published else {}),
            },
            key=f"source:{source}",
        )
        for entry in entries(self.root):
            try:
                when = when_of(entry.date)
            except edtf.BadDate as error:
                yield Problem(self.path, entry.number, "bad-date", str(error), "date", error.fix)
                continue
            yield from self._persons(entry)
            yield self._draft(entry, when, source)

    def _draft(self, entry: Entry, when: Any, source: str) -> Draft:
        day = when["edtf"] if isinstance(when, dict) else when
        about = entry.subject or self.options.settings.get("title") or self._title("short")
        title = f"{about}: {entry.kind}"
        event = unique(event_slug(title, day), self.taken)
        self.taken.add(event)
        self.repeats[day] += 1
        claim: dict[str, Any] = {
            "source": source,
            "locator": f"{entry.chapter}, entry {entry.number}",
            "basis": "official_record",
            "likelihood": "certain",
        }
        if self.options.with_remarks and entry.prose:
            claim["quote"] = {"text": entry.prose, "language": "en"}
        body: dict[str, Any] = {
            "kind": "event",
            "event": event,
            "type": self.options.settings.get("type", "note.recorded"),
            "title": title,
            "language": "en",
            "when": when,
            "participants": [*self._given(), *self._people(entry)],
            "topics": self._set("topics"),
            "data": {"kind": entry.kind, "subject": entry.subject},
            "claims": [claim],
        }
        body["data"] = {name: value for name, value in body["data"].items() if value}
        filled = {name: value for name, value in body.items() if value}
        key = f"{source}:{day}:{self.repeats[day]}"
        return Draft(filled, key=key, path=self.path, line=entry.number)

    def _persons(self, entry: Entry) -> Iterator[Draft]:
        for who, _ in entry.people:
            person = listed(who)
            if person and person.entity not in self.given:
                self.given.add(person.entity)
                yield person.draft()

    def _given(self) -> list[dict[str, str]]:
        """Who takes part in every event, as `--set participants=` has it."""
        return [
            {"entity" if ":" in who else "name": who, "role": "participant"}
            for who in self._set("participants")
        ]

    def _people(self, entry: Entry) -> list[dict[str, str]]:
        return [{**self._resolved(who, name), "role": "participant"} for who, name in entry.people]

    def _resolved(self, who: str, name: str) -> dict[str, str]:
        person = listed(who)
        if person:
            return {"entity": person.entity}
        for known_as in (f"historyatstate:{who}", name):
            found = self.options.resolve(known_as, "person", None, "")
            if found:
                return {"entity": found}
        return {"name": name}

    def _set(self, name: str) -> list[str]:
        parts = self.options.settings.get(name, "").split(";")
        return [part.strip() for part in parts if part.strip()]

    def _title(self, kind: str) -> str:
        titles = self.root.findall(f".//{TEI}titleStmt/{TEI}title")
        named = [one for one in titles if one.get("type") == kind]
        return text(next(iter(named or titles), None)) or Path(self.path).stem


def entries(root: ET.Element) -> Iterator[Entry]:
    """Every division whose heading holds one date, in the order of the text."""
    number = 0
    for chapter in root.iter(f"{TEI}div"):
        for division in chapter.findall(f"{TEI}div"):
            date = division.find(f"{TEI}head/{TEI}date")
            if date is None:
                continue
            number += 1
            yield Entry(
                chapter=chapter.get(_ID, ""),
                date=date,
                prose=" ".join(text(one) for one in division.findall(f"{TEI}p")),
                people=tuple(dict.fromkeys(_linked(division))),
                number=number,
            )


def _told_first(kinds: Mapping[str, str], prose: str) -> str:
    places = {
        kind: found.start()
        for kind, words in kinds.items()
        if (found := re.search(words, prose, re.IGNORECASE))
    }
    return min(places, key=lambda kind: places[kind], default="")


def _linked(division: ET.Element) -> Iterator[tuple[str, str]]:
    for link in division.iter(f"{TEI}ref"):
        found = _PERSON.search(link.get("target", ""))
        if found:
            yield found.group(1), text(link).removesuffix("’s")


def _name(who: str, name: str) -> str:
    person = listed(who)
    return person.title if person else name
