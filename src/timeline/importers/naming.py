"""Finds the entity of a name in outside data: by rule and date, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

from timeline.errors import TimelineError
from timeline.records.gazetteer import shipped_entities
from timeline.records.names import NameIndex, entity_of_record, resolve

Resolve: TypeAlias = Callable[[str, str, int | None, str], str | None]
"""(name, kind of entity or "", Julian Day Number or None, id of the state where a place lies or "")
-> entity id, or None to keep the text.

Raises a TimelineError that lists the candidates where two entities answer to the name.
"""


class AmbiguousName(TimelineError):
    """A name that several entities answer to."""


@cache
def shipped_names() -> Resolve:
    """Knows the states and places that ship with the package."""
    return resolver(NameIndex.of(shipped_entities()))


def archive_names(entities: Iterable[Mapping[str, Any]]) -> Resolve:
    """Knows those and the entities of an archive, given as their records in log order."""
    known = [entity_of_record(record) for record in entities]
    return resolver(NameIndex.of([*shipped_entities(), *known]))


def resolver(index: NameIndex) -> Resolve:
    """Looks names up in an index; a name that nobody had on the day stays text."""

    @lru_cache(maxsize=65_536)
    def find(name: str, kind: str, day: int | None, country: str) -> str | None:
        found = resolve(name, kind=kind or None, on=day, index=index, country=country)
        if found.outcome == "several":
            raise AmbiguousName(
                f"{name} can be {' or '.join(one.id for one in found.candidates)}",
                fix=f"write one of: {'; '.join(found.options)}",
            )
        return found.entity

    return find
