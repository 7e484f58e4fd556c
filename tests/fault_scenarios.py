"""What is done to a log while calls fail, and what must be true of it in the end."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, record_id, source
from tests.faults import Run, Tell, run_traced
from tests.sealed_archives import KEY
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import checks, writer
from timeline.log.leaves import count_leaves
from timeline.log.reader import read
from timeline.log.seal import newest_checkpoint, seal
from timeline.log.verify import verify

CHANGING = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "mkdir", "rename", "flock")
"""The calls that change what is on the disk, or who may."""

A_PLACE_AND_A_REASON = re.compile(r"Error: .*/.*(\(errno \d+\)|seekable).*\n(  Fix: .*\n)?")
"""One line, a path and an errno in it, and what to do."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What stands in the log, what is done to it, and what must be in it once in the end."""

    prepare: Callable[[Archive], None]
    act: Callable[[Archive, Tell], None]
    wanted: Sequence[int]
    seals: int = 0


def nothing(_: Archive) -> None:
    """An archive without a record."""


def two_records(archive: Archive) -> None:
    add(archive, 1, 2)


def a_seal_and_more(archive: Archive) -> None:
    add(archive, 1, 2)
    seal(archive, KEY, by="ana", now=lambda: NOON)
    add(archive, 3)


def append(*numbers: int) -> Callable[[Archive, Tell], None]:
    def act(archive: Archive, tell: Tell) -> None:
        receipt = writer.append(archive, [source(n) for n in numbers], now=lambda: NOON)
        tell(record.id for record in receipt.records)

    return act


def append_again(*numbers: int) -> Callable[[Archive, Tell], None]:
    """One by one, by a writer that is kept."""

    def act(archive: Archive, tell: Tell) -> None:
        kept, ids = writer.Writer(archive), []
        for number in numbers:
            receipt = kept.append([source(number)], now=lambda: NOON)
            ids += [record.id for record in receipt.records]
            tell(ids)

    return act


def seal_it(archive: Archive, _: Tell) -> None:
    seal(archive, KEY, by="ana", now=lambda: NOON)


SCENARIOS = {
    "first append": Scenario(nothing, append(1), [1]),
    "append": Scenario(two_records, append(3), [1, 2, 3]),
    "batch": Scenario(two_records, append(3, 4, 5, 6), [1, 2, 3, 4, 5, 6]),
    "append again": Scenario(two_records, append_again(3, 4), [1, 2, 3, 4]),
    "first seal": Scenario(two_records, seal_it, [1, 2], seals=1),
    "seal": Scenario(a_seal_and_more, seal_it, [1, 2, 3], seals=2),
}


class Bench:
    """One scenario, set up anew for every strike."""

    def __init__(self, scenario: Scenario, folder: Path, environment: pytest.MonkeyPatch) -> None:
        self.scenario = scenario
        self._model, self.folder = folder / "model", folder / "struck"
        environment.setenv("TIMELINE_WRITER", "ana")
        environment.setenv("XDG_STATE_HOME", str(self._model / "state"))
        scenario.prepare(archive_in(self._model / "archive"))
        environment.setenv("XDG_STATE_HOME", str(self.folder / "state"))
        self.retry(self.fresh())  # what Python loads and remembers is no part of what is struck

    def fresh(self) -> Archive:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._model, self.folder)
        return Archive(self.folder / "archive")

    def run(self, archive: Archive, *options: str, detail: Sequence[str] = ()) -> Run:
        return run_traced(
            lambda tell: self.scenario.act(archive, tell), self.folder, *options, detail=detail
        )

    def retry(self, archive: Archive) -> None:
        self.scenario.act(archive, lambda _: None)


def faults_of(bench: Bench, archive: Archive, run: Run) -> list[str]:
    """What of the promise was not kept, after the run and after its retry."""
    wrong = []
    if run.code not in (0, None) and not A_PLACE_AND_A_REASON.fullmatch(run.words):
        wrong.append(f"said {run.words!r}")
    ids, problems = held(archive)
    wrong += problems
    wrong += [f"lost {name}" for name in run.ids if ids[name] != 1]
    wrong += [f"doubled {name}" for name, count in ids.items() if count > 1]
    if run.code is not None:
        wrong += [f"torn {path.name}" for path in torn(archive)]
    return wrong + faults_after_retry(bench, archive)


def faults_after_retry(bench: Bench, archive: Archive) -> list[str]:
    """What is not as if nothing had ever failed."""
    scenario = bench.scenario
    bench.retry(archive)
    ids, problems = held(archive)
    wrong = [f"after the retry: {problem}" for problem in problems]
    wrong += [str(problem) for problem in checks.check(archive).problems]
    wrong += [
        f"record {number} {ids[record_id(number)]} times after the retry"
        for number in scenario.wanted
        if ids[record_id(number)] != 1
    ]
    if sum(ids.values()) != len(scenario.wanted) + scenario.seals:
        wrong.append(f"{sum(ids.values())} records after the retry")
    newest = newest_checkpoint(archive)
    sealed = newest[0].size if newest else 0
    if sealed != (sum(ids.values()) if scenario.seals else 0) or sealed != count_leaves(archive):
        wrong.append(f"sealed {sealed}, leaves {count_leaves(archive)}")
    if scenario.seals:
        wrong += [str(problem) for problem in verify(archive).problems]
    return wrong


def held(archive: Archive) -> tuple[Counter[str], list[str]]:
    """How often the log holds each id, and what is wrong with its lines."""
    items = list(read(archive))
    ids = Counter(item.record["id"] for item in items if not isinstance(item, Problem))
    return ids, [str(item) for item in items if isinstance(item, Problem)]


def torn(archive: Archive) -> list[Path]:
    paths = archive.events.glob("*/*.jsonl")
    return [path for path in paths if (data := path.read_bytes()) and not data.endswith(b"\n")]
