"""Rows of an event of which one record alone speaks, straight from it: what most events are.

The fold gives the same rows, column by column, at five times the cost; a property test holds
the two together. Whatever needs the fold (claims that differ, relations) is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson

from timeline.fold.claims import SourceFacts, Voice, voice, weigh
from timeline.fold.history import EntityFacts
from timeline.readmodel.tables.events import (
    Row,
    claim_row,
    date_columns,
    json_text,
    quoted,
    weight_columns,
    when_text,
)
from timeline.readmodel.writing import Buffers

_APART = ("value", "fields")
_VOICES_KEPT = 200_000


class Around(Protocol):
    """What the archive holds, at the newest position, of the sources and entities named."""

    def source(self, source: str, upto: int) -> SourceFacts: ...
    def entity(self, entity: str, upto: int) -> EntityFacts: ...


def is_plain(record: Mapping[str, Any]) -> bool:
    """Whether the claims of a new event affirm all of it, and it states no relation."""
    if "relations" in record:
        return False
    return not any(key in claim for claim in record["claims"] for key in _APART)


class PlainEvents:
    """Puts the rows of plain new events into buffers."""

    def __init__(self, buffers: Buffers, around: Around) -> None:
        self._around = around
        self._events = buffers.of("events")
        self._participants = buffers.of("participants")
        self._places = buffers.of("event_places")
        self._topics = buffers.of("event_topics")
        self._claims = buffers.of("claims")
        self._weighed: dict[Any, tuple[Row, str]] = {}
        self._voices: dict[Any, Voice] = {}

    def forget(self) -> None:
        """A source has been recorded: its root or its grade may be another."""
        self._weighed.clear()
        self._voices.clear()

    def put(self, number: int, position: int, record: Mapping[str, Any]) -> None:
        """The rows of event `number`, whose first record stands at `position`."""
        get = record.get
        topics, claims = get("topics", []), record["claims"]
        actors, labels = self._put_participants(number, position, get("participants", ()))
        places, where = self._put_places(number, position, get("where", ()), labels)
        self._topics += [(topic, number) for topic in dict.fromkeys(topics)]
        self._claims += [
            claim_row(number, n, position, claim, standing=True) for n, claim in enumerate(claims)
        ]
        weight, roots = self._weight(position, claims)
        self._events.append((
            number, record["event"], record["type"], record["title"], get("summary"),
            get("status", "held"), *date_columns(when_text(record["when"])), *where,
            _listed(actors), json_text(topics), *weight, 0, 0, None, None, get("language"),
            json_text(record["data"]) if "data" in record else None,
            _listed(places), roots, "; ".join(dict.fromkeys(labels)),
            quoted(claim["quote"] for claim in claims if "quote" in claim),
            1, position, position, position,
        ))  # fmt: skip

    def _put_participants(
        self, number: int, position: int, items: Sequence[Mapping[str, Any]]
    ) -> tuple[list[str], list[str]]:
        """Ids, or names where none is known, and labels of those who took part."""
        ids, labels = [], []
        for n, item in enumerate(items):
            if "entity" in item:
                facts = self._around.entity(item["entity"], position)
                who, name, label = facts.id, None, facts.label
            else:
                who, name, label = None, item["name"], item["name"]
            ids.append(who or label)
            labels.append(label)
            get = item.get
            self._participants.append((number, n, who, name, get("role"), get("as"), get("for")))
        return ids, labels

    def _put_places(
        self, number: int, position: int, items: Sequence[Mapping[str, Any]], labels: list[str]
    ) -> tuple[list[str], Row]:
        """Ids or names of all places, and the columns from `place` to `longitude`."""
        ids: list[str] = []
        country = latitude = longitude = None
        for n, item in enumerate(items):
            if "place" in item:
                facts = self._around.entity(item["place"], position)
                who, name, label = facts.id, None, facts.label
                if not n:
                    country = facts.country
                if latitude is None and facts.latitude:
                    latitude = float(facts.latitude)
                    longitude = float(facts.longitude) if facts.longitude else None
            else:
                who, name, label = None, item["name"], item["name"]
            ids.append(who or label)
            labels.append(label)
            self._places.append((number, n, who, name, item.get("precision")))
        return ids, (ids[0] if ids else None, country, latitude, longitude)

    def _weight(self, position: int, claims: Sequence[Mapping[str, Any]]) -> tuple[Row, str]:
        """The columns from `certainty` to `disputed`, and `roots`."""
        keys = tuple(map(_key, claims))
        found = self._weighed.get(keys)
        if found is None:
            voices = [
                self._voice(key, claim, position) for key, claim in zip(keys, claims, strict=True)
            ]
            weight = weigh(voices, (), None)
            found = weight_columns(weight), _listed(weight.roots)
            if len(keys) == 1 and len(self._weighed) < _VOICES_KEPT:
                self._weighed[keys] = found
        return found

    def _voice(self, key: Any, claim: Mapping[str, Any], position: int) -> Voice:
        found = self._voices.get(key)
        if found is None:
            found = voice(claim, self._around.source(claim["source"], position))
            if len(self._voices) < _VOICES_KEPT:
                self._voices[key] = found
        return found


def _key(claim: Mapping[str, Any]) -> Any:
    """All that `voice` reads of a claim."""
    get = claim.get
    return (
        claim["source"], get("stance"), get("likelihood"), get("basis"), get("credibility"),
    )  # fmt: skip


def _listed(values: Sequence[str]) -> str:
    """As `json_text`, for a list of texts."""
    return orjson.dumps(list(dict.fromkeys(values))).decode() if values else "[]"
