"""Checks one event against the vocabulary in force: its type, who took part as what, its `data`.

Errors make a record inert at the door; advice is for the writer and never stops anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from timeline.records import data_types
from timeline.records.pack_document import escape
from timeline.records.vocabulary import EVERYWHERE, Type, Vocabulary, did_you_mean


class Finding(NamedTuple):
    """One thing to say about an event.

    Attributes:
        pointer: JSON Pointer (RFC 6901) into the event record.
        rule: `unknown-type`, `unknown-role`, `role-number`, `unknown-field`, `field-value`,
            `missing-role` or `missing-field`.
    """

    pointer: str
    rule: str
    message: str


def check_event(vocabulary: Vocabulary, record: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with an event. What a type asks for and lacks counts if it is strict."""
    name = record.get("type", "")
    kind = vocabulary.type(name) if isinstance(name, str) else None
    if kind is None:
        hint = did_you_mean(str(name), vocabulary.types())
        return [Finding("/type", "unknown-type", f"{name} is not a known type{hint}")]
    found = [*_roles(kind, record), *_fields(kind, record)]
    return [*found, *_missing(kind, record)] if kind.strict else found


def advise_event(vocabulary: Vocabulary, record: Mapping[str, Any]) -> list[Finding]:
    """What the event's type asks for and this record lacks; nothing for a strict type."""
    kind = vocabulary.type(record.get("type", ""))
    return [] if kind is None or kind.strict else list(_missing(kind, record))


def _people(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [who for who in record.get("participants") or () if isinstance(who, Mapping)]


def _roles(kind: Type, record: Mapping[str, Any]) -> Iterator[Finding]:
    known = (*kind.roles, *(name for name in EVERYWHERE if name not in kind.roles))
    for index, who in enumerate(_people(record)):
        name = who.get("role", EVERYWHERE[0])
        if name not in known:
            words = f"{name} is not a role of {kind.name}{did_you_mean(str(name), known)}"
            yield Finding(f"/participants/{index}/role", "unknown-role", words)
    counts = _counts(record)
    for role in kind.roles.values():
        if role.most is not None and counts[role.name] > role.most:
            words = f"{kind.name} takes at most {role.most} {role.name}, not {counts[role.name]}"
            yield Finding("/participants", "role-number", words)


def _fields(kind: Type, record: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in (record.get("data") or {}).items():
        at = f"/data/{escape(name)}"
        if name not in kind.fields:
            hint = did_you_mean(name, kind.fields)
            yield Finding(at, "unknown-field", f"{name} is not a field of {kind.name}{hint}")
            continue
        for below, words in data_types.check(kind.fields[name], value):
            yield Finding(at + below, "field-value", f"{name} {words}")


def _missing(kind: Type, record: Mapping[str, Any]) -> Iterator[Finding]:
    counts = _counts(record)
    for role in kind.roles.values():
        if counts[role.name] < role.least:
            have = f"here is {counts[role.name]}" if counts[role.name] else "here is none"
            words = f"{kind.name} asks for {role.least} in the role of {role.name}; {have}"
            yield Finding("/participants", "missing-role", words)
    given = record.get("data") or {}
    for field in kind.fields.values():
        if field.required and field.name not in given:
            words = f"{kind.name} asks for {field.name} ({field.label.lower()})"
            yield Finding(f"/data/{field.name}", "missing-field", words)


def _counts(record: Mapping[str, Any]) -> Counter[str]:
    return Counter(str(who.get("role", EVERYWHERE[0])) for who in _people(record))
