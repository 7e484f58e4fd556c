"""What a measure gives: lines of a table, and how their figures are taken."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archives import write
from timeline.archive import Archive

BIN = Path(sys.executable).parent
SCRIPTS = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: what it is, our figure, the peer's, and the goal in words."""

    measure: str
    ours: str
    peer: str = "-"
    ratio: str = "-"
    goal: str = "-"

    def cells(self) -> list[str]:
        return [self.measure, self.ours, self.peer, self.ratio, self.goal]


@dataclass(slots=True)
class Run:
    """One run over archives of several sizes, the smallest first.

    Attributes:
        work: the folder of the archives and of everything that is made on the way.
        figures: (what, size) -> figure, for lines that compare sizes.
    """

    work: Path
    figures: dict[tuple[str, int], float] = field(default_factory=dict)

    def smallest(self, what: str) -> tuple[int, float]:
        """The smallest size of this run that has the figure, and the figure."""
        return min((size, figure) for (name, size), figure in self.figures.items() if name == what)

    def archive(self, size: int) -> Archive:
        """The generated archive of this size; made once for a work folder."""
        folder = self.work / f"{size}"
        if not folder.exists():
            write(folder, size)
        return Archive(folder)


Measure = Callable[[Archive, int, Run], Iterator[Line]]


def left_out(measure: str, why: str) -> Line:
    """A line in place of what was not measured."""
    return Line(measure, f"left out: {why}")


def table(lines: Sequence[Line]) -> str:
    head = (
        f"Machine: {machine()}\n\n| measure | ours | peer | ratio | goal |\n|---|---|---|---|---|\n"
    )
    return head + "".join(f"| {' | '.join(line.cells())} |\n" for line in lines)


def machine() -> str:
    model = "unknown processor"
    with contextlib.suppress(OSError):
        for row in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if row.startswith("model name"):
                model = row.partition(":")[2].strip()
    return (
        f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load"
        f" {os.getloadavg()[0]:.1f} at the end of the run"
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: CPU and wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


_LAUNCHER = """
import json, os, resource, subprocess, sys
with open(sys.argv[1], "rb") as given:
    ended = subprocess.run(sys.argv[2:], stdin=given, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([ended.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def cost(*command: str | Path, stdin: Path | None = None) -> Cost:
    """Runs a command to its end, its output thrown away.

    A small process starts it, for Linux counts the memory of the one that forks as the child's.
    """
    given = str(stdin or os.devnull)
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, given, *map(str, command)],
        capture_output=True,
        check=True,
        text=True,
    )
    wall = time.perf_counter() - began
    status, cpu, memory = json.loads(ended.stdout)
    if status:
        raise SystemExit(f"failed: {command}\n{ended.stderr}")
    return Cost(cpu, wall, memory)


def ratio(ours: float, peer: float) -> str:
    return f"{ours / peer:.2f}"


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of several runs: of CPU, and on the clock at the middle and at worst."""

    cpu: float
    p50: float
    p95: float


def timed(work: Callable[[int], object], times: int, warming: int = 1) -> Times:
    """Runs it with -1, -2, … to warm up, which does not count, then with 0, 1, 2, …"""
    for n in range(1, warming + 1):
        work(-n)
    walls, used = [], []
    for n in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        work(n)
        walls.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - cpu) * 1000)
    walls.sort()
    return Times(statistics.median(used), statistics.median(walls), walls[int(times * 0.95)])
