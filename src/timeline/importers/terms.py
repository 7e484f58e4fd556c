"""One term of an office in the records of the Office of the Historian, and the days it had."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from timeline import edtf
from timeline.errors import Problem
from timeline.importers.trees import text, trees
from timeline.records.slugs import slug

SECRETARY: Final = "office:us-secretary-of-state"

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_DAYS: Final = ("appointed", "started", "ended")
_SHARED: Final = ("ambassador-at-large", "assistant-secretary2", "career-ambassador")
_AD_INTERIM: Final = ("secretary-ad-interim", "charge-daffaires-ad-interim")
_NOT_TAKEN_UP = re.compile(r"declined appointment|did not take (the )?oath", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s*(\([^)]*\)|, with the rank\b.*)\s*$")


@dataclass(frozen=True, slots=True)
class Office:
    """An office.

    Attributes:
        position: the source's id.
        entity: our id.
        title: its name for titles of events.
        names: all names, that one first.
        shared: whether several people hold it at once.
    """

    position: str
    entity: str
    title: str
    names: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One `principal` or `chief` element; dates are ISO 8601, empty where the source has none.

    Attributes:
        who: the source's id of the person.
        ad_interim: whether somebody held the office only until it was filled.
        remarks: the source's notes, one after the other.
        path, number: file and 1-based place of the term in it.
    """

    id: str
    office: Office
    who: str
    ad_interim: bool
    appointed: str
    started: str
    ended: str
    remarks: str
    path: str
    number: int

    @property
    def taken_up(self) -> bool:
        """Whether the source has the term begin or end; nominations may have come to nothing."""
        declined = not self.started and _NOT_TAKEN_UP.search(self.remarks)
        return bool((self.appointed or self.started or self.ended) and not declined)

    @property
    def turn(self) -> tuple[str, str]:
        """Place among the terms of its office: by beginning, then end."""
        return edtf_of(self.began) or self.ended, self.ended or "9999"

    @property
    def slipped(self) -> bool:
        """Whether the source has it begin after it ended, but not the appointment."""
        return bool(self.appointed and self.ended and self.started[:10] > self.ended)

    @property
    def began(self) -> Any:
        """`when` of the beginning: the day of entry, else of appointment; None if unknown."""
        if self.slipped:
            note = "the source has the term begin after it ended; this is the appointment"
            return {"edtf": f"{self.appointed}?", "original": self.started, "note": note}
        return self.started or self.appointed or None


def edtf_of(when: Any) -> str:
    """The EDTF text of a `when`; empty for None."""
    return str(when["edtf"] if isinstance(when, Mapping) else when or "")


def read_terms(source: Path) -> Iterator[Term | Problem]:
    """Every term of a folder or file; what cannot be used comes as a problem."""
    for name, root in trees(source, lambda path: not path.startswith(("code-tables", "schema"))):
        if isinstance(root, Problem):
            yield root
            continue
        office = _office(root)
        terms = [*root.iter("principal"), *root.iter("chief")]
        for number, element in enumerate(terms, start=1):
            term = _term(element, office, name, number)
            yield _fault(term) or term


def _term(element: ET.Element, office: Office, path: str, number: int) -> Term:
    dates = {day: text(element.find(f"{day}/date")) for day in _DAYS}
    notes = [text(note) for note in element.iter("note")]
    return Term(
        id=text(element.find("id")),
        office=office,
        who=text(element.find("person-id")),
        ad_interim=text(element.find("role-title-id")) in _AD_INTERIM,
        remarks=" ".join(filter(None, notes)),
        path=path,
        number=number,
        **dates,
    )


def _office(root: ET.Element) -> Office:
    position = text(root.find("id"))
    if position in ("secretary", "secretary-ad-interim"):
        names = ("Secretary of State", "United States Secretary of State")
        return Office("secretary", SECRETARY, names[0], names)
    full = text(root.find("names/singular"))
    title = _AFTER_NAME.sub("", _AFTER_NAME.sub("", full))
    others = (text(one) for one in root.findall("names/alternate"))
    every = tuple(dict.fromkeys(filter(None, (title, full, *others))))
    entity = f"office:us-{slug(position).removeprefix('us-')}"
    return Office(position, entity, title, every, shared=position in _SHARED)


def _fault(term: Term) -> Problem | None:
    if not term.id or not term.who:
        words = "the term has no id, or names nobody"
        return Problem(term.path, term.number, "missing-field", words)
    for day in _DAYS:
        date = str(getattr(term, day))
        if date and not _is_date(date):
            words = f"{date!r} is not a day, month or year"
            return Problem(term.path, term.number, "bad-date", words, day)
    return None


def _is_date(date: str) -> bool:
    try:
        edtf.parse(date)
    except edtf.BadDate:
        return False
    return _DATE.fullmatch(date) is not None
