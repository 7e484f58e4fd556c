"""The one way by which commands write: check, append, tell.

The read model follows when somebody next reads: no command that appends waits for it.
"""

from __future__ import annotations

import getpass
import os
import sqlite3
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from timeline.archive import Archive
from timeline.cli.words import counted
from timeline.errors import Problem, TimelineError
from timeline.records.draft import Draft, enveloped, fresh_id

if TYPE_CHECKING:
    from timeline.cli.session import Session
    from timeline.log.writer import Appended

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Refused(TimelineError):
    """What was typed cannot be recorded; `problems` has all that is wrong with it."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        first, more = problems[0], len(problems) - 1
        rest = f" (and {more} more)" if more else ""
        super().__init__(f"{first.field}: {first.message}{rest}".lstrip(": "), fix=first.fix)
        self.problems = tuple(problems)


class Writing(NamedTuple):
    """How a command that appends was asked to go about it.

    Attributes:
        by: who writes this down; None for whom git or the login names.
        dry_run: print the lines, append nothing.
        as_json: print the records as JSON.
    """

    by: str | None
    dry_run: bool
    as_json: bool


def write_options(function: _Function) -> _Function:
    """Adds --by, -n and --json to a command that appends, which gets them as one `writing`."""

    @wraps(function)
    def command(*args: Any, by: str | None, dry_run: bool, as_json: bool, **given: Any) -> Any:
        return function(*args, writing=Writing(by, dry_run, as_json), **given)

    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the records as JSON."),
        click.option("-n", "--dry-run", is_flag=True, help="Print the lines, append nothing."),
        click.option("--by", envvar="TIMELINE_BY", metavar="NAME", help="Who writes this down."),
    ):
        command = option(command)
    return cast("_Function", command)


def record(
    session: Session,
    archive: Archive,
    drafts: Sequence[Draft],
    *,
    command: str,
    writing: Writing,
    expect_head: str | None = None,
) -> tuple[Appended, ...]:
    """Appends drafts as one batch and prints what they are about; for a dry run prints the lines.

    Returns:
        The records, empty for a dry run.

    Raises:
        HeadMoved: the log is not at `expect_head` any more; nothing is written.
    """
    records = _records(drafts, writing.by or recorded_by(archive), command)
    if writing.dry_run:
        for line in lines_of(records):
            click.echo(line.decode())
        session.say(f"{counted(len(records), 'record')} not appended (-n)")
        return ()
    appended = append_records(session, archive, records, expect_head=expect_head)
    _tell(session, records, appended, as_json=writing.as_json)
    return appended


def append_records(
    session: Session,
    archive: Archive,
    records: Sequence[Mapping[str, Any]],
    *,
    expect_head: str | None = None,
) -> tuple[Appended, ...]:
    """Appends, and says what had to be repaired."""
    from timeline.log.writer import append

    receipt = append(archive, records, expect_head=expect_head)
    for warning in receipt.warnings:
        session.warn(warning)
    return receipt.records


def bring_up_to_date(session: Session, archive: Archive) -> None:
    """Catches up after many records. They are safe, so a failure is no more than a warning."""
    from timeline.readmodel.catchup import catch_up

    try:
        catch_up(archive)
    except (TimelineError, OSError, sqlite3.Error) as error:
        session.warn(f"recorded, but {archive.database.name} could not follow: {error}")
        session.say("  Fix: timeline build")


def append_drafts(
    session: Session, archive: Archive, drafts: Sequence[Draft], *, by: str, command: str
) -> None:
    """Appends drafts as one batch, silently."""
    append_records(session, archive, _records(drafts, by, command))


def recorded_by(archive: Archive) -> str:
    """The name in git's settings, else its address, else the login."""
    settings = _git_settings(archive)
    if name := settings.get("user.name") or settings.get("user.email"):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())


def _git_settings(archive: Archive) -> dict[str, str]:
    """What git's settings say of the user, the nearest last; nothing where there is no git."""
    wanted = ["config", "--get-regexp", r"^user\.(name|email)$"]
    try:
        ended = subprocess.run(
            ["git", "-C", str(archive.root), *wanted], capture_output=True, text=True, check=False
        )
    except OSError:  # git is not installed
        return {}
    pairs = (line.partition(" ") for line in ended.stdout.splitlines())
    return {name: text.strip() for name, _, text in pairs}


def _records(drafts: Sequence[Draft], by: str, command: str) -> list[dict[str, Any]]:
    """Several records of one command share a batch, so that one `undo` withdraws them."""
    now = datetime.now(UTC)
    milliseconds = int(now.timestamp() * 1000)
    # One millisecond apart: UUIDv7 orders by time, and readers like records in their order.
    ids = [fresh_id(milliseconds + index) for index in range(len(drafts))]
    batch = f"{command}-{now:%Y%m%d}-{ids[0][-6:]}" if len(drafts) > 1 else ""
    return [
        enveloped(draft, record_id=record_id, by=by, batch=batch)
        for draft, record_id in zip(drafts, ids, strict=True)
    ]


def lines_of(records: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """The lines that these records would be now."""
    from timeline.records.codec import encode

    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return [encode({**record, "recorded_at": stamp}) for record in records]


def _tell(
    session: Session,
    records: Sequence[Mapping[str, Any]],
    appended: Sequence[Appended],
    *,
    as_json: bool,
) -> None:
    if as_json:
        click.echo(b"[" + b",\n ".join(item.line for item in appended) + b"]")
        return
    for name in dict.fromkeys(subject_of(record) for record in records):
        click.echo(name)
    new = sum(item.new for item in appended)
    where = appended[-1].path
    by = records[-1]["recorded_by"]
    session.say(
        f"{counted(new, 'record')} appended to {where} by {by}" if new else "already recorded"
    )


def subject_of(record: Mapping[str, Any]) -> str:
    """The id that a person would ask for to see what this record did."""
    for name in ("event", "entity", "source", "of", "duplicate", "from"):
        if name in record:
            return str(record[name])
    if "batch_of" in record:
        return f"batch/{record['batch_of']}"
    return str(record.get("pack", record["id"]))
