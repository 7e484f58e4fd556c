"""Makes the facet tables from the rows of events, and keeps them in step as rows change."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from timeline.progress import Progress, unheard
from timeline.readmodel.facets.blocks import Block, blocks
from timeline.readmodel.facets.values import COLUMNS, GONE, Key, gathered, keys, order, rows
from timeline.readmodel.facets.words import collect_words

Counts = defaultdict[Key, list[int]]
_Numbers = Mapping[Key, list[int]]


def rebuild(connection: sqlite3.Connection, progress: Progress = unheard) -> None:
    """Fill the empty facet tables from all events; needs the full-text index."""
    _rank_versions(connection, "SELECT number, known_from, known_to FROM event_versions", ())
    for past, last in ((0, _last_event(connection)), (1, _last_rank(connection))):
        counts: Counts = defaultdict(lambda: [0, 0])
        for block in blocks(last) if last else ():
            progress(block[0], last, "events counted" if not past else "versions counted")
            found = gathered(rows(connection, past, *_inside(block, last)))
            _count(counts, found)
            _write(connection, past, {key: BitMap(found[key]) for key in found}, block[0])
        _add_counts(connection, past, counts)
    progress(0, what="common words kept ready")
    collect_words(connection)


class Facets:
    """Keeps the facet tables in step while new records come in; the cost follows the new ones.

    `replace` is called before the row of an event changes, `flush` when all rows are settled.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._last = _last_event(connection)
        self._position = connection.execute(
            "SELECT coalesce(max(position) + 1, 0) FROM records"
        ).fetchone()[0]
        self._before: dict[int, frozenset[Key]] = {}
        self._folded: set[int] = set()

    def replace(self, number: int) -> None:
        """The row of this event is about to change."""
        self._folded.add(number)
        if number <= self._last and number not in self._before:
            self._before[number] = self._keys(number)

    def flush(self) -> None:
        """Put what is new or changed into the tables."""
        self._rank_new_versions()
        after = {number: self._keys(number) for number in self._before}
        changed = [number for number in self._before if self._before[number] != after[number]]
        self._connection.executemany(
            "INSERT OR IGNORE INTO events_fts_changed VALUES (?)",
            [(number,) for number in sorted(self._before)],
        )
        counts: Counts = defaultdict(lambda: [0, 0])
        for number in changed:
            _count_one(counts, self._before[number], -1)
            _count_one(counts, after[number], 1)
        _Layer(self._connection, 0, self._last, _last_event(self._connection)).move(
            {number: (self._before[number], after[number]) for number in changed}, counts
        )

    def _keys(self, number: int) -> frozenset[Key]:
        row = self._connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM events WHERE number = ?", (number,)
        ).fetchone()
        return frozenset(keys(row))

    def _rank_new_versions(self) -> None:
        before = _last_rank(self._connection)
        found = [
            row
            for number in self._folded
            for row in self._connection.execute(
                "SELECT number, known_from, known_to FROM event_versions"
                " WHERE number = ? AND known_to >= ?",
                (number, self._position),
            )
        ]
        found.sort(key=lambda row: (row[2], row[0]))
        self._connection.executemany(
            "INSERT INTO facet_versions VALUES (?, ?, ?, ?)",
            [(rank, *row) for rank, row in enumerate(found, start=before + 1)],
        )
        last = before + len(found)
        _Layer(self._connection, 1, before, last).move({}, defaultdict(lambda: [0, 0]))


class _Layer:
    """The bitmaps of events or of their past while numbers grow from `before` to `last`."""

    def __init__(self, connection: sqlite3.Connection, past: int, before: int, last: int) -> None:
        self._connection = connection
        self._past = past
        self._before = before
        self._last = last

    def move(
        self, changed: Mapping[int, tuple[frozenset[Key], frozenset[Key]]], counts: Counts
    ) -> None:
        """Put in every number behind `before`, and the pairs lost and won by changed ones."""
        if not changed and self._last == self._before:
            return
        old = set(blocks(self._before)) if self._before else set()
        now = blocks(self._last)
        starts = [start for start, _ in now]
        gone: defaultdict[int, set[Key]] = defaultdict(set)
        lost: defaultdict[tuple[Key, int], list[int]] = defaultdict(list)
        won: defaultdict[tuple[Key, int], list[int]] = defaultdict(list)
        for number, (had, has) in changed.items():
            start = _start(starts, number)
            gone[start] |= had
            for key in had - has:
                lost[key, start].append(number)
            for key in has - had:
                won[key, start].append(number)
        fresh = gathered(rows(self._connection, self._past, self._before + 1, self._last))
        _count(counts, fresh)
        grown = {block[0] for block in now if block not in old}
        for key, numbers in fresh.items():
            for start, part in _parted(numbers, starts):
                if start not in grown:
                    won[key, start].extend(part)
        for start in sorted({start for _, start in (*lost, *won)} - grown):
            self._alter(start, _of_block(lost, start), _of_block(won, start))
        for block in now:
            if block[0] in grown:
                self._grow(block, gone[block[0]])
        _add_counts(self._connection, self._past, counts)

    def _alter(self, start: int, lost: _Numbers, won: _Numbers) -> None:
        """Take numbers out of bitmaps of one block and put others in."""
        query = (
            "SELECT bits FROM facet_bits WHERE past = ? AND dimension = ? AND value = ?"
            " AND block = ?"
        )
        found: dict[Key, BitMap] = {}
        for key in {*lost, *won}:
            row = self._connection.execute(query, (self._past, *key, start)).fetchone()
            bits = BitMap.deserialize(row[0]) if row else BitMap()
            bits.difference_update(BitMap(lost.get(key, ())))
            bits.update(won.get(key, ()))
            # Made anew, for the bytes of a bitmap tell how it was made: a run or single numbers.
            found[key] = BitMap(bits.to_array())
        _write(self._connection, self._past, {k: bits for k, bits in found.items() if bits}, start)
        self._connection.executemany(
            "DELETE FROM facet_bits WHERE past = ? AND dimension = ? AND value = ? AND block = ?",
            [(self._past, *key, start) for key, bits in found.items() if not bits],
        )

    def _grow(self, block: Block, gone: set[Key]) -> None:
        """Make a block anew out of the shorter ones that it takes in."""
        found = gathered(rows(self._connection, self._past, *_inside(block, self._last)))
        self._connection.executemany(
            "DELETE FROM facet_bits"
            " WHERE past = ? AND dimension = ? AND value = ? AND block BETWEEN ? AND ?",
            [(self._past, *key, block[0], sum(block) - 1) for key in {*found, *gone}],
        )
        _write(self._connection, self._past, {k: BitMap(found[k]) for k in found}, block[0])


def _of_block(found: Mapping[tuple[Key, int], list[int]], start: int) -> _Numbers:
    return {key: numbers for (key, block), numbers in found.items() if block == start}


def _start(starts: list[int], number: int) -> int:
    return starts[bisect_left(starts, number + 1) - 1]


def _parted(numbers: array[int], starts: list[int]) -> Iterable[tuple[int, array[int]]]:
    """Ascending numbers by the block that they are in."""
    begin = 0
    for start, following in zip(starts, [*starts[1:], 1 << 62], strict=True):
        end = bisect_left(numbers, following, begin)
        if end > begin:
            yield start, numbers[begin:end]
        begin = end


def _inside(block: Block, last: int) -> tuple[int, int]:
    return max(1, block[0]), min(last, sum(block) - 1)


def _write(
    connection: sqlite3.Connection, past: int, found: Mapping[Key, BitMap], start: int
) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO facet_bits VALUES (?, ?, ?, ?, ?)",
        [(past, *key, start, found[key].serialize()) for key in sorted(found, key=order)],
    )


def _count(counts: Counts, found: Mapping[Key, array[int]]) -> None:
    gone = BitMap(found.get(GONE, ()))
    for key, numbers in found.items():
        count = counts[key]
        count[0] += len(numbers)
        count[1] += len(numbers) - (len(gone & BitMap(numbers)) if gone else 0)


def _count_one(counts: Counts, found: frozenset[Key], sign: int) -> None:
    for key in found:
        counts[key][0] += sign
        counts[key][1] += 0 if GONE in found else sign


def _add_counts(connection: sqlite3.Connection, past: int, counts: Counts) -> None:
    moved = [key for key in sorted(counts, key=order) if any(counts[key])]
    connection.executemany(
        "INSERT INTO facet_values VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (past, dimension, value) DO UPDATE"
        " SET n_all = n_all + excluded.n_all, n_standing = n_standing + excluded.n_standing",
        [(past, *key, *counts[key]) for key in moved],
    )
    connection.executemany(
        "DELETE FROM facet_values WHERE past = ? AND dimension = ? AND value = ? AND n_all = 0",
        [(past, *key) for key in moved if counts[key][0] < 0],
    )


def _rank_versions(connection: sqlite3.Connection, query: str, parameters: tuple[int, ...]) -> None:
    connection.execute(
        "INSERT INTO facet_versions SELECT row_number() OVER (ORDER BY known_to, number),"
        f" number, known_from, known_to FROM ({query}) ORDER BY known_to, number",
        parameters,
    )


def _last_event(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()[0])


def _last_rank(connection: sqlite3.Connection) -> int:
    return int(
        connection.execute("SELECT coalesce(max(rank), 0) FROM facet_versions").fetchone()[0]
    )
