"""`timeline entity`: people, states, treaties, places: their names, merges and successors."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.add import pairs_of
from timeline.cli.as_of import folded_as_of_option
from timeline.cli.kinds import print_listing, show_command
from timeline.cli.output import format_options
from timeline.cli.session import Session, today
from timeline.cli.write import Refused, Writing, record, write_options
from timeline.errors import Conflict, NotFound, UsageRefused

if TYPE_CHECKING:
    pass

_NAME_KINDS = ("official", "short", "alias", "former", "native", "code")


@click.group()
def command() -> None:
    """List, show, add, name, merge and succeed entities."""


@command.command("list")
@click.argument("text", required=False)
@click.option("--kind", metavar="KIND", help="person, state, treaty, place, office, …")
@folded_as_of_option
@format_options
@click.pass_obj
def list_entities(
    session: Session, text: str | None, kind: str | None, as_of: str | None, form: str
) -> None:
    """List entities, those that most events name first."""
    from timeline.readmodel.listings import entities

    print_listing(session, entities(text, kind), as_of, form)


command.add_command(show_command("Show an entity."))


@command.command("add")
@click.argument("entity", metavar="KIND:ID")
@click.argument("names", metavar="[NAME]... [FIELD=VALUE]...", nargs=-1)
@write_options
@click.pass_obj
def add_entity(
    session: Session,
    entity: str,
    names: Sequence[str],
    writing: Writing,
) -> None:
    """Append an entity: its names, and country, valid, parent, external_ids.wikidata, …"""
    from timeline.cli.correcting import Subject
    from timeline.cli.drafting import refused_by_codec
    from timeline.cli.model import open_model
    from timeline.cli.values import assignment
    from timeline.records.draft import Draft

    archive = session.archive()
    connection = open_model(session, archive)
    if _is_there(connection, entity):
        raise Conflict(f"{entity} is there already", fix=f"timeline entity alias {entity} NAME")
    body = _shipped(entity) or {"kind": "entity", "entity": entity}
    own = [{"text": name} for name in names if assignment(name) is None]
    body = {**body, "names": [*body.get("names", []), *own]}
    pairs = pairs_of([name for name in names if assignment(name)], title=False)
    changes = Subject(entity, "entity", {}).plain_changes(pairs)
    body |= _nested({pointer: change["to"] for pointer, change in changes.values.items()})
    problems = changes.problems or refused_by_codec(body)
    if problems:
        raise Refused(problems)
    record(session, archive, [Draft(body)], command="entity", writing=writing)


@command.command("alias")
@click.argument("ref")
@click.argument("name")
@click.option("--kind", type=click.Choice(_NAME_KINDS), default="alias", show_default=True)
@click.option("--lang", metavar="TAG", help="Language, BCP 47: en, mt, zh-Hant.")
@click.option("--from", "first", metavar="DATE", help="First day of the name.")
@click.option("--to", "last", metavar="DATE", help="Last day of the name.")
@click.option("-r", "--reason", default="update", show_default=True, help="Why now.")
@write_options
@click.pass_obj
def add_alias(
    session: Session,
    ref: str,
    name: str,
    kind: str,
    lang: str | None,
    first: str | None,
    last: str | None,
    reason: str,
    writing: Writing,
) -> None:
    """Give an entity one more name."""
    from timeline.cli.correcting import correction, subject_of_ref
    from timeline.cli.model import open_model
    from timeline.readmodel.refs import resolve

    archive = session.archive()
    connection = open_model(session, archive)
    subject = subject_of_ref(connection, resolve(connection, ref, ("entity",)))
    before: list[Any] = list(subject.fields["names"])
    given = {"text": name, "kind": kind, "lang": lang, "from": _edtf(first), "to": _edtf(last)}
    added = {key: value for key, value in given.items() if value}
    if added in before:
        raise Conflict(f"{subject.id} has that name already")
    changes = {"/names": {"from": before, "to": [*before, added]}}
    draft = correction(subject.id, changes, reason, None, None)
    record(session, archive, [draft], command="entity", writing=writing)


@command.command("merge")
@click.argument("duplicate")
@click.argument("into")
@click.option("--because", metavar="TEXT", help="In words: why.")
@write_options
@click.pass_obj
def merge(
    session: Session,
    duplicate: str,
    into: str,
    because: str | None,
    writing: Writing,
) -> None:
    """Say that two entities are one; undone by retracting the merge."""
    from timeline.cli.model import open_model
    from timeline.readmodel.library import Library
    from timeline.readmodel.refs import resolve
    from timeline.records.draft import Draft

    archive = session.archive()
    connection = open_model(session, archive)
    one, other = (resolve(connection, ref, ("entity", "event")) for ref in (duplicate, into))
    if one.id == other.id:
        raise UsageRefused(f"{duplicate} and {into} are both {one.id} already")
    if one.kind != other.kind:
        raise UsageRefused(f"{one.id} is an {one.kind}, {other.id} an {other.kind}")
    aliases = Library(connection).aliases(one.id)
    if one.id in aliases.into:
        raise Conflict(f"{one.id} is merged into {aliases.into[one.id]} already")
    if aliases.survivor(other.id) == one.id:
        raise Conflict(f"{other.id} is merged into {one.id}; that would be a circle")
    body = {"kind": "merge", "duplicate": one.id, "into": other.id}
    draft = Draft(body | ({"note": because} if because else {}))
    record(session, archive, [draft], command="merge", writing=writing)


@command.command("succeed")
@click.argument("ref")
@click.argument("predecessor")
@click.option("-r", "--reason", default="update", show_default=True, help="Why now.")
@write_options
@click.pass_obj
def succeed(
    session: Session,
    ref: str,
    predecessor: str,
    reason: str,
    writing: Writing,
) -> None:
    """Say that REF goes on as PREDECESSOR did: succeed state:ru state:su."""
    from timeline.cli.correcting import correction, subject_of_ref
    from timeline.cli.model import open_model
    from timeline.readmodel.refs import resolve

    archive = session.archive()
    connection = open_model(session, archive)
    subject = subject_of_ref(connection, resolve(connection, ref, ("entity",)))
    before = resolve(connection, predecessor, ("entity",)).id
    if subject.fields.get("successor_of") == before:
        raise Conflict(f"{subject.id} succeeds {before} already")
    change = {"from": subject.fields.get("successor_of"), "to": before}
    draft = correction(subject.id, {"/successor_of": change}, reason, None, None)
    record(session, archive, [draft], command="entity", writing=writing)


def _is_there(connection: sqlite3.Connection, entity: str) -> bool:
    from timeline.readmodel.refs import resolve

    try:
        return resolve(connection, entity, ("entity",)).id == entity
    except (NotFound, UsageRefused):
        return False


def _shipped(entity: str) -> dict[str, Any] | None:
    """The record of a state or place that ships with the package."""
    from timeline.records.gazetteer import shipped_records

    return shipped_records().get(entity)


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """`{"/external_ids/wikidata": "Q1"}` as `{"external_ids": {"wikidata": "Q1"}}`."""
    from timeline.fold.pointer import replaced

    body: dict[str, Any] = {}
    for pointer, value in values.items():
        body = replaced(body, pointer, value)
    return body


def _edtf(text: str | None) -> str | None:
    from timeline import edtf

    return edtf.read(text, today=today()).edtf if text else None
