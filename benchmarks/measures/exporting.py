"""Exports of every event beside what writes rows elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from measures.figures import BIN, Cost, Line, Run, cost
from timeline.archive import Archive

_MOST_TWICE = 2_000_000


def exporting(archive: Archive, size: int, run: Run) -> Iterator[Line]:
    times = 2 if size <= _MOST_TWICE else 1
    command = (BIN / "timeline", "-C", archive.root, "export")
    ours = _least(times, *command, "csv", "-o", os.devnull)
    peer = _least(times, BIN / "sqlite-utils", "rows", archive.database, "events", "--csv")
    yield Line(f"CSV export / sqlite-utils rows --csv, {size:,}", f"{ours.cpu:.1f} s",
               f"{peer.cpu:.1f} s", f"{peer.cpu / ours.cpu:.2f}x as fast", ">= 1.3")  # fmt: skip
    if shutil.which("sqlite3"):
        lines = _least(times, *command, "nl", "-o", os.devnull)
        shell = _least(times, "sqlite3", "-csv", archive.database, "SELECT * FROM events")
        yield Line(f"NDJSON export / the sqlite3 shell's CSV, {size:,}", f"{lines.cpu:.1f} s",
                   f"{shell.cpu:.1f} s", f"{shell.cpu / lines.cpu:.2f}x as fast",
                   ">= 0.8")  # fmt: skip
    run.figures["memory of an export", size] = ours.memory
    least, memory = run.smallest("memory of an export")
    yield Line(f"memory of a CSV export, {size:,} / {least:,}", f"{ours.memory:.0f} MB",
               f"{memory:.0f} MB", f"{ours.memory / memory:.2f}", "constant")  # fmt: skip


def _least(times: int, *command: object) -> Cost:
    return min((cost(*map(str, command)) for _ in range(times)), key=lambda one: one.cpu)
