"""Full text as bitmaps: rare words from the full-text index, the commonest ones kept ready.

FTS5 takes a second to list the rows of a word that stands in a million; such words are few. Their
rows are kept as they were when the file was built; what was added or changed since is read.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

import orjson
from pyroaring import BitMap

from timeline.readmodel.facets.layers import Layer
from timeline.readmodel.schema import SEARCHED, TOKENIZE

_SAMPLE: Final = 4_000
_SHARE: Final = 0.03
_LEAST: Final = 20_000
_MOST_CHANGED: Final = 20_000
"""Beyond so many new or changed events a word's rows are asked of the full-text index again."""

_BLOCK = 1 << 20
"""As the longest blocks of facets: a server may hold values to 200,000 bytes."""

_PART: Final = 1 << 22
"""Characters of a list of numbers that are read at once."""


def match(words: Iterable[str]) -> str:
    """The FTS5 query for rows in which every one of these begins a word."""
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words)


def collect_words(connection: sqlite3.Connection) -> None:
    """Keep the rows of the commonest words, where there are enough events for it to pay."""
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()
    if last < _LEAST:
        return
    for word in _common(connection, last):
        bits = _listed(connection, word)
        connection.executemany(
            "INSERT INTO events_fts_words VALUES (?, ?, ?, ?)",
            [
                (word, start, last, (bits & BitMap(range(start, start + _BLOCK))).serialize())
                for start in range(0, last + 1, _BLOCK)
            ],
        )


def _common(connection: sqlite3.Connection, last: int) -> list[str]:
    """Words of more than one event in thirty, by a sample at even steps."""
    step = max(1, last // _SAMPLE)
    rows = connection.execute(
        f"SELECT {', '.join(SEARCHED)} FROM events WHERE number IN"
        " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + :step FROM n WHERE i < :last)"
        " SELECT i FROM n)",
        {"step": step, "last": last - step},
    ).fetchall()
    with contextlib.closing(_index(enumerate(rows, start=1))) as sample:
        sample.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sampled, row)")
        found = sample.execute(
            "SELECT term FROM vocabulary WHERE doc > ? ORDER BY term", (len(rows) * _SHARE,)
        )
        return [word for (word,) in found if word.isascii() and word.isalnum()]


def _index(rows: Iterable[tuple[int, Sequence[str | None]]]) -> sqlite3.Connection:
    """A full-text table `sampled` of some rows, in memory."""
    connection = sqlite3.connect(":memory:")
    names = ", ".join(SEARCHED)
    connection.execute(
        f'CREATE VIRTUAL TABLE sampled USING fts5({names}, content="", tokenize="{TOKENIZE}")'
    )
    marks = ", ".join("?" * len(SEARCHED))
    connection.executemany(
        f"INSERT INTO sampled (rowid, {names}) VALUES (?, {marks})",
        [(number, *row) for number, row in rows],
    )
    return connection


def search(layer: Layer, text: str) -> BitMap:
    """Numbers of the events in whose text, as it is now, each word of `text` begins a word."""
    words = list(dict.fromkeys(text.split()))
    kept = {word: bits for word in words if (bits := _kept(layer, word)) is not None}
    others = [word for word in words if word not in kept]
    found = [*kept.values(), *([_found(layer.connection, others)] if others else [])]
    return BitMap.intersection(*found) if len(found) > 1 else found[0]


def _kept(layer: Layer, word: str) -> BitMap | None:
    connection = layer.connection
    # Lower case is the tokenizer's own folding for ASCII alone.
    if not (word.isascii() and word.isalnum()):
        return None
    rows = connection.execute(
        "SELECT upto, bits FROM events_fts_words WHERE word = ?", (word.lower(),)
    ).fetchall()
    if not rows:
        return None
    upto = rows[0][0]
    bits = BitMap.union(*(BitMap.deserialize(row[1]) for row in rows))
    (last,) = connection.execute("SELECT max(number) FROM events").fetchone()
    changed = BitMap(
        [
            number
            for (number,) in connection.execute(
                "SELECT number FROM events_fts_changed WHERE number <= ?", (upto,)
            )
        ]
    )
    bits -= changed
    changed |= BitMap(range(upto + 1, last + 1))
    if len(changed) > _MOST_CHANGED:
        return None
    return bits | _read(layer, changed, [word])


def _found(connection: sqlite3.Connection, words: Iterable[str]) -> BitMap:
    rows = connection.execute(
        "SELECT rowid FROM events_fts WHERE events_fts MATCH ?", (match(words),)
    )
    return BitMap([number for (number,) in rows.fetchall()])


def _listed(connection: sqlite3.Connection, word: str) -> BitMap:
    """As `_found` at half the cost: FTS5 merges all that begins so anew for each query.

    The list is one JSON text, read a part at a time, for numbers take four times its room.
    """
    (text,) = connection.execute(
        "SELECT json_group_array(rowid) FROM events_fts WHERE events_fts MATCH ?", (match([word]),)
    ).fetchone()
    bits, start = BitMap(), 0
    while start < len(text) - 1:
        end = text.find(",", start + _PART)
        end = len(text) - 1 if end < 0 else end
        bits.update(orjson.loads(f"[{text[start + 1 : end]}]"))
        start = end
    return bits


def search_past(layer: Layer, ranks: BitMap, text: str) -> BitMap:
    """Those of the superseded versions in whose text each word begins a word."""
    return _read(layer, ranks, text.split())


def _read(layer: Layer, chosen: BitMap, words: Iterable[str]) -> BitMap:
    """Those of the chosen rows that have the words, by an index made of them alone."""
    if not chosen:
        return BitMap()
    rows = layer.columns(chosen, SEARCHED)
    with contextlib.closing(_index((row[0], row[1:]) for row in rows)) as index:
        found = index.execute("SELECT rowid FROM sampled WHERE sampled MATCH ?", (match(words),))
        return BitMap([number for (number,) in found])
