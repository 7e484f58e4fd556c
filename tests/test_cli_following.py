"""Nobody who appends waits for the read model; whoever reads, and a server, brings it along."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.logs import event
from tests.test_readmodel_build import archive_of, extend
from timeline.archive import Archive
from timeline.cli import model
from timeline.cli.following import Following
from timeline.readmodel.build import build

from .commands import add_malta, done, lines, new_archive, run

TALK = ("add", "Talk", "-d", "2026-01-05", "-s", "https://example.org/a")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """An archive whose read model lacks an entity, while another process writes to it."""
    new_archive(tmp_path)
    add_malta(tmp_path)
    done(tmp_path, "build")
    done(tmp_path, "entity", "add", "person:jane-doe", "Jane Doe")
    with closing(sqlite3.connect(tmp_path / "timeline.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield tmp_path


def test_add_does_not_wait_for_another_process_and_knows_every_name(held: Path) -> None:
    result = run(held, *TALK, "-w", "Jane Doe:party")

    assert 0 == result.exit_code
    assert "timeline.db is behind the log; names are read from the log" in result.stderr
    assert [{"entity": "person:jane-doe", "role": "party"}] == lines(held)[-1]["participants"]


def test_add_refuses_what_is_wrong_even_then(held: Path) -> None:
    result = run(held, *TALK, "-w", "person:jane-do")

    assert 2 == result.exit_code
    assert "did you mean person:jane-doe?" in result.stderr


def test_add_does_not_build_what_would_take_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "_SOON", -1)
    new_archive(tmp_path)
    add_malta(tmp_path)
    again = add_malta(tmp_path)

    assert "blinken-visits-malta-2024-2" == again
    assert not (tmp_path / "timeline.db").exists()


def test_ids_and_sources_of_events_just_added_are_known(tmp_path: Path) -> None:
    new_archive(tmp_path)
    for _ in range(3):
        done(tmp_path, *TALK)

    kinds = [line["kind"] for line in lines(tmp_path)]
    ids = [line["event"] for line in lines(tmp_path) if line["kind"] == "event"]
    assert (["source", "event", "event", "event"], ["talk-2026", "talk-2026-2", "talk-2026-3"]) == (
        kinds,
        ids,
    )


HEAVY = (
    "cryptography", "datasette", "icalendar", "pydantic", "pyroaring", "sqlite_utils", "yaml",
    "pydantic_core.core_schema", "timeline.fold.states", "timeline.readmodel.ingest",
)  # fmt: skip


def test_add_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    new_archive(tmp_path)
    done(tmp_path, *TALK)
    code = (
        "import sys\nfrom timeline.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "-C", str(tmp_path), *TALK],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "[]" == ended.stderr.splitlines()[-1]


def asked(archive: Archive, times: int, between: Any = lambda _: None) -> tuple[list[int], Any]:
    """Events that requests find, one after the other, and what was warned of."""
    found: list[int] = []
    warnings: list[str] = []

    async def application(_scope: Any, _receive: Any, _send: Any) -> None:
        with closing(sqlite3.connect(archive.database)) as connection:
            found.append(connection.execute("SELECT count(*) FROM events").fetchone()[0])

    async def run_all() -> None:
        following = Following(application, archive, warnings.append)
        for number in range(times):
            await following({"type": "http"}, None, None)
            between(number)

    asyncio.run(run_all())
    return found, warnings


def test_a_request_sees_what_was_appended_before_it(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])
    build(archive)

    found, warnings = asked(
        archive, 3, lambda number: extend(archive, [event(number + 1, f"b{number}")])
    )

    assert ([1, 2, 3], []) == (found, warnings)


def test_a_merge_that_asks_for_a_build_is_said_once(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(5, "a")])
    build(archive)
    extend(archive, [event(1, "earlier")], writer="bo")

    found, warnings = asked(archive, 2)

    assert [1, 1] == found
    assert 1 == len(warnings)
    assert "start timeline serve anew" in warnings[0]
