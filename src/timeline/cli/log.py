"""`timeline log`: what was appended, newest first."""

from __future__ import annotations

import click

from timeline.cli.output import emit, format_options
from timeline.cli.session import Session, today


@click.command()
@click.argument("ref", required=False)
@click.option("--since", metavar="A", help="Only what came after: a day, #123, seal/NAME.")
@click.option("--by", "author", metavar="WHO", help="Only what this person or importer wrote.")
@click.option("--kind", metavar="KIND", help="Only records of this kind.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True)
@click.option("--as-of", metavar="A", help="As the archive was then: a day, #123, last.")
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
    from timeline.readmodel.moments import position_of
    from timeline.readmodel.refs import resolve

    connection = open_model(session)

    def position(text: str | None) -> int | None:
        return None if text is None else position_of(connection, text, today())

    query = logbook(
        about=resolve(connection, ref) if ref else None,
        after=position(since),
        upto=position(as_of),
        by=author,
        kind=kind,
        limit=limit,
    )
    if emit(rows(connection, query), form) == 0:
        session.say("nothing was appended")
