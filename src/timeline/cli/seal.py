"""`timeline seal`: signs the log; makes the key for it; hands over from one key to the next."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.archive import Archive
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.errors import UsageRefused

if TYPE_CHECKING:
    from timeline.log.checkpoint import Signer
    from timeline.log.seal import Sealed


@click.command()
@click.option("-m", "--message", default="", help="A sentence for the seal's own record.")
@click.option("--new-key", is_flag=True, help="Make a key; it follows the one before it.")
@click.option("--origin", metavar="NAME", help="Name of the log, as in example.org/archive.")
@click.option(
    "--key", "key_path", type=click.Path(path_type=Path), help="The file of the private key."
)
@click.option("--by", envvar="TIMELINE_BY", metavar="NAME", help="Who seals.")
@click.option("--json", "as_json", is_flag=True, help="Print the seal as JSON.")
@click.pass_obj
def command(
    session: Session,
    message: str,
    new_key: bool,
    origin: str | None,
    key_path: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Sign everything that is in the log now."""
    from timeline.cli.write import bring_up_to_date, recorded_by
    from timeline.log.keys import key_file, load_signer
    from timeline.log.seal import seal

    archive = session.archive()
    name = origin_of(archive, origin)
    path = key_path or key_file(name)
    succeeding: Signer | bool = False
    if new_key:
        signer, succeeding = _new_key(session, archive, name, path)
    else:
        signer = load_signer(path)
    done = seal(
        archive,
        signer,
        by=by or recorded_by(archive),
        message=message,
        succeeding=succeeding,
    )
    for warning in done.warnings:
        session.warn(warning)
    bring_up_to_date(session, archive)
    _tell(session, done, signer, as_json=as_json)


def origin_of(archive: Archive, given: str | None) -> str:
    """The log's name: of its newest seal, else as given, else from `metadata.yml`.

    Raises:
        UsageRefused: when nobody has named the log yet, or the name given is another.
    """
    from timeline.log.seal import newest_checkpoint

    newest = newest_checkpoint(archive)
    if newest is None:
        name = given or _configured(archive)
        if not name:
            raise UsageRefused(
                "the log has no name yet; sign it under an address that is yours",
                fix="timeline seal --new-key --origin example.org/my-archive",
            )
        return name
    origin = newest[0].origin
    if given not in (None, origin):
        raise UsageRefused(f"this log is {origin}; a name stays", fix="leave --origin out")
    return origin


def _configured(archive: Archive) -> str:
    """`origin` under `plugins: timeline:` in metadata.yml."""
    import yaml

    if not archive.metadata.is_file():
        return ""
    content = yaml.safe_load(archive.metadata.read_text("utf-8")) or {}
    settings = (content.get("plugins") or {}).get("timeline") or {}
    return str(settings.get("origin") or "")


def _new_key(
    session: Session, archive: Archive, name: str, path: Path
) -> tuple[Signer, Signer | bool]:
    """A key that was not there before, kept; and the one before it, or True where that is lost."""
    from timeline.log.checkpoint import new_signer
    from timeline.log.keys import keep_signer, load_signer
    from timeline.log.seal import newest_checkpoint

    before = load_signer(path) if path.is_file() else None
    signer = new_signer(name)
    keep_signer(archive, signer, path)
    session.say(f"{path}: the new private key. Keep a copy where you keep passwords.")
    if before is None and newest_checkpoint(archive) is not None:
        session.say("The key before it is not here: the new one follows without its signature.")
    return signer, before or True


def _tell(session: Session, done: Sealed, signer: Signer, *, as_json: bool) -> None:
    from timeline.cli.output import emit_object

    point = done.checkpoint
    if as_json:
        emit_object(
            {
                "seal": f"seal/{point.size}",
                "origin": point.origin,
                "size": point.size,
                "root": base64.b64encode(point.root).decode(),
                "key": str(signer.key),
                "records": done.records,
                "checkpoint": done.note.decode(),
            }
        )
        return
    click.echo(done.note.decode(), nl=False)
    words = f"{done.records:,} new" if done.records else "nothing was new"
    session.say(f"seal/{point.size}: {counted(point.size, 'record')}, {words}")
    session.say(f"Public key, for your README: {signer.key}")
