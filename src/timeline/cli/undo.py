"""`timeline undo`: withdraws what was appended last, or a batch, as a whole."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import click

from timeline.cli.retract import retraction
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.cli.write import Writing, record, write_options
from timeline.errors import Conflict, UsageRefused

if TYPE_CHECKING:
    from timeline.readmodel.refs import Ref


@click.command()
@click.argument("batch", metavar="[BATCH|last]", default="last")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@write_options
@click.pass_obj
def command(session: Session, batch: str, yes: bool, writing: Writing) -> None:
    """Withdraw what was appended last, or a whole batch."""
    from timeline.cli.model import open_model

    archive = session.archive()
    connection = open_model(session, archive)
    ref = _target(connection, batch)
    session.say(_described(connection, ref))
    if session.interactive and not (yes or writing.dry_run):
        click.confirm("Withdraw it?", abort=True, err=True)
    draft = retraction(ref, "wrong_batch" if ref.kind == "batch" else "other")
    record(session, archive, [draft], command="undo", writing=writing)


def _target(connection: sqlite3.Connection, name: str) -> Ref:
    """The batch of that name; for `last` the batch of the newest record, or that record alone."""
    from timeline.readmodel.refs import Ref, resolve

    if name != "last":
        ref = resolve(connection, name if "/" in name else f"batch/{name}", ("batch",))
        row = connection.execute("SELECT withdrawn FROM batches WHERE id = ?", (ref.id,)).fetchone()
        if row["withdrawn"]:
            raise Conflict(f"batch/{ref.id} is withdrawn already")
        return ref
    row = connection.execute(
        "SELECT id, position, batch, kind FROM records WHERE kind <> 'seal'"
        " ORDER BY position DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise UsageRefused("nothing was appended yet")
    return Ref("batch", row["batch"]) if row["batch"] else Ref("record", row["id"], None, row[1])


def _described(connection: sqlite3.Connection, ref: Ref) -> str:
    if ref.kind == "batch":
        row = connection.execute("SELECT * FROM batches WHERE id = ?", (ref.id,)).fetchone()
        return (
            f"batch/{ref.id}: {counted(row['n_records'], 'record')}, {row['recorded_at'][:19]}Z,"
            f" {row['recorded_by']}"
        )
    row = connection.execute("SELECT * FROM records WHERE position = ?", (ref.position,)).fetchone()
    return f"#{row['position']}: {row['kind']} {row['subject']}, {row['recorded_by']}"
