"""The laws of the fold over random logs; TIMELINE_LAW_LOGS=20000 makes the long run."""

from __future__ import annotations

import os
import random
import sqlite3
from typing import Any

import pytest

from tests.logs import Line, current_rows, lines, read_model, record, record_id, tables
from tests.random_logs import random_log

LOGS = int(os.environ.get("TIMELINE_LAW_LOGS", "160"))
CHUNKS = 8
chunks = pytest.mark.parametrize("chunk", range(CHUNKS))


def logs(chunk: int, law: int) -> list[tuple[int, list[dict[str, Any]]]]:
    seeds = range(chunk, LOGS, CHUNKS)
    return [(seed, random_log(seed * 10 + law)) for seed in seeds]


def believed(connection: sqlite3.Connection, upto: int | None = None) -> list[tuple[Any, ...]]:
    """Every event as it was believed when the log ended with `upto`."""
    where = "known_from <= :r AND (known_to IS NULL OR :r < known_to)"
    rows = connection.execute(
        f"SELECT * FROM event_history WHERE {where} ORDER BY number",
        {"r": 2**62 if upto is None else upto},
    )
    names = [column[0] for column in rows.description]
    skipped = {"known_to"}
    return [
        tuple(value for name, value in zip(names, row, strict=True) if name not in skipped)
        for row in rows
    ]


@chunks
def test_any_split_gives_the_same_tables(chunk: int) -> None:
    for seed, written in logs(chunk, 1):
        log = lines(written)
        chance = random.Random(seed)
        splits = chance.sample(range(1, len(log)), chance.randint(1, len(log) - 1))

        assert tables(read_model(log)) == tables(read_model(log, splits)), f"seed {seed}"


@chunks
def test_the_stored_versions_at_any_position_equal_the_fold_of_that_prefix(chunk: int) -> None:
    for seed, written in logs(chunk, 2):
        log = lines(written)
        whole = read_model(log)
        upto = random.Random(seed).randrange(len(log))

        prefix = read_model(log[: upto + 1])
        assert believed(prefix) == believed(whole, upto), f"seed {seed} at {upto}"
        assert stood(prefix, upto) == stood(whole, upto), f"seed {seed} at {upto}"


def stood(connection: sqlite3.Connection, upto: int) -> list[tuple[Any, ...]]:
    """Every rectangle of days as it was known when the log ended with `upto`."""
    rows = connection.execute(
        "SELECT machine, subject, party, valid_from, valid_to, state, standings, readings, events,"
        " unordered, impossible FROM states WHERE known_from <= :r"
        " AND (known_to IS NULL OR :r < known_to)",
        {"r": upto},
    )
    return sorted(rows.fetchall(), key=repr)


@chunks
def test_at_most_one_state_stands_for_a_key_on_a_day_at_a_position(chunk: int) -> None:
    for seed, written in logs(chunk, 7):
        connection = read_model(lines(written))
        overlaps = connection.execute(
            "SELECT count(*) FROM states a JOIN states b USING (machine, subject, party)"
            " WHERE a.n < b.n AND coalesce(a.valid_from, -1e9) < coalesce(b.valid_to, 1e9)"
            " AND coalesce(b.valid_from, -1e9) < coalesce(a.valid_to, 1e9)"
            " AND a.known_from < coalesce(b.known_to, 1e9)"
            " AND b.known_from < coalesce(a.known_to, 1e9)"
        ).fetchone()[0]

        assert 0 == overlaps, f"seed {seed}"


@chunks
def test_a_line_that_stands_twice_changes_nothing(chunk: int) -> None:
    for seed, written in logs(chunk, 3):
        doubled = [*written, *random.Random(seed).choices(written, k=3)]

        assert believed(read_model(lines(written))) == believed(read_model(lines(doubled))), seed


@chunks
def test_a_retraction_that_is_retracted_leaves_what_was_there(chunk: int) -> None:
    for seed, written in logs(chunk, 4):
        n = len(written)
        target = random.Random(seed).choice(written)["id"]
        there_and_back = [
            *written,
            record(n, "retraction", of=target, reason="false"),
            record(n + 1, "retraction", of=record_id(n), reason="false"),
        ]
        before, after = read_model(lines(written)), read_model(lines(there_and_back))

        assert current_rows(before) == current_rows(after), f"seed {seed}"


@chunks
def test_at_most_one_version_of_an_event_is_believed_at_any_position(chunk: int) -> None:
    for seed, written in logs(chunk, 5):
        connection = read_model(lines(written))
        for upto in range(len(written)):
            numbers = [row[0] for row in believed(connection, upto)]

            assert sorted(set(numbers)) == numbers, f"seed {seed} at {upto}"


def test_what_stands_agrees_with_the_rule_read_literally() -> None:
    for seed in range(LOGS):
        log = lines(random_log(seed * 10 + 6))
        connection = read_model(log)
        pointers = connection.execute("SELECT target, position FROM targets").fetchall()
        inert = {row[0] for row in connection.execute("SELECT position FROM problems")}

        for line in log:
            if line.position not in inert:
                expected = _stands(line.position, pointers)
                assert expected == _effective(connection, line), f"seed {seed} #{line.position}"


def _stands(position: int, pointers: list[tuple[int, int]]) -> bool:
    return not any(_stands(later, pointers) for target, later in pointers if target == position)


def _effective(connection: sqlite3.Connection, line: Line) -> bool:
    rows = connection.execute("SELECT effective FROM records WHERE position = ?", (line.position,))
    return bool(rows.fetchone()[0])
