"""Persons of the Office of the Historian: the source's id of each, ours, and the names."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from timeline.errors import Problem
from timeline.importers.trees import text, trees
from timeline.records.draft import Draft
from timeline.records.slugs import slug

_TABLES: Final = ("travellers", "officers")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an id in the source.

    Attributes:
        who: the source's id.
        entity: our id, the same in every importer of this publisher.
        title: the name for titles of events.
        names: all names, that one first.
        valid: birth and death as EDTF; empty where neither is known.
    """

    who: str
    entity: str
    title: str
    names: tuple[str, ...]
    valid: str = ""

    def draft(self) -> Draft:
        """The entity record."""
        body: dict[str, Any] = {
            "kind": "entity",
            "entity": self.entity,
            "names": [{"text": name} for name in self.names],
            "external_ids": {"historyatstate": self.who},
        }
        if self.valid:
            body["valid"] = self.valid
        return Draft(body, key=f"entity:{self.entity}")


@dataclass(frozen=True, slots=True)
class Register:
    """Persons by the source's ids, former ids too."""

    people: dict[str, Person]

    def find(self, who: str) -> Person:
        """The person of an id; one made of the words of the id where no file describes him."""
        return self.people.get(who) or _person(who, _words(who), (), "")


def register(source: Path) -> Register:
    """The persons of `people.tar.gz` in a folder; nobody where the source has none."""
    archive = source / "people.tar.gz"
    if not archive.is_file():
        return Register({})
    people: dict[str, Person] = {}
    former: dict[str, Person] = {}
    for _, root in trees(archive, lambda name: name.startswith("people/")):
        if isinstance(root, Problem):
            continue
        person = _described(root)
        people[person.who] = person
        former.update(dict.fromkeys(_old_ids(root), person))
    return Register({**former, **people})


def listed(who: str) -> Person | None:
    """The person of an id that is among the tables of this package, without any file."""
    return _person(who, _words(who), (), "") if who in _table() else None


def _described(root: ET.Element) -> Person:
    name = root.find("persName")
    parts = [text(root.find(f"persName/{tag}")) for tag in ("forename", "surname")]
    others = [text(one) for one in name.findall("altname")] if name is not None else []
    life = [text(root.find(tag)) for tag in ("birth", "death")]
    return _person(text(root.find("id")), " ".join(filter(None, parts)), others, _life(*life))


def _person(who: str, name: str, others: Any, valid: str) -> Person:
    known = _table().get(who)
    if known is None:
        names = dict.fromkeys([name, *others])
        return Person(who, f"person:{slug(name)}", name, tuple(names), valid)
    names = dict.fromkeys([known["title"], *filter(None, known["names"].split(";")), name, *others])
    return Person(who, known["entity"], known["title"], tuple(names), valid)


def _life(birth: str, death: str) -> str:
    """Years of birth and death; a missing one is unknown, the source does not tell the living."""
    born, died = (year if _YEAR.fullmatch(year) else "" for year in (birth, death))
    if born and died and died < born:
        return ""
    return f"{born}/{died}" if born else (f"/{died}" if died else "")


def _old_ids(root: ET.Element) -> Iterator[str]:
    for one in root.findall("old-ids/*"):
        yield text(one)


def _words(who: str) -> str:
    family, _, given = who.partition("-")
    return f"{given} {family}".strip().replace("-", " ").title()


@cache
def _table() -> dict[str, dict[str, str]]:
    home = resources.files("timeline.importers").joinpath("tables")
    return {
        row["who"]: row
        for name in _TABLES
        for row in csv.DictReader(home.joinpath(f"{name}.csv").read_text("utf-8").splitlines())
    }
