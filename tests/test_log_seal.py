import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, segment
from tests.sealed_archives import KEY, OTHER, archive_of, at_home, sealed
from timeline.errors import VerificationFailed
from timeline.log import files, keys
from timeline.log import seal as sealing
from timeline.log.checkpoint import parse_signer
from timeline.log.keys import KeyInArchive, keep_signer, key_file, load_signer
from timeline.log.leaves import count_leaves, read_leaves
from timeline.log.merkle import Tree
from timeline.log.proofs import (
    NotSealed,
    consistency_json,
    consistency_text,
    inclusion_json,
    inclusion_text,
    json_text,
    prove_consistency,
    prove_inclusion,
)
from timeline.log.reader import Entry, read
from timeline.log.seal import ForkRefused, NotSealable, OtherKey, checkpoint_path
from timeline.log.verify_note import BadNote, parse_checkpoint, parse_key, signers
from timeline.log.verify_proof import (
    BadProof,
    check_consistency,
    check_inclusion,
    parse_consistency,
    parse_inclusion,
)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


def test_a_key_has_the_text_form_of_go() -> None:
    assert "example.org/archive+8183ea66+" == str(KEY.key)[:29]
    assert KEY == parse_signer(KEY.secret_text())
    assert KEY.key == parse_key(str(KEY.key))
    assert KEY.secret_text() not in repr(KEY)


def test_a_key_with_another_keys_id_is_refused() -> None:
    text = str(KEY.key).replace(KEY.key.key_id.hex(), "00000000")

    with pytest.raises(BadNote, match="not that of the key"):
        parse_key(text)


def test_a_key_is_kept_for_its_owner_only_and_never_in_the_archive(tmp_path: Path) -> None:
    archive = archive_in(tmp_path / "archive")
    path = key_file("example.org/archive")

    keep_signer(archive, KEY, path)
    keep_signer(archive, OTHER, path)

    assert OTHER == load_signer(path)
    assert KEY == load_signer(path.with_suffix(f".{KEY.key.key_id.hex()}.skey"))
    assert 0o600 == path.stat().st_mode & 0o777
    with pytest.raises(KeyInArchive, match="inside the archive"):
        keep_signer(archive, KEY, tmp_path / "archive" / "my.skey")


def test_a_seal_ends_with_a_record_of_its_own_and_signs_it_too(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)

    result = sealed(archive)

    *_, last = read(archive)
    assert isinstance(last, Entry)
    assert last.record["kind"] == "seal"
    assert (2, str(KEY.key)) == (last.record["size"], last.record["key"])
    assert (3, 3, 3) == (result.checkpoint.size, result.records, count_leaves(archive))
    assert [KEY.key] == signers(result.checkpoint.note, [KEY.key])


def test_a_second_seal_without_news_changes_nothing(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    first = sealed(archive)
    before = segment(archive).read_bytes()

    again = sealed(archive)

    assert (first.note, 0) == (again.note, again.records)
    assert before == segment(archive).read_bytes()


def test_leaves_go_on_in_a_next_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import timeline.log.leaves as leaves_module

    monkeypatch.setattr(sealing, "LEAVES_PER_FILE", 2)
    monkeypatch.setattr(leaves_module, "LEAVES_PER_FILE", 2)
    archive = archive_of(tmp_path, 1, 2, 3)
    sealed(archive)
    add(archive, 4, 5, at=NOON + timedelta(minutes=1))

    sealed(archive)

    names = sorted(path.name for path in (archive.seal / "leaves").iterdir())
    assert ["000.txt", "001.txt", "002.txt", "003.txt"] == names
    assert [entry.leaf for entry in read(archive) if isinstance(entry, Entry)] == list(
        read_leaves(archive, 0, 7)
    )


@pytest.mark.parametrize("step", range(5))
def test_a_seal_that_was_cut_short_is_finished_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    archive = archive_of(tmp_path, 1, 2)
    sealed(archive)
    add(archive, 3, at=NOON + timedelta(minutes=1))
    steps = iter(range(step))

    def stopping(write: Callable[..., None]) -> Callable[..., None]:
        def maybe(*given: object) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt
            write(*given)

        return maybe

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "replace_durably", stopping(files.replace_durably))
        patch.setattr(sealing, "remember_signed", stopping(keys.remember_signed))
        with pytest.raises(KeyboardInterrupt) if step < 4 else nullcontext():
            sealed(archive)

    result = sealed(archive)

    assert (5, 5) == (result.checkpoint.size, count_leaves(archive))
    kinds = [entry.record["kind"] for entry in read(archive) if isinstance(entry, Entry)]
    assert ["source", "source", "seal", "source", "seal"] == kinds
    assert result.note == checkpoint_path(archive).read_bytes()
    assert result.note == checkpoint_path(archive, 5).read_bytes()


def test_a_fork_is_never_signed_even_after_the_seal_was_thrown_away(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)
    sealed(archive)
    shutil.rmtree(archive.seal)
    one, _, seal_record = segment(archive).read_bytes().splitlines(keepends=True)
    segment(archive).write_bytes(one + seal_record)

    with pytest.raises(ForkRefused, match="this machine has signed a tree of 3"):
        sealed(archive)


def test_a_seal_that_was_thrown_away_can_be_made_again(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)
    first = sealed(archive)
    shutil.rmtree(archive.seal)

    again = sealed(archive)

    assert first.note == again.note


def test_a_log_with_a_broken_line_is_not_sealed(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    with segment(archive).open("ab") as file:
        file.write(b"{}\n")

    with pytest.raises(NotSealable, match=r"ana\.jsonl:2"):
        sealed(archive)


def test_a_log_that_lost_a_sealed_line_is_not_sealed_again(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)
    sealed(archive)
    _, *rest = segment(archive).read_bytes().splitlines(keepends=True)
    segment(archive).write_bytes(b"".join(rest))

    with pytest.raises(NotSealable, match="record 0 is gone"):
        sealed(archive)


def test_another_key_must_say_that_it_follows(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    first = sealed(archive)
    add(archive, 2, at=NOON + timedelta(minutes=1))

    with pytest.raises(OtherKey, match="was sealed with example"):
        sealed(archive, OTHER)
    result = sealed(archive, OTHER, succeeding=KEY)

    *_, last = read(archive)
    assert isinstance(last, Entry)
    assert last.record["kind"] == "seal"
    assert first.note.decode().splitlines() == last.record["predecessor"]
    assert [OTHER.key, KEY.key] == signers(result.checkpoint.note, [OTHER.key, KEY.key])


def test_a_lost_key_can_be_followed_without_its_signature(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    sealed(archive)
    add(archive, 2, at=NOON + timedelta(minutes=1))

    result = sealed(archive, OTHER, succeeding=True)

    assert [OTHER.key] == signers(result.checkpoint.note, [OTHER.key, KEY.key])


def test_an_inclusion_proof_convinces_in_both_forms(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2, 3)
    sealed(archive)
    proof = prove_inclusion(archive, 1)
    leaf = next(read_leaves(archive, 1, 2))

    for text in (inclusion_text(proof), json_text(inclusion_json(proof))):
        check_inclusion(parse_inclusion(text), leaf, [KEY.key])
        with pytest.raises(BadProof, match="record 1 is not in the tree of 4"):
            check_inclusion(parse_inclusion(text), bytes(32), [KEY.key])
        with pytest.raises(BadProof, match="none of the given keys"):
            check_inclusion(parse_inclusion(text), leaf, [OTHER.key])


def test_a_consistency_proof_convinces_in_both_forms(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2)
    old = sealed(archive)
    add(archive, 3, 4, at=NOON + timedelta(minutes=1))
    sealed(archive)
    proof = prove_consistency(archive, 3)

    for text in (consistency_text(proof), json_text(consistency_json(proof))):
        check_consistency(parse_consistency(text), old.checkpoint.root, [KEY.key])
        with pytest.raises(BadProof, match="history differs"):
            check_consistency(parse_consistency(text), bytes(32), [KEY.key])


def test_proofs_over_many_tiles_hold(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, *range(1300))
    sealed(archive)
    leaves = list(read_leaves(archive, 0, 1301))

    for position in (0, 255, 256, 700, 1023, 1024, 1279, 1280, 1300):
        check_inclusion(prove_inclusion(archive, position), leaves[position], [KEY.key])
    for old in (1, 256, 257, 1000, 1024, 1300):
        root = Tree(leaves[:old]).root()
        check_consistency(prove_consistency(archive, old), root, [KEY.key])


def test_what_is_not_sealed_has_no_proof(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    with pytest.raises(NotSealed, match="never sealed"):
        prove_inclusion(archive, 0)
    sealed(archive)

    with pytest.raises(NotSealed, match="behind the last seal"):
        prove_inclusion(archive, 2)


def test_one_flipped_bit_in_a_proof_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2, 3)
    sealed(archive)
    text = inclusion_text(prove_inclusion(archive, 1))
    leaf = next(read_leaves(archive, 1, 2))

    accepted = []
    for at in range(len(text)):
        broken = bytearray(text)
        broken[at] ^= 1 << at % 8
        try:
            check_inclusion(parse_inclusion(bytes(broken)), leaf, [KEY.key])
        except VerificationFailed:
            continue
        accepted.append((at, bytes(broken[at - 5 : at + 5])))

    assert [] == accepted


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"origin\n1\nAAAA\n",
        b"origin\n01\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a AAAAAAAA\n",
        b"origin\n1\n" + b"A" * 43 + b"=\nmore\n\n\xe2\x80\x94 a AAAAAAAA\n",
        b"origin\n1\n" + b"A" * 42 + b"B=\n\n\xe2\x80\x94 a AAAAAAAA\n",
        b"origin\n1\n" + b"A" * 43 + b"=\n\n- a AAAAAAAA\n",
        b"origin\r\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a AAAAAAAA\n",
        b"origin\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a+b AAAAAAAA\n",
        b"origin\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a AAAAAAAA",
    ],
)
def test_a_checkpoint_in_another_form_is_refused(text: bytes) -> None:
    with pytest.raises(BadNote):
        parse_checkpoint(text)


def test_the_json_twin_says_the_same_as_the_text(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1, 2, 3)
    sealed(archive)
    proof = prove_inclusion(archive, 2)

    assert parse_inclusion(inclusion_text(proof)) == parse_inclusion(
        json.dumps(inclusion_json(proof)).encode()
    )


def test_after_a_seal_the_log_still_reads_in_order(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    sealed(archive)
    add(archive, 2, at=NOON + timedelta(minutes=1))

    kinds = [entry.record["kind"] for entry in read(archive) if isinstance(entry, Entry)]

    assert ["source", "seal", "source"] == kinds
