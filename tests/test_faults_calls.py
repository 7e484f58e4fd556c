"""Every system call of an append, a batch and a seal fails or is the last one, and then a retry.

The default run takes the calls that change something; `-m slow` takes all of them.
Run with `-s` to see how many points were struck.
"""

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archives import NOON, add, archive_in, record_id, source
from tests.faults import Run, Strike, Tell, calls, needs_strace, run_traced, strikes
from tests.sealed_archives import KEY
from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log import checks, writer
from timeline.log.leaves import count_leaves
from timeline.log.reader import read
from timeline.log.seal import newest_checkpoint, seal
from timeline.log.verify import verify

CHANGING = ("write", "pwrite64", "fsync", "ftruncate", "truncate", "mkdir", "rename", "flock")
FAILING = ("error=EIO", "error=ENOSPC", "signal=KILL")
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


def seal_it(archive: Archive, _: Tell) -> None:
    seal(archive, KEY, by="ana", now=lambda: NOON)


SCENARIOS = {
    "first append": Scenario(nothing, append(1), [1]),
    "append": Scenario(two_records, append(3), [1, 2, 3]),
    "batch": Scenario(two_records, append(3, 4, 5, 6), [1, 2, 3, 4, 5, 6]),
    "first seal": Scenario(two_records, seal_it, [1, 2], seals=1),
    "seal": Scenario(a_seal_and_more, seal_it, [1, 2, 3], seals=2),
}


class Bench:
    """One scenario, set up anew for every strike."""

    def __init__(self, scenario: Scenario, folder: Path, environment: pytest.MonkeyPatch) -> None:
        self.scenario = scenario
        self._model, self._folder = folder / "model", folder / "struck"
        environment.setenv("TIMELINE_WRITER", "ana")
        environment.setenv("XDG_STATE_HOME", str(self._model / "state"))
        scenario.prepare(archive_in(self._model / "archive"))
        environment.setenv("XDG_STATE_HOME", str(self._folder / "state"))
        self.retry(self.fresh())  # what Python loads and remembers is no part of what is struck

    def fresh(self) -> Archive:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._model, self._folder)
        return Archive(self._folder / "archive")

    def run(self, archive: Archive, *options: str) -> Run:
        return run_traced(lambda tell: self.scenario.act(archive, tell), self._folder, *options)

    def retry(self, archive: Archive) -> None:
        self.scenario.act(archive, lambda _: None)


@pytest.fixture(params=SCENARIOS)
def bench(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(SCENARIOS[request.param], tmp_path, monkeypatch)


@needs_strace
def test_no_call_that_changes_something_can_hurt_the_log(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))

    wrong = all_wrong(bench, strikes(made, *FAILING, only=CHANGING))

    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_no_call_at_all_can_hurt_the_log(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))

    wrong = all_wrong(bench, strikes(made, *FAILING))

    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_a_disk_that_stays_broken_from_any_call_on_does_not_hurt_the_log(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))
    points = strikes(made, "error=EIO", "error=ENOSPC", only=CHANGING)

    wrong = all_wrong(bench, [Strike(s.call, s.number, s.fault, onwards=True) for s in points])

    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_too_many_open_files_and_forbidden_ones_are_told_in_one_line(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))

    wrong = all_wrong(
        bench, strikes(made, *("error=EMFILE", "error=EACCES", "error=EINTR"), only=["openat"])
    )

    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_a_call_that_a_signal_interrupts_is_made_again(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))
    only = ["write", "pwrite64", "fsync", "ftruncate", "flock", "read"]

    ends = [bench.run(bench.fresh(), s.option) for s in strikes(made, "error=EINTR", only=only)]

    assert [] == [run.words for run in ends if run.code != 0]


def all_wrong(bench: Bench, points: Iterable[Strike]) -> list[str]:
    """Strikes one point after the other; what was wrong, each with its point."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for strike in points:
        archive = bench.fresh()
        run = bench.run(archive, strike.option)
        counts[f"{strike.fault} {'hit' if run.hit or run.code is None else 'missed'}"] += 1
        wrong += [f"{strike}: {text} <- {run.hit}" for text in faults_of(bench, archive, run)]
    sys.stdout.write(f"\n{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1]}: {dict(counts)}\n")
    return wrong


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
    bench.retry(archive)
    return wrong + faults_at_the_end(bench.scenario, archive)


def faults_at_the_end(scenario: Scenario, archive: Archive) -> list[str]:
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
