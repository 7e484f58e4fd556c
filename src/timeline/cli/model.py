"""The read model as commands use it: up to date, with its vocabulary and as-of positions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from timeline.archive import Archive
from timeline.cli.progress import progress
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.database import connect

if TYPE_CHECKING:
    from timeline.cli.session import Session
    from timeline.records.vocabulary import Vocabulary

_Function = TypeVar("_Function", bound=Callable[..., Any])


def open_model(session: Session, archive: Archive | None = None) -> sqlite3.Connection:
    """The read model, brought up to date with the log, open while the command runs."""
    archive = archive or session.archive()
    with progress("records read", quiet=session.quiet) as report:
        catch_up(archive, progress=report)
    connection = connect(archive)
    click.get_current_context().call_on_close(connection.close)
    return connection


def as_of_option(function: _Function) -> _Function:
    """Adds --as-of; the command is given its text."""
    return click.option(
        "--as-of", metavar="A", help="As the archive was then: a day, #123, seal/NAME, last."
    )(function)


def as_of_position(connection: sqlite3.Connection, text: str | None) -> int | None:
    """The log position that an --as-of means, inclusive; None for now."""
    if text is None:
        return None
    from timeline.cli.session import today
    from timeline.readmodel.moments import position_of

    return position_of(connection, text, today())


def provisional(connection: sqlite3.Connection, position: int) -> str:
    """A word of warning for an as-of behind the last seal: a merge may still put records before."""
    from timeline.readmodel.moments import sealed_size

    return "" if position < sealed_size(connection) else ", provisional until the next seal"


def vocabulary_in_force(connection: sqlite3.Connection) -> Vocabulary:
    """The shipped default and the packs that stand in the log."""
    import orjson

    from timeline.records.pack_file import DEFAULT, pack_in_force, shipped
    from timeline.records.vocabulary import standing

    rows = connection.execute(
        "SELECT line FROM records WHERE kind = 'vocabulary' AND effective = 1 ORDER BY position"
    )
    packs = [pack_in_force(orjson.loads(row[0])) for row in rows]
    return standing([shipped(DEFAULT)], [pack for pack in packs if pack is not None])
