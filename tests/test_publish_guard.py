from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from timeline.cli.serve import make_datasette
from timeline.publish.guard import LIMITS, guard

from .commands import add_malta, add_rome, new_archive


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The real thing over an archive of two events."""
    from timeline.archive import Archive
    from timeline.readmodel.catchup import catch_up

    folder = new_archive(tmp_path_factory.mktemp("guarded"))
    add_malta(folder)
    add_rome(folder)
    catch_up(Archive(folder))
    return make_datasette(Archive(folder))


def answer(datasette: Any, sql: str) -> Any:
    """What Datasette's own client gets for a query."""
    query = urlencode({"sql": sql, "_shape": "objects"})
    path = f"/timeline.json?{query}"
    response = asyncio.run(datasette.client.get(path, follow_redirects=True))
    return response.json()


@pytest.mark.parametrize(
    "sql",
    [
        "select instr(zeroblob(50000000), x'01')",
        "select printf('%.*c', 900000000, 'x')",
        "select format('%.*c', 900000000, 'x')",
        "select hex(randomblob(100000000))",
        "select load_extension('x')",
        "select fts3_tokenizer('simple')",
    ],
)
def test_a_function_that_can_hold_a_thread_is_refused(datasette: Any, sql: str) -> None:
    assert "not authorized" in answer(datasette, sql)["error"]


def test_a_query_without_end_is_stopped(datasette: Any) -> None:
    endless = (
        "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"
    )

    assert "SQL query took too long" in answer(datasette, endless)["error"]


def test_a_value_that_doubles_and_doubles_is_stopped(datasette: Any) -> None:
    growing = (
        "with recursive s(t, n) as (select 'xxxxxxxxxxxxxxxx', 1"
        " union all select t || t, n + 1 from s where n < 40) select max(length(t)) from s"
    )

    assert "string or blob too big" in answer(datasette, growing)["error"]


def test_a_query_of_a_thousand_unions_is_refused(datasette: Any) -> None:
    assert "too many terms" in answer(datasette, " union all ".join(["select 1"] * 1000))["error"]


def test_a_query_of_great_depth_is_refused(datasette: Any) -> None:
    assert answer(datasette, "select " + "(" * 500 + "1" + ")" * 500)["error"]


def test_what_readers_need_still_works(datasette: Any) -> None:
    search = (
        "select events.id from events_fts join events on events.number = events_fts.rowid"
        " where events_fts match 'malta' order by bm25(events_fts)"
    )
    listed = "select value from events, json_each(events.actors) order by value"

    assert [{"id": "blinken-visits-malta-2024"}] == answer(datasette, search)["rows"]
    assert "Ann Lee" == answer(datasette, listed)["rows"][0]["value"]


@pytest.mark.parametrize("page", ["/", "/timeline", "/timeline/events?_facet_array=actors"])
def test_pages_are_served_under_the_guard(datasette: Any, page: str) -> None:
    assert 200 == asyncio.run(datasette.client.get(page)).status_code


@pytest.fixture
def guarded() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t(x)")
    guard(connection)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "attach ':memory:' as other",
        "insert into t values (1)",
        "update t set x = 2",
        "delete from t",
        "drop table t",
        "create table u(x)",
        "create temp view v as select 1",
        "alter table t rename to u",
    ],
)
def test_nothing_is_written_or_attached(guarded: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        guarded.execute(sql)


def test_every_limit_is_in_force(guarded: sqlite3.Connection) -> None:
    assert LIMITS == {limit: guarded.getlimit(limit) for limit in LIMITS}
    assert 0 == guarded.execute("PRAGMA trusted_schema").fetchone()[0]
