"""Facts of sources and entities as the newest record leaves them, each looked up once.

For the rows of new events: while they come in, nothing but a record of the source or entity
itself changes its facts; everything else waits until all lines are there.
"""

from __future__ import annotations

from collections.abc import Sequence

from timeline.fold.claims import SourceFacts
from timeline.fold.history import EntityFacts
from timeline.readmodel.library import Library


class Newest:
    """`Surroundings` of new events; `upto` is the newest position at every call."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sources: dict[str, SourceFacts] = {}
        self._entities: dict[str, EntityFacts] = {}
        self._merged = False

    def source(self, source: str, upto: int) -> SourceFacts:
        """See `Surroundings`."""
        facts = self._sources.get(source)
        if facts is None:
            facts = self._sources[source] = self._library.source(source, upto)
        return facts

    def entity(self, entity: str, upto: int) -> EntityFacts:
        """See `Surroundings`."""
        facts = self._entities.get(entity)
        if facts is None:
            facts = self._entities[entity] = self._library.entity(entity, upto)
            self._merged = self._merged or facts.id != entity
        return facts

    def changed(self, subject: str) -> Sequence[int]:
        """See `Surroundings`."""
        return self._library.changed(subject)

    def forget(self, subject: str) -> None:
        """A record of this source or entity has come in."""
        self._library.forget_subject(subject)
        if subject.startswith("src:"):
            self._sources.clear()  # others may copy it
        elif self._merged:
            self._entities.clear()
        else:
            self._entities.pop(subject, None)
