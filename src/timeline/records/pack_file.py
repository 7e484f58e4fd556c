"""Turns a pack's document, from YAML or from a `vocabulary` record, into a `Pack`.

Every problem of a document is reported at once, each with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from timeline.errors import Problem, TimelineError
from timeline.records.data_types import TYPES
from timeline.records.kept import kept
from timeline.records.pack_document import Document, escape
from timeline.records.pack_entries import Entries, label_of
from timeline.records.vocabulary import (
    VACANT,
    Field,
    Machine,
    Move,
    Pack,
    Role,
    Type,
    did_you_mean,
)

SHIPPED: Final = ("diplomacy", "court", "company", "incident")
DEFAULT: Final = "diplomacy"

T = TypeVar("T")

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PACK_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_TYPE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,40}")
_PATH = re.compile(r"when|data\.[a-z][a-z0-9_]*|participants\.[a-z][a-z0-9_]*(\|[a-z][a-z0-9_]*)*")


class BadPack(TimelineError):
    """A pack that cannot be used; `problems` has all that is wrong with it."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        count = len(problems)
        super().__init__(f"{path}: {count} problem{'s' if count > 1 else ''} in this pack")
        self.problems = problems


def read_pack(text: str, path: str = "pack.yml") -> Pack:
    """The pack of a YAML text.

    Raises:
        BadPack: with every problem, each with its line.
    """
    return _pack(_document(text, path), path)


def pack_of_record(record: Mapping[str, Any], path: str = "vocabulary") -> Pack:
    """The pack of a `vocabulary` record.

    Raises:
        BadPack: as `read_pack`, or where the record names another pack or version than its text.
    """
    pack = read_pack(text_of_record(record), path)
    if (pack.name, pack.version) != (record.get("pack"), record.get("version")):
        words = f"the text is of {pack.name} version {pack.version}, the record says otherwise"
        raise BadPack(path, [Problem(path, 0, "pack-version", words, "/pack")])
    return pack


def pack_in_force(record: Mapping[str, Any]) -> Pack | None:
    """The pack of a record; None where it cannot be read, so that it has no effect.

    `timeline check` says what is wrong with it.
    """
    try:
        return pack_of_record(record)
    except BadPack:
        return None


def text_of_record(record: Mapping[str, Any]) -> str:
    """The YAML text of a `vocabulary` record; empty where it holds none."""
    lines = record.get("definition", {}).get("yaml", [])
    return "".join(f"{line}\n" for line in lines) if isinstance(lines, list) else ""


def definition(text: str, path: str = "pack.yml") -> dict[str, Any]:
    """What a `vocabulary` record carries of a YAML text: its lines, comments and order included.

    The order of types, choices and moves has a meaning, and the keys of a record are sorted.

    Raises:
        BadPack: where the text is no pack.
    """
    read_pack(text, path)
    return {"yaml": [line.rstrip() for line in text.splitlines()]}


def shipped_text(name: str) -> str:
    """The YAML of a shipped pack, one of `SHIPPED`."""
    return (Path(__file__).parent / "packs" / f"{name}.yml").read_text("utf-8")


@cache
def shipped(name: str) -> Pack:
    """A shipped pack, one of `SHIPPED`. Its YAML is read once a user."""
    path, text = f"{name}.yml", shipped_text(name)
    content = kept(f"pack-{name}", (text.encode(),), lambda: _document(text, path).content)
    return _pack(Document(content, {}), path)


def _document(text: str, path: str) -> Document:
    # PyYAML takes longer to import than the rest of a command that appends; most need no pack anew.
    from timeline.records.pack_yaml import read_yaml

    document, problems = read_yaml(text, path)
    if document is None:
        raise BadPack(path, problems)
    return document


def _pack(document: Document, path: str) -> Pack:
    reader = Entries(document, path)
    known = ("pack", "version", "title", "description", "sources", "topics", "common", "types")
    top = reader.mapping(document.content, "", (*known, "states"))
    types = dict(_types(reader, top.get("types"), _common(reader, top.get("common"))))
    if not types:
        reader.wrong("/types", "a pack needs at least one type")
    pack = Pack(
        name=reader.name(top.get("pack"), "/pack", _PACK_NAME, "a word such as court"),
        version=reader.count(top.get("version"), "/version", least=1) or 1,
        title=reader.text(top.get("title"), "/title", default=label_of(str(top.get("pack")))),
        description=reader.text(top.get("description"), "/description"),
        types=types,
        topics=reader.named(top.get("topics"), "/topics"),
        machines=dict(_machines(reader, top.get("states"), types)),
        sources=reader.named(top.get("sources"), "/sources"),
    )
    _check_codes(reader, pack)
    if reader.problems:
        raise BadPack(path, sorted(reader.problems, key=lambda problem: problem.line))
    return pack


def _check_codes(reader: Entries, pack: Pack) -> None:
    for kind in pack.types.values():
        for scheme in kind.codes:
            if scheme not in pack.sources:
                at = f"/types/{kind.name}/codes/{escape(scheme)}"
                reader.wrong(at, f"{scheme} is not named under sources")


def _common(reader: Entries, value: Any) -> Type:
    """Roles and fields that every type of the pack has besides its own."""
    given = reader.mapping(value, "/common", ("roles", "data"))
    return Type(
        name="common",
        label="Common",
        roles=dict(_roles(reader, given.get("roles"), "/common/roles")),
        fields=dict(_fields(reader, given.get("data"), "/common/data")),
    )


def _types(reader: Entries, value: Any, common: Type) -> Iterator[tuple[str, Type]]:
    for name, entry in reader.mapping(value, "/types").items():
        at = f"/types/{escape(str(name))}"
        reader.name(name, at, _TYPE_NAME, "subject.past-verb, such as meeting.held")
        known = ("label", "description", "strict", "roles", "data", "codes")
        given = reader.mapping(entry, at, known)
        yield (
            str(name),
            Type(
                name=str(name),
                label=reader.text(given.get("label"), f"{at}/label", default=label_of(str(name))),
                description=reader.text(given.get("description"), f"{at}/description"),
                strict=reader.flag(given.get("strict"), f"{at}/strict"),
                roles=_own_first(_roles(reader, given.get("roles"), f"{at}/roles"), common.roles),
                fields=_own_first(_fields(reader, given.get("data"), f"{at}/data"), common.fields),
                codes=reader.named(given.get("codes"), f"{at}/codes"),
            ),
        )


def _own_first(own: Iterator[tuple[str, T]], common: Mapping[str, T]) -> dict[str, T]:
    mine = dict(own)
    return {**mine, **{name: entry for name, entry in common.items() if name not in mine}}


def _roles(reader: Entries, value: Any, at: str) -> Iterator[tuple[str, Role]]:
    for name, entry in reader.mapping(value, at).items():
        here = f"{at}/{escape(str(name))}"
        reader.name(name, here, _WORD, "a word such as host")
        given = reader.mapping(entry, here, ("label", "min", "max", "kinds"))
        role = Role(
            name=str(name),
            label=reader.text(given.get("label"), f"{here}/label", default=label_of(str(name))),
            least=reader.count(given.get("min"), f"{here}/min", least=0) or 0,
            most=reader.count(given.get("max"), f"{here}/max", least=1),
            kinds=reader.words(given.get("kinds"), f"{here}/kinds"),
        )
        if role.most is not None and role.most < role.least:
            reader.wrong(f"{here}/max", f"max {role.most} is less than min {role.least}")
        yield role.name, role


def _fields(reader: Entries, value: Any, at: str) -> Iterator[tuple[str, Field]]:
    for name, entry in reader.mapping(value, at).items():
        here = f"{at}/{escape(str(name))}"
        reader.name(name, here, _WORD, "a word such as purpose")
        yield str(name), _field(reader, str(name), entry, here)


def _field(reader: Entries, name: str, entry: Any, at: str) -> Field:
    known = ("type", "label", "description", "required", "kind", "choices", "of", "min", "max")
    given = reader.mapping({"type": entry} if isinstance(entry, str) else entry, at, known)
    kind = reader.text(given.get("type"), f"{at}/type", default="text")
    if kind not in TYPES:
        hint = did_you_mean(kind, TYPES) or "; one of " + ", ".join(TYPES)
        reader.wrong(f"{at}/type", f"{kind} is not a field type{hint}")
        kind = "text"
    choices = reader.named(given.get("choices"), f"{at}/choices")
    if kind == "choice" and not choices:
        reader.wrong(at, "a choice needs its choices")
    return Field(
        name=name,
        label=reader.text(given.get("label"), f"{at}/label", default=label_of(name)),
        type=kind,
        required=reader.flag(given.get("required"), f"{at}/required"),
        description=reader.text(given.get("description"), f"{at}/description"),
        kind=reader.text(given.get("kind"), f"{at}/kind"),
        choices=choices,
        of=_field(reader, name, given["of"], f"{at}/of") if "of" in given else None,
        least=reader.whole(given.get("min"), f"{at}/min"),
        most=reader.whole(given.get("max"), f"{at}/max"),
    )


def _machines(
    reader: Entries, value: Any, types: Mapping[str, Type]
) -> Iterator[tuple[str, Machine]]:
    for name, entry in reader.mapping(value, "/states").items():
        at = f"/states/{escape(str(name))}"
        reader.name(name, at, _WORD, "a word such as treaty_status")
        yield str(name), _machine(reader, str(name), entry, types, at)


def _machine(reader: Entries, name: str, entry: Any, types: Mapping[str, Type], at: str) -> Machine:
    known = ("label", "key", "value", "effective", "exclusive", "moves", "opens", "closes")
    given = reader.mapping(entry, at, (*known, "all_parties_when", "states", "succession"))
    states = reader.named(given.get("states"), f"{at}/states")
    moves = tuple(_moves(reader, given, types, at))
    value = next(iter(_paths(reader, given.get("value"), f"{at}/value")), "")
    if not moves:
        reader.wrong(at, "a machine needs moves, or opens and closes")
    effective = reader.text(given.get("effective"), f"{at}/effective")
    key = _paths(reader, given.get("key"), f"{at}/key")
    if not key:
        reader.wrong(f"{at}/key", "a machine needs a key: whose state it is")
    return Machine(
        name=name,
        label=reader.text(given.get("label"), f"{at}/label", default=label_of(name)),
        key=key,
        moves=moves,
        value=value,
        effective=tuple(effective.split(" or ")) if effective else ("data.effective", "when"),
        exclusive=reader.flag(given.get("exclusive"), f"{at}/exclusive", default=True),
        all_when=reader.named(given.get("all_parties_when"), f"{at}/all_parties_when"),
        succession=reader.flag(given.get("succession"), f"{at}/succession"),
        states=states or {move.to: label_of(move.to) for move in moves if move.to},
    )


def _paths(reader: Entries, value: Any, at: str) -> tuple[str, ...]:
    paths = reader.words(value, at)
    for path in paths:
        if not _PATH.fullmatch(path):
            reader.wrong(at, f"{path} is not a path; write data.field or participants.role")
    return paths


def _moves(
    reader: Entries, given: Mapping[str, Any], types: Mapping[str, Type], at: str
) -> Iterator[Move]:
    """Moves in their order in the pack; `closes` ranks before `opens` on the same day."""
    listed = [(event, VACANT, f"{at}/closes") for event in _events(reader, given, "closes", at)]
    listed += [(event, "held", f"{at}/opens") for event in _events(reader, given, "opens", at)]
    for event, spec in reader.mapping(given.get("moves"), f"{at}/moves").items():
        here = f"{at}/moves/{escape(str(event))}"
        listed += [(str(event), one, here) for one in (spec if isinstance(spec, list) else [spec])]
    for rank, (event, spec, here) in enumerate(listed):
        if event not in types:
            reader.wrong(here, f"{event} is not a type of this pack{did_you_mean(event, types)}")
        yield _move(reader, event, spec, here, rank)


def _events(reader: Entries, given: Mapping[str, Any], name: str, at: str) -> tuple[str, ...]:
    return reader.words(given.get(name), f"{at}/{name}")


def _move(reader: Entries, event: str, spec: Any, at: str, rank: int) -> Move:
    if spec is None or isinstance(spec, str):
        return Move(event, spec or VACANT, rank=rank)
    given = reader.mapping(spec, at, ("to", "from", "where"))
    if "to" not in given:
        reader.wrong(at, "a move needs `to`: the state that it leads to; null closes")
    return Move(
        event=event,
        to=reader.text(given.get("to"), at, default=VACANT),
        sources=tuple(VACANT if word == "none" else word for word in _sources(reader, given, at)),
        where=reader.named(given.get("where"), f"{at}/where"),
        rank=rank,
    )


def _sources(reader: Entries, given: Mapping[str, Any], at: str) -> tuple[str, ...]:
    return reader.words(given.get("from"), f"{at}/from")
