"""Pages of the timeline with their facets: one filter of every kind, another value each time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from measures.figures import Line, Run, timed
from timeline.archive import Archive
from timeline.readmodel.database import one_moment
from timeline.readmodel.facets import Filters, Value, choose, counts, histogram, page

PAGE = ("type", "actor", "topic", "place", "certainty", "precision")
_VALUES = 5
"""Filters of one kind that take turns."""

_WORDS = ("galdu", "vertoka", "ashmi", "linporne", "solashka", "karo", "brinka", "sha", "gal")


def kinds(connection: sqlite3.Connection) -> dict[str, list[Filters]]:
    """Filters of every kind that a page offers, several of each."""
    (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
    (last,) = connection.execute("SELECT max(position) FROM records").fetchone()

    def near(dimension: str, share: float) -> list[Value]:
        """The values whose share of the events is nearest."""
        rows = connection.execute(
            "SELECT value FROM facet_values WHERE past = 0 AND dimension = ?"
            " ORDER BY abs(n_all - ?) LIMIT ?", (dimension, events * share, _VALUES),
        )  # fmt: skip
        return [value for (value,) in rows]

    def words(share: float) -> list[str]:
        found = {word: _seen(connection, word) for word in _WORDS}
        return sorted(found, key=lambda word: abs(found[word] - events * share))[:2]

    topics, actors, few = near("topic", 1), near("actor", 1), near("actor", 0.01)
    spans = [(2_437_666 + 800 * n, 2_444_970 + 800 * n) for n in range(_VALUES)]
    middle = [last // 2 + last // 50 * n for n in range(_VALUES)]
    rare = words(0.015)
    return {
        "none": [Filters()],
        "a top topic": [Filters(any_of={"topic": [value]}) for value in topics],
        "a middling topic (1.3 %)": [
            Filters(any_of={"topic": [value]}) for value in near("topic", 0.013)
        ],
        "a top actor": [Filters(any_of={"actor": [value]}) for value in actors],
        "two actors": [Filters(all_of={"actor": [actors[0], value]}) for value in few],
        "20 years, possibly": [Filters(first=first, last=end) for first, end in spans],
        "20 years, certainly": [
            Filters(first=first, last=end, certain=True) for first, end in spans
        ],
        "11 odd days": [
            Filters(first=2_459_988 - 40 * n, last=2_459_998 - 40 * n) for n in range(_VALUES)
        ],
        "type and certainty": [
            Filters(any_of={"type": [value], "certainty": ["probable"]})
            for value in near("type", 1)
        ],
        "text, about 1 %": [Filters(text=word) for word in rare],
        "text, nearly every event": [Filters(text="ka")],
        "as of the middle": [Filters(as_of=position) for position in middle],
        "as of the middle, a top topic": [
            Filters(any_of={"topic": [topic]}, as_of=position)
            for topic, position in zip(topics, middle, strict=False)
        ],
    }


def _seen(connection: sqlite3.Connection, word: str) -> int:
    (found,) = connection.execute(
        "SELECT count(*) FROM events_fts WHERE events_fts MATCH ?", (f'"{word}"*',)
    ).fetchone()
    return int(found)


def whole_page(connection: sqlite3.Connection, filters: Filters) -> None:
    """What a page of the timeline needs: count, six facets, histogram, 50 rows."""
    with one_moment(connection):
        chosen = choose(connection, filters)
        for dimension in PAGE:
            counts(chosen, dimension)
        histogram(chosen)
        page(chosen, limit=50)


def pages(archive: Archive, size: int, _run: Run) -> Iterator[Line]:
    goal = "p95 <= 50 ms at 1 M, 250 ms at 10 M"
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        for name, filters in kinds(connection).items():
            runs = timed(
                lambda n, some=filters: whole_page(connection, some[n % len(some)]),
                20,
                warming=_VALUES,
            )
            total = choose(connection, filters[0]).total
            yield Line(f"faceted page, {size:,}: {name} (such as {total:,} events)",
                       f"{runs.cpu:.1f} ms CPU; p50 {runs.p50:.1f}, p95 {runs.p95:.1f} ms",
                       goal=goal)  # fmt: skip
