"""The power fails: what was acknowledged is there, whatever of the rest the disk came to.

Run with `-s` to see at how many points the power was cut.
"""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.fault_scenarios import CHANGING, SCENARIOS, Bench, faults_after_retry, held
from tests.faults import Run, calls, needs_strace, strikes
from tests.power_cut import DETAIL, Disk
from timeline.archive import Archive
from timeline.log.verify import verify


@pytest.fixture(params=SCENARIOS)
def bench(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(SCENARIOS[request.param], tmp_path, monkeypatch)


@needs_strace
def test_what_was_acknowledged_survives_a_power_cut(bench: Bench) -> None:
    disk = Disk.settled(bench.fresh().root.parent)
    run = bench.run(Archive(bench.folder / "archive"), detail=DETAIL)
    disk.replay(run.trace)

    cut(bench, disk)

    assert 0 == run.code
    assert [] == faults_of(bench, run)


@needs_strace
def test_without_a_flush_the_power_cut_would_be_seen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    disk = Disk.settled(bench.fresh().root.parent)
    run = bench.run(Archive(bench.folder / "archive"), detail=DETAIL)
    disk.replay(run.trace)

    cut(bench, disk)

    ids, _ = held(Archive(bench.folder / "archive"))
    assert len(bench.scenario.wanted) + bench.scenario.seals > sum(ids.values())


@needs_strace
@pytest.mark.slow
def test_a_power_cut_at_any_call_leaves_a_log_that_goes_on(bench: Bench) -> None:
    settled = bench.fresh().root.parent
    before = Disk.settled(settled)
    run = bench.run(Archive(bench.folder / "archive"), detail=DETAIL)
    wrong, cuts = [], 0
    for end, line in enumerate(run.trace):
        if line.startswith(CHANGING):
            disk = before.copy()
            disk.replay(run.trace[:end])
            for seed in range(6):
                cut(bench, disk, random.Random(seed) if seed else None)
                cuts += 1
                nothing = Run((), None, "", ())
                wrong += [f"{seed} {text} <- {line[:40]}" for text in faults_of(bench, nothing)]
    tell(cuts)
    assert [] == wrong


@needs_strace
@pytest.mark.slow
def test_a_power_cut_after_a_kill_and_a_retry_loses_nothing(bench: Bench) -> None:
    made = calls(bench.run(bench.fresh()))
    wrong, cuts = [], 0
    for strike in strikes(made, "signal=KILL", "error=EIO", only=CHANGING):
        archive = bench.fresh()
        disk = Disk.settled(bench.folder)
        disk.replay(bench.run(archive, strike.option, detail=DETAIL).trace)
        again = bench.run(archive, detail=DETAIL)
        disk.replay(again.trace)
        cut(bench, disk)
        cuts += 1
        wrong += [f"{strike}: {text}" for text in faults_of(bench, again)]
    tell(cuts)
    assert [] == wrong


def cut(bench: Bench, disk: Disk, chance: random.Random | None = None) -> None:
    """Puts in the archive's place what the disk has kept."""
    shutil.rmtree(bench.folder)
    disk.leave(bench.folder, chance)


def faults_of(bench: Bench, run: Run) -> list[str]:
    """What of the promise was not kept, before and after the next command."""
    archive = Archive(bench.folder / "archive")
    ids, wrong = held(archive)
    wrong += [f"lost {name}" for name in run.ids if ids[name] != 1]
    if run.code == 0 and bench.scenario.seals and verify(archive).exit_code:
        wrong.append("the seal is lost")
    return wrong + faults_after_retry(bench, archive)


def tell(cuts: int) -> None:
    sys.stdout.write(f"\n{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1]}: {cuts} cuts\n")
