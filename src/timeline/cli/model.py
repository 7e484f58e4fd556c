"""The read model as commands use it: up to date, with its vocabulary and as-of positions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from timeline.archive import Archive
from timeline.cli.progress import progress
from timeline.readmodel.database import connect

if TYPE_CHECKING:
    from timeline.cli.session import Session
    from timeline.records.vocabulary import Vocabulary

_Function = TypeVar("_Function", bound=Callable[..., Any])

_SOON: Final = 256 * 1024
"""Bytes of the log, inclusive, that a command which appends may fold on its way: half a second."""

_SHORTLY: Final = 0.2
"""Seconds that it waits for another process to be done with the read model."""


def open_model(session: Session, archive: Archive | None = None) -> sqlite3.Connection:
    """The read model, brought up to date with the log, open while the command runs."""
    archive = archive or session.archive()
    connection = _current(archive)
    if connection is None:
        from timeline.readmodel.catchup import catch_up

        with progress("records read", quiet=session.quiet) as report:
            catch_up(archive, progress=report)
        connection = connect(archive)
    return _closed_at_end(connection)


def open_names(session: Session, archive: Archive) -> sqlite3.Connection:
    """What a new event is drafted against, without ever waiting for the read model.

    It has `entities`, `names`, `sources`, the vocabularies in `records`, and the ids of `events`,
    as the log has them now: from the read model where that is up to date or nearly so, else from
    the log itself.
    """
    from timeline.readmodel.ahead import lay_over, opened

    connection = opened(archive)
    if connection is None or not lay_over(connection, archive):
        if connection is not None:
            connection.close()
        connection = _caught_up(archive)
    if connection is None:
        from timeline.readmodel.register import names_of_log

        session.say(f"{archive.database.name} is behind the log; names are read from the log")
        connection = names_of_log(archive)
    return _closed_at_end(connection)


def _caught_up(archive: Archive) -> sqlite3.Connection | None:
    """The read model with everything in it; None where that is more than a moment's work."""
    from timeline.log.cursor import PrefixChanged
    from timeline.readmodel.ahead import bytes_ahead
    from timeline.readmodel.catchup import catch_up, follow

    if bytes_ahead(archive) > _SOON:
        return None
    try:
        if not archive.database.exists() or follow(archive, wait=_SHORTLY) is None:
            catch_up(archive)
    except (PrefixChanged, sqlite3.OperationalError):
        return None
    return connect(archive)


def _current(archive: Archive) -> sqlite3.Connection | None:
    """The read model if nothing has to be done for it to be up to date."""
    from timeline.readmodel.ahead import is_current, opened

    connection = opened(archive)
    if connection is not None and not is_current(connection, archive):
        connection.close()
        return None
    return connection


def _closed_at_end(connection: sqlite3.Connection) -> sqlite3.Connection:
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
