"""What `entity` and `source` have in common: a listing, and `show` under its own line of help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.as_of import as_of_option

if TYPE_CHECKING:
    from timeline.cli.session import Session
    from timeline.readmodel.selection import Query


def print_listing(session: Session, query: Query, as_of: str | None, form: str) -> None:
    """Prints the rows of a query over the read model, as it is or as it was."""
    from timeline.cli.find import rows
    from timeline.cli.model import open_model_as_of
    from timeline.cli.output import emit

    if emit(rows(open_model_as_of(session, as_of), query), form) == 0:
        session.say("nothing found")


def show_command(words: str) -> click.Command:
    """The command `show` for a group of one kind of thing.

    Args:
        words: its line in the help of the group.
    """

    @click.command("show", help=words)
    @click.argument("ref")
    @as_of_option
    @click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
    @click.pass_context
    def show_one(ctx: click.Context, ref: str, as_of: str | None, as_json: bool) -> None:
        from timeline.cli.show import command

        ctx.invoke(command, ref=ref, as_of=as_of, as_json=as_json)

    return show_one
