"""Files that the server makes: selections and events in every format, the feed of changes."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from timeline.archive import Archive
from timeline.errors import TimelineError
from timeline.exporters import atom_feed, exporter, icalendar_feed
from timeline.exporters.rows import Rows
from timeline.log.proofs import inclusion_text, prove_inclusion
from timeline.publish.choice import choice_of
from timeline.publish.citing import Citation, cite
from timeline.publish.pages.changes import with_changes
from timeline.publish.site import Ask
from timeline.publish.words import CHANGED, field_label, told_json
from timeline.readmodel import change_queries, page_queries
from timeline.readmodel.asking import Row, row, rows
from timeline.readmodel.facets import settled
from timeline.readmodel.selection import Query, events

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "nl": "application/x-ndjson; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "geojson": "application/geo+json",
    "atom": "application/atom+xml; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
RENDERED: Final = ("ics", "geojson", "atom", "nl")
"""Formats that Datasette's own tables and queries get from us."""

_NEWEST: Final = 100

File = tuple[bytes, str, str]
"""Content, content type, file name."""


def selection(ask: Ask) -> File:
    """`/selection.FORMAT`: every event of a choice, however many. A feed holds the newest 100."""
    form = ask.names["format"]
    choice = choice_of(ask)
    if choice.refused:
        raise TimelineError("; ".join(choice.refused.values()))
    chosen = settled(ask.connection, choice.selection)
    out = io.BytesIO()
    if form == "atom":
        found = _with_addresses(ask, _stream(ask.connection, _newest(events(
            chosen, sort="-recorded", limit=_NEWEST))))  # fmt: skip
        own = f"{ask.site.address}selection.atom"
        head = atom_feed.Head(ask.site.title, ask.site.address, own, ask.site.license)
        atom_feed.write(found, out, head)
    else:
        found = _stream(ask.connection, events(chosen))
        exporter(form).write(_with_addresses(ask, found) if form == "ics" else found, out)
    return out.getvalue(), TYPES[form], f"events{_suffix(ask)}.{form}"


def _suffix(ask: Ask) -> str:
    """A download carries its as-of in its name."""
    return f"-as-of-{ask.as_of.position}" if ask.as_of else ""


def _stream(connection: sqlite3.Connection, query: Query) -> Rows:
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(query.sql, query.parameters)
    return Rows(tuple(column[0] for column in cursor.description), cursor)


def _newest(query: Query) -> Query:
    """The same events with the time at which each was first recorded."""
    sql = (
        f"SELECT s.*, r.recorded_at FROM ({query.sql}) s JOIN events x ON x.id = s.id"
        " JOIN records r ON r.position = x.first_position ORDER BY x.first_position DESC"
    )
    return Query(sql, query.parameters)


def _with_addresses(ask: Ask, found: Rows) -> Rows:
    """The rows with a column `url`: the event's page."""
    place = found.columns.index("id")
    base = f"{ask.site.address}event/"
    values = ([*values, base + str(values[place])] for values in found.values)
    return Rows((*found.columns, "url"), values)


def event_file(ask: Ask) -> File | None:
    """`/event/ID.FORMAT`; None where there is no such event, or no proof of it."""
    name, form = ask.names["event"], ask.names["format"]
    found = row(ask.connection, page_queries.event_at(name, ask.known, None))
    if found is None:
        return None
    content = _EVENT_FILES[form](ask, found)
    return None if content is None else (content, EVENT_TYPES[form], f"{name}{_suffix(ask)}.{form}")


def _citation(ask: Ask, found: Row) -> Citation:
    record = row(ask.connection, page_queries.record_at(found["first_position"])) or {}
    return cite(ask.site, found, record)


def _bib(ask: Ask, found: Row) -> bytes:
    return _citation(ask, found).bibtex().encode()


def _csl(ask: Ask, found: Row) -> bytes:
    return _citation(ask, found).csl_text().encode()


def _ics(ask: Ask, found: Row) -> bytes:
    out = io.BytesIO()
    columns = ("id", "title", "summary", "status", "edtf", "certainty", "place")
    one = Rows(columns, [[found[column] for column in columns]])
    icalendar_feed.write(_with_addresses(ask, one), out)
    return out.getvalue()


def _records(ask: Ask, found: Row) -> bytes:
    """The lines of the log that speak of the event, as they are stored, in a JSON array."""
    own = row(ask.connection, page_queries.record_at(found["first_position"]))
    more = rows(ask.connection, page_queries.records_of(found["id"], ask.upto))
    lines = {r["position"]: r["line"] for r in [*([own] if own else []), *more]}
    inner = b",\n".join(
        b'{"position":%d,"record":%s}' % (position, lines[position].encode())
        for position in sorted(lines)
    )
    return b"[" + inner + b"]\n"


def _proof(ask: Ask, found: Row) -> bytes | None:
    if ask.site.root is None:
        return None
    try:
        return inclusion_text(prove_inclusion(Archive(ask.site.root), found["first_position"]))
    except TimelineError:
        return None


_EVENT_FILES: Final[dict[str, Callable[[Ask, Row], bytes | None]]] = {
    "bib": _bib,
    "csl.json": _csl,
    "ics": _ics,
    "json": _records,
    "tlog-proof": _proof,
}
EVENT_TYPES: Final = {
    "bib": "application/x-bibtex; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    "ics": TYPES["ics"],
    "json": TYPES["json"],
    "tlog-proof": "text/plain; charset=utf-8",
}


def changes_feed(ask: Ask) -> File:
    """`/changes.atom`: the newest records that changed something, an entry each."""
    query = change_queries.records("", ask.upto, everything=False, limit=_NEWEST, offset=0)
    found = with_changes(ask, rows(ask.connection, query))
    entries = [_entry(ask, record) for record in found]
    address = f"{ask.site.address}changes"
    head = atom_feed.Head(
        f"{ask.site.title}: changes", address, f"{address}.atom", ask.site.license
    )
    return atom_feed.feed(entries, head).encode(), TYPES["atom"], "changes.atom"


def _entry(ask: Ask, record: Mapping[str, Any]) -> dict[str, Any]:
    first = record["done"][0] if record["done"] else None
    title = f"{CHANGED[first['what']]}: {first['title']}" if first else (
        f"{record['kind'].capitalize()}: {record['label']}"
    )  # fmt: skip
    told = [
        f"{field_label(c['field'])}: {told_json(c['old'])} → {told_json(c['new'])}"
        for c in record["done"]
        if c["field"]
    ]
    why = [text for text in (record["reason"], record["note"]) if text]
    month = record["recorded_at"][:7]
    return {
        "id": f"#record-{record['position']}",
        "title": title,
        "updated": record["recorded_at"],
        "url": f"{ask.site.address}changes/{month}#record-{record['position']}",
        "summary": ". ".join([*told, *why]),
    }


def rendered(form: str, columns: Sequence[str], found: Iterable[Any]) -> bytes:
    """Rows of one of Datasette's pages in a format of ours."""
    out = io.BytesIO()
    exporter(form).write(Rows(tuple(columns), _plain(found)), out)
    return out.getvalue()


def _plain(found: Iterable[Any]) -> Iterator[list[Any]]:
    """Cells without labels of foreign keys and without bytes."""
    for values in found:
        yield [_cell(value) for value in values]


def _cell(value: Any) -> Any:
    match value:
        case {"value": inner, "label": _}:
            return inner
        case bytes():
            return orjson.dumps(list(value)).decode() if len(value) < 64 else f"{len(value)} bytes"
        case _:
            return value


def allowed(form: str, columns: Iterable[str]) -> bool:
    """Whether a result has the columns that a format needs."""
    needed: frozenset[str] = getattr(exporter(form), "NEEDS", frozenset())
    return needed <= set(columns)
