"""Imports who held which office of the Department of State, from the XML of the Office of the
Historian: a term becomes an `office.began` and, where it has an end, an `office.ended`.

Free-text notes are kept only when asked for, as quotations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from timeline.importers.effective import standing
from timeline.importers.options import Advice, Item, Options
from timeline.importers.people import Person, Register, register
from timeline.importers.terms import Office, Term, edtf_of, read_terms
from timeline.records.draft import Draft, imported_id
from timeline.records.gazetteer import shipped_records
from timeline.records.slugs import event_slug, unique

FORMAT: Final = "historyatstate-principals"
SOURCE: Final = "src:state-historian-principals"
HOME: Final = "state:us"
PUBLISHER: Final = "Office of the Historian, U.S. Department of State"
_TYPES: Final = ("office.began", "office.ended")
_VERBS: Final = {"began": "becomes", "ended": "ceases to be"}

Facts: TypeAlias = tuple[str, str, str, str]
"""Type, office, person and EDTF date of a beginning or end."""


def read(source: Path, options: Options) -> Iterator[Item]:
    """The source, then office by office its terms in order: persons where new, and events; a
    claim where the archive has the event already from another source.
    """
    own = {record["id"] for record in options.records if record["kind"] == "event"}
    reading = _Reading(register(source), options, _held(options.records), own)
    yield _source(options)
    yield _home()
    offices: dict[str, list[Term]] = {}
    for item in read_terms(source):
        if isinstance(item, Term):
            offices.setdefault(item.office.entity, []).append(item)
        else:
            yield item
    for terms in offices.values():
        yield _office(terms[0].office)
        for term in sorted(terms, key=lambda term: term.turn):
            yield from reading.items(term)


@dataclass(slots=True)
class _Reading:
    """One source being read: who has come before, and what its events are called.

    Attributes:
        held: (type, office, person, EDTF) -> event that the archive has from elsewhere.
        own: ids of the archive's event records, those of this importer among them.
        given: persons who had their record.
        taken: ids of events.
        last: (office, day) -> the latest event of the office on that day.
        repeats: how often a position's term id came; some name two terms.
    """

    people: Register
    options: Options
    held: Mapping[Facts, str]
    own: AbstractSet[str]
    given: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    last: dict[tuple[str, str], str] = field(default_factory=dict)
    repeats: Counter[str] = field(default_factory=Counter)

    def items(self, term: Term) -> Iterator[Item]:
        """Drafts of one term, or why it makes none."""
        if not term.taken_up:
            words = f"{term.id}: a nomination or commission that was not taken up; left out"
            yield Advice(term.path, term.number, "not-taken-up", words)
            return
        person = self.people.find(term.who)
        if not person.names[1:] and term.who not in self.people.people:
            words = f"{term.who}: no file describes this person; the name is made of the id"
            yield Advice(term.path, term.number, "unknown-person", words, "person-id")
        if person.entity not in self.given:
            self.given.add(person.entity)
            yield person.draft()
        if term.slipped:
            words = f"{term.id}: begins {term.started}, ends {term.ended}; appointment kept"
            yield Advice(term.path, term.number, "reversed-dates", words, "started")
        yield from self._events(term, person)

    def _events(self, term: Term, person: Person) -> Iterator[Draft]:
        key = f"{Path(term.path).stem}:{term.id}"
        self.repeats[key] += 1
        key = f"{key}:{self.repeats[key]}"
        if term.began:
            yield from self._event(term, person, "began", term.began, key)
        if term.ended:
            yield from self._event(term, person, "ended", term.ended, key)

    def _event(self, term: Term, person: Person, what: str, when: Any, key: str) -> Iterator[Draft]:
        facts = (f"office.{what}", term.office.entity, person.entity, edtf_of(when))
        place: dict[str, Any] = {"path": term.path, "line": term.number}
        if facts in self.held and imported_id(FORMAT, f"{key}:{what}") not in self.own:
            yield from self._told_again(term, what, facts, f"{key}:{what}", place)
            return
        title = _title(term, person, what)
        event = unique(event_slug(title, edtf_of(when)), self.taken)
        self.taken.add(event)
        body = {
            "kind": "event",
            "event": event,
            "type": f"office.{what}",
            "title": title,
            "language": "en",
            "when": when,
            "participants": [
                {
                    "entity": person.entity,
                    "role": "appointee",
                    "as": term.office.entity,
                    "for": HOME,
                }
            ],
            "topics": ["offices"],
            "data": _data(term, what),
            "claims": [_claim(term, self.options)],
        }
        before = self._before(term, what, edtf_of(when), event)
        if before:
            body["relations"] = [{"relation": "follows", "to": before}]
        yield Draft(body, key=f"{key}:{what}", **place)

    def _told_again(
        self, term: Term, what: str, facts: Facts, key: str, place: Mapping[str, Any]
    ) -> Iterator[Draft]:
        """A claim of the event that the archive has, and what it follows."""
        event = self.held[facts]
        claim = {"kind": "claim", "event": event, "claim": _claim(term, self.options)}
        yield Draft(claim, key=key, **place)
        before = self._before(term, what, facts[3], event)
        if before:
            relation = {"kind": "relation", "from": event, "relation": "follows", "to": before}
            yield Draft(relation, key=f"{key}:follows", **place)

    def _before(self, term: Term, what: str, day: str, event: str) -> str:
        """The event that this one follows on its day, if any: who takes up an office that another
        leaves does so after him.
        """
        turn = (term.office.entity, day)
        before = self.last.get(turn, "")
        own = what == "ended" and day == edtf_of(term.began)
        if what == "ended" or not before:
            self.last[turn] = event
        return before if not term.office.shared and (own or what == "began") else ""


def _held(records: Sequence[Mapping[str, Any]]) -> dict[Facts, str]:
    """What other sources in the archive say of who began or ceased to hold an office."""
    stands = standing(records)
    return {
        (
            record["type"],
            str(record.get("data", {}).get("office", "")),
            str(who.get("entity", "")),
            edtf_of(record["when"]),
        ): record["event"]
        for record in records
        if record["kind"] == "event" and record["type"] in _TYPES and record["id"] in stands
        if record["claims"][0]["source"] != SOURCE
        for who in record.get("participants", ())
        if who.get("role") == "appointee"
    }


def _source(options: Options) -> Draft:
    body = {
        "kind": "source",
        "source": SOURCE,
        "type": "dataset",
        "title": "Principal officers and chiefs of mission",
        "publisher": PUBLISHER,
        "url": "https://github.com/HistoryAtState/pocom",
        "language": "en",
        "reliability": "A",
    }
    if options.published:
        body["published"] = options.published
    return Draft(body, key=f"source:{SOURCE}")


def _home() -> Draft:
    body = {"kind": "entity", "entity": HOME, **shipped_records()[HOME]}
    return Draft(body, key=f"entity:{HOME}")


def _office(office: Office) -> Draft:
    body = {
        "kind": "entity",
        "entity": office.entity,
        "names": [{"text": name} for name in office.names],
        "parent": HOME,
        "external_ids": {"historyatstate": office.position},
    }
    return Draft(body, key=f"entity:{office.entity}")


def _title(term: Term, person: Person, what: str) -> str:
    interim = " ad interim" if term.ad_interim else ""
    return f"{person.title} {_VERBS[what]} {term.office.title}{interim}"


def _data(term: Term, what: str) -> dict[str, Any]:
    data: dict[str, Any] = {"office": term.office.entity}
    if what == "began":
        if term.ad_interim:
            data["capacity"] = "ad_interim"
        if term.office.shared:
            data["seats"] = "several"
        if term.appointed and term.appointed != term.began:
            data["appointed"] = term.appointed
    return data


def _claim(term: Term, options: Options) -> dict[str, Any]:
    claim: dict[str, Any] = {
        "source": SOURCE,
        "locator": f"{Path(term.path).name}, {term.id}",
        "basis": "official_record",
        "likelihood": "certain",
    }
    if options.with_remarks and term.remarks:
        claim["quote"] = {"text": term.remarks, "language": "en"}
    return claim
