"""`timeline cite`: one more source's account of an event, for it or against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import click

from timeline.cli.add import claim_options, claim_pairs, pairs_of
from timeline.cli.session import Session, today
from timeline.cli.write import Refused, Writing, record, write_options


@click.command()
@click.argument("event")
@click.argument("source", metavar="URL|SOURCE|TEXT")
@click.argument("words", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--stance", metavar="WORD", help="asserts, denies, implies, questions, silent.")
@click.option("--field", "fields", multiple=True, help="A field that it speaks to; else all.")
@claim_options
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How to read 05/12/2024.")
@write_options
@click.pass_obj
def command(
    session: Session,
    /,
    event: str,
    source: str,
    words: Sequence[str],
    stance: str | None,
    fields: Sequence[str],
    dates: Literal["dmy", "mdy"] | None,
    writing: Writing,
    **claim: Any,
) -> None:
    """Add one more source's claim; FIELD=VALUE where it differs."""
    from timeline.cli.drafting import draft_claim
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.cli.values import Values
    from timeline.readmodel.refs import resolve

    archive = session.archive()
    connection = open_model(session, archive)
    ref = resolve(connection, event, ("event",))
    (kind,) = connection.execute("SELECT type FROM events WHERE id = ?", (ref.id,)).fetchone()
    pairs = [("source", source), *pairs_of(words, title=False), *claim_pairs(claim)]
    pairs += [("stance", stance)] if stance else []
    pairs += [("speaks", name) for name in fields]
    values = Values(connection, vocabulary_in_force(connection), today(), dates)
    drafted = draft_claim(values, ref.id, kind, pairs)
    if drafted.problems:
        raise Refused(drafted.problems)
    record(session, archive, drafted.drafts, command="cite", writing=writing)
