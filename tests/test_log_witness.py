import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, segment
from tests.sealed_archives import KEY, OTHER, archive_of, at_home, sealed, sealed_twice
from timeline.archive import Archive
from timeline.errors import UsageRefused
from timeline.log.checkpoint import new_signer
from timeline.log.proofs import NotSealed
from timeline.log.seal import checkpoint_path
from timeline.log.verify import verify
from timeline.log.verify_note import COSIGNATURE, parse_checkpoint, signers
from timeline.log.witness import Cosigned, NotWitnessed, cosign

WITNESS = new_signer("witness.example/ben", COSIGNATURE, bytes(range(1, 33)))


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


def witnessed(archive: Archive) -> Cosigned:
    return cosign(archive, WITNESS, trusted=[KEY.key], now=lambda: NOON)


def test_a_witness_adds_a_line_to_the_newest_checkpoint(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)

    result = witnessed(archive)

    note = parse_checkpoint(checkpoint_path(archive).read_bytes()).note
    assert (22, 0, True) == (result.checkpoint.size, result.seen_before, result.new)
    assert [KEY.key, WITNESS.key] == signers(note, [KEY.key, WITNESS.key])
    assert checkpoint_path(archive).read_bytes() == checkpoint_path(archive, 22).read_bytes()
    assert ("witness.example/ben",) == verify(archive).seals[-1].cosigned_by
    assert 0 == verify(archive).exit_code


def test_a_witness_signs_a_tree_once(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    witnessed(archive)
    before = checkpoint_path(archive).read_bytes()

    assert not witnessed(archive).new
    assert before == checkpoint_path(archive).read_bytes()


def test_a_later_seal_goes_on_from_a_witnessed_one(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    witnessed(archive)
    add(archive, 50, at=NOON + timedelta(minutes=3))
    sealed(archive, at=NOON + timedelta(minutes=4))

    result = witnessed(archive)

    assert (24, 22, True) == (result.checkpoint.size, result.seen_before, result.new)
    assert 0 == verify(archive).exit_code


def test_a_witness_refuses_another_history_than_the_one_it_saw(tmp_path: Path) -> None:
    witnessed(sealed_twice(tmp_path / "one"))
    shutil.rmtree(tmp_path / "state" / "timeline" / "seal")
    other = archive_of(tmp_path / "two", *range(50, 90))
    sealed(other)

    with pytest.raises(NotWitnessed, match="other-history"):
        witnessed(other)


def test_a_witness_refuses_a_changed_line(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    path = segment(archive)
    path.write_bytes(path.read_bytes().replace(b"Paper 7", b"Paper 8"))

    with pytest.raises(NotWitnessed, match=r"ana\.jsonl:8.*changed-line"):
        witnessed(archive)


def test_a_witness_refuses_a_log_of_an_unknown_key(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, 1)
    sealed(archive, OTHER)

    with pytest.raises(NotWitnessed, match="untrusted-key"):
        witnessed(archive)


def test_a_sealing_key_cannot_witness_and_an_unsealed_log_cannot_be_witnessed(
    tmp_path: Path,
) -> None:
    archive = archive_of(tmp_path, 1)

    with pytest.raises(UsageRefused, match="a key for sealing"):
        cosign(archive, KEY)
    with pytest.raises(NotSealed):
        witnessed(archive)
