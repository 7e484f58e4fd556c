"""An event's life in the archive: every version of it, and what each record did to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from timeline.fold.claims import (
    CERTAINTY,
    FieldClaim,
    HeldClaim,
    SourceFacts,
    Weight,
    contested,
    field_claims,
    flat,
    voice,
    weigh,
)
from timeline.fold.effective import Pointers, effective, reaching
from timeline.fold.entry import Entry
from timeline.fold.events import EventState, Relation, fold_event
from timeline.fold.merges import Aliases, fold_merges


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What an event's row takes from an entity: who answers for it, its name, where it is."""

    id: str
    label: str
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None


class Surroundings(Protocol):
    """What the archive holds of the sources and entities that an event names."""

    def source(self, source: str, upto: int) -> SourceFacts:
        """Facts of a source when the log ends with position `upto`."""
        ...

    def entity(self, entity: str, upto: int) -> EntityFacts:
        """Facts of an entity when the log ends with position `upto`."""
        ...

    def changed(self, subject: str) -> Sequence[int]:
        """Positions at which those facts changed."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """An event with what its claims add up to: all that a row of it says."""

    state: EventState
    claims: tuple[HeldClaim, ...]
    rows: tuple[FieldClaim, ...]
    weight: Weight
    relations: tuple[Relation, ...]
    entities: tuple[EntityFacts, ...]
    places: tuple[EntityFacts | None, ...]

    @property
    def certainty(self) -> str:
        return CERTAINTY[self.weight.certainty - 1]


@dataclass(frozen=True, slots=True)
class Version:
    """What was believed from position `known_from` on, until the next version."""

    known_from: int
    row: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What one record did to one field of an event; `field` is empty where none changed."""

    position: int
    what: str
    field: str
    old: Any
    new: Any
    reason: str | None


@dataclass(frozen=True, slots=True)
class Life:
    """An event from its first record on.

    Attributes:
        positions: of the records that bear on it, in order; the first one defines it.
        versions: what was believed, one after the other.
        changes: what each later record did.
        former_sources: those that claimed it once and do not now, sorted.
        former_targets: events to which it was related once and is not now, sorted.
        last: the event as it is now.
    """

    positions: tuple[int, ...]
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]
    former_sources: tuple[str, ...]
    former_targets: tuple[str, ...]
    last: Picture


@dataclass(frozen=True, slots=True)
class Material:
    """All records that can bear on one event.

    Attributes:
        event: its id.
        entries: event id -> records that speak of it, in log order; the event itself and every
            event that a merge, standing or not, ties to it.
        pointers: who retracts or supersedes whom.
        records: position -> record, of the pointing records too.
    """

    event: str
    entries: Mapping[str, Sequence[Entry]]
    pointers: Pointers
    records: Mapping[int, Mapping[str, Any]]

    def own_positions(self) -> set[int]:
        """Of the records that speak of this very event, and of those that point at them."""
        return reaching((entry.position for entry in self.entries[self.event]), self.pointers)

    def positions(self) -> list[int]:
        """Every position at which the event can have changed, in order."""
        own = {entry.position for entries in self.entries.values() for entry in entries}
        first = self.entries[self.event][0].position
        return sorted(p for p in reaching(own, self.pointers) if p >= first)


def picture_at(material: Material, around: Surroundings, upto: int) -> Picture:
    """The event when the log ends with position `upto`, inclusive; its first record or later."""
    known = {
        event: [entry for entry in entries if entry.position <= upto]
        for event, entries in material.entries.items()
    }
    own = {entry.position for entries in known.values() for entry in entries}
    stands = effective(own, material.pointers, upto=upto)
    aliases = _aliases(known, stands)
    state = fold_event(
        material.event, known[material.event], stands, aliases.into.get(material.event)
    )
    if state is None:
        raise LookupError(f"{material.event} has no record up to {upto}")
    others = [
        folded
        for event in aliases.family(material.event)[1:]
        if state.merged_into is None
        and event in known
        and (folded := fold_event(event, known[event], stands)) is not None
    ]
    return seen(state, others, around, upto)


def _aliases(known: Mapping[str, Sequence[Entry]], stands: set[int]) -> Aliases:
    merges = {
        entry.position: entry
        for entries in known.values()
        for entry in entries
        if entry.record["kind"] == "merge"
    }
    return fold_merges([merges[position] for position in sorted(merges)], stands)


def seen(
    state: EventState, others: Sequence[EventState], around: Surroundings, upto: int
) -> Picture:
    """The event with its aliases' claims and relations, weighed by what is known of its sources."""
    claims = (*state.claims, *(claim for other in others for claim in other.claims))
    claims = tuple(sorted(claims, key=lambda held: (held.position, held.index)))
    rows = tuple(field_claims(state.fields, claims))
    return Picture(
        state=state,
        claims=claims,
        rows=rows,
        weight=weigh(
            [
                voice(held.claim, around.source(held.claim["source"], upto))
                for held in claims
                if held.standing
            ],
            contested(rows, claims) if rows else (),
            state.credibility,
        ),
        relations=(*state.relations, *(r for other in others for r in other.relations)),
        entities=tuple(
            around.entity(item["entity"], upto)
            if "entity" in item
            else EntityFacts("", item["name"])
            for item in state.fields.get("participants", ())
        ),
        places=tuple(
            around.entity(item["place"], upto) if "place" in item else None
            for item in state.fields.get("where", ())
        ),
    )


def lived(
    material: Material, around: Surroundings, row: Callable[[Picture], tuple[Any, ...]]
) -> Life:
    """An event's whole life. Successive pictures with the same `row` are one version."""
    own = material.positions()
    found: list[Version] = []
    pictures: dict[int, Picture] = {}
    for position in sorted({*own, *_outer(material, around, own[0])}):
        picture = picture_at(material, around, position)
        pictures[position] = picture
        current = row(picture)
        if not found or found[-1].row != current:
            found.append(Version(position, current))
    mine = material.own_positions()
    told = [
        change
        for before, after in pairwise(own)
        if after in mine
        for change in _changes_at(material, after, pictures[before], pictures[after])
    ]
    last = pictures[max(pictures)]
    return Life(
        positions=tuple(sorted(mine)),
        versions=tuple(found),
        changes=tuple(told),
        former_sources=_former(pictures.values(), last, _sources),
        former_targets=_former(pictures.values(), last, _targets),
        last=last,
    )


def _former(
    pictures: Iterable[Picture], last: Picture, named: Callable[[Picture], set[str]]
) -> tuple[str, ...]:
    """What one of the pictures names and the last one does not."""
    return tuple(sorted(set[str]().union(*map(named, pictures)) - named(last)))


def _sources(picture: Picture) -> set[str]:
    return {held.claim["source"] for held in picture.claims}


def _targets(picture: Picture) -> set[str]:
    return {relation.target for relation in picture.relations}


def _outer(material: Material, around: Surroundings, first: int) -> Iterator[int]:
    for subject in mentioned(material.records.values()):
        yield from (position for position in around.changed(subject) if position > first)


_NAMING = frozenset({"source", "entity", "place"})


def mentioned(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The sources and entities that some records name, corrections of one name among them."""
    found: set[str] = set()
    for record in records:
        _collect(record, found)
        if record["kind"] == "correction":
            for field, change in record["changes"].items():
                if field.rpartition("/")[2] in _NAMING:
                    found.update(value for value in change.values() if isinstance(value, str))
    return found


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in _NAMING and isinstance(item, str):
                found.add(item)
            else:
                _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)


def _changes_at(
    material: Material, position: int, before: Picture, after: Picture
) -> Iterator[Change]:
    record = material.records[position]
    what = _what(material, position, record)
    if what is None:
        return
    reason = record.get("reason")
    old, new = _shown(before), _shown(after)
    fields = sorted(field for field in {*old, *new} if old.get(field) != new.get(field))
    for field in fields or [""]:
        yield Change(position, what, field, old.get(field), new.get(field), reason)


def _shown(picture: Picture) -> dict[str, Any]:
    state = picture.state
    shown = flat(state.fields)
    for name in ("language", "tags", "external_ids"):
        if name in state.fields:
            shown[f"/{name}"] = state.fields[name]
    return shown


_WHAT = {
    "event": "superseded",
    "claim": "claimed",
    "correction": "corrected",
    "merge": "merged",
    "relation": "related",
    "assessment": "assessed",
}


def _what(material: Material, position: int, record: Mapping[str, Any]) -> str | None:
    kind = record["kind"]
    if kind != "retraction":
        return _WHAT.get(kind)
    aims = {
        material.records[target]["kind"]
        for target, later in material.pointers.items()
        if position in later and target in material.records
    }
    if "event" in aims:
        return "retracted"
    if aims == {"merge"}:
        return "unmerged"
    return "restored" if aims == {"retraction"} else "retracted"
