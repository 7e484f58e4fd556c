"""Imports the foreign travels of United States Presidents and Secretaries of State, version by
version, from the XML of the Office of the Historian.

A trip is a `visit.made`; its free-text remark is kept only when asked for, as a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from timeline.errors import UsageRefused
from timeline.importers.options import Advice, Item, Options, Unchanged
from timeline.importers.trips import (
    HOME,
    OFFICES,
    Facts,
    Trip,
    facts_of,
    newest_change,
    person,
    read_trips,
)
from timeline.importers.versions import (
    Edition,
    Entry,
    Likeness,
    evolve,
    held_entries,
    newest,
)
from timeline.records.draft import Draft
from timeline.records.gazetteer import shipped_records

SERIES: Final = "src:state-historian-travels"
PUBLISHER: Final = "Office of the Historian, U.S. Department of State"
TITLE: Final = "Foreign travels of the President and of the Secretary of State"

_SCHEME: Final = "historyatstate"
_DAY_IN_NAME = re.compile(r"\d{4}-\d\d-\d\d")


def read(source: Path, options: Options) -> Iterator[Item]:
    """Every trip of one version: new, changed, returned or unchanged; then those that vanished."""
    edition = Edition(SERIES, _published(source, options))
    trips: list[Trip] = []
    for item in read_trips(source):
        if isinstance(item, Trip):
            trips.append(item)
            yield from _advice(item)
        else:
            yield item
    yield from _sources(edition)
    entries = [_entry(trip, edition, options) for trip in trips]
    yield from _entities(trips, entries)
    held = held_entries(options.records, SERIES, facts_of)
    outcome = evolve(held, entries, edition, newest(options.records, SERIES), LIKENESS)
    yield from outcome.drafts
    for entry in outcome.unchanged:
        yield Unchanged(*entry.place, "unchanged", "the archive has it as it is")


def _published(source: Path, options: Options) -> str:
    """The day of this version: as told, as the file's name says, or of its newest change."""
    told = options.published
    if not told:
        found = _DAY_IN_NAME.search(source.name)
        told = found.group() if found else newest_change(source)
    if not _DAY_IN_NAME.fullmatch(told):
        raise UsageRefused(
            f"{source}: on which day this version was published is not known",
            fix="--published 2025-04-25",
        )
    return told


def _advice(trip: Trip) -> Iterator[Advice]:
    if trip.end < trip.start:
        words = f"ends {trip.end}, before it begins {trip.start}; kept as uncertain"
        yield Advice(trip.path, trip.number, "reversed-dates", words, "end-date")


def _sources(edition: Edition) -> Iterator[Draft]:
    series = {
        "kind": "source",
        "source": SERIES,
        "type": "dataset",
        "title": TITLE,
        "publisher": PUBLISHER,
        "url": "https://github.com/HistoryAtState/travels",
        "language": "en",
        "reliability": "A",
    }
    version = {
        "kind": "source",
        "source": edition.source,
        "type": "dataset",
        "title": f"{TITLE}, version of {edition.published}",
        "publisher": PUBLISHER,
        "published": edition.published,
        "language": "en",
        "root": SERIES,
        "reliability": "A",
    }
    yield Draft(series, key=f"source:{SERIES}")
    yield Draft(version, key=f"source:{edition.source}")


def _entities(trips: Iterable[Trip], entries: Iterable[Entry[Facts]]) -> Iterator[Draft]:
    """Travellers, their offices, the countries and the places that they went to."""
    bodies: dict[str, dict[str, Any]] = {}
    for entity, label in OFFICES.values():
        bodies[entity] = {"names": [{"text": label}], "parent": HOME}
    for trip in trips:
        visitor = person(trip.who, trip.name)
        names = [visitor["title"], *filter(None, visitor["names"].split(";"))]
        told = {"names": [{"text": name} for name in names], "external_ids": {_SCHEME: trip.who}}
        bodies.setdefault(visitor["entity"], told)
    shipped = shipped_records()
    for entity in (HOME, *(one for entry in entries for one in _named(entry.body))):
        if entity in shipped:
            bodies.setdefault(entity, shipped[entity])
    for entity, body in bodies.items():
        yield Draft({"kind": "entity", "entity": entity, **body}, key=f"entity:{entity}")


def _named(body: Mapping[str, Any]) -> Iterator[str]:
    yield from (place["place"] for place in body["where"] if "place" in place)
    yield from (who["entity"] for who in body["participants"] if "entity" in who)


def _entry(trip: Trip, edition: Edition, options: Options) -> Entry[Facts]:
    claim: dict[str, Any] = {
        "source": edition.source,
        "locator": f"trip {trip.id}",
        "basis": "official_record",
        "likelihood": "certain",
    }
    if options.with_remarks and trip.remarks:
        claim["quote"] = {"text": trip.remarks, "language": "en"}
    body = {
        **trip.body(options.resolve),
        "claims": [claim],
        "external_ids": {f"historyatstate-trip@{edition.published}": trip.id},
    }
    return Entry(trip.facts, f"trip {trip.id}", body, (trip.path, trip.number))


def _score(one: Facts, other: Facts) -> int:
    """Start 3, end 3, country 2, places 2; the same day of another year counts for both days."""
    score = 2 * (one.host == other.host) + 2 * (one.places == other.places)
    ours, theirs = _days(one), _days(other)
    if ours[0][5:] == theirs[0][5:] and ours[1][5:] == theirs[1][5:]:
        return score + 6
    return score + 3 * (ours[0] == theirs[0]) + 3 * (ours[1] == theirs[1])


def _days(facts: Facts) -> tuple[str, str]:
    start, _, end = facts.when.rstrip("?").partition("/")
    return start, end or start


def _middle(facts: Facts) -> str:
    start = _days(facts)[0]
    return date.fromisoformat(start).isoformat()


LIKENESS: Final[Likeness[Facts]] = Likeness(
    group=lambda facts: (facts.office, facts.visitor),
    score=_score,
    enough=6,
    kind=lambda facts: (facts.office, facts.visitor, facts.host, facts.places),
    day=_middle,
)
"""Two trips of one traveller are one when six of ten points agree."""
