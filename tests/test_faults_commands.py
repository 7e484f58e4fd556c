"""`timeline add` and an import of a table, struck at every call that changes something.

What was printed is in the log, the log reads, and the next command finds everything.
"""

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands import ENVIRONMENT, add_rome, done, lines, new_archive
from tests.fault_scenarios import CHANGING
from tests.faults import Run, Tell, calls, needs_strace, run_traced, strikes
from timeline.cli import main

TABLE = "title,when,type\nTalks in Oslo,1993-08,meeting.held\nTalks in Bern,1994,meeting.held\n"
COMMANDS = {
    "add": (["add", "Talks in Oslo", "-d", "1993-08", "-t", "meeting.held", "-s", "A paper"], 2),
    "import": (["import", "{folder}/table.csv", "--set", "source=https://example.org/talks"], 3),
}


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", sys.argv)
    before = signal.getsignal(signal.SIGTERM)
    yield str(request.param)
    signal.signal(signal.SIGTERM, before)


@needs_strace
@pytest.mark.slow
def test_a_command_that_is_struck_anywhere_can_be_given_again(tmp_path: Path, command: str) -> None:
    model, folder = new_archive(tmp_path / "model"), tmp_path / "struck"
    add_rome(model)
    (model / "table.csv").write_text(TABLE)
    act = acting(folder, COMMANDS[command][0])
    assert 0 == run_traced(act, fresh(model, folder)).code
    act(lambda _: None)  # what Python loads and remembers is no part of what is struck
    made = calls(run_traced(act, fresh(model, folder)))

    wrong, points = [], 0
    for strike in strikes(made, "signal=KILL", "error=EIO", only=[*CHANGING, "unlink"]):
        run = run_traced(act, fresh(model, folder), strike.option)
        points += 1
        wrong += [f"{strike}: {text}" for text in faults_of(folder, command, run)]

    sys.stdout.write(f"\n{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1]}: {points} points\n")
    assert [] == wrong


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), [("INT", 130), ("TERM", 143)])
def test_a_command_that_is_told_to_end_anywhere_can_be_given_again(
    tmp_path: Path, command: str, name: str, code: int
) -> None:
    model, folder = new_archive(tmp_path / "model"), tmp_path / "struck"
    add_rome(model)
    (model / "table.csv").write_text(TABLE)
    act = acting(folder, COMMANDS[command][0])
    assert 0 == run_traced(act, fresh(model, folder)).code
    act(lambda _: None)
    made = calls(run_traced(act, fresh(model, folder)))

    wrong, ends = [], Counter[int | None]()
    for strike in strikes(made, f"signal={name}", only=[*CHANGING, "unlink"]):
        run = run_traced(act, fresh(model, folder), strike.option)
        ends[run.code] += 1
        wrong += [f"{strike}: {text}" for text in faults_of(folder, command, run)]

    sys.stdout.write(f"\n{os.environ['PYTEST_CURRENT_TEST'].split('::')[-1]}: {dict(ends)}\n")
    assert [] == wrong
    assert {code} == set(ends)


def fresh(model: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(model, folder)
    return folder


def acting(folder: Path, words: list[str]) -> Callable[[Tell], object]:
    def act(_: Tell) -> object:
        sys.argv = ["timeline", "-C", str(folder), *(word.format(folder=folder) for word in words)]
        try:
            main()
        except SystemExit as ended:
            return ended.code
        return None

    return act


def faults_of(folder: Path, command: str, run: Run) -> list[str]:
    """What of the promise was not kept."""
    words, events = COMMANDS[command]
    wrong = [run.words] if "TRACEBACK" in run.words or "itself failed" in run.words else []
    if run.code == 0 and len(titles(folder)) != events:
        wrong.append(f"told, but the log has {titles(folder)}")
    if command == "import":  # the same rows are recognised; the same words typed anew are not
        done(folder, *(word.format(folder=folder) for word in words))
        wrong += [] if len(titles(folder)) == events else ["not there after the second time"]
    wrong += [f"doubled {title}" for title, count in titles(folder).items() if count > 1]
    found = done(folder, "find", "--json").count('"title":')
    if found != len(titles(folder)):
        wrong.append(f"the log has {titles(folder)}, find gives {found}")
    return wrong


def titles(folder: Path) -> Counter[str]:
    return Counter(record["title"] for record in lines(folder) if record["kind"] == "event")
