from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

from tests.logs import event
from tests.test_readmodel_build import archive_of, extend
from timeline.archive import Archive
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.database import connect
from timeline.readmodel.facets import Filters, choose, counts

BATCH = 10
BATCHES = 12


def read(archive: Archive, stop: threading.Event, seen: set[tuple[int, ...]]) -> None:
    """What a reader finds inside one transaction: rows, bitmaps, kept counts, full text, links."""
    with contextlib.closing(connect(archive)) as connection:
        while not stop.is_set():
            connection.execute("BEGIN")
            (rows,) = connection.execute("SELECT count(*) FROM events").fetchone()
            chosen = choose(connection, Filters(any_of={"topic": ["arms"]}))
            ((_, kept),) = counts(choose(connection, Filters()), "type")
            text = choose(connection, Filters(text="meeting")).total
            (links,) = connection.execute("SELECT count(*) FROM event_topics").fetchone()
            connection.rollback()
            seen.add((rows, chosen.total, kept, text, links))


def test_readers_see_whole_batches_while_others_append(tmp_path: Path) -> None:
    def batch(n: int) -> list[dict[str, object]]:
        numbers = range(n * BATCH, (n + 1) * BATCH)
        return [event(number, f"e{number}", topics=["arms"]) for number in numbers]

    archive = archive_of(tmp_path, batch(0))
    catch_up(archive)
    extend(archive, batch(1))
    catch_up(archive)  # from here on the file is in WAL mode
    stop, seen = threading.Event(), set[tuple[int, ...]]()
    readers = [threading.Thread(target=read, args=(archive, stop, seen)) for _ in range(8)]
    for reader in readers:
        reader.start()
    try:
        for n in range(2, BATCHES):
            extend(archive, batch(n))
            catch_up(archive)
    finally:
        stop.set()
        for reader in readers:
            reader.join()

    assert seen
    assert [] == [found for found in seen if len(set(found)) > 1 or found[0] % BATCH]


def test_a_half_applied_batch_would_be_seen(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, [event(n, f"e{n}", topics=["arms"]) for n in range(BATCH)])
    catch_up(archive)
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("DELETE FROM event_topics WHERE event = 3")
        connection.commit()
    stop, seen = threading.Event(), set[tuple[int, ...]]()
    reader = threading.Thread(target=read, args=(archive, stop, seen))
    reader.start()
    while not seen:
        pass
    stop.set()
    reader.join()

    assert {(10, 10, 10, 10, 9)} == seen
