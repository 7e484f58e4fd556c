"""The claims of one source as they were at a position.

`claims` holds those of now. Most have not changed since: more came, or fields of the event were
corrected. Only events at whose claims something was done are folded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from timeline.fold.history import picture_at
from timeline.readmodel.asking import Row, columns, named, rows
from timeline.readmodel.library import Library
from timeline.readmodel.selection import Query
from timeline.readmodel.tables.events import claim_rows

_REWORKED: Final = (
    "SELECT number, id, first_position FROM events WHERE number IN ("
    "SELECT event FROM former_claims WHERE source = :source"
    " UNION SELECT c.event FROM claims c WHERE c.source = :source AND ("
    "EXISTS (SELECT 1 FROM targets t WHERE t.target = c.position) OR EXISTS ("
    "SELECT 1 FROM event_changes h WHERE h.event = c.event AND h.position > :upto"
    " AND h.what NOT IN ('claimed', 'related') AND (h.what <> 'corrected' OR EXISTS ("
    "SELECT 1 FROM records r WHERE r.position = h.position AND r.line LIKE '%\"/claim%')))))"
)
"""Events that have a claim of the source, or had one, at whose claims something was done since;
retracted ones among them, whenever that was.
"""

_IN_MERGES: Final = (
    "SELECT DISTINCT e.number, e.id, e.first_position"
    " FROM records m JOIN subjects s ON s.position = m.position JOIN events e ON e.id = s.subject"
    " WHERE m.kind <> 'event' AND m.kind = 'merge' AND EXISTS"
    " (SELECT 1 FROM claims c WHERE c.source = :source AND c.event = e.number)"
)
_TOUCHED: Final = (
    "SELECT 1 FROM events WHERE id IN (SELECT value FROM json_each(:ids)) AND last_position > :upto"
)

_LONGEST: Final = 150_000


@dataclass(frozen=True, slots=True)
class ClaimsThen:
    """What stands in the place of `claims` in queries that ask for one source."""

    sql: str
    parameters: Mapping[str, Any]

    def over(self, query: Query) -> Query:
        """The query, asked of the claims of then."""
        sql = f"WITH claims AS ({self.sql}) {query.sql}"
        return Query(sql, {**query.parameters, **self.parameters})


def claims_then(connection: sqlite3.Connection, source: str, upto: int) -> ClaimsThen:
    """The claims of a source when the log ended with `upto`, inclusive."""
    library = Library(connection)
    reworked = {event["number"]: event for event in _reworked(connection, library, source, upto)}
    then = [
        claim
        for event in reworked.values()
        if event["first_position"] <= upto
        for claim in _claims(connection, library, event, upto)
        if claim["source"] == source
    ]
    values = ", ".join(f"json_extract(value, '$.{c}')" for c in columns(connection, "claims"))
    parameters = {f"some_{n}": text for n, text in enumerate(_texts(then))}
    parts = [
        "SELECT * FROM main.claims WHERE source = :source AND position <= :upto"
        " AND event NOT IN (SELECT value FROM json_each(:reworked))",
        *(f"SELECT {values} FROM json_each(:{name})" for name in parameters),
    ]
    sql = " UNION ALL ".join(parts)
    own = {"source": source, "upto": upto, "reworked": orjson.dumps([*reworked]).decode()}
    return ClaimsThen(sql, {**parameters, **own})


def _texts(claims: Iterable[Row]) -> Iterator[str]:
    """JSON arrays of the claims, each short enough for one value of a server."""
    some: list[bytes] = []
    for claim in map(orjson.dumps, claims):
        if some and sum(map(len, some)) + len(claim) > _LONGEST:
            yield f"[{b','.join(some).decode()}]"
            some = []
        some.append(claim)
    if some:
        yield f"[{b','.join(some).decode()}]"


def _reworked(
    connection: sqlite3.Connection, library: Library, source: str, upto: int
) -> Iterator[Row]:
    yield from rows(connection, Query(_REWORKED, {"source": source, "upto": upto}))
    # A record about one event of a family changes the claims of another.
    for event in rows(connection, Query(_IN_MERGES, {"source": source})):
        family = orjson.dumps(library.family(event["id"])).decode()
        if rows(connection, Query(_TOUCHED, {"ids": family, "upto": upto})):
            yield event


def _claims(connection: sqlite3.Connection, library: Library, event: Row, upto: int) -> list[Row]:
    picture = picture_at(library.material(event["id"]), library, upto)
    return named(connection, "claims", claim_rows(event["number"], picture))
