import base64
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, record_id, segment
from tests.sealed_archives import KEY, at_home, sealed, sealed_twice
from timeline.archive import Archive
from timeline.errors import NotFound
from timeline.log.cursor import PrefixChanged, read_from_start, read_new
from timeline.log.erase import Erasure, NotErasable, erase
from timeline.log.leaves import read_leaves
from timeline.log.proofs import prove_inclusion
from timeline.log.reader import Entry, read
from timeline.log.verify import verify
from timeline.log.verify_proof import check_inclusion
from timeline.log.writer import append
from timeline.records.codec import leaf_hash

LATER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at_home(monkeypatch, tmp_path)


def erased(archive: Archive, position: int) -> Erasure:
    (leaf,) = read_leaves(archive, position, position + 1)
    return erase(archive, leaf, basis="court order 12/2026", by="ana", now=lambda: LATER)


def test_the_line_goes_and_the_leaf_stays(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)

    result = erased(archive, 7)

    assert (7, ("events/2026/2026-11.ana.jsonl",)) == (result.position, result.files)
    assert b'"Paper 7"' not in segment(archive).read_bytes()
    assert result.leaf in list(read_leaves(archive, 0, 22))


def test_everything_signed_before_still_verifies_and_the_basis_is_named(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    proof = prove_inclusion(archive, 8)
    (other,) = read_leaves(archive, 8, 9)
    erased(archive, 7)
    sealed(archive, at=LATER + timedelta(minutes=1))

    result = verify(archive)

    assert ((), 0) == (result.problems, result.exit_code)
    assert [(7, "court order 12/2026")] == [(gap.position, gap.basis) for gap in result.erased]
    check_inclusion(proof, other, [KEY.key])
    check_inclusion(prove_inclusion(archive, 7), erased_leaf(archive), [KEY.key])


def erased_leaf(archive: Archive) -> bytes:
    return next(read_leaves(archive, 7, 8))


def test_readers_keep_the_place_empty(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    erased(archive, 7)

    entries = list(read(archive))

    positions = [entry.position for entry in entries if isinstance(entry, Entry)]
    assert [*range(7), *range(8, 23)] == positions


def test_a_cursor_notices_the_erasure(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    reading = read_from_start(archive)
    list(reading)
    cursor = reading.cursor()
    erased(archive, 7)

    with pytest.raises(PrefixChanged):
        list(read_new(archive, cursor))


def test_erasing_again_changes_nothing(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    erased(archive, 7)
    before = segment(archive).read_bytes()

    assert () == erased(archive, 7).files
    assert before == segment(archive).read_bytes()


def test_an_erasure_cut_short_is_finished_by_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = sealed_twice(tmp_path)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("timeline.log.erase.replace_durably", stop)
        with pytest.raises(KeyboardInterrupt):
            erased(archive, 7)
    assert () == verify(archive).problems

    assert 1 == len(erased(archive, 7).files)
    assert 1 == segment(archive).read_bytes().count(b'"kind":"erasure"')


def test_a_gap_without_a_standing_erasure_is_tampering(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    erased(archive, 7)
    erasure = next(
        entry.record
        for entry in read(archive)
        if isinstance(entry, Entry) and entry.record["kind"] == "erasure"
    )
    retraction = {
        "id": record_id(500),
        "kind": "retraction",
        "v": 1,
        "recorded_by": "ana",
        "of": erasure["id"],
        "reason": "legal",
    }
    append(archive, [retraction], now=lambda: LATER)

    assert ["missing-line"] == [problem.rule for problem in verify(archive).problems]

    back = {**retraction, "id": record_id(501), "of": record_id(500)}
    append(archive, [back], now=lambda: LATER)
    assert () == verify(archive).problems


def test_what_is_not_sealed_cannot_be_erased_yet(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)
    add(archive, 70, at=LATER)
    leaf = leaf_hash(segment(archive).read_bytes().splitlines()[-1])

    with pytest.raises(NotErasable, match="not sealed yet"):
        erase(archive, leaf, basis="x", by="ana", now=lambda: LATER)


def test_seals_and_erasures_stay(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)

    with pytest.raises(NotErasable, match="seals and erasures stay"):
        erased(archive, 10)


def test_a_leaf_that_no_line_has_is_not_found(tmp_path: Path) -> None:
    archive = sealed_twice(tmp_path)

    with pytest.raises(NotFound, match=base64.b64encode(bytes(32)).decode()):
        erase(archive, bytes(32), basis="x", by="ana", now=lambda: LATER)
