"""`timeline source`: documents and pages, and how far each can be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from timeline.cli.add import pairs_of
from timeline.cli.as_of import folded_as_of_option
from timeline.cli.kinds import print_listing, show_command
from timeline.cli.output import format_options
from timeline.cli.session import Session
from timeline.cli.words import one_of
from timeline.cli.write import Refused, Writing, record, write_options
from timeline.errors import Conflict


@click.group()
def command() -> None:
    """List, show, add and grade sources."""


@command.command("list")
@click.argument("text", required=False)
@click.option("--grade", metavar="A-F", help="Only those of this grade; - for ungraded.")
@folded_as_of_option
@format_options
@click.pass_obj
def list_sources(
    session: Session, text: str | None, grade: str | None, as_of: str | None, form: str
) -> None:
    """List sources, those that most rests on first."""
    from timeline.readmodel.listings import sources

    if grade not in {None, "-"}:
        grade = _grade(grade)
    print_listing(session, sources(text, grade), as_of, form)


command.add_command(show_command("Show a source and what rests on it."))


@command.command("add")
@click.argument("what", metavar="URL|TITLE")
@click.argument("words", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--copies", metavar="SOURCE", help="The source whose story this one prints.")
@click.option("--grade", metavar="A-F", help="Reliability, Admiralty code.")
@write_options
@click.pass_obj
def add_source(
    session: Session,
    what: str,
    words: Sequence[str],
    copies: str | None,
    grade: str | None,
    writing: Writing,
) -> None:
    """Append a source: title, publisher, author, published, archived_url, …"""
    from timeline.cli.correcting import Subject
    from timeline.cli.model import open_model
    from timeline.cli.sourcing import Sources, existing_source
    from timeline.records.draft import Draft

    archive = session.archive()
    connection = open_model(session, archive)
    found = Sources(connection)
    source = found.find_or_draft(what)
    if not found.drafts:
        raise Conflict(f"{source} is there already", fix=f"timeline correct {source} FIELD=VALUE")
    pairs = pairs_of(words, title=False)
    pairs += [("reliability", _grade(grade))] if grade else []
    pairs += [("root", existing_source(connection, copies))] if copies else []
    body: dict[str, Any] = dict(found.drafts[0].body)
    changes = Subject(source, "source", body).plain_changes(pairs)
    if changes.problems:
        raise Refused(changes.problems)
    body |= {pointer[1:]: change["to"] for pointer, change in changes.values.items()}
    record(session, archive, [Draft(body)], command="source", writing=writing)


@command.command("grade")
@click.argument("ref", metavar="SOURCE")
@click.argument("grade", metavar="A-F")
@click.option("--because", metavar="TEXT", help="In words: why.")
@write_options
@click.pass_obj
def grade_source(
    session: Session,
    ref: str,
    grade: str,
    because: str | None,
    writing: Writing,
) -> None:
    """Say how reliable a source is: A reliable … E unreliable, F cannot be judged."""
    from timeline.cli.model import open_model
    from timeline.cli.sourcing import existing_source
    from timeline.records.draft import Draft

    archive = session.archive()
    source = existing_source(open_model(session, archive), ref)
    body = {"kind": "assessment", "of": source, "reliability": _grade(grade)}
    draft = Draft(body | ({"note": because} if because else {}))
    record(session, archive, [draft], command="grade", writing=writing)


def _grade(letter: str) -> str:
    from timeline.records.scales import RELIABILITY

    return one_of("grade", letter.upper(), RELIABILITY)
