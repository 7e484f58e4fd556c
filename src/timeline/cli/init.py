"""`timeline init`: a new archive, empty or with an example to look at."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.archive import Archive
from timeline.cli.session import Session
from timeline.errors import Conflict

_ATTRIBUTES = "events/**/*.jsonl -text merge=union\nevents/seal/** -text merge=binary\n"
_IGNORED = "timeline.db*\n.timeline/\n"


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--title", default="Timeline", help="Title of the archive, for its pages.")
@click.option("--license", "licence", default="CC-BY-4.0", help="SPDX name of the data's licence.")
@click.option("--example", is_flag=True, help="Put a few events in, to try things out.")
@click.pass_obj
def command(session: Session, folder: Path, title: str, licence: str, example: bool) -> None:
    """Make a new archive."""
    archive = Archive(((session.folder or Path.cwd()) / folder).absolute())
    if archive.events.exists():
        raise Conflict(f"{archive.root}: there is an archive already", fix="timeline add --help")
    archive.events.mkdir(parents=True)
    _write_new(archive.root / ".gitattributes", _ATTRIBUTES)
    _write_new(archive.root / ".gitignore", _IGNORED)
    _write_new(archive.metadata, metadata(title, licence))
    if example:
        from timeline.cli.example import drafts
        from timeline.cli.write import append_drafts

        append_drafts(session, archive, drafts(), by="timeline init", command="example")
        session.say(f"{archive.root}: archive made, with an example; timeline undo withdraws it")
        session.say("Next: timeline find, then timeline show harbour")
        return
    session.say(f"{archive.root}: archive made")
    session.say("Next: timeline add 'What happened' -d 2024-12-05 -s https://where.it/stands")


def metadata(title: str, licence: str) -> str:
    """A `metadata.yml` to begin with; Datasette reads it."""
    import json

    return (
        "# Datasette's metadata: docs.datasette.io/en/stable/metadata.html\n"
        f"title: {json.dumps(title, ensure_ascii=False)}\n"
        f"license: {json.dumps(licence, ensure_ascii=False)}\n"
    )


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, "utf-8")
