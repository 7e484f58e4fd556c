"""Checks an inclusion proof of ours with sigstore-python, which shares no line with our verifier.

Run by the Python of an environment of its own: sigstore brings `rich` along, which this project's
run-time environment must not hold.

    python verify_sigstore.py VKEY PROOF LINE
"""

import base64
import sys
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring, common_v1
from sigstore.errors import VerificationError


def keyring(vkey: str) -> tuple[Keyring, bytes]:
    """sigstore's keys, from the text of ours; and the key id."""
    _, key_id, encoded = vkey.split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    details = common_v1.PublicKeyDetails.PKIX_ED25519
    return Keyring(
        [common_v1.PublicKey(raw_bytes=base64.b64encode(der), key_details=details)]
    ), bytes.fromhex(key_id)


def entry(proof: str, line: bytes, key_id: bytes) -> SimpleNamespace:
    """The parts of a transparency-log entry that sigstore's two checks look at."""
    head, note = proof.split("\n\n", 1)
    _, index, *hashes = head.split("\n")
    _, size, root, *_ = note.split("\n")
    inclusion = SimpleNamespace(
        log_index=int(index.removeprefix("index ")),
        tree_size=int(size),
        root_hash=base64.b64decode(root),
        hashes=[base64.b64decode(one, validate=True) for one in hashes],
        checkpoint=SimpleNamespace(envelope=note),
    )
    log_id = SimpleNamespace(key_id=key_id)
    inner = SimpleNamespace(inclusion_proof=inclusion, canonicalized_body=line, log_id=log_id)
    return SimpleNamespace(_inner=inner)


def main(vkey: str, proof: str, line: str) -> int:
    """0 accepted, 1 refused."""
    keys, key_id = keyring(vkey)
    try:
        record = Path(line).read_bytes().removesuffix(b"\n")
        logged = entry(Path(proof).read_text("utf-8"), record, key_id)
        verify_checkpoint(keys, logged)
        verify_merkle_inclusion(logged)
    except (VerificationError, ValueError, IndexError) as error:
        sys.stdout.write(f"refused: {error}\n")
        return 1
    sys.stdout.write("accepted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
