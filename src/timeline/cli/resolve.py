"""`timeline resolve`: names that stand as text, and what they mean, said by a person."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.as_of import folded_as_of_option
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session
from timeline.cli.write import Writing, record
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from timeline.cli.correcting import Subject
    from timeline.records.draft import Draft

_KINDS: Mapping[str, tuple[str | None, ...]] = {"participant": (None,), "place": ("place", "state")}


@click.command()
@click.argument("name", required=False)
@click.argument("entity", metavar="[ID]", required=False)
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True)
@click.option("-n", "--dry-run", is_flag=True, help="Print the lines, append nothing.")
@click.option("--by", envvar="TIMELINE_BY", metavar="NAME", help="Who writes this down.")
@folded_as_of_option
@format_options
@click.pass_obj
def command(
    session: Session,
    name: str | None,
    entity: str | None,
    limit: int,
    by: str | None,
    dry_run: bool,
    as_of: str | None,
    form: str,
) -> None:
    """List names that stand as text, or say whom one means."""
    if name is not None and entity is not None:
        if as_of is not None:
            raise UsageRefused(
                "what a name means is said now; --as-of is for the list alone",
                fix=f"timeline resolve {shlex.quote(name)} {entity}",
            )
        _say(session, name, entity, Writing(by, dry_run, as_json=form == "json"))
        return
    from timeline.cli.model import open_model_as_of
    from timeline.exporters.rows import Rows
    from timeline.readmodel.unresolved import unresolved

    connection = open_model_as_of(session, as_of)
    query = unresolved(name, limit=limit)
    listed = connection.execute(query.sql, query.parameters)
    rows = ([*row, *_offer(connection, row[0], row[1])] for row in listed)
    columns = ("name", "used_as", "n_events", "candidates", "command")
    if emit(Rows(columns, rows), form) == 0:
        session.say("every name is resolved" if name is None else f"no name here holds {name!r}")


def _offer(connection: sqlite3.Connection, name: str, used_as: str) -> tuple[str, str]:
    """Those that the name can mean, and the command that says so, ready to paste."""
    from timeline.records.slugs import slug

    found = dict.fromkeys(
        one for kind in _KINDS[used_as] for one in _candidates(connection, name, kind)
    )
    if found:
        first = next(iter(found))
        return ", ".join(found), f"timeline resolve {shlex.quote(name)} {first}"
    kind = "place" if used_as == "place" else "person"
    return "", f"timeline entity add {kind}:{slug(name)} {shlex.quote(name)}"


def _candidates(connection: sqlite3.Connection, name: str, kind: str | None) -> Iterator[str]:
    from timeline.readmodel.name_index import resolve_name

    found = resolve_name(connection, name, kind=kind, on=None)
    yield from ([found.entity] if found.entity else [one.id for one in found.candidates])


def _say(session: Session, name: str, entity: str, writing: Writing) -> None:
    """Corrects every event in which the name stands as text."""
    from timeline.cli.model import open_model
    from timeline.log.cursor import head

    archive = session.archive()
    seen = head(archive)
    connection = open_model(session, archive)
    found = _known(connection, entity)
    drafts = [*_shipped(connection, found), *_corrections(connection, name, found)]
    if not any(draft.body["kind"] == "correction" for draft in drafts):
        raise NotFound(f"{name!r} stands as text in no event", fix="timeline resolve")
    record(
        session,
        archive,
        drafts,
        command="resolve",
        writing=writing,
        expect_head=seen,
    )


def _known(connection: sqlite3.Connection, text: str) -> str:
    """The id of an entity of the archive or of the tables that ship."""
    from timeline.readmodel.refs import resolve
    from timeline.records.gazetteer import shipped_records

    if text in shipped_records():
        return text
    return resolve(connection, text, ("entity",)).id


def _shipped(connection: sqlite3.Connection, entity: str) -> Iterator[Draft]:
    from timeline.records.draft import Draft
    from timeline.records.gazetteer import shipped_records

    row = connection.execute("SELECT 1 FROM entities WHERE id = ?", (entity,)).fetchone()
    if row is None:
        yield Draft(shipped_records()[entity])


def _corrections(connection: sqlite3.Connection, name: str, entity: str) -> Iterator[Draft]:
    from timeline.cli.correcting import correction, subject_of_ref
    from timeline.readmodel.refs import Ref
    from timeline.readmodel.unresolved import events_with

    query = events_with(name)
    for (event,) in connection.execute(query.sql, query.parameters).fetchall():
        changes = _changes(subject_of_ref(connection, Ref("event", event)), name, entity)
        if changes:
            yield correction(event, changes, "resolution", None, None)


def _changes(subject: Subject, name: str, entity: str) -> dict[str, Any]:
    """The lists in which the name stands, with the entity in its place."""
    changes: dict[str, Any] = {}
    for field, key in (("participants", "entity"), ("where", "place")):
        before = subject.fields.get(field, [])
        after = [_named(item, name, key, entity) for item in before]
        if after != before:
            changes[f"/{field}"] = {"from": before, "to": after}
    return changes


def _named(item: Mapping[str, Any], name: str, key: str, entity: str) -> Mapping[str, Any]:
    if key in item or item.get("name") != name:
        return item
    return {**{k: value for k, value in item.items() if k != "name"}, key: entity}
