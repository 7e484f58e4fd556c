"""`timeline export`: a selection of events into a file, in any of the exporters' formats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import click

from timeline.cli.as_of import as_of_option
from timeline.cli.find import rows, selection, selection_options
from timeline.cli.output import stdout
from timeline.cli.progress import progress
from timeline.cli.session import Session
from timeline.cli.words import counted

if TYPE_CHECKING:
    import sqlite3

    from timeline.exporters.rows import Rows
    from timeline.readmodel.selection import Query


@click.command()
@click.argument("format_name", metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@selection_options
@as_of_option
@click.option(
    "--sort", default="recorded", show_default=True, help="date, -date, title, certainty, recorded."
)
@click.pass_obj
def command(
    session: Session,
    /,
    format_name: str,
    output: Path | None,
    as_of: str | None,
    sort: str,
    **filters: Any,
) -> None:
    """Write a selection of events to a file: csv, json, ics and more."""
    from timeline.cli.model import open_model
    from timeline.exporters import exporter
    from timeline.readmodel.facets import settled
    from timeline.readmodel.selection import events

    write = exporter(format_name).write
    connection = open_model(session)
    query = events(settled(connection, selection(connection, filters, as_of)), sort=sort)
    found = _rows(connection, query, format_name)
    with progress("events written", quiet=session.quiet) as report:
        values = found.values if report is None else _counted(found.values, report)
        found = replace(found, values=values)
        if output is None:
            n = write(found, stdout())
        else:
            n = _to_file(output, lambda out: write(found, out))
    session.say(counted(n, "event") + (f" in {output}" if output else ""))


def _rows(connection: sqlite3.Connection, query: Query, format_name: str) -> Rows:
    """The rows as SQLite itself writes them, where the format is one that it can write."""
    from timeline.exporters.rows import JSON_COLUMNS, Rows
    from timeline.readmodel.rendered import as_lines, as_objects
    from timeline.readmodel.selection import COLUMNS

    match format_name:
        case "json" | "nl":
            written = as_objects(query, JSON_COLUMNS)
        case "csv":
            written = as_lines(query, ",")
        case "tsv":
            written = as_lines(query, "\t")
        case _:
            return rows(connection, query)
    cursor = connection.cursor()
    cursor.row_factory = None
    return Rows(COLUMNS, cursor.execute(written.sql, written.parameters), ready=True)


def _counted(values: Any, report: Any) -> Any:
    for number, value in enumerate(values, start=1):
        if number % 1000 == 0:
            report(number)
        yield value


def _to_file(path: Path, write: Any) -> int:
    """Writes beside the file and puts it in place when it is whole; a device or pipe is filled."""
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            filled: int = write(cast(BinaryIO, cast(IO[bytes], out)))
            return filled
    path = path.resolve()  # behind a link the file changes, not the link
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as out:
            n: int = write(cast(BinaryIO, cast(IO[bytes], out)))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return n
