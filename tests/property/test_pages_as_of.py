"""The law of the two clocks, for pages: as of a position, each reads as it would have read then.

TIMELINE_LAW_LOGS=20000 makes the long run of either form.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from hypothesis import given, seed

from tests.logs import passing_model
from tests.property.test_fold_laws import CHUNKS, SEEDS, Case, case, chunks, drawn, rows_by_name
from tests.random_logs import Drawn, Seeded, drawn_logs, random_log
from timeline.publish.guard import authorize
from timeline.publish.links import Links, Pairs
from timeline.publish.pages import Page
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
from timeline.publish.site import Ask, AsOf, Document, Site

Address = tuple[Page, dict[str, str], Pairs]

OF_ALL: Final[tuple[Address, ...]] = (
    (timeline, {}, ()),
    (timeline, {}, (("sort", "newest"), ("q", "event"))),
    (home, {}, ()),
    (map_page, {}, ()),
    (changes, {}, ()),
    (changes, {}, (("all", "1"),)),
)
OF_ONE: Final = (
    (event, "event", "SELECT id FROM events"),
    (source, "source", "SELECT id FROM sources"),
    (entity, "entity", "SELECT id FROM entities"),
    (treaty, "treaty", "SELECT id FROM entities WHERE id LIKE 'treaty:%'"),
)
NOT_OF_THEN: Final = {"current": True, "doubted": (), "sql": ""}
"""What a page says of today even so: that its version was superseded, and where SQL finds it. What
is doubted is told of today alone.
"""


def addresses(known: sqlite3.Connection) -> Iterator[Address]:
    yield from OF_ALL
    for page, name, query in OF_ONE:
        yield from ((page, {name: found}, ()) for (found,) in known.execute(query).fetchall())


def read(connection: sqlite3.Connection, address: Address, upto: int | None) -> str:
    """The HTML of a page, with nothing around it that tells of when it was asked."""
    page, names, query = address
    as_of = None if upto is None else AsOf("then", upto, "")
    today = date(2026, 11, 28)
    connection.set_authorizer(authorize)
    document = page(Ask(connection, Site(), Links(), names, query, as_of, today))
    connection.set_authorizer(None)
    left: dict[str, Any] = {k: v for k, v in NOT_OF_THEN.items() if k in document.facts}
    told = Document(document.template, {**document.facts, **left}, document.status)
    return render(told, Ask(connection, Site(), Links(), names, query, None, today))


def assert_pages_read_as_they_read_then(one: Case) -> None:
    upto = one.chance.choice(range(len(one.log)))
    with passing_model(one.log[: upto + 1]) as prefix:
        for address in addresses(prefix):
            assert read(prefix, address, None) == read(one.whole, address, upto), (address, upto)
        moments: Address = (compare, {"moments": f"#{upto // 2}...#{upto}"}, ())
        with rows_by_name(prefix), rows_by_name(one.whole):
            assert read(prefix, moments, None) == read(one.whole, moments, None), moments


@chunks
def test_every_page_reads_as_it_read_then_for_logs_by_seed(chunk: int) -> None:
    for number in range(chunk, SEEDS, CHUNKS):
        with case(random_log(number), Seeded(number)) as one:
            assert_pages_read_as_they_read_then(one)


@chunks
def test_every_page_reads_as_it_read_then_for_logs_that_hypothesis_draws(chunk: int) -> None:
    @seed(chunk)
    @drawn
    @given(drawn_logs())
    def law_holds(found: tuple[list[dict[str, Any]], Drawn]) -> None:
        with case(*found) as one:
            assert_pages_read_as_they_read_then(one)

    law_holds()
