from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.logs import event
from tests.test_readmodel_build import archive_of, extend
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.database import connect, one_moment
from timeline.readmodel.facets import Filters, choose, counts, shelf


def topics(connection: sqlite3.Connection) -> list[tuple[str | int, int]]:
    with one_moment(connection):
        return counts(choose(connection, Filters(any_of={"type": ["meeting.held"]})), "topic")


def test_readers_of_one_state_share_a_shelf(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a", topics=["arms"])])
    catch_up(archive)

    with (
        contextlib.closing(connect(archive)) as one,
        contextlib.closing(connect(archive)) as other,
        one_moment(one),
        one_moment(other),
    ):
        assert shelf.shelf_of(one) is shelf.shelf_of(other)


def test_what_is_appended_is_counted_at_once(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a", topics=["arms"])])
    catch_up(archive)

    with contextlib.closing(connect(archive)) as reader:
        assert [("arms", 1)] == topics(reader)
        extend(archive, [event(1, "b", topics=["arms", "trade"])])
        catch_up(archive)
        assert [("arms", 2), ("trade", 1)] == topics(reader)


def test_a_reader_of_an_older_state_counts_that(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a", topics=["arms"])])
    catch_up(archive)
    extend(archive, [event(1, "b", topics=["arms"])])
    catch_up(archive)  # from here on the file is in WAL mode

    with (
        contextlib.closing(connect(archive)) as early,
        contextlib.closing(connect(archive)) as late,
        one_moment(early),
    ):
        assert 2 == early.execute("SELECT count(*) FROM events").fetchone()[0]
        extend(archive, [event(2, "c", topics=["arms"])])
        catch_up(archive)
        assert [("arms", 3)] == topics(late)
        chosen = choose(early, Filters(any_of={"topic": ["arms"]}))
        assert [("meeting.held", 2)] == counts(chosen, "type")


def test_nothing_is_shared_outside_a_transaction(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])
    catch_up(archive)

    with contextlib.closing(connect(archive)) as connection:
        assert shelf.shelf_of(connection) is not shelf.shelf_of(connection)


def test_a_full_shelf_reads_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_ROOM", 0)
    archive = archive_of(tmp_path, [event(0, "a", topics=["arms"])])
    catch_up(archive)

    with contextlib.closing(connect(archive)) as connection:
        assert [("arms", 1)] == topics(connection)
        assert [("arms", 1)] == topics(connection)
