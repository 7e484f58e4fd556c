"""Profiles: YAML that maps the columns and cells of one known table onto our fields.

What the keys mean, and which wins, stands at the top of `profiles/osce-arms-control.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from timeline.errors import NotFound, Problem, TimelineError
from timeline.records.pack_yaml import read_yaml
from timeline.records.vocabulary import did_you_mean

EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
SHIPPED: Final = ("osce-arms-control", "seed-claims")


class BadProfile(TimelineError):
    """A profile that cannot be used; `problems` has all that is wrong with it."""

    def __init__(self, path: str, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems) or path)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one table maps onto events, sources and entities.

    Attributes:
        name: of the profile; part of the record ids where rows have ids of their own.
        format: key of IMPORTERS.
        separator: between the values of a cell that holds several.
        columns: column -> field.
        ignore: columns left out on purpose.
        set: field -> value for every row.
        values: column -> cell -> fields to set.
        extract: column, an ignored one too -> list of {pattern, set: field -> text}; `{name}` in
            the text is the pattern's group of that name. What is not found sets nothing.
        types: cell of the type column -> {type, status, role, data}; `role` is that of every
            participant.
        participants: name in a cell -> {entity, for, role}; a role here overrides the type's.
        names: field -> name in a cell -> id.
        sources: beginning of an address, or a publisher -> fields of the source record.
        roots: id -> fields of the source record of a root that `sources` names.
        entities: id -> fields of an entity record (label of the record: `names`).
        rows: title -> fields of that row alone: the keys of `types`, `participants` as above, and
            `event` (its id), or `about` (the event whose claim this row is) with `speaks` (the
            fields in which it differs).
    """

    name: str = ""
    format: str = "csv"
    separator: str = ";"
    columns: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    ignore: Sequence[str] = ()
    set: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    values: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=lambda: EMPTY)
    extract: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=lambda: EMPTY)
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: EMPTY)
    participants: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)
    roots: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)
    entities: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: EMPTY)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: EMPTY)


NO_PROFILE: Final = Profile()


def shipped_profile(name: str) -> Profile:
    """A profile of the package.

    Raises:
        NotFound: when none has that name.
    """
    if name not in SHIPPED:
        raise NotFound(f"{name} is no profile{did_you_mean(name, SHIPPED)}")
    file = resources.files("timeline.importers").joinpath("profiles", f"{name}.yml")
    return read_profile(file.read_text(encoding="utf-8"), name)


def load_profile(name: str, folder: Path) -> Profile:
    """The profile saved in `folder` under that name, else the one that ships."""
    path = folder / f"{name}.yml"
    if path.is_file():
        return read_profile(path.read_text(encoding="utf-8"), name, path=str(path))
    return shipped_profile(name)


def read_profile(text: str, name: str, *, path: str = "") -> Profile:
    """The profile of a YAML text.

    Raises:
        BadProfile: with every problem.
    """
    path = path or f"{name}.yml"
    document, problems = read_yaml(text, path)
    if document is None:
        raise BadProfile(path, problems)
    content = document.content
    if not isinstance(content, Mapping):
        raise BadProfile(path, [Problem(path, 1, "profile", "a profile is a mapping of keys")])
    known = {one.name: one for one in fields(Profile) if one.name != "name"}
    wrong = [
        Problem(path, document.line(f"/{key}"), "profile", told)
        for key, value in content.items()
        if (told := _fault(key, value, known))
    ]
    if wrong:
        raise BadProfile(path, wrong)
    return Profile(name=name, **content)


def _fault(key: str, value: Any, known: Mapping[str, Any]) -> str:
    if key not in known:
        return f"{key} is not a key of a profile{did_you_mean(key, known)}"
    if key in {"format", "separator"}:
        return "" if isinstance(value, str) else f"{key} is one text"
    if key == "ignore":
        return "" if isinstance(value, list) else "ignore is a list of columns"
    return "" if isinstance(value, Mapping) else f"{key} is a mapping"
