"""Facet counts beside SQL with the indexes that suit it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from measures.figures import Line, Run, timed
from measures.pages import kinds
from timeline.archive import Archive
from timeline.readmodel.database import one_moment
from timeline.readmodel.facets import Filters, Value, choose, counts

_MOST_OFTEN = 2_000_000
"""Records beyond which SQL, which takes minutes then, is asked once."""

_STANDING = "retracted = 0 AND merged_into IS NULL"
_SQL = {
    ("none", "type"): f"SELECT type, count(*) n FROM events WHERE {_STANDING} GROUP BY 1",
    ("a top topic", "actor"): (
        "SELECT p.entity, count(DISTINCT p.event) n FROM event_topics t JOIN participants p"
        " ON p.event = t.event JOIN events e ON e.number = t.event"
        f" WHERE t.topic = :topic AND {_STANDING} GROUP BY 1"
    ),
    ("20 years, possibly", "type"): (
        "SELECT type, count(*) n FROM events WHERE coalesce(start_min, :last) <= :last"
        f" AND coalesce(end_max, :first) >= :first AND {_STANDING} GROUP BY 1"
    ),
}


def grouping(archive: Archive, size: int, _run: Run) -> Iterator[Line]:
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        found = kinds(connection)
        for (name, dimension), query in _SQL.items():
            filters = found[name][0]
            (topic,) = filters.any_of.get("topic") or [None]
            bound = {"topic": topic, "first": filters.first, "last": filters.last}
            full = f"{query} ORDER BY n DESC, 1 LIMIT 30"

            def count(
                filters: Filters = filters, dimension: str = dimension
            ) -> list[tuple[Value, int]]:
                with one_moment(connection):
                    return counts(choose(connection, filters), dimension)

            rows: list[list[Any]] = []

            def group(
                _: int, query: str = full, bound: Any = bound, rows: list[Any] = rows
            ) -> None:
                rows.append(connection.execute(query, bound).fetchall())

            ours = timed(lambda _, count=count: count(), 5)
            peer = timed(group, 3 if size <= _MOST_OFTEN else 1, int(size <= _MOST_OFTEN))
            if rows[-1] != count():
                raise SystemExit(f"{name}, {dimension}: not what SQL counts")
            yield Line(f"facet {dimension}, {size:,}: {name}, against SQL group by",
                       f"{ours.cpu:.2f} ms CPU", f"{peer.cpu:.1f} ms CPU",
                       f"{peer.cpu / ours.cpu:.0f}x", ">= 20x")  # fmt: skip
