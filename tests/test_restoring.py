"""What is taken back is as if it had never been, table by table, on the real travel records."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import corpus
from tests.logs import current_rows
from timeline.archive import Archive
from timeline.importers.options import Options
from timeline.importers.run import plan_import, run_import
from timeline.log.writer import append
from timeline.readmodel.catchup import catch_up
from timeline.records.draft import fresh_id

pytestmark = pytest.mark.slow
TRIPS = 4_271
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def travels(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    source = corpus("historyatstate-travels")
    archive = Archive(tmp_path_factory.mktemp("travels"))
    (archive.events).mkdir()
    plan = plan_import(archive, [source], Options(), importer="historyatstate-travels")
    run_import(plan, archive, by="ana")
    catch_up(archive)
    return archive


@pytest.fixture
def archive(travels: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(travels.root, tmp_path / "copy")
    return Archive(tmp_path / "copy")


@contextlib.contextmanager
def opened(archive: Archive) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(archive.database)
    yield connection
    connection.close()


def rows(archive: Archive) -> Rows:
    with opened(archive) as connection:
        return current_rows(connection)


def write(archive: Archive, **fields: Any) -> str:
    """Append one record and catch up; its id."""
    record = {"id": fresh_id(1_800_000_000_000), "v": 1, "recorded_by": "ana", **fields}
    append(archive, [record])
    catch_up(archive)
    return str(record["id"])


def retract(archive: Archive, record_id: str) -> str:
    return write(archive, kind="retraction", of=record_id, reason="false")


def two_events(archive: Archive) -> list[tuple[str, str]]:
    with opened(archive) as connection:
        return connection.execute("SELECT id, title FROM events ORDER BY number LIMIT 2").fetchall()


def correct_title(archive: Archive, to: str, **more: Any) -> str:
    (event, title), _ = two_events(archive)
    changes = {"/title": {"from": title, "to": to}}
    return write(
        archive, kind="correction", of=event, changes=changes, reason="editor_error", **more
    )


def there_and_back(archive: Archive, there: Callable[[], str]) -> tuple[Rows, Rows, Rows]:
    before = rows(archive)
    record_id = there()
    between = rows(archive)
    retract(archive, record_id)
    return before, between, rows(archive)


def test_a_correction_that_is_retracted(archive: Archive) -> None:
    before, between, after = there_and_back(archive, lambda: correct_title(archive, "X"))

    assert before != between
    assert before == after


def test_a_correction_that_takes_the_place_of_a_correction(archive: Archive) -> None:
    first = correct_title(archive, "X")

    before, between, after = there_and_back(
        archive, lambda: correct_title(archive, "Y", supersedes=[first])
    )

    assert before != between
    assert before == after


def test_two_events_that_were_merged(archive: Archive) -> None:
    (one, _), (other, _) = two_events(archive)

    before, between, after = there_and_back(
        archive, lambda: write(archive, kind="merge", duplicate=one, into=other)
    )

    assert before != between
    assert before == after


def test_the_undo_of_a_whole_import_and_its_own_undo(archive: Archive) -> None:
    with opened(archive) as connection:
        (batch,) = connection.execute("SELECT id FROM batches").fetchone()

    before, between, after = there_and_back(
        archive, lambda: write(archive, kind="retraction", batch_of=batch, reason="wrong_batch")
    )

    columns = {len(row) for row in between["events"]}
    assert {TRIPS} == {len(between["events"])} and len(columns) == 1
    assert [] == [row for row in between["claims"] if row[-1] == 1]
    assert before == after
