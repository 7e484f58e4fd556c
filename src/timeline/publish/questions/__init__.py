"""The questions that the archive answers, each one SQL file with its words and its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

_HEADER = re.compile(r"-- (title|description|param): (.*)")


@dataclass(frozen=True, slots=True)
class Question:
    """One canned query.

    Attributes:
        number: of the question in the design's list.
        name: of the query in addresses.
        parameters: name -> what it is when left empty.
    """

    number: int
    name: str
    title: str
    description: str
    parameters: dict[str, str]
    sql: str


def questions() -> Iterator[Question]:
    """Every question, by number."""
    folder = files("timeline.publish.questions")
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql")):
        yield _question(name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8"))


def question(name: str) -> Question:
    """The question of that name."""
    return next(found for found in questions() if found.name == name)


def _question(name: str, text: str) -> Question:
    number, _, slug = name.partition("-")
    words: dict[str, str] = {}
    parameters: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (match := _HEADER.match(lines[0])):
        if match[1] == "param":
            key, _, default = match[2].partition("=")
            parameters[key.strip()] = default.strip()
        else:
            words[match[1]] = match[2]
        lines.pop(0)
    return Question(
        int(number), slug, words["title"], words["description"], parameters, "\n".join(lines)
    )
