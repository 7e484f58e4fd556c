"""`timeline erase`: one line goes for a legal reason, its leaf and every proof stay."""

from __future__ import annotations

import click

from timeline.cli.session import Session
from timeline.errors import UsageRefused


@click.command()
@click.argument("ref", metavar="REF")
@click.option("--basis", required=True, metavar="TEXT", help="The legal basis, for all to read.")
@click.option("--by", envvar="TIMELINE_BY", metavar="NAME", help="Who erases.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(session: Session, ref: str, basis: str, by: str | None, yes: bool) -> None:
    """Remove one sealed line on a legal basis."""
    from timeline.cli.model import open_model
    from timeline.cli.write import recorded_by
    from timeline.log.erase import erase
    from timeline.readmodel.build import build
    from timeline.readmodel.refs import resolve
    from timeline.records.codec import leaf_hash

    archive = session.archive()
    connection = open_model(session, archive)
    found = resolve(connection, ref)
    if found.position is None:
        raise UsageRefused(
            f"{ref} is a {found.kind}; one record is erased at a time, named by its place",
            fix=f"timeline log {ref}",
        )
    row = connection.execute(
        "SELECT line FROM records WHERE position = ?", (found.position,)
    ).fetchone()
    connection.close()
    _confirm(session, found.position, row[0], yes=yes)
    leaf = leaf_hash(row[0].encode())
    done = erase(archive, leaf, basis=basis, by=by or recorded_by(archive))
    build(archive)  # anew, never patched: pages, search and facets must not keep a trace
    session.say(f"record {done.position} was erased from {', '.join(done.files)}")
    session.say("It is still in git's history, in clones, copies and exports: see docs/erasure.md")


def _confirm(session: Session, position: int, line: str, *, yes: bool) -> None:
    if yes:
        return
    if not session.interactive:
        raise UsageRefused("an erasure cannot be undone, so it must be confirmed", fix="add -y")
    session.say(line)
    click.confirm(f"Erase record {position} for ever?", abort=True, err=True)
