"""Facets against rows read one by one, for random filters on random logs.

TIMELINE_FACET_FILTERS=5000 makes the long run.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from tests.logs import lines, read_model
from tests.random_logs import random_log
from timeline.edtf.days import civil, iso, jdn
from timeline.readmodel.facets import (
    DIMENSIONS,
    Filters,
    Place,
    asked,
    blocks,
    choose,
    counting,
    counts,
    histogram,
    page,
    page_at,
    paging,
    shelf,
    sieve,
    stacked,
    words,
)

FILTERS = int(os.environ.get("TIMELINE_FACET_FILTERS", "480"))
CHUNKS = 8
PER_LOG = 20
DAYS = [jdn(2024, 12, 5), jdn(2024, 12, 31), jdn(2024, 1, 1), jdn(1950, 6, 1), jdn(-43, 3, 15),
        jdn(2023, 12, 31), jdn(2024, 11, 3), jdn(3016, 8, 25)]  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "type": ["meeting.held", "call.held"],
    "actor": ["person:x", "person:y", "Jo"],
    "topic": ["arms"],
    "place": ["place:p", "place:q"],
    "country": ["mt"],
    "certainty": ["probable", "possible", "doubtful", "improbable", "unknown", "confirmed"],
    "precision": ["day", "month", "year", "interval"],
    "status": ["held"],
    "year": [2024, 1950, -43, 3016],
    "month": ["2024-12", "2024-11", "-0043-03"],
    "root": ["src:a", "src:b", "src:c"],
}


@pytest.fixture(autouse=True, params=["small blocks", "bitmaps only"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two events, and words kept ready, so that a small log meets every case."""
    monkeypatch.setattr(blocks, "_SHORTEST", 1)
    monkeypatch.setattr(blocks, "_LONGEST", 3)
    monkeypatch.setattr(words, "_LEAST", 1)
    if request.param == "bitmaps only":
        monkeypatch.setattr(counting, "_ROW_COST", 1e9)
        monkeypatch.setattr(counting, "_TOGETHER", 2)
        monkeypatch.setattr(shelf, "_AT_ONCE", 3)
        monkeypatch.setattr(asked, "_FEW", 0)
        monkeypatch.setattr(paging, "_FEW", 0)
        monkeypatch.setattr(sieve, "_SPARSE", 0)


def random_filters(chance: random.Random, size: int) -> Filters:
    def some(dimension: str) -> list[Any]:
        return chance.sample(VALUES[dimension], chance.randint(1, min(2, len(VALUES[dimension]))))

    picked = chance.sample(DIMENSIONS, chance.choice([0, 0, 1, 1, 2]))
    first, last = (chance.choice([None, None, *DAYS]) for _ in range(2))
    return Filters(
        any_of={dimension: some(dimension) for dimension in picked},
        all_of={"actor": some("actor")} if chance.random() < 0.2 else {},
        first=first,
        last=last,
        certain=chance.random() < 0.5,
        text=chance.choice(["", "", "meet", "Title", "jo 1", "name"]),
        as_of=chance.choice([None, chance.randrange(size)]),
        withdrawn=chance.random() < 0.3,
    )


def cases(chunk: int) -> Iterator[tuple[str, sqlite3.Connection, Filters]]:
    for seed in range(chunk, max(CHUNKS, FILTERS // PER_LOG // 2), CHUNKS):
        chance = random.Random(seed)
        log = lines(random_log(seed * 10 + 7, size=24))
        connection = read_model(log, chance.sample(range(1, len(log)), 3))
        for n in range(PER_LOG):
            yield f"log {seed} filter {n}", connection, random_filters(chance, len(log))


def believed(connection: sqlite3.Connection, as_of: int | None) -> list[dict[str, Any]]:
    """Every event as it was believed, retracted and merged ones too."""
    columns = (
        "number, known_from, title, summary, names, quotes, start_min, start_max, end_min,"
        " end_max, end_state, type, country, certainty, precision, status, year, retracted,"
        " merged_into, actors, topics, places, roots"
    )
    cursor = connection.execute(
        f"SELECT {columns} FROM events WHERE :r IS NULL OR known_from <= :r"
        f" UNION ALL SELECT {columns} FROM event_versions WHERE known_from <= :r AND :r < known_to",
        {"r": as_of},
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def values(row: dict[str, Any], dimension: str) -> set[Any]:
    if dimension in {"actor", "topic", "place", "root"}:
        return set(orjson.loads(row[f"{dimension}s"]))
    if dimension == "month":
        return _month(row)
    return {row[dimension]} - {None}


def _month(row: dict[str, Any]) -> set[Any]:
    if row["start_min"] is None or row["start_max"] is None:
        return set()
    first, last = iso(row["start_min"])[:-3], iso(row["start_max"])[:-3]
    return {first} if first == last else set()


def is_wanted(row: dict[str, Any], filters: Filters) -> bool:
    gone = row["retracted"] or row["merged_into"] is not None
    return (
        (filters.withdrawn or not gone)
        and all(values(row, name) & set(some) for name, some in filters.any_of.items())
        and all(values(row, name) >= set(some) for name, some in filters.all_of.items())
        and _in_window(row, filters)
        and _has_words(row, filters.text)
    )


def _in_window(row: dict[str, Any], filters: Filters) -> bool:
    first, last = filters.first, filters.last
    if filters.certain:
        begun = last is None or (row["start_max"] is not None and row["start_max"] <= last)
        ended = first is None or row["end_state"] == "open"
        return begun and (ended or (row["end_min"] is not None and row["end_min"] >= first))
    begun = last is None or row["start_min"] is None or row["start_min"] <= last
    return begun and (first is None or row["end_max"] is None or row["end_max"] >= first)


def _has_words(row: dict[str, Any], text: str) -> bool:
    held = " ".join(row[name] or "" for name in ("title", "summary", "names", "quotes"))
    found = re.findall(r"\w+", held.lower())
    return all(any(word.startswith(w.lower()) for word in found) for w in text.split())


def wanted(connection: sqlite3.Connection, filters: Filters) -> list[dict[str, Any]]:
    return [row for row in believed(connection, filters.as_of) if is_wanted(row, filters)]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_counts_equal_those_of_the_rows(chunk: int) -> None:
    for case, connection, filters in cases(chunk):
        chosen = choose(connection, filters)
        rows = wanted(connection, filters)

        assert len(rows) == chosen.total, (case, filters)
        for dimension in DIMENSIONS:
            found = Counter(value for row in rows for value in values(row, dimension))
            ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
            assert ranked == counts(chosen, dimension, None), (case, dimension, filters)
            assert ranked[:2] == counts(chosen, dimension, 2), (case, dimension, filters)
        years = Counter(row["year"] for row in rows if row["year"] is not None)
        assert sorted(years.items()) == histogram(chosen), (case, filters)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_pages_in_either_direction_are_the_rows_in_order_of_date(chunk: int) -> None:
    for case, connection, filters in cases(chunk):
        chosen = choose(connection, filters)
        rows = wanted(connection, filters)
        places = sorted(
            Place(-(1 << 62) if row["start_min"] is None else row["start_min"], row["number"])
            for row in rows
        )

        for newest_first in (False, True):
            expected = places[::-1] if newest_first else places
            assert expected == _forwards(chosen, newest_first), (case, filters)
            assert expected == _backwards(chosen, newest_first), (case, filters)
            assert expected[1:4] == [
                Place.of(row) for row in page_at(chosen, 1, limit=3, newest_first=newest_first)
            ], (case, filters)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_stacks_of_years_hold_every_dated_row(chunk: int) -> None:
    for case, connection, filters in cases(chunk):
        expected = Counter(
            (row["year"], row["certainty"])
            for row in wanted(connection, filters)
            if row["year"] is not None
        )

        found: Counter[tuple[int, str]] = Counter()
        for day, certainty, n in stacked(choose(connection, filters)):
            found[civil(day)[0], certainty] += n
        assert expected == found, (case, filters)


def _forwards(chosen: Any, newest_first: bool) -> list[Place]:
    found: list[Place] = []
    while rows := page(
        chosen, after=found[-1] if found else None, limit=2, newest_first=newest_first
    ):
        found += map(Place.of, rows)
    return found


def _backwards(chosen: Any, newest_first: bool) -> list[Place]:
    last = page(chosen, limit=1, newest_first=not newest_first)
    found = [Place.of(row) for row in last]
    while found and (rows := page(chosen, before=found[0], limit=2, newest_first=newest_first)):
        found = [*map(Place.of, rows), *found]
    return found
