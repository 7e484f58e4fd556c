"""The value of a field as a person types it, read into the shape that a record has."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from timeline import edtf
from timeline.errors import TimelineError
from timeline.readmodel.name_index import resolve_name
from timeline.records import data_types
from timeline.records.names import Resolution
from timeline.records.scales import CREDIBILITY_OF
from timeline.records.vocabulary import Vocabulary, did_you_mean, nearest

ALIASES: Final = {
    "date": "when",
    "day": "when",
    "place": "where",
    "who": "participants",
    "participant": "participants",
    "topic": "topics",
    "tag": "tags",
    "lang": "language",
}
FIELDS: Final = (
    "type", "title", "summary", "when", "where", "participants", "topics", "status", "language",
    "tags",
)  # fmt: skip
"""Fields of an event that are typed by their own name; those of its type by theirs, or data.X."""

LISTS: Final = frozenset({"where", "participants", "topics", "tags"})
KINDS: Final = (
    "person", "organization", "state", "treaty", "place", "office", "topic", "mission", "case",
)  # fmt: skip
"""Kinds of entity that are always understood; others once the archive has one of them."""

_ENTITY = re.compile(r"([a-z][a-z0-9_]*):([a-z0-9][a-z0-9_-]*)")
_DAY_OR_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-][0-9]{4}")
_ASSIGNMENT = re.compile(r"([a-z_][a-z0-9_.-]*)=(.*)", re.DOTALL)


class BadValue(TimelineError):
    """A value that its field cannot hold."""

    exit_code = 2


class UnknownType(BadValue):
    """A field cannot be read because its event's type is not known."""


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values against one archive.

    Attributes:
        order: how to read 05/12/2024; None refuses it.
        on: Julian Day Number on which names must have held; None where no day is known.
        shipped: ids of shipped states and places that were used and are not in the archive.
    """

    connection: sqlite3.Connection
    vocabulary: Vocabulary
    today: date
    order: Literal["dmy", "mdy"] | None = None
    on: int | None = None
    shipped: list[str] = field(default_factory=list)

    def of_field(self, name: str, text: str, type_name: str) -> tuple[str, Any]:
        """A field of an event: its JSON Pointer and its value.

        Raises:
            BadValue: the field does not exist or cannot hold the text.
        """
        name = ALIASES.get(name, name)
        if name.startswith("external_ids."):
            return f"/external_ids/{name.partition('.')[2]}", text
        if name in FIELDS:
            return f"/{name}", self._own(name, text)
        return self._data(name.removeprefix("data."), text, type_name)

    def when(self, text: str) -> Any:
        """A date: EDTF as it is, anything else with what was typed beside it."""
        try:
            dates = edtf.read(text, today=self.today, order=self.order)
        except edtf.BadDate as error:
            both = self.order is None and _DAY_OR_MONTH.fullmatch(text.strip())
            fix = error.fix or ("--dates dmy or --dates mdy" if both else "")
            raise BadValue(error.message, fix=fix) from None
        written = text.strip()
        return written if dates.edtf == written else {"edtf": dates.edtf, "original": written}

    def participant(self, text: str) -> dict[str, Any]:
        """`person:jane-doe`, `Jane Doe`, each with `:role` behind it."""
        match = re.fullmatch(r"(.+?)(?::([a-z][a-z0-9_-]*))?", text.strip(), re.DOTALL)
        assert match is not None
        who, role = match[1].strip(), match[2]
        if role and self._is_kind(who):
            who, role = f"{who}:{role}", None
        found = self.entity(who)
        person: dict[str, Any] = {"entity": found} if found else {"name": who}
        return {**person, "role": role} if role else person

    def place(self, text: str) -> dict[str, Any]:
        """An entity of kind place or state, or the name as it is."""
        found = self.entity(text.strip(), kinds=("place", "state"))
        return {"place": found} if found else {"name": text.strip()}

    def entity(self, text: str, kinds: Sequence[str] = ()) -> str | None:
        """The entity that a name or an id means; None for a name that nobody answers to.

        Raises:
            BadValue: an id that is not here, a name that several answer to, or that nobody had
                on the day.
        """
        for kind in kinds or (None,):
            found = resolve_name(self.connection, text, kind=kind, on=self.on)
            if found.entity is not None:
                self._note_shipped(found.entity)
                return found.entity
            if found.candidates:
                raise _undecided(found)
        if _ENTITY.fullmatch(text):
            raise self._unknown_entity(text)
        return None

    def _note_shipped(self, entity: str) -> None:
        """A state or place that ships is recorded in the log before the log speaks of it."""
        if not self.has_entity(entity):
            self.shipped.append(entity)

    def has_entity(self, entity: str) -> bool:
        """Whether the archive holds a record of it."""
        row = self.connection.execute("SELECT 1 FROM entities WHERE id = ?", (entity,)).fetchone()
        return row is not None

    def _own(self, name: str, text: str) -> Any:
        if text[:1] in {"{", "["} and name in {"when", *LISTS}:
            return _json(name, text)
        match name:
            case "when":
                return self.when(text)
            case "where":
                return [self.place(item) for item in items(text)]
            case "participants":
                return [self.participant(item) for item in items(text)]
            case "topics" | "tags":
                return [item.lower().replace(" ", "-") for item in items(text)]
            case "type":
                return self.type(text)
            case _:
                return text

    def type(self, text: str) -> str:
        """An event type that the vocabulary has.

        Raises:
            BadValue: it has none of that name.
        """
        if self.vocabulary.type(text) is None:
            hint = did_you_mean(text, self.vocabulary.types())
            near = nearest(text, self.vocabulary.types(), count=1)
            fix = f"type={near[0]}" if near else "timeline types"
            raise BadValue(f"{text!r} is not a known type{hint}", fix=fix)
        return text

    def _data(self, name: str, text: str, type_name: str) -> tuple[str, Any]:
        kind = self.vocabulary.type(type_name)
        if kind is None:
            raise UnknownType(f"{type_name!r} is not a known type", fix="timeline types")
        field = kind.fields.get(name)
        if field is None:
            hint = did_you_mean(name, [*FIELDS, *kind.fields])
            raise BadValue(
                f"{name!r} is no field of {type_name}{hint}", fix=f"timeline types {type_name}"
            )
        if text[:1] in {"{", "["}:
            return f"/data/{name}", _json(name, text)
        try:
            return f"/data/{name}", data_types.read(field, text)
        except ValueError as error:
            raise BadValue(f"{name}: {error}") from None

    def _is_kind(self, word: str) -> bool:
        """Whether `word:x` is an entity's id rather than somebody in the role x."""
        if word in KINDS:
            return True
        row = self.connection.execute("SELECT 1 FROM entities WHERE kind = ? LIMIT 1", (word,))
        return row.fetchone() is not None

    def _unknown_entity(self, text: str) -> BadValue:
        rows = self.connection.execute(
            "SELECT id FROM entities WHERE kind = ? LIMIT 5000", (_kind(text),)
        )
        hint = did_you_mean(text, [row[0] for row in rows])
        return BadValue(
            f"there is no entity {text}{hint}", fix=f"timeline entity add {text} 'Its name'"
        )


def _undecided(found: Resolution) -> BadValue:
    several = found.outcome == "several"
    words = "can be" if several else "was nobody's name on that day; perhaps"
    who = ", ".join(f"{one.id} ({one.described()})" for one in found.candidates[:6])
    return BadValue(
        f"{found.text!r} {words} {who}", fix=found.candidates[-1 if not several else 0].id
    )


def credibility(word: str) -> int:
    """The Admiralty number of a word of certainty, or of the number itself.

    Raises:
        BadValue: it is neither.
    """
    if word in CREDIBILITY_OF:
        return CREDIBILITY_OF[word]
    if word in {"1", "2", "3", "4", "5", "6"}:
        return int(word)
    hint = did_you_mean(word, CREDIBILITY_OF)
    raise BadValue(
        f"{word!r} is no certainty; there are {', '.join(CREDIBILITY_OF)}{hint}",
        fix="timeline help certainty",
    )


def assignment(word: str) -> tuple[str, str] | None:
    """FIELD and VALUE of `FIELD=VALUE`; None where the word is none."""
    match = _ASSIGNMENT.fullmatch(word)
    return (match[1], match[2]) if match else None


def items(text: str) -> list[str]:
    """The items of a list typed with semicolons."""
    return [item.strip() for item in text.split(";") if item.strip()]


def shown(value: Any) -> str:
    """A value as it would be typed again; the inverse of `Values.of_field` where there is one."""
    import orjson

    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(_typable(item) for item in value):
        return "; ".join(_item(item) for item in value)
    if isinstance(value, Mapping) and set(value) == {"edtf", "original"}:
        return str(value["original"])
    if isinstance(value, Mapping) and (measured := _measured(value)):
        return measured
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _measured(value: Mapping[str, Any]) -> str:
    """Money or a quantity as it is typed, `12.50 EUR` or `3..4..6 km`; "" where it is neither."""
    if set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    bounds = [name for name in ("low", "best", "high") if name in value]
    if bounds not in (["best"], ["low", "high"], ["low", "best", "high"]):
        return ""
    if set(value) - {*bounds, "unit"}:
        return ""
    figures = "..".join(str(value[name]) for name in bounds)
    return f"{figures} {value['unit']}" if "unit" in value else figures


def _typable(item: Any) -> bool:
    if isinstance(item, str):
        return True
    keys = set(item) if isinstance(item, Mapping) else set()
    return keys in ({"entity"}, {"name"}, {"entity", "role"}, {"name", "role"}, {"place"})


def _item(item: Any) -> str:
    if isinstance(item, str):
        return item
    who = item.get("entity") or item.get("place") or item.get("name")
    return f"{who}:{item['role']}" if "role" in item else str(who)


def _json(name: str, text: str) -> Any:
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadValue(f"{name}: not JSON: {error.msg} at column {error.colno}") from None


def _kind(entity: str) -> str:
    return entity.partition(":")[0]
