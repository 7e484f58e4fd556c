"""`timeline verify`: the whole log, one record, one seal, or a proof that somebody handed over."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timeline.archive import Archive
from timeline.cli.door import problem_line
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from timeline.log.verify import Verification
    from timeline.log.verify_note import Checkpoint, VerifierKey
    from timeline.log.verify_seals import SealSeen


@click.command()
@click.argument("what", metavar="[REF|FILE|seal/N]", required=False)
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="Another copy, or a checkpoint of it, that this log must begin with.",
)
@click.option("--key", "keys", metavar="VKEY", multiple=True, help="A public key that you trust.")
@click.option(
    "--record",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The record's line, for a proof without the archive.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    what: str | None,
    against: Path | None,
    keys: tuple[str, ...],
    record: Path | None,
    as_json: bool,
) -> None:
    """Verify that nothing signed was changed."""
    from timeline.log.verify_note import parse_key

    session: Session = ctx.obj
    trusted = [parse_key(key) for key in keys]
    if what is not None and Path(what).is_file():
        words = _proof(session, Path(what), against, trusted, record)
        session.say(words)
        return
    archive = session.archive()
    result = _verified(archive, trusted, against)
    if what is not None and not result.problems:
        session.say(_one(session, archive, what, result))
    _tell(session, result, as_json=as_json)
    if not result.problems and not result.sealed:
        session.warn("nothing is sealed yet, so nothing is proved\n  Fix: timeline seal")
    ctx.exit(0 if what is not None and not result.problems else result.exit_code)


def _verified(
    archive: Archive, trusted: Sequence[VerifierKey], against: Path | None
) -> Verification:
    from timeline.log.verify import verify

    return verify(archive, trusted=trusted, against=[] if against is None else [_kept(against)])


def _kept(path: Path) -> Checkpoint:
    """The checkpoint in a file, or the newest one of another copy of the archive."""
    from timeline.log.verify_note import parse_checkpoint

    if path.is_dir():
        path = path / "events" / "seal" / "checkpoint"
        if not path.is_file():
            raise NotFound(f"{path}: no seal there")
    return parse_checkpoint(path.read_bytes())


def _proof(
    session: Session,
    path: Path,
    against: Path | None,
    trusted: Sequence[VerifierKey],
    record: Path | None,
) -> str:
    """Checks a proof or checkpoint in a file; returns what it proves."""
    from timeline.log import verify_proof as proofs
    from timeline.log.verify_note import BadNote, parse_checkpoint, signers

    text = path.read_bytes()
    keys = trusted or _keys_of(session)
    if text.startswith(b"c2sp.org/tlog-proof") or b'"index"' in text:
        inclusion = proofs.parse_inclusion(text)
        proofs.check_inclusion(inclusion, _leaf(session, record, inclusion.index), keys)
        size = inclusion.checkpoint.size
        return f"{path}: the record is number {inclusion.index} of the {size} that were signed"
    if text.startswith(b"old ") or b'"old"' in text:
        consistency = proofs.parse_consistency(text)
        if against is None:
            raise UsageRefused("a consistency proof is about an older seal", fix="--against FILE")
        older = _kept(against)
        proofs.check_consistency(consistency, older.root, keys)
        return f"{path}: the {consistency.checkpoint.size} records begin with those {older.size}"
    point = parse_checkpoint(text)
    if not signers(point.note, keys):
        raise BadNote(f"{path}: signed by no key that is known here", fix="--key VKEY")
    result = _verified(session.archive(), trusted, path)
    for problem in result.problems:
        raise proofs.BadProof(str(problem))
    return f"{path}: this log begins with the {point.size} records that it signs"


def _keys_of(session: Session) -> list[VerifierKey]:
    """The keys that the archive's own seals name."""
    from timeline.log.verify import verify

    seals = verify(session.archive()).seals
    keys = {key for seal in seals for key in seal.signed_by}
    if not keys:
        raise UsageRefused("no key is known here", fix="--key VKEY, as its owner has published it")
    return sorted(keys, key=str)


def _leaf(session: Session, record: Path | None, index: int) -> bytes:
    """The leaf of the line in a file, or of the archive's own record at that place."""
    from timeline.log.leaves import count_leaves, read_leaves
    from timeline.log.verify_proof import leaf_of

    if record is not None:
        return leaf_of(record.read_bytes().removesuffix(b"\n"))
    archive = session.archive()
    if index >= count_leaves(archive):
        raise NotFound(f"this archive has no sealed record {index}", fix="--record FILE")
    return next(read_leaves(archive, index, index + 1))


def _one(session: Session, archive: Archive, what: str, result: Verification) -> str:
    """What the verified log says of one record, subject or seal."""
    from timeline.cli.model import open_model
    from timeline.cli.proof import positions_of
    from timeline.readmodel.refs import resolve

    connection = open_model(session, archive)
    ref = resolve(connection, what)
    if ref.kind == "seal":
        for seal in result.seals:
            if str(seal.size) == ref.id:
                return _seal_line(seal)
        known = ", ".join(f"seal/{seal.size}" for seal in result.seals) or "none"
        raise NotFound(f"there is no {what}; the seals: {known}")
    positions = positions_of(connection, ref)
    outside = [position for position in positions if position >= result.sealed]
    if outside:
        raise NotFound(f"{what}: record {outside[0]} is not sealed yet", fix="timeline seal")
    numbers = ", ".join(map(str, positions))
    count = counted(len(positions), "record")
    return f"{what}: sealed and unchanged, in {count} ({numbers})"


def _tell(session: Session, result: Verification, *, as_json: bool) -> None:
    from timeline.cli.output import emit_object

    if as_json:
        emit_object(_facts(result))
        return
    for problem in result.problems:
        click.echo(str(problem))
        if problem.fix:
            click.echo(f"  Fix: {problem.fix}")
    for gap in result.erased:
        session.say(f"record {gap.position} was erased: {gap.basis}")
    for seal in result.seals:
        session.say(_seal_line(seal))
    session.say(
        f"{result.sealed:,} sealed, {len(result.erased):,} erased, {result.unsealed:,} not sealed "
        f"yet, in {counted(result.segments, 'file')}; {counted(len(result.problems), 'problem')}"
    )


def _seal_line(seal: SealSeen) -> str:
    signed = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in seal.signed_by)
    others = f", cosigned by {', '.join(seal.cosigned_by)}" if seal.cosigned_by else ""
    return f"seal/{seal.size}: signed by {signed}{others}"


def _facts(result: Verification) -> dict[str, Any]:
    import json

    return {
        "sealed": result.sealed,
        "unsealed": result.unsealed,
        "files": result.segments,
        "seals": [
            {
                "size": seal.size,
                "root": base64.b64encode(seal.root).decode(),
                "keys": [str(key) for key in seal.signed_by],
                "cosigned_by": list(seal.cosigned_by),
            }
            for seal in result.seals
        ],
        "erased": [{"position": gap.position, "basis": gap.basis} for gap in result.erased],
        "problems": [json.loads(problem_line(problem)) for problem in result.problems],
    }
