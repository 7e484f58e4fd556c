"""The read model as commands use it: up to date, or as it was; and its vocabulary."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from timeline.archive import Archive
from timeline.cli.progress import progress
from timeline.readmodel.database import connect

if TYPE_CHECKING:
    from timeline.cli.session import Session
    from timeline.records.vocabulary import Vocabulary

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


def open_model_as_of(session: Session, as_of: str | None) -> sqlite3.Connection:
    """As `open_model`; with an --as-of a read model of the log up to there, every table of it."""
    from timeline.cli.as_of import as_of_position, provisional
    from timeline.readmodel.moments import newest_position

    archive = session.archive()
    connection = open_model(session, archive)
    position = as_of_position(connection, as_of)
    if position is None:
        return connection
    session.say(f"as the archive was at #{position}{provisional(connection, position)}")
    if position == newest_position(connection):
        return connection
    return _closed_at_end(connect(folded_to(session, archive, position)))


def folded_to(session: Session, archive: Archive, position: int) -> Archive:
    """A folder with the read model of the log up to a position, inclusive, and nothing else.

    It is removed when the command ends.
    """
    from tempfile import TemporaryDirectory

    from timeline.readmodel.build import build

    folder = click.get_current_context().with_resource(TemporaryDirectory(prefix="timeline-"))
    scratch = Archive(Path(folder))
    with progress("records read", quiet=session.quiet) as report:
        build(archive, target=scratch.database, as_of=position, progress=report)
    return scratch


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


def vocabulary_in_force(connection: sqlite3.Connection, upto: int | None = None) -> Vocabulary:
    """The shipped default and the packs that stand in the log, or stood up to a position."""
    import orjson

    from timeline.records.pack_file import DEFAULT, pack_in_force, shipped
    from timeline.records.vocabulary import standing

    packs = [pack_in_force(orjson.loads(line)) for line in pack_lines(connection, upto)]
    return standing([shipped(DEFAULT)], [pack for pack in packs if pack is not None])


def pack_lines(connection: sqlite3.Connection, upto: int | None = None) -> list[str]:
    """The stored lines of those packs, in log order."""
    from timeline.readmodel.library import Library

    rows = connection.execute(
        "SELECT position, line, effective FROM records WHERE kind = 'vocabulary' ORDER BY position"
    ).fetchall()
    if upto is None:
        return [row["line"] for row in rows if row["effective"]]
    stood = Library(connection).standing([row["position"] for row in rows], upto)
    return [row["line"] for row in rows if row["position"] in stood]
