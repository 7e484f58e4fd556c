"""Small archives for the tests of the log: records that are valid by default, and short ways in."""

from __future__ import annotations

import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import reader, writer
from timeline.log.reader import Entry

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def archive_in(folder: Path) -> Archive:
    """An empty archive."""
    (folder / "events").mkdir(parents=True)
    return Archive(folder)


def record_id(number: int) -> str:
    """A UUIDv5 that a test can count."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))


def source(number: int, **fields: Any) -> dict[str, Any]:
    """A `source` record, the smallest of all kinds, without `recorded_at`."""
    return {
        "id": record_id(number),
        "kind": "source",
        "v": 1,
        "recorded_by": "ana",
        "source": f"src:paper-{number}",
        "title": f"Paper {number}",
        **fields,
    }


def add(archive: Archive, *numbers: int, at: datetime = NOON) -> writer.Receipt:
    """Appends those sources as one batch."""
    return writer.append(archive, [source(number) for number in numbers], now=lambda: at)


def titles(archive: Archive) -> list[str]:
    """What the log holds, in order; problems as their rule in brackets."""
    return [title(item) for item in reader.read(archive)]


def title(item: Entry | Problem) -> str:
    """The title of a source, or the rule of a problem in brackets."""
    return f"[{item.rule}]" if isinstance(item, Problem) else str(dict(item.record)["title"])


def segment(archive: Archive) -> Path:
    """The only segment of an archive."""
    (path,) = archive.events.glob("*/*.jsonl")
    return path


def git(folder: Path, *words: str) -> str:
    """Runs git with a fixed author and without anybody's settings; its output."""
    settings = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "gc.auto=0"]
    done = subprocess.run(
        ["git", *settings, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout
