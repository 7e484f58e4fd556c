"""The read model without its history: a copy that is the same, byte for byte, for the same log."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from timeline.readmodel.database import connect_for_writing


def canonical_copy(database: Path, target: Path) -> None:
    """Write to `target`, which must not exist, what follows from the log alone.

    Two things in the file tell how it was made: the cursor (times and inodes of segments) and the
    segments of the full-text index, with the words kept ready. The first is left out, the second
    is made anew, without such words.
    """
    middle = target.with_name(f"{target.name}.middle")
    middle.unlink(missing_ok=True)
    try:
        _vacuum(database, middle)
        with contextlib.closing(connect_for_writing(middle)) as connection:
            connection.execute("DELETE FROM archive WHERE key = 'cursor'")
            connection.execute("INSERT INTO events_fts (events_fts) VALUES ('rebuild')")
            connection.execute("DELETE FROM events_fts_words")
            connection.execute("DELETE FROM events_fts_changed")
        _vacuum(middle, target)
    finally:
        middle.unlink(missing_ok=True)


def _vacuum(database: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
