"""Every system call of an append, a batch and a seal fails or is the last one, and then a retry.

Every call that changes something is struck; of all calls, reading ones included, every third.
TIMELINE_FAULT_STEP=1 takes each of them. Run with `-s` to see how many points were struck.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.fault_scenarios import CHANGING, SCENARIOS, Bench, faults_of
from tests.faults import Strike, calls, needs_strace, strikes

STEP = int(os.environ.get("TIMELINE_FAULT_STEP", "3"))
FAILING = ("error=EIO", "error=ENOSPC", "signal=KILL")


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

    wrong = all_wrong(bench, list(strikes(made, *FAILING))[::STEP])

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

    points = strikes(made, "error=EMFILE", "error=EACCES", "error=EINTR", only=["openat"])
    wrong = all_wrong(bench, points)

    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_a_call_that_a_signal_interrupts_is_made_again(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))
    only = ["write", "pwrite64", "fsync", "fdatasync", "ftruncate", "flock", "read"]

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
