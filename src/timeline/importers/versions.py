"""A source that changes under our feet: what a version of it says anew, otherwise, or no longer.

Pure: what the log holds of the source, and a version's entries, to drafts. Entries are known again
by what they say, never by the source's row id alone. The newest version decides what stands: one
that is older than it adds what it alone has, and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Generic, TypeVar

from timeline.importers.effective import standing
from timeline.records.draft import Draft

F = TypeVar("F", bound=Hashable)

_COMPARED: Final = ("when", "where", "participants", "title")
_NEAR: Final = 120
"""Days apart at which the only trip gone and the only trip come of one kind may be one."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version of a source.

    Attributes:
        series: id of the source of which this is a version; its root.
        published: EDTF day on which it came out.
    """

    series: str
    published: str

    @property
    def source(self) -> str:
        """Id of the version's own source record."""
        return f"{self.series}-{self.published}"


@dataclass(frozen=True, slots=True)
class Entry(Generic[F]):
    """One entry of a version: what it says, how it is found there, and the event that it is.

    Attributes:
        facts: what counts as its content; equal facts are the same entry.
        row_id: the source's id in this version.
        body: the event with its claims.
        place: (file, number) of the entry.
    """

    facts: F
    row_id: str
    body: Mapping[str, Any]
    place: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Held(Generic[F]):
    """An entry as the archive holds it.

    Attributes:
        facts: what the source said of it when it was last seen.
        working: the fields of the event as they stand, everybody's corrections applied.
        silent: id of the standing claim record that the source no longer has it, or empty.
        stands: False when the archive has retracted the event.
    """

    event: str
    facts: F
    row_ids: frozenset[str]
    working: Mapping[str, Any]
    silent: str = ""
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Outcome(Generic[F]):
    """What a version brings.

    Attributes:
        drafts: records to append, in order.
        unchanged: entries that the archive has as they are.
    """

    drafts: list[Draft] = field(default_factory=list)
    unchanged: list[Entry[F]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Likeness(Generic[F]):
    """How entries of one source are told apart.

    Attributes:
        group: only entries of one group can be the same, such as the trips of one traveller.
        score: how alike two are; below `enough` they are two.
        kind: with `day`: of all that goes and comes of one kind and near in time, if there is
            one of each, they are one.
    """

    group: Callable[[F], Hashable]
    score: Callable[[F, F], int]
    enough: int
    kind: Callable[[F], Hashable]
    day: Callable[[F], str]


def held_entries(
    records: Iterable[Mapping[str, Any]], series: str, facts: Callable[[Mapping[str, Any]], F]
) -> list[Held[F]]:
    """What the log holds of a series, in log order."""
    records = list(records)
    stands = standing(records)
    versions = f"{series}-"
    found: dict[str, Held[F]] = {}
    sourced: dict[str, dict[str, Any]] = {}
    for record in records:
        kind, alive = record["kind"], record["id"] in stands
        if kind == "event" and record["claims"][0]["source"].startswith(versions):
            sourced[record["event"]] = dict(record)
            row_ids = frozenset(
                claim.get("locator", "") for claim in record["claims"]
            )  # fmt: skip
            found[record["event"]] = Held(
                record["event"], facts(record), row_ids, dict(record), stands=alive
            )
        elif kind == "correction" and alive and record["of"] in found:
            event = record["of"]
            working = _changed(found[event].working, record["changes"])
            if str(record.get("source", "")).startswith(versions):
                sourced[event] = _changed(sourced[event], record["changes"])
            found[event] = replace(found[event], working=working, facts=facts(sourced[event]))
        elif kind == "claim" and alive and _silence(record, versions, found):
            found[record["event"]] = replace(found[record["event"]], silent=record["id"])
    return list(found.values())


def newest(records: Iterable[Mapping[str, Any]], series: str) -> str:
    """The day of the newest version that the log knows, or empty."""
    return max(
        (
            str(record.get("published", ""))
            for record in records
            if record["kind"] == "source" and record["source"].startswith(f"{series}-")
        ),
        default="",
    )


def evolve(
    held: Sequence[Held[F]],
    entries: Sequence[Entry[F]],
    edition: Edition,
    latest: str,
    likeness: Likeness[F],
) -> Outcome[F]:
    """What importing this version means.

    Args:
        latest: day of the newest version known; empty when this is the first.
    """
    pairs, gone, come = matched(held, entries, likeness)
    outcome: Outcome[F] = Outcome()
    older = edition.published < latest
    for entry in come:
        outcome.drafts.extend(_new(entry, edition, latest if older else ""))
    for known, entry in pairs:
        drafts = [] if older or not known.stands else _changes(known, entry, edition)
        outcome.drafts.extend(drafts)
        if not drafts:
            outcome.unchanged.append(entry)
    if not older:
        outcome.drafts.extend(
            _silent(known.event, edition, edition) for known in gone
            if known.stands and not known.silent
        )  # fmt: skip
    return outcome


def matched(
    held: Sequence[Held[F]], entries: Sequence[Entry[F]], likeness: Likeness[F]
) -> tuple[list[tuple[Held[F], Entry[F]]], list[Held[F]], list[Entry[F]]]:
    """(pairs, held ones without an entry, entries without a held one)."""
    pairs: list[tuple[Held[F], Entry[F]]] = []
    gone: dict[int, Held[F]] = dict(enumerate(held))
    come: dict[int, Entry[F]] = dict(enumerate(entries))

    def take(i: int, j: int) -> None:
        if i in gone and j in come:
            pairs.append((gone.pop(i), come.pop(j)))

    for i, j in _equal(held, entries):
        take(i, j)
    for i, j in _alike(gone, come, likeness):
        take(i, j)
    for i, j in _only(gone, come, likeness):
        take(i, j)
    return pairs, list(gone.values()), list(come.values())


def _equal(held: Sequence[Held[F]], entries: Sequence[Entry[F]]) -> Iterator[tuple[int, int]]:
    """Equal facts; of several, first those with the same row id, then those that still stand."""
    by_facts: dict[F, list[int]] = defaultdict(list)
    for i, known in enumerate(held):
        by_facts[known.facts].append(i)
    wanted: dict[F, list[int]] = defaultdict(list)
    for j, entry in enumerate(entries):
        wanted[entry.facts].append(j)
    for facts, js in wanted.items():
        left = sorted(by_facts.get(facts, ()), key=lambda i: bool(held[i].silent))
        for j in sorted(js, key=lambda j: not any(_same_id(held[i], entries[j]) for i in left)):
            best = min(left, key=lambda i: not _same_id(held[i], entries[j]), default=None)
            if best is not None:
                left.remove(best)
                yield best, j


def _alike(
    gone: Mapping[int, Held[F]], come: Mapping[int, Entry[F]], likeness: Likeness[F]
) -> list[tuple[int, int]]:
    """Pairs that are alike enough, the most alike first."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, known in gone.items():
        groups[likeness.group(known.facts)].append(i)
    scored = [
        (likeness.score(gone[i].facts, entry.facts), _same_id(gone[i], entry), -i, -j)
        for j, entry in come.items()
        for i in groups.get(likeness.group(entry.facts), ())
    ]
    ranked = sorted(scored, reverse=True)
    return [(-i, -j) for score, _, i, j in ranked if score >= likeness.enough]


def _only(
    gone: Mapping[int, Held[F]], come: Mapping[int, Entry[F]], likeness: Likeness[F]
) -> list[tuple[int, int]]:
    """Where one of a kind goes and one of that kind comes, not far in time, they are one."""
    before: dict[Hashable, list[int]] = defaultdict(list)
    after: dict[Hashable, list[int]] = defaultdict(list)
    for i, known in gone.items():
        if not known.silent:
            before[likeness.kind(known.facts)].append(i)
    for j, entry in come.items():
        after[likeness.kind(entry.facts)].append(j)
    return [
        (lone[0], after[kind][0])
        for kind, lone in before.items()
        if len(lone) == 1 == len(after.get(kind, ()))
        and _apart(likeness.day(gone[lone[0]].facts), likeness.day(come[after[kind][0]].facts))
        <= _NEAR
    ]


def _apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _same_id(known: Held[F], entry: Entry[F]) -> bool:
    return entry.row_id in known.row_ids


def _new(entry: Entry[F], edition: Edition, latest: str) -> Iterator[Draft]:
    """The event; where a newer version is known, which lacks it, that claim too."""
    path, line = entry.place
    key = f"{edition.published}:{entry.place[0]}:{entry.place[1]}"
    yield Draft(entry.body, key=key, path=path, line=line)
    if latest:
        silent = _silent(entry.body["event"], Edition(edition.series, latest), edition)
        yield replace(silent, path=path)


def _changes(known: Held[F], entry: Entry[F], edition: Edition) -> list[Draft]:
    path, line = entry.place
    drafts = []
    if known.silent:
        returned = {
            "kind": "retraction",
            "of": known.silent,
            "reason": "other",
            "note": f"the version of {edition.published} has it again",
        }
        key = f"returns:{edition.published}:{known.silent}"
        drafts.append(Draft(returned, key=key, path=path, line=line))
    changes = _differences(known, entry)
    if changes:
        correction = {
            "kind": "correction",
            "of": known.event,
            "changes": changes,
            "reason": "source_corrected",
            "source": edition.source,
        }
        key = f"correction:{edition.published}:{known.event}"
        drafts.append(Draft(correction, key=key, path=path, line=line))
    return drafts


def _differences(known: Held[F], entry: Entry[F]) -> dict[str, Any]:
    """Pointer -> old and new value, where the source says something else than it last did."""
    if known.facts == entry.facts:
        return {}
    return {
        f"/{name}": {"from": known.working.get(name), "to": entry.body.get(name)}
        for name in _COMPARED
        if known.working.get(name) != entry.body.get(name)
    }


def _silent(event: str, edition: Edition, found_in: Edition) -> Draft:
    """The claim that a version does not have the entry."""
    claim = {
        "source": edition.source,
        "stance": "silent",
        "basis": "official_record",
        "note": f"not in the version of {edition.published}",
    }
    key = f"silent:{edition.published}:{found_in.published}:{event}"
    return Draft({"kind": "claim", "event": event, "claim": claim}, key=key)


def _silence(record: Mapping[str, Any], versions: str, found: Mapping[str, Held[F]]) -> bool:
    claim = record["claim"]
    return (
        record["event"] in found
        and claim.get("stance") == "silent"
        and claim["source"].startswith(versions)
    )


def _changed(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The body with changes of whole top-level fields applied; deeper pointers are not facts."""
    told = {name[1:]: change["to"] for name, change in changes.items() if "/" not in name[1:]}
    return {name: value for name, value in {**body, **told}.items() if value is not None}
