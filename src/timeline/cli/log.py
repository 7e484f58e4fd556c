"""`timeline log`: what was appended, newest first."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from timeline.cli.as_of import as_of_option, as_of_position
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session

if TYPE_CHECKING:
    from timeline.exporters.rows import Rows


@click.command()
@click.argument("ref", required=False)
@click.option("--since", metavar="A", help="Only what came after: a day, #123, seal/NAME.")
@click.option("--by", "author", metavar="WHO", help="Only what this person or importer wrote.")
@click.option("--kind", metavar="KIND", help="Only records of this kind.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True)
@as_of_option
@format_options
@click.pass_obj
def command(
    session: Session,
    ref: str | None,
    since: str | None,
    author: str | None,
    kind: str | None,
    limit: int,
    as_of: str | None,
    form: str,
) -> None:
    """List what was appended, newest first."""
    from timeline.cli.find import rows
    from timeline.cli.model import open_model
    from timeline.readmodel.logbook import logbook
    from timeline.readmodel.refs import record_of_seal, resolve

    connection = open_model(session)

    about = resolve(connection, ref) if ref else None
    if about is not None and about.kind == "seal":
        about = record_of_seal(connection, about)
    upto = as_of_position(connection, as_of)
    query = logbook(
        about=about,
        after=as_of_position(connection, since),
        upto=upto,
        by=author,
        kind=kind,
        limit=limit,
    )
    found = rows(connection, query)
    if upto is not None:
        found = _as_they_stood(connection, found, upto)
    if emit(found, form) == 0:
        session.say("nothing was appended")


def _as_they_stood(connection: sqlite3.Connection, found: Rows, upto: int) -> Rows:
    """The same records; whether each stands is told as it was when the log ended with `upto`."""
    from timeline.readmodel.library import Library

    listed = [dict(zip(found.columns, row, strict=True)) for row in found.values]
    stood = Library(connection).standing([row["position"] for row in listed], upto)
    for row in listed:
        row["standing"] = "" if row["position"] in stood else "no longer stands"
    return replace(found, values=(list(row.values()) for row in listed))
