from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.logs import correction, entity, event, record, record_id, retraction, source
from tests.random_logs import random_log
from timeline.archive import Archive
from timeline.readmodel.build import build
from timeline.readmodel.canonical import canonical_copy
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.database import connect
from timeline.records.codec import encode


def archive_of(folder: Path, records: Sequence[dict[str, Any]] = ()) -> Archive:
    (folder / "events" / "2026").mkdir(parents=True)
    archive = Archive(folder)
    extend(archive, records)
    return archive


def extend(archive: Archive, records: Sequence[dict[str, Any]], writer: str = "ana") -> None:
    with (archive.events / "2026" / f"2026-01.{writer}.jsonl").open("ab") as segment:
        segment.writelines(encode(written) + b"\n" for written in records)


def canonical(archive: Archive) -> bytes:
    target = archive.root / "canonical.db"
    target.unlink(missing_ok=True)
    canonical_copy(archive.database, target)
    return target.read_bytes()


def titles(archive: Archive) -> list[str]:
    connection = connect(archive)
    rows = connection.execute("SELECT title FROM current_events ORDER BY number").fetchall()
    connection.close()
    return [row["title"] for row in rows]


def test_a_build_holds_every_event_of_the_log(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [source(0, "src:agency"), event(1, "a"), event(2, "b")])

    built = build(archive)

    assert (3, 2, 1) == (built.records, built.events, built.sources)
    assert ["Meeting a", "Meeting b"] == titles(archive)


def test_catching_up_builds_what_is_missing_then_adds_what_is_new(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a")])

    assert "rebuilt" == catch_up(archive).how
    extend(archive, [event(1, "b")])
    assert ("caught up", 1) == (catch_up(archive).how, 0 + 1)
    assert "current" == catch_up(archive).how
    assert ["Meeting a", "Meeting b"] == titles(archive)


def test_a_record_that_sorts_before_known_ones_makes_a_rebuild(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(5, "late")])
    build(archive)

    extend(archive, [event(1, "early")], writer="ben")

    assert "rebuilt" == catch_up(archive).how
    assert ["Meeting early", "Meeting late"] == titles(archive)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_any_batch_size_gives_the_same_bytes(tmp_path: Path, step: int) -> None:
    written = random_log(7, size=60)
    whole = archive_of(tmp_path / "whole", written)
    build(whole)
    split = archive_of(tmp_path / "split")
    build(split)
    for start in range(0, len(written), step):
        extend(split, written[start : start + step])
        catch_up(split)

    assert canonical(whole) == canonical(split)


def test_writers_in_turn_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    written = random_log(11, size=60)
    whole = archive_of(tmp_path / "whole", written)
    build(whole)
    split = archive_of(tmp_path / "split")
    chance = random.Random(3)
    while written:
        count = chance.randint(1, 9)
        extend(split, written[:count], writer=chance.choice(["ana", "ben", "zoe"]))
        catch_up(split)
        del written[:count]

    assert canonical(whole) == canonical(split)


def test_a_build_as_of_a_position_holds_what_was_known_then(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a"), correction(1, "a", "/title", "Meeting a", "B")])

    build(archive, as_of=0)

    assert ["Meeting a"] == titles(archive)


def test_search_follows_a_correction_and_a_retraction(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(0, "a", title="Parley in Valletta")])
    build(archive)

    extend(archive, [correction(1, "a", "/title", "Parley in Valletta", "Parley in Attard")])
    catch_up(archive)

    assert ([], ["a"]) == (search(archive, "valletta"), search(archive, "attard"))
    extend(archive, [retraction(2, record_id(1))])
    catch_up(archive)
    assert ["a"] == search(archive, "valletta")
    check = sqlite3.connect(archive.database)
    check.execute("INSERT INTO events_fts (events_fts) VALUES ('integrity-check')")
    check.close()


def search(archive: Archive, words: str) -> list[str]:
    connection = connect(archive)
    rows = connection.execute(
        "SELECT e.id FROM events_fts f JOIN events e ON e.number = f.rowid"
        " WHERE events_fts MATCH ?",
        (words,),
    ).fetchall()
    connection.close()
    return [row["id"] for row in rows]


def test_a_whole_batch_is_withdrawn_and_put_back(tmp_path: Path) -> None:
    imported = [{**event(n, f"e{n}"), "batch": "b1"} for n in range(40)]
    archive = archive_of(tmp_path, imported)
    build(archive)
    before = titles(archive)

    extend(archive, [record(50, "retraction", batch_of="b1", reason="wrong_batch")])
    catch_up(archive)
    assert [] == titles(archive)
    extend(archive, [retraction(51, record_id(50))])
    catch_up(archive)

    assert before == titles(archive)


def test_three_papers_that_print_one_agency_are_one_root(tmp_path: Path) -> None:
    papers = [source(n, f"src:paper-{n}", root="src:agency") for n in range(1, 4)]
    claims = [{"source": f"src:paper-{n}"} for n in range(1, 4)]
    archive = archive_of(tmp_path, [source(0, "src:agency"), *papers, event(4, "a", claims=claims)])
    build(archive)

    connection = connect(archive)
    row = connection.execute("SELECT n_claims, n_sources, n_roots FROM events").fetchone()
    connection.close()
    assert (3, 3, 1) == tuple(row)


def test_an_entity_merge_gives_its_events_to_the_survivor_and_back(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [
        entity(0, "person:jo", "Jo"), entity(1, "person:joe", "Joe"),
        event(2, "a", participants=[{"entity": "person:joe"}]),
        record(3, "merge", duplicate="person:joe", into="person:jo"),
    ])  # fmt: skip
    build(archive)
    assert ["person:jo"] == actors(archive)

    extend(archive, [retraction(4, record_id(3))])
    catch_up(archive)

    assert ["person:joe"] == actors(archive)


def actors(archive: Archive) -> list[str]:
    connection = connect(archive)
    rows = connection.execute("SELECT entity FROM participants").fetchall()
    connection.close()
    return [row["entity"] for row in rows]


def test_a_root_that_is_recorded_late_reaches_the_events_of_its_copies(tmp_path: Path) -> None:
    written = [
        source(0, "src:paper", root="src:agency"),
        event(1, "a", claims=[{"source": "src:paper"}]),
        source(2, "src:agency", root="src:wire"),
    ]
    whole = archive_of(tmp_path / "whole", written)
    build(whole)
    split = archive_of(tmp_path / "split", written[:1])
    build(split)
    for one in written[1:]:
        extend(split, [one])
        catch_up(split)

    assert canonical(whole) == canonical(split)
