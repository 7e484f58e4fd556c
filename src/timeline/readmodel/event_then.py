"""The rows of one event as they were at a position.

The tables hold what is known now. An event's page asks the same questions of both times: for one
that is past, rows folded from the records stand in the tables' place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from timeline.fold.history import Picture, picture_at
from timeline.readmodel.asking import Row, named, row, rows
from timeline.readmodel.library import Library
from timeline.readmodel.page_queries import event_at, once_related_to
from timeline.readmodel.subjects_then import entity_then, source_then
from timeline.readmodel.tables.events import LINKED, relation_rows

Tables = Mapping[str, Sequence[Row]]
"""Table -> the rows that it had, as far as they matter to what is asked."""


def event_then(connection: sqlite3.Connection, event: str, upto: int) -> Tables:
    """What hung on an event when the log ended with `upto`, inclusive, and what that names.

    Returns:
        its rows of `claims`, `claim_fields`, `participants`, `event_places` and `event_topics`;
        `relations` from it and to it, with the `events` at their other ends; the `sources` and
        `entities` that all these name.

    Raises:
        LookupError: it had no record then.
    """
    then = _Then(connection, upto)
    picture = then.picture(event)
    number = then.event(event)["number"]
    made = {table: named(connection, table, of(number, picture)) for table, of in LINKED}
    inward = [*then.relations_to(event)]
    ends = {relation.target for relation in picture.relations} | {
        other["id"] for other, _ in inward
    }
    made["relations"] += [relation for _, relation in inward]
    made["events"] = [found for end in sorted(ends) if (found := then.known_event(end))]
    made["sources"] = then.sources(held.claim["source"] for held in picture.claims)
    made["entities"] = then.entities(_named_in(made["participants"], made["event_places"]))
    return made


def _named_in(participants: Iterable[Row], places: Iterable[Row]) -> Iterator[str | None]:
    for participant in participants:
        yield from (participant[column] for column in ("entity", "office", "represents"))
    yield from (place["place"] for place in places)


class _Then:
    """An archive that ends with a position, inclusive."""

    def __init__(self, connection: sqlite3.Connection, upto: int) -> None:
        self._connection = connection
        self._upto = upto
        self._library = Library(connection)

    def picture(self, event: str) -> Picture:
        return picture_at(self._library.material(event), self._library, self._upto)

    def known_event(self, event: str) -> Row | None:
        return row(self._connection, event_at(event, self._upto, None))

    def event(self, event: str) -> Row:
        found = self.known_event(event)
        if found is None:
            raise LookupError(f"{event} has no record up to {self._upto}")
        return found

    def relations_to(self, event: str) -> Iterator[tuple[Row, Row]]:
        """Rows of other events that relate to this one, and of `relations`."""
        for found in rows(self._connection, once_related_to(event)):
            other = self.known_event(found["id"])
            if other is not None and other["id"] != event:
                held = relation_rows(other["number"], self.picture(other["id"]))
                for relation in named(self._connection, "relations", held):
                    if relation["target"] == event:
                        yield other, relation

    def sources(self, names: Iterable[str]) -> list[Row]:
        """Rows of the sources and of their roots."""
        wanted = set(names)
        wanted |= {self._library.source(name, self._upto).root for name in wanted}
        found = (source_then(self._connection, name, self._upto) for name in sorted(wanted))
        return [source for source in found if source is not None]

    def entities(self, names: Iterable[str | None]) -> list[Row]:
        wanted = sorted({name for name in names if name})
        found = (entity_then(self._connection, name, self._upto) for name in wanted)
        return [entity for entity in found if entity is not None]
