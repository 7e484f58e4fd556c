"""The verifier's reading of signed notes and checkpoints (C2SP signed-note and tlog-checkpoint v1).

Strict: what comes in must be what would be written again, byte for byte.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from timeline.errors import VerificationFailed

ED25519 = 1
COSIGNATURE = 4
_MAX_NOTE = 1 << 20
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_DASH = "\u2014 "


class BadNote(VerificationFailed):
    """A note, checkpoint or key that breaks its format, or that no known key has signed."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key as its text `name+keyid+base64(kind ‖ key)` gives it.

    Attributes:
        name: the key's name; for the key of a log, its origin.
        kind: ED25519 for logs, COSIGNATURE for witnesses.
        public: 32 bytes, RFC 8032.
    """

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ kind ‖ public)[:4]."""
        encoded = bytes([self.kind]) + self.public
        return hashlib.sha256(self.name.encode() + b"\n" + encoded).digest()[:4]

    def __str__(self) -> str:
        encoded = binascii.b2a_base64(bytes([self.kind]) + self.public, newline=False).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verifies(self, text: bytes, blob: bytes) -> bool:
        """Whether `blob`, a signature without its key id, is this key's over a note's text."""
        if self.kind == ED25519:
            return _is_signature(self.public, blob, text)
        when = int.from_bytes(blob[:8], "big")
        return _is_signature(self.public, blob[8:], cosigned_message(text, when))


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note: its text with the last LF, and who signed it."""

    text: bytes
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head.

    Attributes:
        origin: the log's name.
        size: leaves in the tree.
        root: 32 bytes.
        note: the note that it is the text of.
    """

    origin: str
    size: int
    root: bytes
    note: Note


def cosigned_message(text: bytes, when: int) -> bytes:
    """What a witness signs under a checkpoint's text (C2SP tlog-cosignature); seconds of Unix."""
    return b"cosignature/v1\ntime %d\n" % when + text


def parse_key(text: str) -> VerifierKey:
    """The key of a `vkey` text.

    Raises:
        BadNote: when the text has another form, or its key id is not that of the key.
    """
    name, _, rest = text.strip().partition("+")
    given, _, encoded = rest.partition("+")
    raw = _base64(encoded)
    if raw is None or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE) or not _is_name(name):
        raise BadNote(f"not a verifier key of the form name+keyid+base64: {text[:80]!r}")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.key_id.hex() != given:
        raise BadNote(f"the key id in {text[:80]!r} is not that of the key: {key.key_id.hex()}")
    return key


def parse_note(data: bytes) -> Note:
    """The parts of a signed note; no signature is checked.

    Raises:
        BadNote: with what breaks the format.
    """
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("a note must be UTF-8") from error
    if len(data) > _MAX_NOTE or any(ord(char) < 0x20 and char != "\n" for char in whole):
        raise BadNote("a note has no control characters and at most a million bytes")
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise BadNote("a note is text, an empty line, and signature lines that end in LF")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    return Note(f"{text}\n".encode(), signatures)


def parse_checkpoint(data: bytes) -> Checkpoint:
    """The tree head of a checkpoint; no signature is checked. Extension lines are refused.

    Raises:
        BadNote: with what breaks the format.
    """
    note = parse_note(data)
    lines = note.text.decode().split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadNote("a checkpoint has three lines: origin, size, root")
    origin, size, encoded, _ = lines
    root = _base64(encoded)
    if not origin or not _SIZE.fullmatch(size) or root is None or len(root) != 32:
        raise BadNote("a checkpoint has an origin, a decimal size, and 32 bytes of root in base64")
    return Checkpoint(origin, int(size), root, note)


def signers(note: Note, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Those of `keys` that signed the note. Signatures of other keys are passed over.

    Raises:
        BadNote: when a line carries the name and id of a known key and its signature is false.
    """
    found = []
    for line in note.signatures:
        for key in keys:
            if (line.name, line.key_id) == (key.name, key.key_id):
                if not key.verifies(note.text, line.blob):
                    raise BadNote(f"the signature of {key.name}+{key.key_id.hex()} is false")
                found.append(key)
    return found


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    blob = _base64(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or blob is None or len(blob) < 5:
        raise BadNote(f"not a signature line: {line[:80]!r}")
    return Signature(name, blob[:4], blob[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def _base64(text: str) -> bytes | None:
    try:
        raw = binascii.a2b_base64(text.encode(), strict_mode=True)
    except binascii.Error:
        return None
    # Strict mode lets the unused last bits pass: compare with what would be written.
    return raw if binascii.b2a_base64(raw, newline=False) == text.encode() else None


def _is_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
