"""Compares facet counts with plain SQL for random filters on an archive of any size.

    python benchmarks/compare.py ARCHIVE [FILTERS] [SEED]

Of each filter: how many events, and three of six facets by chance. Stops at the first difference;
prints how many filters were compared.
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

_COLUMNS = (
    "number, type, status, certainty, precision, country, year, start_min, start_max, end_min,"
    " end_max, end_state"
)
_COPY = f"""
CREATE TABLE events AS SELECT {_COLUMNS} FROM archive.events
  WHERE retracted = 0 AND merged_into IS NULL ORDER BY number;
CREATE UNIQUE INDEX events_number ON events (number);
CREATE TABLE topic (event INTEGER, value TEXT, PRIMARY KEY (event, value)) WITHOUT ROWID;
CREATE TABLE actor (event INTEGER, value TEXT, PRIMARY KEY (event, value)) WITHOUT ROWID;
CREATE TABLE place (event INTEGER, value TEXT, PRIMARY KEY (event, value)) WITHOUT ROWID;
CREATE TABLE root (event INTEGER, value TEXT, PRIMARY KEY (event, value)) WITHOUT ROWID;
INSERT INTO topic SELECT DISTINCT event, topic FROM archive.event_topics ORDER BY 1, 2;
INSERT INTO actor SELECT DISTINCT event, entity FROM archive.participants
  WHERE entity IS NOT NULL ORDER BY 1, 2;
INSERT INTO place SELECT DISTINCT event, place FROM archive.event_places
  WHERE place IS NOT NULL ORDER BY 1, 2;
INSERT INTO root SELECT DISTINCT e.number, r.value
  FROM archive.events e, json_each(e.roots) r ORDER BY 1, 2;
"""
LINKS = ("topic", "actor", "place", "root")
WHERE = {
    **{
        name: f"{name} = ?"
        for name in ("type", "status", "certainty", "precision", "country", "year")
    },
    **{name: f"number IN (SELECT event FROM {name} WHERE value = ?)" for name in LINKS},
}
GROUPS = {
    **{
        name: f"SELECT {name}, count(*) FROM hits CROSS JOIN events USING (number)"
        f" WHERE {name} IS NOT NULL GROUP BY 1"
        for name in ("type", "year")
    },
    **{
        name: f"SELECT value, count(*) FROM hits CROSS JOIN {name} ON event = number GROUP BY 1"
        for name in LINKS
    },
}


def copied(archive: Archive) -> sqlite3.Connection:
    """The columns that filters and facets speak of, of all events, in memory: ten million take
    some 3 GB and make plain SQL a matter of seconds.
    """
    connection = sqlite3.connect(":memory:", uri=True, isolation_level=None)
    connection.execute("ATTACH ? AS archive", (f"file:{archive.database}?mode=ro",))
    connection.executescript(_COPY)
    return connection


def random_filters(connection: sqlite3.Connection, chance: random.Random) -> Filters:
    """One to three conditions with values that occur, and sometimes a span of days."""
    picked = {}
    for dimension in chance.sample(list(WHERE), chance.choice((0, 1, 1, 2))):
        found = connection.execute(
            "SELECT value FROM archive.facet_values INDEXED BY facet_values_size WHERE past = 0"
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
    where, values = ["1"], list[Any]()
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
    rows = copied(archive)
    bitmaps = sqlite3.connect(f"file:{archive.database}?mode=ro", uri=True)
    for n in range(filters):
        asked = random_filters(rows, chance)
        with one_moment(bitmaps):
            compare(rows, bitmaps, asked, chance.sample(list(GROUPS), 3))
        if sys.stderr.isatty():
            print(f"\r{n + 1}", end="", file=sys.stderr)
    print(f"{filters} filters, no difference, {time.monotonic() - began:.0f} s")


def compare(
    rows: sqlite3.Connection, bitmaps: sqlite3.Connection, asked: Filters, dimensions: list[str]
) -> None:
    """The counts of one filter; ends the run where two differ."""
    chosen = choose(bitmaps, asked)
    total = make_hits(rows, asked)
    if total != chosen.total:
        raise SystemExit(f"{asked}: {total} by SQL, {chosen.total} by bitmaps")
    for dimension in dimensions:
        found = rows.execute(GROUPS[dimension]).fetchall()
        expected = sorted(found, key=lambda row: (-row[1], row[0]))[:30]
        if expected != counts(chosen, dimension):
            raise SystemExit(f"{asked}: {dimension} differs")


if __name__ == "__main__":
    words = [*sys.argv[1:], "", ""]
    main(Archive(Path(words[0])), int(words[1] or 200), int(words[2] or 1))
