"""Compares facet counts with plain SQL for random filters on an archive of any size.

    python benchmarks/compare.py ARCHIVE [FILTERS] [SEED]

Stops at the first difference; prints how many filters were compared.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.readmodel.database import one_moment
from timeline.readmodel.facets import Filters, choose, counts

WHERE = {
    "type": "type = ?",
    "status": "status = ?",
    "certainty": "certainty = ?",
    "precision": "precision = ?",
    "country": "country = ?",
    "year": "year = ?",
    "topic": "number IN (SELECT event FROM event_topics WHERE topic = ?)",
    "actor": "number IN (SELECT event FROM participants WHERE entity = ?)",
    "place": "number IN (SELECT event FROM event_places WHERE place = ?)",
    "root": "EXISTS (SELECT 1 FROM json_each(roots) WHERE value = ?)",
}
GROUPS = {
    "type": "SELECT type, count(*) FROM hits JOIN events USING (number) GROUP BY 1",
    "year": "SELECT year, count(*) FROM hits JOIN events USING (number)"
    " WHERE year IS NOT NULL GROUP BY 1",
    "topic": "SELECT topic, count(*) FROM event_topics WHERE event IN hits GROUP BY 1",
    "actor": "SELECT entity, count(DISTINCT event) FROM hits JOIN participants ON event = number"
    " WHERE entity IS NOT NULL GROUP BY 1",
    "place": "SELECT place, count(DISTINCT event) FROM hits JOIN event_places ON event = number"
    " WHERE place IS NOT NULL GROUP BY 1",
    "root": "SELECT value, count(*) FROM hits JOIN events USING (number), json_each(roots)"
    " GROUP BY 1",
}


def random_filters(connection: sqlite3.Connection, chance: random.Random) -> Filters:
    """One to three conditions with values that occur, and sometimes a span of days."""
    picked = {}
    for dimension in chance.sample(list(WHERE), chance.choice((0, 1, 1, 2))):
        found = connection.execute(
            "SELECT value FROM facet_values INDEXED BY facet_values_size WHERE past = 0"
            " AND dimension = ? ORDER BY n_all DESC LIMIT 60",
            (dimension,),
        ).fetchall()
        picked[dimension] = [chance.choice(found)[0]]
    first = last = None
    if not picked or chance.random() < 0.5:
        first = chance.randrange(2_430_000, 2_461_000)
        last = first + int(10 ** chance.uniform(0, 4))
    return Filters(any_of=picked, first=first, last=last, certain=chance.random() < 0.5)


def make_hits(connection: sqlite3.Connection, filters: Filters) -> int:
    """The table `hits` of the events that SQL finds; how many there are."""
    where, values = ["retracted = 0", "merged_into IS NULL"], list[Any]()
    for dimension, (value,) in filters.any_of.items():
        where.append(WHERE[dimension])
        values.append(value)
    if filters.first is not None:
        where.append(
            "start_max <= ? AND (end_min >= ? OR end_state = 'open')"
            if filters.certain
            else "(start_min IS NULL OR start_min <= ?) AND (end_max IS NULL OR end_max >= ?)"
        )
        values += [filters.last, filters.first]
    connection.execute("DROP TABLE IF EXISTS hits")
    connection.execute("CREATE TEMP TABLE hits (number INTEGER PRIMARY KEY)")
    connection.execute(
        f"INSERT INTO hits SELECT number FROM events WHERE {' AND '.join(where)}", values
    )
    return int(connection.execute("SELECT count(*) FROM hits").fetchone()[0])


def main(archive: Archive, filters: int, seed: int) -> None:
    chance = random.Random(seed)
    began = time.monotonic()
    address = f"file:{archive.database}?mode=ro"
    # Two connections: bitmaps are shared among those that only read, as in a server.
    rows, bitmaps = (sqlite3.connect(address, uri=True) for _ in range(2))
    for n in range(filters):
        asked = random_filters(rows, chance)
        with one_moment(bitmaps):
            compare(rows, bitmaps, asked)
        if sys.stderr.isatty():
            print(f"\r{n + 1}", end="", file=sys.stderr)
    print(f"{filters} filters, no difference, {time.monotonic() - began:.0f} s")


def compare(rows: sqlite3.Connection, bitmaps: sqlite3.Connection, asked: Filters) -> None:
    """Every count of one filter; ends the run where two differ."""
    chosen = choose(bitmaps, asked)
    total = make_hits(rows, asked)
    if total != chosen.total:
        raise SystemExit(f"{asked}: {total} by SQL, {chosen.total} by bitmaps")
    for dimension, query in GROUPS.items():
        found = rows.execute(query).fetchall()
        expected = sorted(found, key=lambda row: (-row[1], row[0]))[:30]
        if expected != counts(chosen, dimension):
            raise SystemExit(f"{asked}: {dimension} differs")


if __name__ == "__main__":
    words = [*sys.argv[1:], "", ""]
    main(Archive(Path(words[0])), int(words[1] or 200), int(words[2] or 1))
