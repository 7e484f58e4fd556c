from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result

from tests.archives import segment
from tests.commands import add_malta, new_archive, run
from timeline.archive import Archive
from timeline.log.keys import key_file


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """An archive with one event, not sealed."""
    folder = tmp_path / "archive"
    folder.mkdir()
    new_archive(folder)
    add_malta(folder)
    return folder


@pytest.fixture
def folder(plain: Path) -> Path:
    """The same, sealed with a new key."""
    good(plain, "seal", "--new-key", "--origin", "example.org/archive")
    return plain


def good(folder: Path, *arguments: str) -> Result:
    result = run(folder, *arguments)
    assert 0 == result.exit_code, result.output
    return result


def failed(folder: Path, code: int, *arguments: str) -> Result:
    result = run(folder, *arguments)
    assert code == result.exit_code, result.output
    return result


def public_key(folder: Path) -> str:
    facts = json.loads(good(folder, "verify", "--json").stdout)
    return str(facts["seals"][-1]["keys"][0])


def test_a_seal_prints_its_checkpoint_and_names_its_key(plain: Path) -> None:
    result = good(plain, "seal", "--new-key", "--origin", "example.org/archive")

    assert (plain / "events" / "seal" / "checkpoint").read_text() == result.stdout
    assert "Public key, for your README: example.org/archive+" in result.stderr
    assert key_file("example.org/archive").is_file()


def test_a_log_without_a_name_is_not_sealed(plain: Path) -> None:
    result = run(plain, "seal", "--new-key", env={"TIMELINE_VERBOSE": ""})

    assert 2 == result.exit_code
    assert "--origin example.org/my-archive" in result.stderr


def test_the_name_of_the_log_may_stand_in_metadata(plain: Path) -> None:
    with (plain / "metadata.yml").open("a") as file:
        file.write("plugins:\n  timeline:\n    origin: example.org/from-metadata\n")

    result = good(plain, "seal", "--new-key")

    assert "example.org/from-metadata" == result.stdout.splitlines()[0]


def test_a_sealed_log_verifies_and_an_unsealed_tail_is_4(folder: Path) -> None:
    assert "0 not sealed yet" in good(folder, "verify").stderr
    good(
        folder, "add", "A call", "-t", "call.held", "-d", "2024-12-06", "-s", "https://a.example/x"
    )

    assert "0 problems" in failed(folder, 4, "verify").stderr


def test_a_changed_line_is_5_and_named(folder: Path) -> None:
    path = segment(Archive(folder))
    path.write_bytes(path.read_bytes().replace(b"Blinken visits", b"Blinken leaves"))

    result = failed(folder, 5, "verify")

    assert "[changed-line]" in result.stdout


def test_one_record_one_event_and_one_seal_can_be_asked_for(folder: Path) -> None:
    size = json.loads(good(folder, "verify", "--json").stdout)["sealed"]

    assert (
        f"seal/{size}: signed by example.org/archive+"
        in good(folder, "verify", f"seal/{size}").stderr
    )
    assert "#0: sealed and unchanged" in good(folder, "verify", "#0").stderr
    assert "blinken: sealed and unchanged, in 1 record" in good(folder, "verify", "blinken").stderr


def test_a_copy_kept_elsewhere_must_agree(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes((folder / "events" / "seal" / "checkpoint").read_bytes())
    good(folder, "verify", "--against", str(kept))
    good(folder, "verify", str(kept))
    good(folder, "verify", "--key", public_key(folder))


def test_a_proof_is_checked_far_from_the_archive(folder: Path, tmp_path: Path) -> None:
    archive = Archive(folder)
    proof, line = tmp_path / "a.tlog-proof", tmp_path / "line"
    proof.write_text(good(folder, "show", "#0", "--proof").stdout)
    line.write_bytes(segment(archive).read_bytes().splitlines(keepends=True)[0])
    key = public_key(folder)
    away = tmp_path / "away"
    away.mkdir()

    result = good(away, "verify", str(proof), "--record", str(line), "--key", key)

    assert "the record is number 0 of the " in result.stderr
    good(folder, "verify", str(proof))


def test_the_proof_of_an_event_is_that_of_its_first_record(folder: Path) -> None:
    proof = json.loads(good(folder, "show", "blinken", "--proof", "--json").stdout)

    lines = segment(Archive(folder)).read_bytes().splitlines()
    assert b'"event":"blinken-visits-malta-2024"' in lines[proof["index"]]
    assert len(lines) == proof["size"]


def test_a_new_key_follows_the_old_one(folder: Path) -> None:
    old = public_key(folder)
    good(
        folder, "add", "A call", "-t", "call.held", "-d", "2024-12-06", "-s", "https://a.example/x"
    )

    good(folder, "seal", "--new-key")

    good(folder, "verify", "--key", old)
    assert old in json.loads(good(folder, "verify", "--json").stdout)["seals"][-1]["keys"]


def test_a_witness_signs_the_newest_seal(folder: Path) -> None:
    key = good(folder, "witness", "new-key", "example.net/ben").stdout.strip()

    result = good(
        folder, "witness", "cosign", "--as", "example.net/ben", "--trust", public_key(folder)
    )

    assert "had not seen it before" in result.stderr
    assert "cosigned by example.net/ben" in good(folder, "verify").stderr
    assert key.startswith("example.net/ben+")


def test_an_erased_line_is_gone_from_the_log_and_the_read_model(folder: Path) -> None:
    position = next(
        number
        for number, line in enumerate(segment(Archive(folder)).read_bytes().splitlines())
        if b'"kind":"event"' in line
    )

    good(folder, "erase", f"#{position}", "--basis", "court order 12/2026", "-y")

    assert b"Blinken visits" not in segment(Archive(folder)).read_bytes()
    assert b"Blinken visits" not in (folder / "timeline.db").read_bytes()
    with sqlite3.connect(folder / "timeline.db") as connection:
        assert [(0,)] == connection.execute("SELECT count(*) FROM events").fetchall()
    assert "was erased: court order 12/2026" in failed(folder, 4, "verify").stderr
    good(folder, "seal")
    good(folder, "verify")


def test_an_erasure_must_be_confirmed(folder: Path) -> None:
    result = run(folder, "erase", "#0", "--basis", "x", env={"TIMELINE_VERBOSE": ""})

    assert 2 == result.exit_code
    assert "add -y" in result.stderr
