"""Signs tree heads: C2SP checkpoints with Ed25519, keys in the text form of Go's sumdb/note."""

from __future__ import annotations

import binascii
import secrets
from dataclasses import dataclass

from timeline.log.verify_note import COSIGNATURE, ED25519, BadNote, VerifierKey, cosigned_message

_PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. Its text (`secret_text`) must never enter a repository.

    Attributes:
        key: the public half.
        seed: 32 bytes, RFC 8032.
    """

    key: VerifierKey
    seed: bytes

    def secret_text(self) -> str:
        """`PRIVATE+KEY+name+keyid+base64(kind ‖ seed)`, the `skey` of sumdb/note."""
        encoded = _base64(bytes([self.key.kind]) + self.seed)
        return f"{_PREFIX}{self.key.name}+{self.key.key_id.hex()}+{encoded}"

    def __repr__(self) -> str:
        return f"Signer({self.key})"  # never the seed, not even in a traceback


def new_signer(name: str, kind: int = ED25519, seed: bytes | None = None) -> Signer:
    """A fresh key; `seed` is 32 bytes, secure random by default.

    Raises:
        BadNote: when `name` is empty or has spaces or `+` in it.
    """
    if not name or "+" in name or any(char.isspace() for char in name):
        raise BadNote(f"{name!r} cannot name a key: no spaces and no +, as in example.org/timeline")
    return _signer(name, kind, seed if seed is not None else secrets.token_bytes(32))


def parse_signer(text: str) -> Signer:
    """The key of an `skey` text.

    Raises:
        BadNote: when it has another form, or its key id is not that of the key.
    """
    name, _, rest = text.strip().removeprefix(_PREFIX).partition("+")
    given, _, encoded = rest.partition("+")
    try:
        raw = binascii.a2b_base64(encoded.encode(), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if not text.startswith(_PREFIX) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise BadNote("not a private key of the form PRIVATE+KEY+name+keyid+base64")
    signer = _signer(name, raw[0], raw[1:])
    if signer.key.key_id.hex() != given:
        raise BadNote(f"the key id {given!r} is not that of the key, {signer.key.key_id.hex()}")
    return signer


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """The three lines of a tree head, as they are signed."""
    return f"{origin}\n{size}\n{_base64(root)}\n".encode()


def signed(text: bytes, *signers: Signer) -> bytes:
    """The note of a text with one signature line for each signer."""
    return text + b"\n" + b"".join(signature_line(text, signer) for signer in signers)


def signature_line(text: bytes, signer: Signer, when: int = 0) -> bytes:
    """`— name base64(key id ‖ signature)`; a witness signs with its clock, `when` in seconds."""
    if signer.key.kind == COSIGNATURE:
        blob = when.to_bytes(8, "big") + _sign(signer, cosigned_message(text, when))
    else:
        blob = _sign(signer, text)
    return f"— {signer.key.name} {_base64(signer.key.key_id + blob)}\n".encode()


def _signer(name: str, kind: int, seed: bytes) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return Signer(VerifierKey(name, kind, public), seed)


def _sign(signer: Signer, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(signer.seed).sign(message)


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()
