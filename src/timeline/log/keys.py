"""Where private keys and a sealer's memory are kept: in the person's home, never in the archive."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import NotFound, TimelineError
from timeline.log.checkpoint import Signer, parse_signer
from timeline.log.files import make_folder, naming, replace_durably


class KeyInArchive(TimelineError):
    """A private key was about to be kept where it would be published."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The largest tree that was signed for an origin on this machine."""

    size: int
    root: bytes


def key_file(name: str) -> Path:
    """Where the key of that name is looked for: `$XDG_CONFIG_HOME/timeline/keys/NAME.skey`."""
    return _home("XDG_CONFIG_HOME", ".config") / "keys" / f"{_file_name(name)}.skey"


def load_signer(path: Path) -> Signer:
    """The private key in a file.

    Raises:
        NotFound: when there is none.
        BadNote: when it is no key.
    """
    if not path.is_file():
        raise NotFound(f"{path}: no private key here", fix="timeline seal --new-key")
    with naming(path):
        return parse_signer(path.read_text("utf-8"))


def keep_signer(archive: Archive, signer: Signer, path: Path) -> None:
    """Writes a private key, readable by its owner only; an older one is kept under its key id.

    Raises:
        KeyInArchive: when `path` is inside the archive.
    """
    if path.resolve().is_relative_to(archive.root.resolve()):
        raise KeyInArchive(
            f"{path}: inside the archive, where it would be published with everything else",
            fix=f"keep it elsewhere, as in {key_file(signer.key.name)}",
        )
    make_folder(path.parent)
    if path.is_file():
        old = load_signer(path)
        with naming(path):
            path.rename(path.with_suffix(f".{old.key.key_id.hex()}.skey"))
    before = os.umask(0o077)
    try:
        replace_durably(path, f"{signer.secret_text()}\n".encode())
    finally:
        os.umask(before)


def signed_before(role: str, origin: str) -> Signed | None:
    """What was signed last on this machine as `role` (`seal` or `witness`) for an origin."""
    path = _state_file(role, origin)
    if not path.is_file():
        return None
    with naming(path):
        text = path.read_text("utf-8")
    try:
        value = json.loads(text)
        return Signed(int(value["size"]), bytes.fromhex(value["root"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TimelineError(f"{path}: not what a {role} writes there: {error}") from error


def remember_signed(role: str, origin: str, signed: Signed) -> None:
    """Keeps what is about to be published, so that a fork is never signed later on."""
    path = _state_file(role, origin)
    make_folder(path.parent)
    value = {"origin": origin, "size": signed.size, "root": signed.root.hex()}
    replace_durably(path, json.dumps(value).encode() + b"\n")


def _state_file(role: str, origin: str) -> Path:
    return _home("XDG_STATE_HOME", ".local/state") / role / f"{_file_name(origin)}.json"


def _home(variable: str, otherwise: str) -> Path:
    given = os.environ.get(variable, "")
    return (Path(given) if given else Path.home() / otherwise) / "timeline"


def _file_name(name: str) -> str:
    """Readable, and different for different names."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name)[:80]
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
