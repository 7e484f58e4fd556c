"""Runs commands for tests: in this process by default, as a real process where that matters."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from timeline.cli.group import timeline

ENVIRONMENT = {
    "TIMELINE_BY": "ana",
    "TIMELINE_TODAY": "2026-11-23",
    "TIMELINE_VERBOSE": "1",
    "TIMELINE_WRITER": "test",
}


def run(
    folder: Path,
    *arguments: str,
    input: str | bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> Result:
    """The command on the archive of `folder`; its exit code is the test's to look at."""
    return CliRunner().invoke(
        timeline,
        ["-C", str(folder), *arguments],
        input=input,
        env={**ENVIRONMENT, **(env or {})},
        catch_exceptions=False,
    )


def done(folder: Path, *arguments: str, input: str | bytes | None = None) -> str:
    """Standard output of a command that must succeed."""
    result = run(folder, *arguments, input=input)
    assert 0 == result.exit_code, result.output
    return result.stdout


def process(folder: Path, *arguments: str, **more: object) -> subprocess.Popen[bytes]:
    """The command as a process of its own, with pipes for its output."""
    code = "from timeline.cli import main; main()"
    child: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,  # type: ignore[call-overload]
    )
    return child


def new_archive(folder: Path) -> Path:
    """An empty archive in that folder."""
    (folder / "events").mkdir(parents=True)
    return folder


def add_malta(folder: Path) -> str:
    """One event by the command itself; its id."""
    return done(
        folder, "add", "Blinken visits Malta", "-d", "2024-12-04/2024-12-05", "-t", "visit.made",
        "-w", "Antony Blinken:visitor", "-w", "Malta:host", "-p", "Valletta",
        "-s", "https://history.example/travels/4270", "--basis", "official_record",
    ).splitlines()[-1]  # fmt: skip


def add_rome(folder: Path) -> str:
    """Another event, of another year; its id."""
    return done(
        folder, "add", "Talks in Rome", "-d", "Jan 1991", "-t", "meeting.held",
        "-w", "Ann Lee:party", "-w", "Bo Ek:party", "topics=arms-control", "-s", "A paper",
    ).splitlines()[-1]  # fmt: skip


def lines(folder: Path) -> list[dict[str, Any]]:
    """Every record of the log of one writer, in order."""
    paths = sorted((folder / "events").glob("*/*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]
