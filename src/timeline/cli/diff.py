"""`timeline diff`: what changed in the archive between two moments, seals or positions."""

from __future__ import annotations

from shlex import quote

import click

from timeline.cli.output import emit, format_options
from timeline.cli.session import Session, today
from timeline.errors import UsageRefused


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="[B]", default="last")
@click.argument("ref", metavar="[REF]", required=False)
@click.option("--stat", is_flag=True, help="Count the changes by what they are.")
@click.option("--exit-code", is_flag=True, help="End with 1 where anything changed.")
@format_options
@click.pass_context
def command(
    ctx: click.Context, a: str, b: str, ref: str | None, stat: bool, exit_code: bool, form: str
) -> None:
    """Show what changed in the archive after A, up to B."""
    from timeline.cli.find import rows
    from timeline.cli.model import open_model
    from timeline.readmodel.logbook import change_counts, changes
    from timeline.readmodel.moments import position_of
    from timeline.readmodel.refs import resolve

    session: Session = ctx.obj
    connection = open_model(session)
    after, upto = (position_of(connection, text, today()) for text in (a, b))
    if after > upto:
        raise UsageRefused(f"{a} lies behind {b}", fix=f"timeline diff {quote(b)} {quote(a)}")
    event = resolve(connection, ref, ("event",)).id if ref else None
    make = change_counts if stat else changes
    n = emit(rows(connection, make(after, upto, event)), form)
    if not n:
        session.say(f"nothing changed between #{after} and #{upto}")
    if exit_code and n:
        ctx.exit(1)
