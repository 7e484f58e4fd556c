"""How many events an entity or a source is listed with."""

from __future__ import annotations

from typing import Any

from tests.logs import entity, event, lines, read_model, record, record_id, retraction, source
from timeline.readmodel.listings import entities, sources
from timeline.readmodel.selection import Query

LOG = [
    source(0, "src:agency"),
    entity(1, "place:rome", "Rome"),
    entity(2, "state:italy", "Italy"),
    event(3, "talks", where=[{"place": "place:rome"}], participants=[{"entity": "state:italy"}]),
    event(4, "dinner", where=[{"place": "place:rome"}, {"place": "state:italy"}]),
    event(5, "parley", where=[{"place": "place:rome"}]),
    record(6, "merge", duplicate="parley", into="talks"),
    retraction(7, record_id(4)),
]


def numbers(query: Query, log: list[dict[str, Any]]) -> dict[str, int]:
    model = read_model(lines(log))
    found = model.execute(query.sql, query.parameters)
    names = [column[0] for column in found.description]
    return {row[0]: row[names.index("n_events")] for row in found}


def test_an_entity_counts_where_it_took_part_and_where_it_happened() -> None:
    assert {"place:rome": 3, "state:italy": 2} == numbers(entities(), LOG[:6])


def test_what_was_merged_or_retracted_does_not_count() -> None:
    assert {"place:rome": 1, "state:italy": 1} == numbers(entities(), LOG)
    assert {"src:agency": 1} == numbers(sources(), LOG)
