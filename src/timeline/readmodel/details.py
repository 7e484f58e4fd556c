"""Everything that is held of one thing, as plain values: behind `show` and its JSON."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from timeline import edtf
from timeline.errors import NotFound
from timeline.fold.claims import flat
from timeline.fold.history import Picture, picture_at
from timeline.readmodel import subject_queries
from timeline.readmodel.asking import number
from timeline.readmodel.claims_then import claims_then
from timeline.readmodel.facets import choose_selection
from timeline.readmodel.library import LAST, Library
from timeline.readmodel.page_queries import SPEAKING
from timeline.readmodel.refs import Ref
from timeline.readmodel.selection import Selection

Facts = dict[str, Any]


def event_picture(
    connection: sqlite3.Connection, ref: Ref, as_of: int | None = None
) -> tuple[Picture, int]:
    """An event as it is, as it was at a position, or as revision N had it; and that position.

    Raises:
        NotFound: it was not known then, or has no such revision.
    """
    first, upto = _span(connection, ref, as_of)
    _refuse_unknown(ref, first, as_of)
    library = Library(connection)
    return picture_at(library.material(ref.id), library, upto), upto


def _span(connection: sqlite3.Connection, ref: Ref, as_of: int | None) -> tuple[int, int]:
    (first,) = connection.execute(
        "SELECT first_position FROM events WHERE id = ?", (ref.id,)
    ).fetchone()
    if ref.revision is not None:
        row = connection.execute(
            "SELECT known_from FROM event_history WHERE id = ? AND revision = ?",
            (ref.id, ref.revision),
        ).fetchone()
        if row is None:
            raise NotFound(
                f"{ref.id} has no revision {ref.revision}", fix=f"timeline show {ref.id} --history"
            )
        return first, row[0]
    if as_of is not None:
        return first, as_of
    (newest,) = connection.execute("SELECT max(position) FROM records").fetchone()
    return first, newest


def event_facts(connection: sqlite3.Connection, picture: Picture, upto: int) -> Facts:
    """An event with its claims, its contested fields and its place in the archive."""
    state, weight = picture.state, picture.weight
    edtf_text = _edtf(state.fields["when"])
    revision, known_from = connection.execute(
        "SELECT revision, known_from FROM event_history WHERE id = ? AND known_from <= ?"
        " ORDER BY known_from DESC LIMIT 1",
        (state.id, upto),
    ).fetchone()
    return {
        "id": state.id,
        **state.fields,
        "date": edtf.sentence(edtf.parse(edtf_text)),
        "edtf": edtf_text,
        "status": state.fields.get("status", "held"),
        "certainty": picture.certainty,
        "disputed": weight.disputed,
        "n_claims": weight.n_claims,
        "n_sources": weight.n_sources,
        "n_roots": len(weight.roots),
        "roots": list(weight.roots),
        "best_reliability": weight.best_reliability,
        "contested": _contested(connection, picture, upto),
        "claims": [_claim(connection, picture, n, upto) for n in range(len(picture.claims))],
        "relations": [
            {"relation": r.relation, "to": r.target, "position": r.position}
            for r in picture.relations
        ],
        "retracted": state.retracted,
        "merged_into": state.merged_into,
        "conflicts": [
            {"position": c.position, "field": c.field, "expected": c.expected, "found": c.found}
            for c in state.conflicts
        ],
        "review": state.review,
        "revision": revision,
        "known_from": known_from,
        "as_of": upto,
        "labels": {e.id: e.label for e in (*picture.entities, *picture.places) if e and e.id},
    }


def _edtf(when: Any) -> str:
    return str(when["edtf"]) if isinstance(when, dict) else str(when)


def _claim(connection: sqlite3.Connection, picture: Picture, n: int, upto: int) -> Facts:
    held = picture.claims[n]
    source = Library(connection).source_state(held.claim["source"], upto)
    facts = Library(connection).source(held.claim["source"], upto)
    return {
        "n": n + 1,
        **held.claim,
        "stance": held.stance,
        "standing": held.standing,
        "position": held.position,
        "source_title": source.label if source else held.claim["source"],
        "url": source.fields.get("url") if source else None,
        "root": facts.root,
        "reliability": facts.reliability,
    }


def _contested(connection: sqlite3.Connection, picture: Picture, upto: int) -> Facts:
    """Contested field -> every standing claim's value with the claim's number and root."""
    library = Library(connection)
    found: Facts = {}
    for row in picture.rows:
        if row.field in picture.weight.contested:
            source = picture.claims[row.claim].claim["source"]
            found.setdefault(row.field, []).append(
                {
                    "claim": row.claim + 1,
                    "value": row.value,
                    "affirms": row.affirms,
                    "source": source,
                    "root": library.source(source, upto).root,
                }
            )
    return found


def blame(connection: sqlite3.Connection, picture: Picture, upto: int) -> Iterator[Facts]:
    """Every field of an event at position `upto` with the record that made it what it was then."""
    event = picture.state.id
    (number, first) = connection.execute(
        "SELECT number, first_position FROM events WHERE id = ?", (event,)
    ).fetchone()
    rows = connection.execute(
        "SELECT field, max(position) FROM event_changes WHERE event = ? AND field <> ''"
        " AND position <= ? GROUP BY field",
        (number, upto),
    )
    last = dict(rows.fetchall())
    for field, value in sorted(flat(picture.state.fields).items()):
        position = last.get(field, first)
        yield {"field": field, "value": value, **_record_line(connection, position)}


def _record_line(connection: sqlite3.Connection, position: int) -> Facts:
    row = connection.execute(
        "SELECT position, kind, recorded_at, recorded_by, json_extract(line, '$.reason') AS reason"
        " FROM records WHERE position = ?",
        (position,),
    ).fetchone()
    return dict(row)


def history(connection: sqlite3.Connection, event: str, upto: int) -> list[Facts]:
    """What each record did to an event, from its first on."""
    rows = connection.execute(
        "SELECT position, recorded_at, recorded_by, what, field, old, new, reason FROM changes"
        " WHERE event = ? AND position <= ? ORDER BY position, field",
        (event, upto),
    )
    return [dict(row) for row in rows]


def stored_lines(
    connection: sqlite3.Connection, ref: Ref, as_of: int | None = None
) -> Iterator[str]:
    """The stored lines that speak of a thing, in log order, up to a position."""
    if ref.kind == "record":
        where = "position = :position"
    elif ref.kind == "batch":
        where = "batch = :id"
    else:
        where = f"position IN ({SPEAKING})"
    rows = connection.execute(
        f"SELECT line FROM records WHERE {where} AND position <= :upto ORDER BY position",
        {"id": ref.id, "subject": ref.id, "position": ref.position, "upto": _upto(as_of)},
    )
    return (row[0] for row in rows)


def _upto(as_of: int | None) -> int:
    return LAST if as_of is None else as_of


def _n_named(connection: sqlite3.Connection, entity: str, as_of: int | None) -> int:
    """How many events that stand name an entity, as somebody or as a place, as of a position."""
    took_part, there = (
        Selection(who=(entity,), as_of=as_of),
        Selection(places=(entity,), as_of=as_of),
    )
    both = replace(took_part, places=there.places)
    totals = [choose_selection(connection, some).total for some in (took_part, there, both)]
    return totals[0] + totals[1] - totals[2]


def subject_facts(connection: sqlite3.Connection, ref: Ref, as_of: int | None) -> Facts:
    """An entity or a source: its fields, whether it stands, the events that name it."""
    library = Library(connection)
    upto = _upto(as_of)
    find = library.source_state if ref.kind == "source" else library.entity_state
    state = find(ref.id, upto)
    if state is None:
        raise NotFound(f"{ref.id} was not known at #{as_of}")
    if ref.kind == "source":
        own = {"root": library.source(ref.id, upto).root}
        n_events = _n_claimed(connection, ref.id, as_of)
    else:
        own = {}
        n_events = _n_named(connection, ref.id, as_of)
    return {
        "id": ref.id,
        "label": state.label,
        **state.fields,
        **own,
        "retracted": state.retracted,
        "merged_into": _merged_into(library, ref, upto),
        "n_events": n_events,
        "first_position": state.first_position,
        "last_position": state.last_position,
    }


def _n_claimed(connection: sqlite3.Connection, source: str, as_of: int | None) -> int:
    """How many events that stand a source speaks of, as of a position."""
    query = subject_queries.source_events(source, as_of)
    if as_of is not None:
        query = claims_then(connection, source, as_of).over(query)
    return number(connection, query)


def _merged_into(library: Library, ref: Ref, upto: int) -> str | None:
    survivor = library.aliases(ref.id, upto).survivor(ref.id)
    return None if survivor == ref.id else survivor


def record_facts(connection: sqlite3.Connection, ref: Ref, as_of: int | None = None) -> Facts:
    """A record of the log: its line, whether it stands, who points at it."""
    row = connection.execute("SELECT * FROM records WHERE position = ?", (ref.position,)).fetchone()
    _refuse_unknown(ref, row["position"], as_of)
    later = connection.execute(
        "SELECT position FROM targets WHERE target = ? AND position <= ? ORDER BY position",
        (ref.position, _upto(as_of)),
    )
    return {
        "position": row["position"],
        "stands": _stands(connection, row, as_of),
        "pointed_at_by": [position for (position,) in later],
        "record": orjson.loads(row["line"]),
    }


def _stands(connection: sqlite3.Connection, row: sqlite3.Row, as_of: int | None) -> bool:
    if as_of is None:
        return bool(row["effective"])
    return bool(Library(connection).standing([row["position"]], as_of))


def batch_facts(connection: sqlite3.Connection, ref: Ref, as_of: int | None = None) -> Facts:
    """A batch: how many records of which kind, when, by whom, whether it was withdrawn."""
    row = connection.execute("SELECT * FROM batches WHERE id = ?", (ref.id,)).fetchone()
    _refuse_unknown(ref, row["first_position"], as_of)
    rows = connection.execute(
        "SELECT kind, position FROM records WHERE batch = ? AND position <= ? ORDER BY kind",
        (ref.id, _upto(as_of)),
    ).fetchall()
    kinds = Counter(kind for kind, _ in rows)
    withdrawals = connection.execute(
        "SELECT position FROM subjects WHERE subject = ?", (f"batch/{ref.id}",)
    )
    withdrawn = Library(connection).standing([p for (p,) in withdrawals], _upto(as_of))
    return {
        **dict(row),
        "last_position": max(position for _, position in rows),
        "n_records": len(rows),
        "withdrawn": bool(withdrawn),
        "kinds": dict(kinds),
    }


def _refuse_unknown(ref: Ref, first: int, as_of: int | None) -> None:
    if as_of is not None and as_of < first:
        raise NotFound(f"{ref.id} was not known at #{as_of}; it came with #{first}")
