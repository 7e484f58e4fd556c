"""`timeline types`: the event types in force, one type in full, or a form to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timeline.cli.output import emit, emit_object, format_options
from timeline.cli.session import Session
from timeline.errors import NotFound

if TYPE_CHECKING:
    from timeline.records.vocabulary import Field as DataField
    from timeline.records.vocabulary import Role, Type, Vocabulary


@click.command()
@click.argument("name", metavar="[TYPE]", required=False)
@click.option(
    "--template", type=click.Choice(["csv", "json", "yaml"]), help="Print a form of the type."
)
@format_options
@click.pass_obj
def command(session: Session, name: str | None, template: str | None, form: str) -> None:
    """List the event types, or explain one."""
    vocabulary = _vocabulary(session)
    if name is None:
        _list(vocabulary, form)
        return
    kind = known_type(vocabulary, name)
    if template is not None:
        from timeline.records.vocabulary_forms import template as text_of

        click.echo(text_of(kind, template), nl=False)
    elif form == "json":
        from timeline.records.vocabulary_forms import json_schema

        emit_object(json_schema(kind))
    else:
        click.echo("\n".join(explained(kind)))


def known_type(vocabulary: Vocabulary, name: str) -> Type:
    """The type of that name.

    Raises:
        NotFound: there is none; the nearest are named.
    """
    from timeline.records.vocabulary import did_you_mean, nearest

    kind = vocabulary.type(name)
    if kind is None:
        known = vocabulary.types()
        near = nearest(name, known, count=1)
        raise NotFound(
            f"{name!r} is not a known type{did_you_mean(name, known)}",
            fix=f"timeline types {near[0]}" if near else "timeline types",
        )
    return kind


def explained(kind: Type) -> list[str]:
    """Everything that a type says, line by line."""
    lines = [f"{kind.name}: {kind.label}"]
    if kind.description:
        lines.append(f"  {kind.description}")
    if kind.roles:
        lines += ["", "Roles (-w WHO:ROLE)", *(_role(role) for role in kind.roles.values())]
    if kind.fields:
        lines += ["", "Fields (FIELD=VALUE)", *(_field(field) for field in kind.fields.values())]
    if kind.codes:
        codes = ", ".join(f"{scheme} {code}" for scheme, code in kind.codes.items())
        lines += ["", f"Codes: {codes}"]
    return lines


def _role(role: Role) -> str:
    most = "any number" if role.most is None else f"at most {role.most}"
    number = f"{role.least} or more" if role.least and role.most is None else most
    kinds = f"; {' or '.join(role.kinds)}" if role.kinds else ""
    return f"  {role.name:<20} {role.label} ({number}{kinds})"


def _field(field: DataField) -> str:
    kind = f"{field.type} {field.kind}".strip()
    if field.choices:
        kind = " | ".join(field.choices)
    if field.of is not None:
        kind = f"list of {field.of.type} {field.of.kind}".strip()
    needed = ", asked for" if field.required else ""
    words = f". {field.description}" if field.description else ""
    return f"  {field.name:<20} {field.label} ({kind}{needed}){words}"


def _list(vocabulary: Vocabulary, form: str) -> None:
    from timeline.exporters.rows import rows_of

    items = [
        {"pack": pack.name, "type": kind.name, "label": kind.label, "description": kind.description}
        for pack in vocabulary.packs.values()
        for kind in pack.types.values()
    ]
    emit(rows_of(items, ("type", "label", "description", "pack")), form)


def _vocabulary(session: Session) -> Vocabulary:
    """Of the archive, or the shipped default where there is no archive."""
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.records.pack_file import DEFAULT, shipped
    from timeline.records.vocabulary import standing

    try:
        archive = session.archive()
    except NotFound:
        return standing([shipped(DEFAULT)], [])
    return vocabulary_in_force(open_model(session, archive))
