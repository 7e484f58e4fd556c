"""Names without a read model: entities, sources and vocabularies of a log, folded in memory.

For a command that appends while `timeline.db` is not there yet, or is being made by somebody else:
what an event says of the world is left out, so it costs a small part of a build.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from timeline.archive import Archive
from timeline.log.lines import Decoded, Line, decoded, lines_of
from timeline.log.reader import snapshot
from timeline.readmodel.functions import register as register_functions
from timeline.readmodel.ingest import Ingest
from timeline.readmodel.known import KnownInMemory
from timeline.readmodel.schema import create_tables

_EVENT_LINE: Final = b'"kind":"event"'
_OTHERS: Final = (_EVENT_LINE, b'"kind":"claim"', b'"kind":"assessment"')
_EVENT: Final = re.compile(rb'"event":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class _Named:
    """A record of the few that are folded; its position is its place among them."""

    position: int
    record: Any
    raw: bytes
    known_at: str


def names_of_log(archive: Archive) -> sqlite3.Connection:
    """A read model in memory: whole in `entities`, `names`, `sources` and vocabularies.

    Of events it has the ids alone. Nothing is locked and nothing on the disk is written.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    create_tables(connection)
    register_functions(connection)
    connection.execute("CREATE TEMP TABLE event_ids (id TEXT)")
    lines = list(_of_names(archive, connection))
    ingest = Ingest(connection, KnownInMemory(), None)
    for entry in _in_order(lines):
        ingest.take(entry)
    ingest.finish_rows()
    ingest.settle()
    connection.execute(
        "CREATE TEMP VIEW events AS SELECT id FROM event_ids UNION ALL SELECT id FROM main.events"
    )
    return connection


def _of_names(archive: Archive, connection: sqlite3.Connection) -> Iterator[Decoded]:
    """The lines that bear on names, read; the ids of events are noted on the way."""
    reaches_events = False
    for line in _lines(archive):
        reaches_events = reaches_events or b'"supersedes"' in line.raw
        if _bears_on_names(line.raw):
            yield decoded(line)
        elif _EVENT_LINE in line.raw:
            for event in _EVENT.findall(line.raw):
                connection.execute("INSERT INTO event_ids VALUES (?)", (event.decode(),))
    if reaches_events:  # one record may supersede names and events: all or nothing of it holds
        yield from (decoded(line) for line in _lines(archive) if not _bears_on_names(line.raw))


def _lines(archive: Archive) -> Iterator[Line]:
    for part in snapshot(archive):
        with closing(lines_of(part)) as lines:
            yield from lines


def _bears_on_names(raw: bytes) -> bool:
    return not any(kind in raw for kind in _OTHERS)


def _in_order(lines: Iterable[Decoded]) -> Iterator[_Named]:
    """Records by time and id. A seal may have fixed another order; names do not depend on it."""
    good: list[tuple[Any, bytes]] = [
        (one.record, one.line.raw) for one in lines if one.record is not None
    ]
    good.sort(key=lambda pair: (pair[0]["recorded_at"], pair[0]["id"], pair[1]))
    newest = accumulate((record["recorded_at"] for record, _ in good), max)
    for position, ((record, raw), known_at) in enumerate(zip(good, newest, strict=True)):
        yield _Named(position, record, raw, known_at)
