"""From a name in a source to an entity: by rule and by date, never by guess.

A name that does not resolve stays text (P6 of the design) and is listed for a person to settle.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from timeline import edtf
from timeline.edtf.days import iso

Outcome: TypeAlias = Literal["resolved", "several", "not_then", "unknown"]
"""One entity; several that fit; only entities that had not that name on that day; none."""

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʻ`´ʹ′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name, and the days on which it held; both inclusive, None for no limit.

    Attributes:
        alias: whether it only counts where no proper name fits.
    """

    text: str
    since: int | None = None
    until: int | None = None
    alias: bool = False

    def held(self, day: int | None) -> bool:
        """Whether it was the name on that day (Julian Day Number); always for None."""
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Entity:
    """What names can mean. `since` and `until` are days, both inclusive, None for no limit.

    Attributes:
        country: id of the state in which a place lies.
        continued_by: id of the state that goes on as this one.
    """

    id: str
    label: str
    names: tuple[Name, ...]
    external_ids: Mapping[str, str] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None
    country: str = ""
    continued_by: str = ""

    @property
    def kind(self) -> str:
        return self.id.partition(":")[0]

    def existed(self, day: int | None) -> bool:
        """Whether it was there on that day; always for None."""
        return _within(day, self.since, self.until)

    def described(self) -> str:
        """The label with what tells it from its namesakes: `Soviet Union (1922-12-30 to …)`."""
        if self.since is None and self.until is None:
            return f"{self.label}, {self.country}" if self.country else self.label
        return f"{self.label} ({_shown(self.since)} to {_shown(self.until)})"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a name.

    Attributes:
        entity: the id, where the outcome is `resolved`.
        candidates: those that it could mean, by id.
    """

    text: str
    outcome: Outcome
    entity: str | None = None
    candidates: tuple[Entity, ...] = ()

    @property
    def options(self) -> list[str]:
        """Ready to paste: the id of each candidate, with a word on what it is."""
        return [f"{one.id}  # {one.described()}" for one in self.candidates]


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Entities by id, by external id and by folded name. Build it once for many names."""

    by_id: Mapping[str, Entity]
    by_code: Mapping[str, tuple[str, ...]]
    by_name: Mapping[str, tuple[tuple[str, Name], ...]]

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> NameIndex:
        """A later entity takes the place of an earlier one of the same id."""
        by_id = {entity.id: entity for entity in entities}
        codes: dict[str, dict[str, None]] = {}
        names: dict[str, list[tuple[str, Name]]] = {}
        for entity in by_id.values():
            for scheme, code in entity.external_ids.items():
                codes.setdefault(f"{scheme}:{code}".casefold(), {})[entity.id] = None
            for name in entity.names:
                names.setdefault(folded(name.text), []).append((entity.id, name))
        return cls(
            by_id,
            {code: tuple(ids) for code, ids in codes.items()},
            {text: tuple(hits) for text, hits in names.items()},
        )


def resolve(
    name: str, *, kind: str | None, on: int | None, index: NameIndex, country: str = ""
) -> Resolution:
    """The entity that a name means on a day.

    Exact id, then external id (`wikidata:Q58217`), then a proper name that held on the day, then
    an alias that held on it. The first step with a hit decides; two hits are `several`.

    Args:
        kind: entity kind wanted; None for any.
        on: Julian Day Number; None where no day is known, so that every name counts.
        country: id of a state; where some of the places of that name lie in it, only they count.
    """
    text = name.strip()
    if text in index.by_id and kind in (None, index.by_id[text].kind):
        return Resolution(text, "resolved", text)
    coded = index.by_code.get(text.casefold(), ())
    hits = [
        (index.by_id[entity], held)
        for entity, held in index.by_name.get(folded(text), ())
        if kind in (None, index.by_id[entity].kind)
    ]
    hits = [hit for hit in hits if country and hit[0].country == country] or hits
    then = [(entity, held) for entity, held in hits if entity.existed(on) and held.held(on)]
    for step in (
        [index.by_id[entity] for entity in coded],
        [entity for entity, held in then if not held.alias],
        [entity for entity, held in then if held.alias],
    ):
        if step:
            return _decided(text, step)
    return _refused(text, [entity for entity, _ in hits], on, index)


def folded(text: str) -> str:
    """A name as it is compared: NFKC, case folded, without diacritics, one blank between words."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
    letters = unicodedata.normalize("NFKD", plain)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.translate(_ALIKE).split())


def entity_of_record(record: Mapping[str, Any]) -> Entity:
    """What an `entity` record of the log says of names."""
    names: Sequence[Mapping[str, str]] = record["names"]
    valid = edtf.parse(record["valid"]) if record.get("valid") else None
    return Entity(
        id=record["entity"],
        label=names[0]["text"],
        names=tuple(_name(entry) for entry in names),
        external_ids=record.get("external_ids", {}),
        since=valid.start_min if valid else None,
        until=valid.end_max if valid else None,
        country=record.get("country", ""),
    )


def _name(entry: Mapping[str, str]) -> Name:
    since, until = entry.get("from"), entry.get("to")
    return Name(
        text=entry["text"],
        since=edtf.parse(since).start_min if since else None,
        until=edtf.parse(until).end_max if until else None,
        alias=entry.get("kind") in {"alias", "code"},
    )


def _refused(text: str, hits: Sequence[Entity], on: int | None, index: NameIndex) -> Resolution:
    """Nobody had the name on that day: who had it at another, and who went on as they."""
    heirs = [index.by_id[hit.continued_by] for hit in hits if hit.continued_by in index.by_id]
    candidates = _once([*hits, *(heir for heir in heirs if heir.existed(on))])
    return Resolution(text, "not_then" if hits else "unknown", None, candidates)


def _decided(text: str, step: Sequence[Entity]) -> Resolution:
    found = _once(step)
    if len(found) == 1:
        return Resolution(text, "resolved", found[0].id, found)
    return Resolution(text, "several", None, found)


def _once(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple({entity.id: entity for entity in entities}.values())


def _within(day: int | None, since: int | None, until: int | None) -> bool:
    if day is None:
        return True
    return (since is None or since <= day) and (until is None or day <= until)


def _shown(day: int | None) -> str:
    return "…" if day is None else iso(day)
