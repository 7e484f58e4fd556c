"""`timeline retract`: that a record, or a whole batch, no longer stands."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.session import Session
from timeline.cli.words import reason_of
from timeline.cli.write import Writing, record, write_options
from timeline.errors import Conflict, UsageRefused

if TYPE_CHECKING:
    from timeline.readmodel.refs import Ref
    from timeline.records.draft import Draft


@click.command()
@click.argument("ref", metavar="REF|batch/ID")
@click.option("-r", "--reason", metavar="WORD", help="unsupported, false, duplicate, …")
@click.option("--because", metavar="TEXT", help="In words: why.")
@click.option("--duplicate-of", metavar="REF", help="The event that it is a double of.")
@write_options
@click.pass_obj
def command(
    session: Session,
    ref: str,
    reason: str | None,
    because: str | None,
    duplicate_of: str | None,
    writing: Writing,
) -> None:
    """Retract an event, entity, source, record or batch; it stays visible, struck through."""
    from timeline.cli.model import open_model
    from timeline.readmodel.refs import resolve
    from timeline.records.scales import RETRACTION_REASONS

    archive = session.archive()
    connection = open_model(session, archive)
    found = resolve(connection, ref)
    _refuse_twice(connection, found)
    other = resolve(connection, duplicate_of, ("event",)).id if duplicate_of else None
    word = reason or ("duplicate" if other else None)
    why = reason_of(session, word, RETRACTION_REASONS, "a retraction")
    draft = retraction(found, why, because, other)
    record(session, archive, [draft], command="retract", writing=writing)


def retraction(
    ref: Ref, reason: str, because: str | None = None, duplicate_of: str | None = None
) -> Draft:
    """The draft of a retraction."""
    from timeline.records.draft import Draft

    body: dict[str, Any] = {"kind": "retraction", "reason": reason}
    body |= {"batch_of": ref.id} if ref.kind == "batch" else {"of": ref.id}
    body |= {"note": because} if because else {}
    return Draft(body | ({"duplicate_of": duplicate_of} if duplicate_of else {}))


_STANDING = {
    "event": "SELECT retracted = 0 FROM events WHERE id = :id",
    "entity": "SELECT retracted = 0 FROM entities WHERE id = :id",
    "source": "SELECT retracted = 0 FROM sources WHERE id = :id",
    "batch": "SELECT withdrawn = 0 FROM batches WHERE id = :id",
    "record": "SELECT effective FROM records WHERE position = :position",
}


def _refuse_twice(connection: sqlite3.Connection, ref: Ref) -> None:
    if ref.kind == "seal":
        raise UsageRefused("a seal cannot be retracted")
    row = connection.execute(
        _STANDING[ref.kind], {"id": ref.id, "position": ref.position}
    ).fetchone()
    if not row[0]:
        raise Conflict(
            f"{ref.id} does not stand any more", fix="retract its retraction to have it back"
        )
