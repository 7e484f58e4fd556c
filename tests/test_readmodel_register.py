"""Names read from the log alone, and a log laid over a read model that is behind it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.logs import entity, event, source
from tests.random_logs import random_log
from tests.test_readmodel_build import archive_of, extend
from timeline.readmodel.ahead import bytes_ahead, is_current, lay_over
from timeline.readmodel.build import build
from timeline.readmodel.database import connect
from timeline.readmodel.register import names_of_log

NAMES = {
    "entities": "id, kind, label, merged_into, retracted, country, valid, external_ids",
    "names": "entity, text, kind, valid_from, valid_to, folded",
    "sources": "id, title, url, root, retracted",
    "events": "id",
}


def names(connection: sqlite3.Connection) -> dict[str, Any]:
    return {
        table: sorted(map(repr, map(tuple, connection.execute(f"SELECT {columns} FROM {table}"))))
        for table, columns in NAMES.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_names_from_the_log_are_those_of_the_read_model(tmp_path: Path, seed: int) -> None:
    archive = archive_of(tmp_path, random_log(seed, 25))
    build(archive)

    whole, alone = names(connect(archive)), names(names_of_log(archive))

    assert {**whole, "events": sorted(set(whole["events"]))} == {
        **alone,
        "events": sorted(set(alone["events"])),
    }


def test_a_built_read_model_is_current_until_somebody_appends(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])
    build(archive)
    assert is_current(connect(archive), archive)

    extend(archive, [event(1, "b")])

    assert not is_current(connect(archive), archive)
    assert 0 < bytes_ahead(archive) < 1000


def test_new_events_and_sources_are_laid_over(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a"), source(1, "src:old")])
    build(archive)
    extend(archive, [source(2, "src:new", url="https://example.org/new"), event(3, "b")])
    connection = connect(archive)

    assert lay_over(connection, archive)

    assert ["a", "b"] == [row[0] for row in connection.execute("SELECT id FROM events ORDER BY 1")]
    assert ["src:new"] == [
        row[0] for row in connection.execute("SELECT id FROM sources WHERE url IS NOT NULL")
    ]


@pytest.mark.parametrize(
    "new",
    [entity(1, "person:x", "Jane"), source(1, "src:b", root="src:a")],
    ids=["a name", "a copy"],
)
def test_what_must_be_folded_is_not_laid_over(tmp_path: Path, new: dict[str, Any]) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])
    build(archive)
    extend(archive, [new])

    assert not lay_over(connect(archive), archive)


def test_a_segment_that_was_changed_or_taken_away_is_not_laid_over(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a"), event(1, "b")])
    build(archive)
    (segment,) = archive.events.rglob("*.jsonl")
    segment.write_bytes(segment.read_bytes().splitlines(keepends=True)[0])

    assert not lay_over(connect(archive), archive)

    segment.unlink()

    assert not lay_over(connect(archive), archive)


def test_a_torn_line_is_not_laid_over(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])
    build(archive)
    (segment,) = archive.events.rglob("*.jsonl")
    with segment.open("ab") as file:
        file.write(b'{"kind":"event","ev')

    assert not lay_over(connect(archive), archive)
