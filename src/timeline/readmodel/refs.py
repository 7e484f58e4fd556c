"""What a person may call a thing: event id or prefix, alias, source, position, batch, seal."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from timeline.errors import NotFound, UsageRefused
from timeline.records.names import folded

Kind: TypeAlias = Literal["event", "entity", "source", "record", "batch", "seal"]

SHORTEST_PREFIX: Final = 3
_SHOWN: Final = 8
_REVISION = re.compile(r"(.+)@r(\d+)")
_POSITION = re.compile(r"#(\d+)")
_RECORD_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Ref:
    """What a name turned out to mean.

    Attributes:
        id: of the event, entity, source, record, batch or seal.
        revision: the fixed revision that `@r2` asked for; None for the present one.
        position: of a record, in log order.
    """

    kind: Kind
    id: str
    revision: int | None = None
    position: int | None = None


class Ambiguous(UsageRefused):
    """A name that several things answer to; `candidates` are their ids."""

    def __init__(self, text: str, candidates: Collection[str]) -> None:
        self.candidates = tuple(candidates)
        shown = ", ".join(self.candidates[:_SHOWN])
        more = len(self.candidates) - _SHOWN
        rest = f" and {more} more" if more > 0 else ""
        super().__init__(f"{text!r} can be {shown}{rest}", fix=f"write {self.candidates[0]}")


def resolve(connection: sqlite3.Connection, text: str, kinds: tuple[Kind, ...] = ()) -> Ref:
    """The one thing that `text` names.

    Args:
        text: event id or a unique prefix of three letters, `id@r2`, entity or source id or a
            prefix of one, any name or external id of an entity, `#10`, a record's id, `seal/NAME`,
            `batch/ID`, `last` (the newest record).
        kinds: what may be meant; anything when empty.

    Raises:
        Ambiguous: several things answer; the candidates are listed.
        NotFound: nothing does; the nearest ids are named.
    """
    ref = _special(connection, text) or _named(connection, text, kinds)
    if kinds and ref.kind not in kinds:
        raise UsageRefused(f"{text} is a {ref.kind}; here it must be {_either(kinds)}")
    return ref


def record_of_seal(connection: sqlite3.Connection, seal: Ref) -> Ref:
    """The record of a seal, the last that it covers.

    Raises:
        NotFound: no such seal was made.
    """
    row = connection.execute(
        "SELECT id, position FROM records WHERE kind = 'seal' AND CAST(position + 1 AS TEXT) = ?",
        (seal.id,),
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no seal/{seal.id}", fix="timeline log --kind seal")
    return Ref("record", row[0], position=row[1])


def entity_ids(connection: sqlite3.Connection, name: str) -> list[str]:
    """Entities that answer to a name or an external id, survivors only, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT coalesce(e.merged_into, e.id) FROM names n"
        " JOIN entities e ON e.id = n.entity WHERE n.folded = :folded AND e.retracted = 0",
        {"folded": folded(name)},
    ).fetchall()
    if not rows and ":" in name:
        scheme, _, value = name.partition(":")
        rows = connection.execute(
            "SELECT id FROM entities WHERE retracted = 0"
            " AND json_extract(external_ids, '$.\"' || :scheme || '\"') = :value",
            {"scheme": scheme, "value": value},
        ).fetchall()
    return sorted(row[0] for row in rows)


def _special(connection: sqlite3.Connection, text: str) -> Ref | None:
    if text == "last":
        return _record(connection, "ORDER BY position DESC LIMIT 1", (), text)
    if match := _POSITION.fullmatch(text):
        return _record(connection, "WHERE position = ?", (int(match[1]),), text)
    if _RECORD_ID.fullmatch(text):
        return _record(connection, "WHERE id = ? ORDER BY position LIMIT 1", (text,), text)
    if text.startswith("batch/"):
        return _batch(connection, text.removeprefix("batch/"))
    if text.startswith("seal/"):
        return Ref("seal", text.removeprefix("seal/"))
    return None


def _record(
    connection: sqlite3.Connection, where: str, values: tuple[object, ...], text: str
) -> Ref:
    row = connection.execute(f"SELECT id, position FROM records {where}", values).fetchone()
    if row is None:
        raise NotFound(f"{text}: the log has no such record", fix="timeline log")
    return Ref("record", row[0], position=row[1])


def _batch(connection: sqlite3.Connection, name: str) -> Ref:
    rows = connection.execute("SELECT id FROM batches ORDER BY last_position DESC").fetchall()
    known = [row[0] for row in rows]
    found = [name] if name in known else [batch for batch in known if batch.startswith(name)]
    if len(found) > 1:
        raise Ambiguous(f"batch/{name}", [f"batch/{batch}" for batch in found])
    if not found:
        raise _unknown(f"batch/{name}", [f"batch/{batch}" for batch in known])
    return Ref("batch", found[0])


def _named(connection: sqlite3.Connection, text: str, kinds: tuple[Kind, ...]) -> Ref:
    name, revision = text, None
    if match := _REVISION.fullmatch(text):
        name, revision = match[1], int(match[2])
    exact = _exact(connection, name)
    if exact is not None:
        return Ref(exact, name, revision)
    candidates = [ref for ref in _prefixed(connection, name) if not kinds or ref.kind in kinds]
    if not candidates and (not kinds or "entity" in kinds):
        candidates = [Ref("entity", entity) for entity in entity_ids(connection, name)]
    if len(candidates) > 1:
        raise Ambiguous(name, [ref.id for ref in candidates])
    if not candidates:
        raise _unknown(name, _near(connection, name))
    return Ref(candidates[0].kind, candidates[0].id, revision)


def _exact(connection: sqlite3.Connection, name: str) -> Kind | None:
    tables: tuple[tuple[Kind, str], ...] = (
        ("event", "events"),
        ("source", "sources"),
        ("entity", "entities"),
    )
    for kind, table in tables:
        if connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (name,)).fetchone():
            return kind
    return None


def _prefixed(connection: sqlite3.Connection, prefix: str) -> list[Ref]:
    if len(prefix) < SHORTEST_PREFIX:
        return []
    last = f"{prefix}\U0010ffff"
    rows = connection.execute(
        "SELECT 'event' AS kind, id FROM events WHERE id BETWEEN :prefix AND :last"
        " UNION ALL SELECT 'source', id FROM sources WHERE id BETWEEN :prefix AND :last"
        " UNION ALL SELECT 'entity', id FROM entities WHERE id BETWEEN :prefix AND :last"
        " ORDER BY id LIMIT 100",
        {"prefix": prefix, "last": last},
    )
    return [Ref(kind, name) for kind, name in rows]


def _near(connection: sqlite3.Connection, name: str) -> list[str]:
    """Ids that may have been meant: those that open alike, or hold the same words."""
    head = f"{name[:SHORTEST_PREFIX]}%" if ":" not in name else f"{name.partition(':')[0]}:%"
    rows = connection.execute(
        "SELECT id FROM (SELECT id FROM events WHERE id LIKE :head LIMIT 2000)"
        " UNION SELECT id FROM (SELECT id FROM entities WHERE id LIKE :head LIMIT 2000)"
        " UNION SELECT id FROM (SELECT id FROM sources WHERE id LIKE :head LIMIT 2000)",
        {"head": head},
    )
    return [row[0] for row in rows]


def _unknown(text: str, known: Iterable[str]) -> NotFound:
    from difflib import get_close_matches

    near = get_close_matches(text, list(known), n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    fix = near[0] if near else _listing(text)
    return NotFound(f"nothing here is called {text!r}{hint}", fix=fix)


def _listing(text: str) -> str:
    """The command that lists what a name of this form could mean."""
    if text.startswith("batch/"):
        return "timeline log"
    if text.startswith("src:"):
        return "timeline source list"
    return "timeline entity list" if ":" in text else f"timeline find {text!r}"


def _either(kinds: tuple[Kind, ...]) -> str:
    return " or ".join(f"an {kind}" if kind[0] in "ae" else f"a {kind}" for kind in kinds)
