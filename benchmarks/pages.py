"""Server time of every page: question, queries and markup, without the network.

    python -m benchmarks.pages ARCHIVE [REQUESTS]

Each page is asked with another event, entity or filter each time, so that no cache answers. CPU
and wall milliseconds, median and 95th percentile.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from timeline.archive import Archive
from timeline.publish.links import Links
from timeline.publish.pages.about import about
from timeline.publish.pages.changes import changes
from timeline.publish.pages.compare import compare
from timeline.publish.pages.entity import entity
from timeline.publish.pages.event import event
from timeline.publish.pages.home import home
from timeline.publish.pages.map_page import map_page
from timeline.publish.pages.source import source
from timeline.publish.pages.timeline import timeline
from timeline.publish.pages.treaty import treaty
from timeline.publish.render import render
from timeline.publish.site import Ask, Document, Site
from timeline.readmodel.database import connect, one_moment

Page = Callable[[Ask], Document]


def main() -> None:
    archive = Archive(Path(sys.argv[1]))
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    connection = connect(archive)
    for name, page, asks in cases(connection, n):
        if not asks:
            continue
        times = [measured(page, ask) for ask in asks]
        cpu, wall = zip(*times, strict=True)
        print(f"{name:22} cpu {line(cpu)}   wall {line(wall)} ms")


def line(values: tuple[float, ...]) -> str:
    ranked = sorted(values)
    return f"p50 {ranked[len(ranked) // 2]:6.1f} p95 {ranked[int(len(ranked) * 0.95)]:6.1f}"


def measured(page: Page, ask: Ask) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    with one_moment(ask.connection):
        render(page(ask), ask)
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def cases(connection: sqlite3.Connection, n: int) -> list[tuple[str, Page, list[Ask]]]:
    dice = random.Random(1)
    links, site = Links(), Site()

    def some(sql: str) -> list[str]:
        found = [str(value) for (value,) in connection.execute(sql)]
        return [dice.choice(found) for _ in range(n)] if found else []

    def asks(name: str, values: list[str]) -> list[Ask]:
        return [Ask(connection, site, links, names={name: value}) for value in values]

    def filtered(name: str, values: list[str]) -> list[Ask]:
        return [Ask(connection, site, links, query=((name, value),)) for value in values]

    plain = [Ask(connection, site, links)] * n
    actors = some("SELECT DISTINCT entity FROM participants WHERE entity IS NOT NULL")
    years = some("SELECT DISTINCT year FROM events WHERE year > 0")
    sources = some("SELECT id FROM sources")
    events = some("SELECT id FROM events")
    treaties = some("SELECT id FROM entities WHERE kind = 'treaty'")
    (last,) = connection.execute("SELECT max(position) FROM records").fetchone()
    return [
        ("home", home, plain),
        ("timeline", timeline, plain),
        ("timeline, somebody", timeline, filtered("who", actors)),
        ("timeline, a year", timeline, filtered("year", [f"{int(year):04}" for year in years])),
        ("timeline, a topic", timeline, filtered("topic", some("SELECT topic FROM event_topics"))),
        ("event", event, asks("event", events)),
        ("entity", entity, asks("entity", actors)),
        ("treaty", treaty, asks("treaty", treaties)),
        ("source", source, asks("source", sources)),
        ("map", map_page, plain),
        ("changes", changes, plain),
        ("compare", compare, asks("moments", [f"#{dice.randrange(last)}...last"] * n)),
        ("about", about, plain),
    ]


if __name__ == "__main__":
    main()
