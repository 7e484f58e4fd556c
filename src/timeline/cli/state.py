"""`timeline state`: where a treaty, office or membership stood on a day, folded from events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.as_of import as_of_option, as_of_position
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session, today
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from timeline.exporters.rows import Rows

Standing = Mapping[str, Any]

_NAMED = ("machine", "subject", "party", "state", "since", "until", "remarks", "events")


@click.command()
@click.argument("ref")
@click.option("--on", "day", metavar="DAY", help="On this day in the world; else the whole life.")
@click.option("--vs", "other", metavar="DAY", help="Beside --on, as it stood on another day.")
@as_of_option
@format_options
@click.pass_obj
def command(
    session: Session,
    ref: str,
    day: str | None,
    other: str | None,
    as_of: str | None,
    form: str,
) -> None:
    """Show where a treaty, office or membership stood, and by whose reading."""
    from timeline.cli.model import open_model

    connection = open_model(session)
    name = _name(connection, ref)
    upto = as_of_position(connection, as_of)
    if other is not None and day is None:
        raise UsageRefused("--vs needs --on", fix=f"--on {other}")
    if day is not None and other is not None:
        emit(_compared(connection, name, day, other, upto), form)
        return
    found = list(_standings(connection, name, _jdn(day), upto))
    if emit(_rows(found), form) == 0:
        session.say(f"{name} has no state{f' on {day}' if day else ''}")


def _name(connection: sqlite3.Connection, ref: str) -> str:
    """The id that a reference means; a name that nobody resolved, where it has a state."""
    from timeline.readmodel.refs import resolve
    from timeline.readmodel.standings import has_states

    query = has_states(ref)
    if connection.execute(query.sql, query.parameters).fetchone():
        return ref
    found = resolve(connection, ref, ("entity",)).id
    query = has_states(found)
    if connection.execute(query.sql, query.parameters).fetchone() is None:
        raise NotFound(f"no event moves a state of {found}", fix=f"timeline show {found}")
    return found


def _jdn(text: str | None) -> int | None:
    from timeline import edtf

    if text is None:
        return None
    dates = edtf.read(text, today=today())
    if dates.start_min is None or dates.start_min != dates.end_max:
        raise UsageRefused(f"{text!r} is not one day", fix="--on 2023-04-01")
    return dates.start_min


def _standings(
    connection: sqlite3.Connection, name: str, day: int | None, upto: int | None
) -> Iterator[Standing]:
    from timeline.edtf import iso
    from timeline.readmodel.standings import standings

    query = standings(name, on=day, upto=upto)
    cursor = connection.execute(query.sql, query.parameters)
    columns = [column[0] for column in cursor.description]
    for row in cursor:
        told = dict(zip(columns, row, strict=True))
        for column in ("readings", "events", "unordered", "impossible"):
            told[column] = json.loads(told[column])
        since, until = told.pop("valid_from"), told.pop("valid_to")
        told["since"] = None if since is None else iso(since)
        # Half-open in the table, inclusive for people: the last day on which it stood.
        told["until"] = None if until is None else iso(until - 1)
        yield {**told, "remarks": "; ".join(_remarks(told))}


def _remarks(told: Standing) -> Iterator[str]:
    if told["uncertain"]:
        yield "uncertain: by the earliest and by the latest dates"
    for who, standing in told["readings"]:
        yield f"contested: {who} reads {', '.join(standing) or 'no state'}"
    if told["unordered"]:
        yield f"order of one day not stated: {', '.join(told['unordered'])}"
    if told["impossible"]:
        yield f"moved nothing: {', '.join(told['impossible'])}"


def _rows(found: list[Standing]) -> Rows:
    from timeline.exporters.rows import Rows

    return Rows(_NAMED, ([_cell(one[name]) for name in _NAMED] for one in found))


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _compared(
    connection: sqlite3.Connection, name: str, day: str, other: str, upto: int | None
) -> Rows:
    """One row for each key, with its state on both days."""
    from timeline.exporters.rows import Rows

    columns = [
        {
            (one["machine"], one["subject"], one["party"]): one["state"]
            for one in _standings(connection, name, _jdn(text), upto)
        }
        for text in (day, other)
    ]
    keys = sorted({key for column in columns for key in column})
    values = ([*key, *(column.get(key, "") for column in columns)] for key in keys)
    return Rows(("machine", "subject", "party", day, other), values)
