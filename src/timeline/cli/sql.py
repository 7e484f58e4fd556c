"""`timeline sql`: a query of one's own over the read model, read-only."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from timeline.cli.as_of import folded_as_of_option
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session
from timeline.errors import UsageRefused


@click.command()
@click.argument("query", metavar="QUERY|FILE.sql|-")
@click.option("-p", "--parameter", nargs=2, multiple=True, metavar="NAME VALUE",
              help="Bound to :NAME.")  # fmt: skip
@folded_as_of_option
@format_options
@click.pass_obj
def command(
    session: Session,
    query: str,
    parameter: Sequence[tuple[str, str]],
    as_of: str | None,
    form: str,
) -> None:
    """Run a SELECT over the read model."""
    from timeline.cli.model import open_model_as_of
    from timeline.exporters.rows import Rows

    query = _text(query)
    connection = open_model_as_of(session, as_of)
    try:
        cursor = connection.execute(query, {name: _typed(value) for name, value in parameter})
        columns = tuple(column[0] for column in cursor.description or ())
        emit(Rows(columns, cursor), form)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise UsageRefused(f"SQLite: {error}", fix=_hint(str(error))) from error


def _text(query: str) -> str:
    """The query itself, or the content of a file or of standard input."""
    if query == "-":
        return sys.stdin.read()
    return Path(query).read_text("utf-8") if query.endswith(".sql") else query


def _typed(value: str) -> str | int:
    """A whole number as a number: SQLite never finds text equal to one."""
    return int(value) if value.lstrip("-").isdecimal() and len(value) < 16 else value


def _hint(message: str) -> str:
    if "no such table" in message or "no such column" in message:
        return 'timeline sql "SELECT name, sql FROM sqlite_schema"'
    if "readonly" in message:
        return "the read model follows from the log; timeline help corrections"
    return ""
