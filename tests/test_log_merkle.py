import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import corpus
from timeline.log.merkle import (
    EMPTY_ROOT,
    RootOf,
    Tree,
    consistency_proof,
    inclusion_proof,
)
from timeline.log.verify_proof import includes, is_consistent, leaf_of


def leaves(count: int) -> list[bytes]:
    return [leaf_of(b"%d" % number) for number in range(count)]


def defined_root(hashes: Sequence[bytes]) -> bytes:
    """MTH, word for word as RFC 9162 section 2.1.1 defines it."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    left, right = defined_root(hashes[:split]), defined_root(hashes[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def rooter(hashes: Sequence[bytes]) -> RootOf:
    return lambda start, stop: Tree(hashes[start:stop]).root()


def vectors(kind: str) -> list[Path]:
    return sorted((corpus("merkle-vectors") / "testdata" / kind).rglob("*.json"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_all_inclusion_vectors_end_as_they_should() -> None:
    wrong = []
    paths = vectors("inclusion")
    for path in paths:
        case: dict[str, Any] = json.loads(path.read_text())
        holds = includes(
            raw(case["leafHash"]),
            case["leafIdx"],
            case["treeSize"],
            [raw(text) for text in case["proof"] or ()],
            raw(case["root"]),
        )
        if holds is case["wantErr"]:
            wrong.append(path.name)

    assert (98, []) == (len(paths), wrong)


def test_all_consistency_vectors_end_as_they_should() -> None:
    wrong = []
    paths = vectors("consistency")
    for path in paths:
        case: dict[str, Any] = json.loads(path.read_text())
        holds = is_consistent(
            case["size1"],
            case["size2"],
            [raw(text) for text in case["proof"] or ()],
            raw(case["root1"]),
            raw(case["root2"]),
        )
        if holds is case["wantErr"]:
            wrong.append(path.name)

    assert (98, []) == (len(paths), wrong)


def test_the_reference_tree_grows_through_the_published_roots() -> None:
    tree: dict[str, list[str]] = json.loads(
        (corpus("merkle-vectors") / "reference-tree.json").read_text()
    )
    grown, roots = Tree(), [EMPTY_ROOT.hex()]
    for line in tree["leaf_inputs_hex"]:
        grown.append(leaf_of(bytes.fromhex(line)))
        roots.append(grown.root().hex())

    published = tree["root_hashes_hex_by_size"]
    assert published == roots[-len(published) :]


def test_every_proof_up_to_130_leaves_is_the_one_of_the_definition() -> None:
    """RFC 9162 sections 2.1.3 and 2.1.4: every leaf and every pair of sizes."""
    hashes = leaves(130)
    roots = [defined_root(hashes[:size]) for size in range(131)]
    for new in range(1, 131):
        root_of = rooter(hashes[:new])
        assert roots[new] == Tree(hashes[:new]).root()
        for old in range(new + 1):
            proof = consistency_proof(root_of, old, new)
            assert is_consistent(old, new, proof, roots[old], roots[new]) is (old > 0)
            assert not is_consistent(old, new, proof, roots[old - 1], roots[new])
        for index in range(0, new, 7):
            path = inclusion_proof(root_of, index, new)
            assert includes(hashes[index], index, new, path, roots[new])
            assert not includes(hashes[index], (index + 1) % new, new, path, roots[new]) or new == 1


@pytest.mark.parametrize("size", [255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_proofs_hold_around_full_tiles(size: int) -> None:
    hashes = leaves(size)
    root_of = rooter(hashes)
    root = root_of(0, size)

    for index in (0, size // 2, size - 1):
        assert includes(hashes[index], index, size, inclusion_proof(root_of, index, size), root)
    for old in (1, size // 2, size - 1):
        proof = consistency_proof(root_of, old, size)
        assert is_consistent(old, size, proof, root_of(0, old), root)


def test_a_flipped_bit_anywhere_in_a_proof_is_noticed() -> None:
    hashes = leaves(21)
    root_of = rooter(hashes)
    root, path = root_of(0, 21), inclusion_proof(root_of, 9, 21)

    for at, one in enumerate(path):
        for bit in range(0, 256, 31):
            flipped = (int.from_bytes(one, "big") ^ 1 << bit).to_bytes(32, "big")
            assert not includes(hashes[9], 9, 21, [*path[:at], flipped, *path[at + 1 :]], root)


def test_there_is_no_proof_for_a_leaf_beyond_the_tree() -> None:
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        inclusion_proof(rooter(leaves(3)), 3, 3)
