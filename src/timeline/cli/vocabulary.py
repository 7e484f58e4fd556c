"""`timeline vocabulary`: the packs in force, and packs of one's own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.cli.as_of import as_of_option, as_of_position
from timeline.cli.door import print_problem, problem_line
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.cli.write import Refused, Writing, record, write_options
from timeline.errors import Conflict, NotFound

if TYPE_CHECKING:
    from timeline.errors import Problem
    from timeline.records.vocabulary import Pack


@click.group()
def command() -> None:
    """List, show, add and lint vocabularies."""


@command.command("list")
@as_of_option
@format_options
@click.pass_obj
def list_packs(session: Session, as_of: str | None, form: str) -> None:
    """List the packs in force, and those that ship."""
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.exporters.rows import rows_of
    from timeline.records.pack_file import SHIPPED, shipped

    connection = open_model(session)
    packs = vocabulary_in_force(connection, as_of_position(connection, as_of)).packs
    others = [shipped(name) for name in SHIPPED if name not in packs]
    told = [_told(pack, "in force") for pack in packs.values()]
    told += [_told(pack, f"ships; timeline vocabulary add {pack.name}") for pack in others]
    emit(rows_of(told, ("pack", "version", "title", "types", "states", "standing")), form)


@command.command("show")
@click.argument("name")
@as_of_option
@click.pass_obj
def show_pack(session: Session, name: str, as_of: str | None) -> None:
    """Print a pack as YAML, to be read or changed."""
    from timeline.cli.model import open_model

    connection = open_model(session)
    upto = as_of_position(connection, as_of)
    click.echo(_text_in_force(connection, name, upto), nl=False)


@command.command("add")
@click.argument("pack", metavar="FILE|NAME")
@write_options
@click.pass_obj
def add_pack(session: Session, pack: str, writing: Writing) -> None:
    """Put a pack in force: a YAML file, or one that ships."""
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.records.draft import Draft
    from timeline.records.pack_file import definition, read_pack

    archive = session.archive()
    text, path = _text(pack), pack
    new = read_pack(text, path)
    standing = vocabulary_in_force(open_model(session, archive)).packs.get(new.name)
    problems = _problems(new, standing, path)
    if problems:
        raise Refused(problems)
    body = {
        "kind": "vocabulary",
        "pack": new.name,
        "version": new.version,
        "definition": definition(text, path),
    }
    record(
        session,
        archive,
        [Draft(body)],
        command="vocabulary",
        writing=writing,
    )


@command.command("lint")
@click.argument("file", metavar="FILE|NAME")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a problem.")
@click.pass_context
def lint_pack(ctx: click.Context, file: str, as_json: bool) -> None:
    """Check a pack, alone and against the version in force."""
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.errors import NotFound as NoArchive
    from timeline.records.pack_file import read_pack
    from timeline.records.vocabulary_lint import lint

    session: Session = ctx.obj
    pack = read_pack(_text(file), file)
    try:
        before = vocabulary_in_force(open_model(session)).packs.get(pack.name)
    except NoArchive:  # a pack may be written where there is no archive yet
        before = None
    problems = lint(pack, before, file)
    for problem in problems:
        if as_json:
            click.echo(problem_line(problem))
        else:
            print_problem(problem)
    session.say(f"{pack.name} version {pack.version}: {counted(len(problems), 'problem')}")
    if problems:
        ctx.exit(1)


def _problems(pack: Pack, standing: Pack | None, path: str) -> list[Problem]:
    from timeline.records.vocabulary_lint import lint

    if pack == standing:
        raise Conflict(f"{pack.name} version {pack.version} is in force as it is")
    return lint(pack, standing, path)


def _told(pack: Pack, standing: str) -> dict[str, object]:
    return {
        "pack": pack.name,
        "version": pack.version,
        "title": pack.title,
        "types": len(pack.types),
        "states": len(pack.machines),
        "standing": standing,
    }


def _text(name: str) -> str:
    """The YAML of a file, or of a pack that ships."""
    from timeline.records.pack_file import SHIPPED, shipped_text
    from timeline.records.pack_yaml import LARGEST
    from timeline.records.vocabulary import did_you_mean

    path = Path(name)
    if not path.is_file():
        if name in SHIPPED:
            return shipped_text(name)
        raise NotFound(
            f"{name}: no such file, and no pack of that name ships{did_you_mean(name, SHIPPED)}",
            fix="timeline vocabulary list",
        )
    with path.open("rb") as file:
        return file.read(LARGEST + 1).decode("utf-8", "replace")


def _text_in_force(connection: sqlite3.Connection, name: str, upto: int | None) -> str:
    """A pack of the log as YAML, else the text that ships."""
    import orjson

    from timeline.cli.model import pack_lines
    from timeline.records.pack_file import text_of_record

    records = [orjson.loads(line) for line in pack_lines(connection, upto)]
    named = [record for record in records if record["pack"] == name]
    return text_of_record(named[-1]) if named else _text(name)
