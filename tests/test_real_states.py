"""On the archive that ships: a state at (day, position) by SQL is the fold of that prefix."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from timeline.archive import Archive
from timeline.readmodel.build import build

ROOT = Path(__file__).resolve().parents[1]
PREFIXES = int(os.environ.get("TIMELINE_PREFIXES", "2"))
LOOKUPS = 100
STOOD = (
    "SELECT state, readings, events FROM states"
    " WHERE machine = :machine AND subject = :subject AND party = :party"
    " AND coalesce(valid_from, :day) <= :day AND (valid_to IS NULL OR :day < valid_to)"
    " AND known_from <= :upto AND (known_to IS NULL OR :upto < known_to)"
)


def _archive(folder: Path) -> Archive:
    (folder / "events").symlink_to(ROOT / "events", target_is_directory=True)
    return Archive(folder)


def _asked(connection: sqlite3.Connection, chance: random.Random) -> dict[str, Any]:
    rows = connection.execute(
        "SELECT machine, subject, party, coalesce(valid_from, valid_to, 0) FROM states"
        " ORDER BY random() LIMIT 1"
    ).fetchone()
    names = ("machine", "subject", "party", "day")
    asked = dict(zip(names, rows, strict=True))
    return {**asked, "day": asked["day"] + chance.randint(-400, 4000)}


@pytest.mark.slow
def test_a_state_by_sql_is_the_fold_of_the_prefix(tmp_path: Path) -> None:
    archive = _archive(tmp_path)
    size = build(archive).records
    chance = random.Random(4)
    for number in range(PREFIXES):
        upto = chance.randrange(size // 10, size)
        target = tmp_path / f"prefix-{number}.db"
        build(archive, target=target, as_of=upto)
        with (
            closing(sqlite3.connect(archive.database)) as whole,
            closing(sqlite3.connect(target)) as prefix,
        ):
            for _ in range(LOOKUPS):
                asked = {**_asked(whole, chance), "upto": upto}
                expected = prefix.execute(STOOD, asked).fetchall()

                assert expected == whole.execute(STOOD, asked).fetchall(), asked
        target.unlink()
