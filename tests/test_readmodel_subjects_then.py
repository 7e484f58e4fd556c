"""Sources and entities, with what is said of them, as they were known at a position."""

from __future__ import annotations

import random
import sqlite3
from typing import Any

import pytest

from tests.logs import (
    correction,
    entity,
    event,
    lines,
    read_model,
    record,
    record_id,
    retraction,
    source,
)
from tests.random_logs import random_log
from timeline.readmodel import subject_queries
from timeline.readmodel.claims_then import claims_then
from timeline.readmodel.details import subject_facts
from timeline.readmodel.refs import Ref
from timeline.readmodel.selection import Query
from timeline.readmodel.subjects_then import entity_then, names_then, source_then

LOG = lines(
    [
        source(0, "src:agency", title="Agency"),
        entity(1, "person:jane", "Jane"),
        event(2, "talks", title="Talks"),
        event(3, "dinner", title="Dinner"),
        correction(4, "src:agency", "/title", "Agency", "The Agency"),
        correction(5, "talks", "/title", "Talks", "Long talks"),
        retraction(6, record_id(3)),
        correction(7, "person:jane", "/names", [{"text": "Jane"}], [{"text": "Jane Doe"}]),
        retraction(8, record_id(6)),
    ]
)
LAST = len(LOG) - 1


def claims(connection: sqlite3.Connection, name: str, upto: int) -> list[Any]:
    """The rows of the source's page: claims with their events, then how many stand by stance."""
    then = claims_then(connection, name, upto)
    queries = (
        subject_queries.source_claims(name, upto, 100, 0),
        subject_queries.source_stances(name, upto),
    )
    return [row for query in queries for row in asked(connection, then.over(query))]


def asked(connection: sqlite3.Connection, query: Query) -> list[Any]:
    return connection.execute(query.sql, query.parameters).fetchall()


def told(connection: sqlite3.Connection, upto: int) -> list[tuple[str, int]]:
    rows = claims(connection, "src:agency", upto)
    return [(row[12], row[9]) for row in rows if len(row) > 4]


@pytest.fixture(scope="module")
def whole() -> sqlite3.Connection:
    return read_model(LOG)


def test_a_source_has_the_title_that_it_had(whole: sqlite3.Connection) -> None:
    titles = [(source_then(whole, "src:agency", upto) or {})["title"] for upto in (0, 3, 4, LAST)]

    assert ["Agency", "Agency", "The Agency", "The Agency"] == titles


def test_an_entity_has_the_names_that_it_had(whole: sqlite3.Connection) -> None:
    assert ["Jane"] == [name["text"] for name in names_then(whole, "person:jane", 6)]
    assert ["Jane Doe"] == [name["text"] for name in names_then(whole, "person:jane", 7)]
    assert "Jane" == (entity_then(whole, "person:jane", 6) or {})["label"]


def test_nothing_is_known_of_what_was_not_recorded_yet(whole: sqlite3.Connection) -> None:
    assert None is entity_then(whole, "person:jane", 0)
    assert [] == names_then(whole, "person:jane", 0)
    assert None is source_then(whole, "src:nobody", LAST)


def test_claims_of_a_source_stand_and_are_titled_as_they_were(whole: sqlite3.Connection) -> None:
    assert [("Talks", 1)] == told(whole, 2)
    assert [("Talks", 1), ("Dinner", 1)] == told(whole, 4)
    assert [("Long talks", 1), ("Dinner", 0)] == told(whole, 7)
    assert [("Long talks", 1), ("Dinner", 1)] == told(whole, LAST)


def test_what_two_merged_events_say_counts_once_while_they_stand() -> None:
    merge = record(3, "merge", duplicate="talks", into="parley")
    other = event(2, "parley", claims=[{"source": "src:blog"}])
    log = [source(0, "src:agency"), event(1, "talks"), other, merge]
    later = read_model(lines([*log, retraction(4, record_id(2))]))
    later.row_factory = sqlite3.Row

    agency = Ref("source", "src:agency")
    assert [1, 1, 0] == [subject_facts(later, agency, upto)["n_events"] for upto in (2, 3, 4)]


@pytest.mark.parametrize("seed", range(40))
def test_a_position_gives_the_rows_of_that_prefix(seed: int) -> None:
    log = lines(random_log(seed, size=24))
    model, upto = read_model(log), random.Random(seed).randrange(len(log))
    prefix = read_model(log[: upto + 1])

    for table, row_then in (("sources", source_then), ("entities", entity_then)):
        for row in prefix.execute(f"SELECT * FROM {table}").fetchall():
            assert row == tuple((row_then(model, row[0], upto) or {}).values())
