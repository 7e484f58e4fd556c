"""The vectors of docs/spec/log.md are the code's; `python -m tests.test_docs_log` writes them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from tests.archives import source
from timeline.log.checkpoint import checkpoint_text, new_signer, signature_line, signed
from timeline.log.merkle import Tree, consistency_proof, inclusion_proof
from timeline.log.proofs import consistency_text, inclusion_text
from timeline.log.verify_note import COSIGNATURE, parse_checkpoint
from timeline.log.verify_proof import (
    ConsistencyProof,
    InclusionProof,
    check_consistency,
    check_inclusion,
)
from timeline.records.codec import encode, leaf_hash

PAGE = Path(__file__).parents[1] / "docs" / "spec" / "log.md"
KEY = new_signer("example.org/archive", seed=bytes(range(32)))
WITNESS = new_signer("example.net/ben", COSIGNATURE, bytes(range(1, 33)))
LINES = [
    encode({**source(number), "recorded_at": f"2026-11-23T12:00:00.00000{number}Z"})
    for number in range(3)
]
LEAVES = [leaf_hash(line) for line in LINES]
NOTE = signed(checkpoint_text(KEY.key.name, 3, Tree(LEAVES).root()), KEY)


def root_of(start: int, stop: int) -> bytes:
    return Tree(LEAVES[start:stop]).root()


def inclusion() -> InclusionProof:
    return InclusionProof(1, tuple(inclusion_proof(root_of, 1, 3)), parse_checkpoint(NOTE), NOTE)


def consistency() -> ConsistencyProof:
    hashes = tuple(consistency_proof(root_of, 2, 3))
    return ConsistencyProof(2, hashes, parse_checkpoint(NOTE), NOTE)


def text(*parts: bytes) -> str:
    return "".join(base64.b64encode(part).decode() + "\n" for part in parts)


def vectors() -> dict[str, str]:
    """Name of a block in the page to what stands in it."""
    return {
        "line-0": LINES[0].decode() + "\n",
        "leaf-0": text(LEAVES[0]),
        "leaves": text(*LEAVES),
        "roots": text(*(root_of(0, size) for size in (1, 2, 3))),
        "key": f"{KEY.secret_text()}\n{KEY.key}\n",
        "checkpoint": NOTE.decode(),
        "inclusion": inclusion_text(inclusion()).decode(),
        "consistency": consistency_text(consistency()).decode(),
        "cosignature": f"{WITNESS.key}\n"
        + signature_line(parse_checkpoint(NOTE).note.text, WITNESS, 1_795_435_200).decode(),
    }


BLOCK = re.compile(r"(```\w+ vector=([\w-]+)\n)(.*?)(```)", re.DOTALL)


def test_every_vector_of_the_page_is_what_the_code_makes() -> None:
    page = {name: body for _, name, body, _ in BLOCK.findall(PAGE.read_text("utf-8"))}

    assert vectors() == page


def test_the_vectors_convince_the_verifier() -> None:
    check_inclusion(inclusion(), LEAVES[1], [KEY.key])
    check_consistency(consistency(), root_of(0, 2), [KEY.key])


def write() -> None:
    """Puts the vectors into the page."""
    made = vectors()
    page = PAGE.read_text("utf-8")
    PAGE.write_text(BLOCK.sub(lambda found: found[1] + made[found[2]] + found[4], page), "utf-8")


if __name__ == "__main__":
    write()
