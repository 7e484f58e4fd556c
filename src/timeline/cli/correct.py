"""`timeline correct`: that fields were wrong or have changed; the old values are recorded too."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import click

from timeline.cli.add import pairs_of
from timeline.cli.session import Session, today
from timeline.cli.words import reason_of
from timeline.cli.write import Refused, Writing, record, write_options
from timeline.errors import Conflict, UsageRefused

if TYPE_CHECKING:
    from timeline.archive import Archive
    from timeline.cli.correcting import Changes, Subject
    from timeline.cli.values import Values
    from timeline.readmodel.refs import Ref

Pairs = Sequence[tuple[str, str]]


@click.command()
@click.argument("ref")
@click.argument("words", metavar="FIELD=VALUE...", nargs=-1)
@click.option("-r", "--reason", metavar="WORD", help="typing_error, source_corrected, update, …")
@click.option("--because", metavar="TEXT", help="In words: why.")
@click.option("-s", "--source", metavar="URL|SOURCE", help="The source that shows it.")
@click.option("--was", multiple=True, metavar="FIELD=VALUE", help="Refuse unless it is this now.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How to read 05/12/2024.")
@click.option("-e", "--edit", is_flag=True, help="Change the values in the editor.")
@write_options
@click.pass_obj
def command(
    session: Session,
    ref: str,
    words: Sequence[str],
    reason: str | None,
    because: str | None,
    source: str | None,
    was: Sequence[str],
    dates: Literal["dmy", "mdy"] | None,
    edit: bool,
    writing: Writing,
) -> None:
    """Correct fields of an event, entity or source; FIELD= takes one away."""
    from timeline.cli.correcting import correction, subject_of_ref
    from timeline.cli.drafting import shipped_drafts
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.cli.values import Values
    from timeline.log.cursor import HeadMoved, head
    from timeline.readmodel.refs import resolve
    from timeline.records.scales import CORRECTION_REASONS

    archive = session.archive()
    seen = head(archive)
    connection = open_model(session, archive)
    found = resolve(connection, ref)
    subject = subject_of_ref(connection, found)
    vocabulary = vocabulary_in_force(connection)
    values = Values(connection, vocabulary, today(), dates, on=subject.day)
    pairs: Pairs = pairs_of(words, title=False)
    _refuse_stale(subject.changes(values, pairs_of(was, title=False)), found)
    changes = (_in_editor if edit else _as_typed)(archive, subject, values, pairs)
    if changes is None:
        session.say("nothing appended")
        return
    if changes.problems:
        raise Refused(changes.problems)
    if not changes.values:
        raise UsageRefused("nothing would change", fix=f"timeline correct {ref} FIELD=VALUE")
    why = reason_of(session, reason, CORRECTION_REASONS, "a correction")
    draft = correction(subject.id, changes.values, why, because, _source(connection, source))
    _show(session, changes.values)
    write = partial(
        record,
        session,
        archive,
        [*shipped_drafts(values), draft],
        command="correct",
        writing=writing,
    )
    try:
        write(expect_head=seen)
    except HeadMoved:
        seen = head(archive)
        now = subject_of_ref(open_model(session, archive), found)
        _refuse_moved(now.fields, changes.values, found)
        write(expect_head=seen)


def _refuse_moved(now: Mapping[str, Any], changes: Mapping[str, Any], ref: Ref) -> None:
    """Somebody else wrote meanwhile; that matters only where they changed the same field."""
    from timeline.cli.values import shown
    from timeline.fold.pointer import get

    for pointer, change in changes.items():
        if get(now, pointer) != change["from"]:
            raise Conflict(
                f"{ref.id} {pointer}: it was {shown(change['from'])!r} when you looked,"
                f" it is {shown(get(now, pointer))!r} now",
                fix=f"timeline show {ref.id} --history",
            )


def _refuse_stale(expected: Changes, ref: Ref) -> None:
    """What --was says must be what is there: a change to it would be no change."""
    if expected.problems:
        raise Refused(expected.problems)
    from timeline.cli.values import shown

    for pointer, change in expected.values.items():
        raise Conflict(
            f"{ref.id} {pointer}: you expected {shown(change['to'])!r},"
            f" it is {shown(change['from'])!r}",
            fix=f"timeline show {ref.id} --history",
        )


def _source(connection: sqlite3.Connection, text: str | None) -> str | None:
    from timeline.cli.sourcing import existing_source

    return None if text is None else existing_source(connection, text)


def _show(session: Session, changes: Mapping[str, Any]) -> None:
    from timeline.cli.values import shown

    for pointer, change in changes.items():
        old, new = shown(change["from"]) or "nothing", shown(change["to"]) or "nothing"
        session.say(f"  {pointer}: {old} -> {new}")


def _as_typed(_: Archive, subject: Subject, values: Values, pairs: Pairs) -> Changes:
    return subject.changes(values, pairs)


def _in_editor(archive: Archive, subject: Subject, values: Values, pairs: Pairs) -> Changes | None:
    from timeline.cli.editor import edit_form

    checked: list[Changes] = []

    def check(filled: Pairs) -> Changes:
        checked.append(subject.changes(values, subject.changed_pairs(filled)))
        return checked[-1]

    done = edit_form(archive, subject.form(pairs), "correct", check)
    return None if done is None else checked[-1]
