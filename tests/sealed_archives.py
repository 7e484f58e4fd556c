"""Sealed archives for tests: fixed keys, a home of their own for what a sealer remembers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in
from timeline.archive import Archive
from timeline.log.checkpoint import Signer, new_signer
from timeline.log.seal import Sealed, seal

KEY = new_signer("example.org/archive", seed=bytes(range(32)))
OTHER = new_signer("example.org/archive", seed=bytes(32))


def at_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keeps keys and state in a temporary folder, and the writer's name fixed."""
    monkeypatch.setenv("TIMELINE_WRITER", "ana")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))


def archive_of(folder: Path, *numbers: int) -> Archive:
    """An archive with those sources, not sealed."""
    archive = archive_in(folder / "archive")
    add(archive, *numbers)
    return archive


def sealed(
    archive: Archive,
    signer: Signer = KEY,
    *,
    succeeding: Signer | bool = False,
    at: datetime = NOON,
) -> Sealed:
    """Seals everything that is there."""
    return seal(archive, signer, by="ana", succeeding=succeeding, now=lambda: at)


def sealed_twice(folder: Path) -> Archive:
    """Sources 0 to 9 and 10 to 19, a seal after each ten: 22 records."""
    archive = archive_of(folder, *range(10))
    sealed(archive)
    add(archive, *range(10, 20), at=NOON + timedelta(minutes=1))
    sealed(archive, at=NOON + timedelta(minutes=2))
    return archive
