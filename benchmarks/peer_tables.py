"""Fills the same tables with sqlite-utils from rows that are ready, for `run.py` to measure."""

from __future__ import annotations

import sqlite3
import sys
from itertools import zip_longest

import sqlite_utils

TABLES = {
    "records": "position", "events": "number", "participants": ("event", "n"),
    "event_topics": ("topic", "event"), "event_places": ("event", "n"), "claims": ("event", "n"),
}  # fmt: skip

source = sqlite3.connect(sys.argv[1])
peer = sqlite_utils.Database(sys.argv[2])
for name, keys in TABLES.items():
    cursor = source.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in cursor.description]
    peer[name].insert_all((dict(zip_longest(columns, row)) for row in cursor), pk=keys)
for name, column in (("events", "id"), ("events", "type"), ("participants", "entity"),
                     ("claims", "source"), ("records", "id")):  # fmt: skip
    peer[name].create_index([column])
peer["events"].enable_fts(["title", "summary", "names", "quotes"])
