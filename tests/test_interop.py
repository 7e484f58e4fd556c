"""Verifiers that others wrote take our seals, and refuse them when one bit is flipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in
from tests.sealed_archives import KEY, at_home, sealed
from timeline.archive import Archive
from timeline.log.proofs import (
    consistency_text,
    inclusion_text,
    prove_consistency,
    prove_inclusion,
)
from timeline.log.reader import Entry, read
from timeline.log.seal import checkpoint_path
from timeline.log.tiles import write_tiles

HERE = Path(__file__).parent / "interop"
GO_SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
SIGSTORE = Path(
    os.environ.get(
        "TIMELINE_SIGSTORE_PYTHON", Path(__file__).parents[1] / ".venv-interop" / "bin" / "python"
    )
)


def missing(what: str) -> None:
    """Skips on a desk, fails where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not here, and continuous integration must have it")
    pytest.skip(f"NOT VERIFIED BY OTHERS: {what} is not here")


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier written with Go's sumdb packages, compiled."""
    if not shutil.which("go") or not GO_SOURCES.is_dir():
        missing("Go with golang.org/x/mod (apt: golang-go, golang-golang-x-mod-dev)")
    program = tmp_path_factory.mktemp("go") / "verify"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
    subprocess.run(
        ["go", "build", "-o", str(program), "verify.go"], cwd=HERE, env=environment, check=True
    )
    return program


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Three seals, around the width of a tile."""
    folder = tmp_path_factory.mktemp("sealed")
    with pytest.MonkeyPatch.context() as patch:
        at_home(patch, folder)
        archive = archive_in(folder / "archive")
        add(archive, *range(254))
        for step, more in enumerate([(), (500,), tuple(range(600, 900))]):
            at = NOON + timedelta(minutes=step + 1)
            if more:
                add(archive, *more, at=at)
            sealed(archive, at=at + timedelta(seconds=1))
    return archive


def sizes(archive: Archive) -> list[int]:
    return sorted(int(path.name) for path in (archive.seal / "checkpoints").iterdir())


def line_of(archive: Archive, position: int, path: Path) -> Path:
    """The stored line of a record, in a file."""
    entries = (entry for entry in read(archive) if isinstance(entry, Entry))
    path.write_bytes(next(entry.raw for entry in entries if entry.position == position) + b"\n")
    return path


def accepts(*command: str | Path) -> bool:
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert ended.stdout.startswith(("accepted", "refused")), ended.stderr
    return ended.returncode == 0


def refuses_flips(path: Path, verdict: Callable[[], bool], *, step: int) -> None:
    """Every `step`-th byte of a file with one bit flipped."""
    good = path.read_bytes()
    accepted = []
    for at in range(0, len(good), step):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1 << at % 7]) + good[at + 1 :])
        if verdict():
            accepted.append((at, good[max(0, at - 9) : at + 9]))
    path.write_bytes(good)
    assert [] == accepted


def test_the_sizes_are_those_around_a_tile(archive: Archive) -> None:
    assert [255, 257, 558] == sizes(archive)


def test_go_takes_every_checkpoint_and_no_flipped_one(
    go: Path, archive: Archive, tmp_path: Path
) -> None:
    for size in sizes(archive):
        assert accepts(go, "checkpoint", str(KEY.key), checkpoint_path(archive, size))

    copy = tmp_path / "checkpoint"
    copy.write_bytes(checkpoint_path(archive).read_bytes())
    refuses_flips(copy, lambda: accepts(go, "checkpoint", str(KEY.key), copy), step=7)


def test_go_takes_our_inclusion_proofs_and_no_flipped_one(
    go: Path, archive: Archive, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    for position in (0, 255, 256, 300, 557):
        proof.write_bytes(inclusion_text(prove_inclusion(archive, position)))
        line = line_of(archive, position, tmp_path / "line")
        assert accepts(go, "inclusion", str(KEY.key), proof, line)

    refuses_flips(proof, lambda: accepts(go, "inclusion", str(KEY.key), proof, line), step=13)
    refuses_flips(line, lambda: accepts(go, "inclusion", str(KEY.key), proof, line), step=23)


def test_go_takes_our_consistency_proofs_and_no_flipped_one(
    go: Path, archive: Archive, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    for size in sizes(archive)[:2]:
        proof.write_bytes(consistency_text(prove_consistency(archive, size)))
        older = checkpoint_path(archive, size)
        assert accepts(go, "consistency", str(KEY.key), proof, older)

    refuses_flips(proof, lambda: accepts(go, "consistency", str(KEY.key), proof, older), step=13)


def test_go_reads_every_record_out_of_our_tiles_and_sees_a_flipped_bit(
    go: Path, archive: Archive, tmp_path: Path
) -> None:
    write_tiles(archive, tmp_path)

    assert accepts(go, "tiles", str(KEY.key), tmp_path)
    for name in ("tile/0/000", "tile/0/002.p/46", "tile/1/000.p/2", "tile/entries/001"):
        path = tmp_path / name
        refuses_flips(
            path,
            lambda: accepts(go, "tiles", str(KEY.key), tmp_path),
            step=path.stat().st_size // 3,
        )


def test_sigstore_takes_our_proofs_and_no_flipped_one(archive: Archive, tmp_path: Path) -> None:
    if not SIGSTORE.is_file():
        missing("sigstore-python (an environment .venv-interop with `pip install sigstore`)")
    proof = tmp_path / "proof"
    proof.write_bytes(inclusion_text(prove_inclusion(archive, 300)))
    line = line_of(archive, 300, tmp_path / "line")
    command = (SIGSTORE, HERE / "verify_sigstore.py", str(KEY.key), proof, line)

    assert accepts(*command)
    refuses_flips(line, lambda: accepts(*command), step=60)
    good = proof.read_bytes()
    for at in (40, 120, len(good) - 150, len(good) - 40):
        proof.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert not accepts(*command), good[at - 9 : at + 9]
