"""A second person's signature: under a checkpoint, after a look at everything before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from timeline.archive import Archive
from timeline.errors import UsageRefused, VerificationFailed
from timeline.log.checkpoint import Signer, signature_line
from timeline.log.files import replace_durably
from timeline.log.keys import Signed, remember_signed, signed_before
from timeline.log.lock import locked
from timeline.log.proofs import NotSealed
from timeline.log.seal import checkpoint_path, newest_checkpoint
from timeline.log.verify import verify
from timeline.log.verify_note import COSIGNATURE, Checkpoint, VerifierKey, signers
from timeline.log.writer import system_clock


class NotWitnessed(VerificationFailed):
    """The log is not one that a witness can sign."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What a witness did.

    Attributes:
        checkpoint: the tree head that is signed.
        seen_before: records under the last one that this witness signed; 0 for the first time.
        new: False when the signature stood there already.
    """

    checkpoint: Checkpoint
    seen_before: int
    new: bool


def cosign(
    archive: Archive,
    signer: Signer,
    *,
    trusted: Sequence[VerifierKey] = (),
    wait: float = 10.0,
    now: Callable[[], datetime] = system_clock,
) -> Cosigned:
    """Verifies the whole log, compares it with what this witness saw last, signs the newest seal.

    Args:
        archive: the log.
        signer: the witness's key, of the kind COSIGNATURE.
        trusted: keys of the log that the witness knows from elsewhere.
        wait: seconds to wait for a writer.
        now: the clock; the signature carries the second.

    Raises:
        NotWitnessed: when something was changed, or history is not what it was.
        NotSealed: when there is nothing to sign.
        UsageRefused: when the key is one for sealing.
    """
    if signer.key.kind != COSIGNATURE:
        raise UsageRefused(
            f"{signer.key.name} is a key for sealing; a witness has one of its own",
            fix="timeline witness new-key NAME",
        )
    with locked(archive, wait):
        found = newest_checkpoint(archive)
        if found is None:
            raise NotSealed("this archive was never sealed", fix="timeline seal --new-key")
        point, note = found
        memory = f"{point.origin} by {signer.key.name}"
        before = signed_before("witness", memory)
        _refuse_other_history(archive, trusted, point, before)
        seen = before.size if before is not None else 0
        if signers(point.note, [signer.key]):
            return Cosigned(point, seen, new=False)
        # Remembered before it is shown: a witness that forgot could sign two histories.
        remember_signed("witness", memory, Signed(point.size, point.root))
        line = signature_line(point.note.text, signer, int(now().timestamp()))
        replace_durably(checkpoint_path(archive, point.size), note + line)
        replace_durably(checkpoint_path(archive), note + line)
    return Cosigned(point, seen, new=True)


def _refuse_other_history(
    archive: Archive, trusted: Sequence[VerifierKey], point: Checkpoint, before: Signed | None
) -> None:
    kept = (
        [Checkpoint(point.origin, before.size, before.root, point.note)]
        if before is not None
        else []
    )
    problems = verify(archive, trusted=trusted, against=kept).problems
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise NotWitnessed(f"not signed: {problems[0]}{more}", fix="timeline verify")
