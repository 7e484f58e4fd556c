"""Laws of the log: its order and its root depend on the lines alone, never on the files."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archives import source
from tests.sealed_archives import KEY
from timeline.archive import Archive
from timeline.log.cursor import Cursor, PrefixChanged, read_from_start, read_new
from timeline.log.reader import Entry, read
from timeline.log.seal import seal
from timeline.log.verify import verify
from timeline.records.codec import encode

MONTH = "2026/2026-11"


def line(number: int, second: int) -> bytes:
    """A source of that number, recorded in that second."""
    stamp = f"2026-11-23T12:00:{second:02d}.000000Z"
    return encode({**source(number), "recorded_at": stamp}) + b"\n"


numbered = st.lists(st.integers(0, 59), min_size=1, max_size=14).map(
    lambda seconds: [line(number, second) for number, second in enumerate(seconds)]
)


@contextmanager
def folder() -> Iterator[Path]:
    """Outside pytest's own, which hypothesis would share between its examples."""
    path = Path(tempfile.mkdtemp())
    try:
        yield path
    finally:
        shutil.rmtree(path)


def written(root: Path, lines: list[bytes], files: list[int]) -> Archive:
    """Each line at the end of one of three writers' files, as `files` says."""
    (root / "events" / "2026").mkdir(parents=True, exist_ok=True)
    for text, number in zip(lines, files, strict=True):
        with (root / "events" / f"{MONTH}.writer-{number}.jsonl").open("ab") as file:
            file.write(text)
    return Archive(root)


def order(archive: Archive) -> list[bytes]:
    return [entry.raw for entry in read(archive) if isinstance(entry, Entry)]


@given(numbered, st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_tail_is_that_of_moment_and_id(
    lines: list[bytes], data: st.DataObject
) -> None:
    """docs/spec/log.md 3.1: in whatever files and in whatever order in them."""
    shuffled = data.draw(st.permutations(lines))
    files = data.draw(st.lists(st.integers(0, 2), min_size=len(lines), max_size=len(lines)))
    with folder() as root:
        archive = written(root, shuffled, files)

        records = [json.loads(text) for text in lines]
        records.sort(key=lambda record: (record["recorded_at"], record["id"]))
        assert [encode(record) for record in records] == order(archive)


@given(numbered, st.data())
@settings(max_examples=20, deadline=None)
def test_a_seal_and_its_verification_do_not_depend_on_the_files(
    lines: list[bytes], data: st.DataObject
) -> None:
    """docs/spec/log.md 9: lines in another order or segment are the same log."""
    layouts = st.lists(st.integers(0, 2), min_size=len(lines), max_size=len(lines))
    with folder() as root, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        patch.setenv("TIMELINE_WRITER", "writer-0")
        archive = written(root / "one", lines, data.draw(layouts))
        seal(archive, KEY, by="ana")
        stored = [entry.raw + b"\n" for entry in read(archive) if isinstance(entry, Entry)]
        shutil.rmtree(archive.events / "2026")
        files = [*data.draw(layouts), 0]
        written(archive.root, data.draw(st.permutations(stored)), files)

        result = verify(archive)
        assert ((), len(stored), 0) == (result.problems, result.sealed, result.unsealed)
        assert [text[:-1] for text in stored] == order(archive)


@given(numbered, st.data())
@settings(max_examples=60, deadline=None)
def test_reading_in_any_steps_is_reading_at_once_or_a_changed_prefix(
    lines: list[bytes], data: st.DataObject
) -> None:
    files = data.draw(st.lists(st.integers(0, 2), min_size=len(lines), max_size=len(lines)))
    cuts = data.draw(st.lists(st.integers(0, len(lines)), max_size=4).map(sorted))
    with folder() as root:
        archive = written(root, [], [])
        cursor = Cursor()
        seen: list[bytes] = []
        for start, stop in zip([0, *cuts], [*cuts, len(lines)], strict=True):
            written(root, lines[start:stop], files[start:stop])
            try:
                reading = read_new(archive, cursor)
                fresh = list(reading)
            except PrefixChanged:
                reading, seen = read_from_start(archive), []
                fresh = list(reading)
            seen += [entry.raw for entry in fresh if isinstance(entry, Entry)]
            cursor = reading.cursor()

        whole = read_from_start(archive)
        assert [entry.raw for entry in whole if isinstance(entry, Entry)] == seen
        assert (whole.cursor().positions, whole.cursor().known_at, whole.cursor().unsealed) == (
            cursor.positions,
            cursor.known_at,
            cursor.unsealed,
        )
