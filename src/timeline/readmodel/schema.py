"""The tables of the read model: made with sqlite-utils from `tables/*.sql`, a comment a column."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION = "5"
"""Changes with any table: a read model of another version is dropped and filled again."""

TABLES = ("events", "links", "claims", "entities", "states", "records", "facets")
TOKENIZE = "unicode61 remove_diacritics 2"
SEARCHED = ("title", "summary", "names", "quotes")
_COLUMN = re.compile(r"^  (\w+) (?:INTEGER|TEXT|REAL|BLOB|ANY)[^-]*(?:-- (.*))?$")


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as its SQL describes it: name, what a row is, column -> what it holds."""

    name: str
    description: str
    columns: dict[str, str]


def sql(name: str) -> str:
    """The text of `tables/NAME.sql`."""
    return (Path(__file__).parent / "tables" / f"{name}.sql").read_text("utf-8")


def create_tables(connection: sqlite3.Connection) -> None:
    """The empty tables and the empty full-text table, without indexes: rows go in first."""
    import sqlite_utils

    database = sqlite_utils.Database(connection)
    for name in TABLES:
        database.executescript(sql(name))
    database.table("events").enable_fts(SEARCHED, tokenize=TOKENIZE)


def create_indexes(connection: sqlite3.Connection) -> None:
    """Indexes and views."""
    for name in ("indexes", "views"):
        for statement in statements(name):
            connection.execute(statement)


_LOADING = {"hashsize": 32 << 20, "automerge": 0}
_SERVING = {"hashsize": 1 << 20, "automerge": 4}
"""FTS5's own defaults (https://sqlite.org/fts5.html section 6); what is set stays in the file."""


def fill_search(connection: sqlite3.Connection) -> None:
    """The full-text table from the events that are there: in long runs, merged sixteen at once."""
    _set_search(connection, _LOADING)
    connection.execute("INSERT INTO events_fts (events_fts) VALUES ('rebuild')")
    _set_search(connection, _SERVING)


def _set_search(connection: sqlite3.Connection, settings: Mapping[str, int]) -> None:
    connection.executemany(
        "INSERT INTO events_fts (events_fts, rank) VALUES (?, ?)", [*settings.items()]
    )


def statements(name: str) -> list[str]:
    """The statements of `tables/NAME.sql`, one by one, so that a transaction can hold them."""
    return [statement for statement in sql(name).split(";") if statement.strip()]


def described() -> Iterator[TableText]:
    """Every table with the comments of its columns, in the order of the files."""
    for name in TABLES:
        yield from _tables_in(sql(name))


def _tables_in(text: str) -> Iterator[TableText]:
    for comment, table, body in re.findall(
        r"-- ([^\n]*)\nCREATE TABLE (\w+) \((.*?)\n\)", text, flags=re.DOTALL
    ):
        found = (_COLUMN.match(line) for line in body.split("\n"))
        columns = {match[1]: match[2] or "" for match in found if match}
        yield TableText(table, comment, columns)
