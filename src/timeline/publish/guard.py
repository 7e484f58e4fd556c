"""Keeps one reader's SQL from holding the others up: limits and refusals on every connection.

Datasette's time limit stops a query between two steps of SQLite's machine; a single call such as
`instr(zeroblob(5e7), …)` is one step and cannot be stopped. So the functions that can work long or
grow large within a step are denied, and values are kept short.
"""

from __future__ import annotations

import sqlite3
from typing import Final

LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: 200_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
}
"""Limit -> bytes, columns, levels, parts or instructions."""

HEAP_BYTES: Final = 256 * 1024 * 1024
"""Of SQLite in the whole process; beyond it a query fails, not the process."""

DENIED: Final = frozenset(
    {
        "fts3_tokenizer", "format", "instr", "load_extension", "printf", "randomblob", "zeroblob",
    }
)  # fmt: skip
"""Functions that one step of a query must not call; no page of ours needs them."""

_WRITES: Final = frozenset(
    {
        sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_DROP_TRIGGER, sqlite3.SQLITE_DROP_VTABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE, sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER, sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_REINDEX,
    }
)  # fmt: skip


def guard(connection: sqlite3.Connection) -> None:
    """Puts the limits and refusals on a connection that other people's SQL will run on."""
    limit(connection)
    connection.set_authorizer(authorize)


def guard_scratch(connection: sqlite3.Connection) -> None:
    """The same for Datasette's empty database in memory, where it tries out what SQLite can do."""
    limit(connection)
    connection.set_authorizer(authorize_functions)


def limit(connection: sqlite3.Connection) -> None:
    """Puts the limits alone on a connection."""
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}")
    connection.execute("PRAGMA trusted_schema = OFF")


def authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _cause: str | None
) -> int:
    """SQLite's question before each part of a statement: SQLITE_OK or SQLITE_DENY."""
    if action in _WRITES and not _is_own(first):
        return sqlite3.SQLITE_DENY
    return authorize_functions(action, first, second, _database, _cause)


def authorize_functions(
    action: int, _first: str | None, second: str | None, _database: str | None, _cause: str | None
) -> int:
    """The same question, where only functions are refused."""
    denied = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in DENIED
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def _is_own(table: str | None) -> bool:
    """Whether SQLite itself writes there: opening a virtual table declares it as a table."""
    return (table or "").startswith("sqlite_")
