"""The power fails on a mounted file system that forgets what was not flushed.

`tests/test_faults_power.py` replays traces; here the calls themselves reach a disk of that kind.
TIMELINE_POWER_SUBSETS=8 draws more of the sets of unflushed pages that a cut may leave. Run with
`-s` to see at how many points the power was cut.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from tests.archives import NOON, add, archive_in, source
from tests.fault_scenarios import SCENARIOS, Bench, faults_after_retry, held
from tests.flushed_disk import Mounted, mounted, needs_fuse
from tests.sealed_archives import sealed
from timeline.archive import Archive
from timeline.cli.door import through_door
from timeline.log import checks
from timeline.log.seal import newest_checkpoint
from timeline.log.verify import verify
from timeline.log.writer import Writer

SUBSETS = int(os.environ.get("TIMELINE_POWER_SUBSETS", "3"))
"""Of what was not flushed, drawn by chance for each cut."""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mounted]:
    with mounted(tmp_path_factory.mktemp("disk") / "mounted") as file_system:
        yield file_system


@pytest.fixture(params=SCENARIOS)
def bench(request: pytest.FixtureRequest, disk: Mounted, monkeypatch: pytest.MonkeyPatch) -> Bench:
    folder = disk.folder / request.node.name.replace(" ", "-")
    folder.mkdir()
    return Bench(SCENARIOS[request.param], folder, monkeypatch)


@needs_fuse
def test_what_was_acknowledged_is_there_after_a_cut(bench: Bench, disk: Mounted) -> None:
    archive = bench.fresh()
    disk.settle()
    lost: list[str] = []
    cuts = 0

    def told(ids: Iterable[str]) -> None:
        nonlocal cuts
        disk.cut()
        cuts += 1
        there, wrong = held(archive)
        lost.extend([*wrong, *(name for name in ids if there[name] != 1)])

    bench.scenario.act(archive, told)
    if bench.scenario.seals:
        told([])
        lost.extend(map(str, verify(archive).problems))
        assert bench.scenario.seals == len(list((archive.seal / "checkpoints").iterdir()))

    tell(cuts)
    assert [] == lost
    assert [] == faults_after_retry(bench, archive)


@needs_fuse
def test_a_cut_after_every_acknowledgement_of_a_long_day(
    disk: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_WRITER", "ana")
    monkeypatch.setenv("XDG_STATE_HOME", str(disk.folder / "day" / "state"))
    archive = archive_in(disk.folder / "day" / "archive")
    disk.settle()
    kept, expected, cuts = Writer(archive), 0, 0
    for number in range(80):
        at = NOON + timedelta(minutes=number)
        if number % 20 == 19:
            sealed(archive, at=at)
            expected += 1
        elif number % 10 == 9:
            add(archive, *range(number * 100, number * 100 + 25), at=at)
            expected += 25
        elif number % 2:
            kept.append([source(number * 100)], now=at.replace)
            expected += 1
        else:
            add(archive, number * 100, at=at)
            expected += 1
        disk.cut()
        cuts += 1
        ids, problems = held(archive)
        assert ([], expected) == (problems, sum(ids.values()))

    tell(cuts)
    assert () == checks.check(archive).problems
    assert () == verify(archive).problems
    newest = newest_checkpoint(archive)
    assert newest is not None
    assert expected == newest[0].size


@needs_fuse
def test_without_a_flush_the_cut_would_be_seen(
    bench: Bench, disk: Mounted, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = bench.fresh()
    disk.settle()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr(os, "fdatasync", lambda _: None)
        bench.scenario.act(archive, lambda _: None)

    disk.cut()

    ids, _ = held(archive)
    assert len(bench.scenario.wanted) + bench.scenario.seals > sum(ids.values())


@needs_fuse
@pytest.mark.slow
def test_a_cut_at_any_change_leaves_a_log_that_goes_on(bench: Bench, disk: Mounted) -> None:
    assert [] == wrong_after_cuts(bench, disk, [0])


@needs_fuse
@pytest.mark.slow
def test_a_cut_that_leaves_some_of_the_rest_leaves_a_log_that_goes_on(
    bench: Bench, disk: Mounted
) -> None:
    assert [] == wrong_after_cuts(bench, disk, range(1, 1 + SUBSETS))


def wrong_after_cuts(bench: Bench, disk: Mounted, seeds: Iterable[int]) -> list[str]:
    """What was not as promised, with the power off before every call that changes something."""
    bench.fresh()
    disk.settle()
    bench.retry(Archive(bench.folder / "archive"))
    changes, cuts, wrong = disk.changes(), 0, []
    for seed in seeds:
        for number in range(changes):
            archive = bench.fresh()
            disk.settle()
            disk.off_after(number)
            told: list[str] = []
            code = through_door(lambda: bench.scenario.act(archive, told.extend), [])  # noqa: B023
            disk.cut(seed)
            cuts += 1
            ids, problems = held(archive)
            lost = [f"lost {name}" for name in told if not ids[name]]
            doubled = [f"doubled {name}" for name, count in ids.items() if count > 1]
            found = [*problems, *lost, *doubled, *faults_after_retry(bench, archive)]
            wrong += [f"call {number}, seed {seed}, exit {code}: {text}" for text in found]
    tell(cuts)
    return wrong


def tell(cuts: int) -> None:
    sys.stdout.write(f"\n{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1]}: {cuts} cuts\n")
