"""The laws of the fold over random logs: by seed, and drawn by hypothesis, which shrinks them.

TIMELINE_LAW_LOGS=20000 makes the long run of either (about half an hour on two quiet cores).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests.logs import Line, current_rows, grown, lines, passing_model, record, record_id, tables
from tests.random_logs import Chance, Drawn, Seeded, drawn_logs, random_log
from timeline.readmodel.details import batch_facts, subject_facts
from timeline.readmodel.refs import Kind, Ref

LOGS = int(os.environ.get("TIMELINE_LAW_LOGS", "0"))
SEEDS = LOGS or 160
CHUNKS = 8
chunks = pytest.mark.parametrize("chunk", range(CHUNKS))
drawn = settings(
    max_examples=max(1, (LOGS or 80) // CHUNKS),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A random log with its read model, and the chance that decides what is done with it."""

    written: list[dict[str, Any]]
    log: list[Line]
    whole: sqlite3.Connection
    chance: Chance


@contextmanager
def case(written: list[dict[str, Any]], chance: Chance) -> Iterator[Case]:
    log = lines(written)
    with passing_model(log) as whole:
        yield Case(written, log, whole, chance)


@chunks
def test_every_law_holds_for_logs_by_seed(chunk: int) -> None:
    for number in range(chunk, SEEDS, CHUNKS):
        with case(random_log(number), Seeded(number)) as one:
            for law in LAWS:
                assert_holds(law, one, f"{law.__name__}: random_log({number})")


@chunks
def test_every_law_holds_for_logs_that_hypothesis_draws(chunk: int) -> None:
    @seed(chunk)
    @drawn
    @given(drawn_logs())
    def laws_hold(found: tuple[list[dict[str, Any]], Drawn]) -> None:
        with case(*found) as one:
            for law in LAWS:
                assert_holds(law, one, law.__name__)

    laws_hold()


def assert_holds(law: Any, one: Case, told: str) -> None:
    """A law gives pairs of which both sides must be equal."""
    for expected, found in law(one):
        assert expected == found, told


SUBJECTS: Final[dict[Kind, str]] = {"entity": "entities", "source": "sources"}
Pairs = Iterator[tuple[Any, Any]]


def any_split_gives_the_same_tables(one: Case) -> Pairs:
    expected = tables(one.whole)
    percent = one.chance.choice((10, 10, 25, 60))
    splits = [at for at in range(1, len(one.log)) if one.chance.sometimes(percent)] or [1]
    with passing_model(one.log, splits) as parts:
        yield expected, tables(parts)
        # Raises where the full-text index is not that of the events.
        parts.execute("INSERT INTO events_fts (events_fts, rank) VALUES ('integrity-check', 1)")


def what_is_stored_at_a_position_is_the_fold_of_that_prefix(one: Case) -> Pairs:
    upto = one.chance.choice(range(len(one.log)))
    with passing_model(one.log[: upto + 1]) as prefix:
        yield believed(prefix, upto), believed(one.whole, upto)
        yield stood(prefix, upto), stood(one.whole, upto)


def what_is_shown_of_a_subject_at_a_position_is_what_that_prefix_shows(one: Case) -> Pairs:
    upto = one.chance.choice(range(len(one.log)))
    with passing_model(one.log[: upto + 1]) as prefix:
        yield shown(prefix, prefix, None), shown(one.whole, prefix, upto)


def a_line_that_stands_twice_changes_nothing(one: Case) -> Pairs:
    again = [one.chance.choice(one.written) for _ in range(3)]
    before = (believed(one.whole), current_rows(one.whole), stood(one.whole))
    with grown(one.whole, lines([*one.written, *again])):
        yield before, (believed(one.whole), current_rows(one.whole), stood(one.whole))


def a_retraction_that_is_retracted_leaves_what_was_there(one: Case) -> Pairs:
    n = len(one.written)
    target = one.chance.choice(one.written)["id"]
    there = record(n, "retraction", of=target, reason="false")
    back = record(n + 1, "retraction", of=record_id(n), reason="false")
    before = (current_rows(one.whole), stood(one.whole))
    with (
        grown(one.whole, lines([*one.written, there])),
        grown(one.whole, lines([*one.written, there, back])),
    ):
        yield before, (current_rows(one.whole), stood(one.whole))


def at_most_one_version_of_an_event_is_believed_at_a_position(one: Case) -> Pairs:
    overlaps = one.whole.execute(
        "SELECT count(*) FROM event_history a JOIN event_history b USING (number)"
        " WHERE a.known_from <= b.known_from AND a.revision != b.revision"
        " AND b.known_from < coalesce(a.known_to, 1e9)"
    )
    yield 0, overlaps.fetchone()[0]
    gaps = one.whole.execute(
        "SELECT count(*) FROM event_versions a WHERE NOT EXISTS"
        " (SELECT 1 FROM event_history b WHERE b.number = a.number AND b.known_from = a.known_to)"
    )
    yield 0, gaps.fetchone()[0]


def at_most_one_state_stands_for_a_key_on_a_day_at_a_position(one: Case) -> Pairs:
    overlaps = one.whole.execute(
        "SELECT count(*) FROM states a JOIN states b USING (machine, subject, party)"
        " WHERE a.n < b.n AND coalesce(a.valid_from, -1e9) < coalesce(b.valid_to, 1e9)"
        " AND coalesce(b.valid_from, -1e9) < coalesce(a.valid_to, 1e9)"
        " AND a.known_from < coalesce(b.known_to, 1e9)"
        " AND b.known_from < coalesce(a.known_to, 1e9)"
    )
    yield 0, overlaps.fetchone()[0]


def what_stands_is_the_rule_read_literally(one: Case) -> Pairs:
    pointers = one.whole.execute("SELECT target, position FROM targets").fetchall()
    dangling = one.whole.execute("SELECT position FROM problems WHERE rule = 'dangling'")
    inert = {position for (position,) in dangling}
    found = dict(one.whole.execute("SELECT position, effective FROM records").fetchall())
    first: set[str] = set()
    for line in one.log:
        repeated = line.record["id"] in first
        first.add(line.record["id"])
        if line.position not in inert and not repeated:
            yield int(_stands(line.position, pointers)), found[line.position]


LAWS = (
    any_split_gives_the_same_tables,
    what_is_stored_at_a_position_is_the_fold_of_that_prefix,
    what_is_shown_of_a_subject_at_a_position_is_what_that_prefix_shows,
    a_line_that_stands_twice_changes_nothing,
    a_retraction_that_is_retracted_leaves_what_was_there,
    at_most_one_version_of_an_event_is_believed_at_a_position,
    at_most_one_state_stands_for_a_key_on_a_day_at_a_position,
    what_stands_is_the_rule_read_literally,
)


def _stands(position: int, pointers: list[tuple[int, int]]) -> bool:
    return not any(_stands(later, pointers) for target, later in pointers if target == position)


def shown(model: sqlite3.Connection, known: sqlite3.Connection, upto: int | None) -> list[Any]:
    """Everything that `show` tells as of a position of the entities, sources and batches known."""
    with rows_by_name(model):
        subjects = [
            subject_facts(model, Ref(kind, name), upto)
            for kind, table in SUBJECTS.items()
            for (name,) in known.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
        ]
        batches = known.execute("SELECT id FROM batches ORDER BY id").fetchall()
        return [*subjects, *(batch_facts(model, Ref("batch", name), upto) for (name,) in batches)]


@contextmanager
def rows_by_name(connection: sqlite3.Connection) -> Iterator[None]:
    connection.row_factory = sqlite3.Row
    try:
        yield
    finally:
        connection.row_factory = None


def believed(connection: sqlite3.Connection, upto: int = 2**62) -> list[tuple[Any, ...]]:
    """Every event as it was believed when the log ended with `upto`."""
    rows = connection.execute(
        "SELECT * FROM event_history WHERE known_from <= :r"
        " AND (known_to IS NULL OR :r < known_to) ORDER BY number",
        {"r": upto},
    )
    until = [column[0] for column in rows.description].index("known_to")
    return [(*row[:until], *row[until + 1 :]) for row in rows]


def stood(connection: sqlite3.Connection, upto: int = 2**62) -> list[tuple[Any, ...]]:
    """Every rectangle of days as it was known when the log ended with `upto`."""
    rows = connection.execute(
        "SELECT machine, subject, party, valid_from, valid_to, state, standings, readings, events,"
        " unordered, impossible FROM states WHERE known_from <= :r"
        " AND (known_to IS NULL OR :r < known_to)",
        {"r": upto},
    )
    return sorted(rows.fetchall(), key=repr)
