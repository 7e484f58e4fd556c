"""One event as its records leave it: fields, claims, relations, whether it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from timeline.fold.claims import HeldClaim
from timeline.fold.corrections import Conflict, corrected
from timeline.fold.entry import Entry

ENVELOPE = frozenset(
    {"id", "v", "kind", "recorded_at", "recorded_by", "batch", "supersedes", "note"}
)
_NOT_FIELDS = ENVELOPE | {"event", "claims", "relations"}


@dataclass(frozen=True, slots=True)
class Relation:
    """How the event hangs together with another, and the record that says so."""

    relation: str
    target: str
    position: int


@dataclass(frozen=True, slots=True)
class EventState:
    """What the archive believes of one event.

    Attributes:
        fields: the working version, in the shape of an event record without its envelope.
        claims: in log order, withdrawn ones too, marked.
        conflicts: corrections that found another value than they named.
        retracted: no event record of it stands.
        merged_into: the event that it is an alias of.
        credibility: our own grade, Admiralty code 1 to 6, where we gave one.
        review: draft or checked, where we said so.
    """

    id: str
    fields: dict[str, Any]
    claims: tuple[HeldClaim, ...]
    relations: tuple[Relation, ...]
    conflicts: tuple[Conflict, ...]
    retracted: bool
    merged_into: str | None
    credibility: int | None
    review: str | None


def fold_event(
    event: str, entries: Sequence[Entry], stands: Collection[int], merged_into: str | None = None
) -> EventState | None:
    """The event after `entries`, which speak of it and are in log order.

    Args:
        event: its id.
        entries: records of it, and corrections and assessments of those records.
        stands: positions of those that are effective.
        merged_into: what the merges make of it; see `fold.merges`.

    Returns:
        None where no record defines it.
    """
    if len(entries) == 1 and merged_into is None:
        return _first_state(event, entries[0], stands)
    base = _base(entries, stands)
    if base is None:
        return None
    corrections = [
        entry for entry in entries
        if entry.record["kind"] == "correction" and entry.position in stands
    ]  # fmt: skip
    targets = {entry.record["id"]: entry for entry in entries}
    own = [c for c in corrections if _aim(c, targets) is None and c.position > base.position]
    result = corrected(_body(base), own)
    fields = {key: value for key, value in result.body.items() if key not in _NOT_FIELDS}
    claims = _claims(entries, stands, base, result.body, corrections, targets)
    credibility, review = _assessment(entries, stands, event)
    return EventState(
        id=event,
        fields=fields,
        claims=tuple(replace(held, body=fields) for held in claims),
        relations=_relations(event, entries, stands, base, result.body),
        conflicts=result.conflicts,
        retracted=base.position not in stands,
        merged_into=merged_into,
        credibility=credibility,
        review=review,
    )


def _first_state(event: str, entry: Entry, stands: Collection[int]) -> EventState | None:
    """The event after its first record alone: what most events are."""
    position, record = entry
    if record["kind"] != "event":
        return None
    fields = {key: value for key, value in record.items() if key not in _NOT_FIELDS}
    standing = position in stands
    return EventState(
        event,
        fields,
        tuple(
            HeldClaim(position, n, claim, standing, fields)
            for n, claim in enumerate(record["claims"])
        ),
        _relations(event, (), stands, entry, record) if "relations" in record else (),
        (),
        not standing,
        None,
        None,
        None,
    )


def _base(entries: Sequence[Entry], stands: Collection[int]) -> Entry | None:
    """The event record that sets the fields: the last that stands, else the last of all."""
    defining = [entry for entry in entries if entry.record["kind"] == "event"]
    standing = [entry for entry in defining if entry.position in stands]
    found = standing or defining
    return found[-1] if found else None


def _body(entry: Entry) -> dict[str, Any]:
    return {key: value for key, value in entry.record.items() if key not in ENVELOPE}


def _aim(correction: Entry, targets: dict[str, Entry]) -> str | None:
    """The id of the claim record that a correction is about; None where it is the event."""
    of = correction.record["of"]
    seen: set[str] = set()
    while of in targets and of not in seen:
        seen.add(of)
        record = targets[of].record
        if record["kind"] == "claim":
            return str(of)
        if record["kind"] != "correction":
            return None
        of = record["of"]
    return None


def _claims(
    entries: Sequence[Entry],
    stands: Collection[int],
    base: Entry,
    body: dict[str, Any],
    corrections: Sequence[Entry],
    targets: dict[str, Entry],
) -> list[HeldClaim]:
    held: list[HeldClaim] = []
    grades = {
        record["of"]: record["credibility"]
        for position, record in entries
        if record["kind"] == "assessment" and position in stands and "credibility" in record
    }
    for entry in entries:
        position, record = entry
        if record["kind"] == "event":
            own = body["claims"] if entry is base else record["claims"]
            held += [
                HeldClaim(position, i, claim, position in stands, {}) for i, claim in enumerate(own)
            ]
        elif record["kind"] == "claim":
            about = [c for c in corrections if _aim(c, targets) == record["id"]]
            claim = corrected(_body(entry), about).body["claim"]
            if record["id"] in grades:
                claim = {**claim, "credibility": grades[record["id"]]}
            held.append(HeldClaim(position, 0, claim, position in stands, {}))
    return held


def _relations(
    event: str, entries: Sequence[Entry], stands: Collection[int], base: Entry, body: dict[str, Any]
) -> tuple[Relation, ...]:
    own = [
        Relation(relation["relation"], relation["to"], base.position)
        for relation in body.get("relations", ())
        if base.position in stands
    ]
    stated = [
        Relation(record["relation"], record["to"], position)
        for position, record in entries
        if record["kind"] == "relation" and record["from"] == event and position in stands
    ]
    return tuple(own + stated)


def _assessment(
    entries: Sequence[Entry], stands: Collection[int], event: str
) -> tuple[int | None, str | None]:
    """Our own grade of the event, named by its id or by that of a record that defines it."""
    credibility: int | None = None
    review: str | None = None
    names = {event, *(record["id"] for _, record in entries if record["kind"] == "event")}
    for position, record in entries:
        if record["kind"] == "assessment" and position in stands and record["of"] in names:
            credibility = record.get("credibility", credibility)
            review = record.get("review", review)
    return credibility, review
