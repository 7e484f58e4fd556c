"""Writers are killed at random while they write, again and again.

60 kills unless TIMELINE_KILLS says otherwise.
"""

import os
import random
import signal
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.archives import archive_in, source
from tests.faults import ended, forked
from tests.sealed_archives import KEY, at_home
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import checks
from timeline.log.reader import read
from timeline.log.seal import seal
from timeline.log.verify import verify
from timeline.log.writer import Writer, append

KILLS = int(os.environ.get("TIMELINE_KILLS", "60"))
WRITERS = 3
PATIENT = 3600
"""Seconds. A killed writer holds the lock until its last flush is through, on a busy disk too."""


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_by_random_kills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch, tmp_path)
    archive = archive_in(tmp_path / "archive")
    chance = random.Random(2026)
    acknowledged: list[bytes] = []
    started = 0
    for kill in range(0, KILLS, WRITERS):
        acknowledged += struck_writers(archive, chance, started)
        started += WRITERS * 1_000_000
        if kill % 50 < WRITERS:
            all_once(archive, acknowledged)

    append(archive, [source(0)])
    seal(archive, KEY, by="ana")
    all_once(archive, acknowledged)
    assert len(acknowledged) >= KILLS
    assert () == checks.check(archive).problems
    assert () == verify(archive).problems


def struck_writers(archive: Archive, chance: random.Random, first: int) -> list[bytes]:
    """Three writers at once, each killed at its own moment; the ids that they acknowledged."""
    ready, told = os.pipe()
    children = [
        forked(lambda first=first + n * 1_000_000: write_on(archive, first, told))  # type: ignore[misc]
        for n in range(WRITERS)
    ]
    os.close(told)
    for child in children:
        time.sleep(chance.uniform(0.005, 0.06))
        os.kill(child, signal.SIGKILL)
        assert -signal.SIGKILL == ended(child)
    with os.fdopen(ready, "rb") as file:
        return file.read().split()


def write_on(archive: Archive, first: int, told: int) -> int:
    """Appends single records, batches and now and then a seal until it is killed."""
    kept = Writer(archive)
    for number in count(first + 1, 10):
        size = 5 if number % 3 == 0 else 1
        records = [source(number + index) for index in range(size)]
        writer = kept if number % 20 < 10 else Writer(archive)
        receipt = writer.append(records, wait=PATIENT, known=lambda _: {})
        os.write(told, b"".join(b"%s\n" % record.id.encode() for record in receipt.records))
        if number % 17 == 0:
            seal(archive, KEY, by="ana", wait=PATIENT)
    return 0


def all_once(archive: Archive, acknowledged: list[bytes]) -> None:
    items = list(read(archive))
    assert [] == [item for item in items if isinstance(item, Problem)]
    held = Counter(item.record["id"] for item in items if not isinstance(item, Problem))
    assert set() == {name.decode() for name in acknowledged} - set(held)
    assert 1 == max(held.values(), default=1)
