"""`timeline witness`: a second person's key and signature."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.session import Session
from timeline.errors import UsageRefused


@click.group()
def command() -> None:
    """Sign the seals of somebody else's archive."""


@command.command("new-key")
@click.argument("name", metavar="NAME")
@click.option("--key", "path", type=click.Path(path_type=Path), help="The file to write.")
@click.pass_obj
def new_key(session: Session, name: str, path: Path | None) -> None:
    """Make a witness's key; NAME is an address of yours, as in example.net/ben."""
    from timeline.log.checkpoint import new_signer
    from timeline.log.keys import keep_signer, key_file
    from timeline.log.verify_note import COSIGNATURE

    signer = new_signer(name, COSIGNATURE)
    path = path or key_file(name)
    keep_signer(session.archive(), signer, path)
    session.say(f"{path}: the private key. Keep a copy where you keep passwords.")
    click.echo(str(signer.key))


@command.command()
@click.option("--as", "name", metavar="NAME", help="The name that the key was made under.")
@click.option("--key", "path", type=click.Path(path_type=Path), help="The file of the key.")
@click.option("--trust", "keys", metavar="VKEY", multiple=True, help="The log's public key.")
@click.pass_obj
def cosign(session: Session, name: str | None, path: Path | None, keys: tuple[str, ...]) -> None:
    """Verify the whole log, then sign its newest seal."""
    from timeline.log.keys import key_file, load_signer
    from timeline.log.verify_note import parse_key
    from timeline.log.witness import cosign as sign

    if path is None:
        if name is None:
            raise UsageRefused("which witness signs?", fix="timeline witness cosign --as NAME")
        path = key_file(name)
    done = sign(session.archive(), load_signer(path), trusted=[parse_key(key) for key in keys])
    seen = f"last saw seal/{done.seen_before}" if done.seen_before else "had not seen it before"
    words = "signed" if done.new else "had signed already"
    session.say(f"seal/{done.checkpoint.size}: {words}; this witness {seen}")
    if not keys:
        session.say("No --trust was given: the keys that the log itself names were taken.")
