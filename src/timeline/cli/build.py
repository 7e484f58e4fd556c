"""`timeline build`: the read model from the log, whole; --check proves an existing one right."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.archive import Archive
from timeline.cli.as_of import as_of_option, as_of_position
from timeline.cli.progress import progress
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.errors import TimelineError, UsageRefused

if TYPE_CHECKING:
    import sqlite3


class ReadModelDiffers(TimelineError):
    """The read model is not what the log says."""


@click.command()
@as_of_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@click.option("--check", is_flag=True, help="Build beside it and compare; change nothing.")
@click.option("--watch", is_flag=True, help="Follow the log until interrupted.")
@click.pass_obj
def command(
    session: Session, as_of: str | None, output: Path | None, check: bool, watch: bool
) -> None:
    """Build the read model (timeline.db) from the log."""
    if check and (as_of or output or watch):
        raise UsageRefused("--check compares timeline.db with the log of now, and nothing else")
    if watch and (as_of or output):
        raise UsageRefused("--watch follows the log into timeline.db; it goes alone")
    archive = session.archive()
    if check:
        _check(session, archive)
        return
    _build(session, archive, output, as_of)
    if watch:
        follow(session, archive)


def follow(session: Session, archive: Archive, interval: float = 0.5) -> None:
    """Catches up with the log whenever it grows, until interrupted."""
    from timeline.log.cursor import head
    from timeline.readmodel.catchup import catch_up

    seen = ""
    while True:
        now = head(archive)
        if now != seen:
            done = catch_up(archive)
            seen = now
            if done.records:
                session.say(f"{counted(done.records, 'record')}, {done.how}")
        time.sleep(interval)


def _build(session: Session, archive: Archive, output: Path | None, as_of: str | None) -> None:
    from timeline.cli.model import open_model
    from timeline.readmodel.build import build

    if output is not None and output.exists() and not output.is_file():
        raise UsageRefused(f"{output}: not an ordinary file", fix="timeline build -o FILE.db")
    position = None
    if as_of is not None:
        position = as_of_position(open_model(session, archive), as_of)
        if output is None:
            output = archive.root / f"timeline-as-of-{position}.db"
    with progress("records read", quiet=session.quiet) as report:
        built = build(archive, target=output, as_of=position, progress=report)
    session.say(
        f"{output or archive.database}: {counted(built.records, 'record')},"
        f" {counted(built.events, 'event')}, {counted(built.entities, 'entity')},"
        f" {counted(built.sources, 'source')}"
    )
    if built.problems:
        session.warn(f"{built.problems:,} records say nothing; timeline check names them")


def _check(session: Session, archive: Archive) -> None:
    """Compares a fresh build with the read model as it is, row by row."""
    from timeline.readmodel.build import build
    from timeline.readmodel.catchup import catch_up

    catch_up(archive)
    fresh = archive.database.with_name(".timeline-check.db")
    try:
        with progress("records read", quiet=session.quiet) as report:
            build(archive, target=fresh, progress=report)
        differing = differences(archive.database, fresh)
    finally:
        for suffix in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    if differing:
        raise ReadModelDiffers(
            f"{archive.database}: {', '.join(differing)} are not what the log says",
            fix="timeline build",
        )
    session.say(f"{archive.database}: every row is what the log says")


def differences(one: Path, other: Path) -> list[str]:
    """Tables whose rows differ between two read models; `archive` holds file times, so not it."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{one}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS other", (f"file:{other}?mode=ro",))
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"
                " AND name <> 'archive' ORDER BY name"
            )
        ]
        return [name for name in names if _differs(connection, name)]


def _differs(connection: sqlite3.Connection, name: str) -> bool:
    one, other = f'SELECT * FROM main."{name}"', f'SELECT * FROM other."{name}"'
    return any(
        connection.execute(f"SELECT 1 FROM ({left} EXCEPT {right}) LIMIT 1").fetchone()
        for left, right in ((one, other), (other, one))
    )
