"""How long a command takes to begin."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

from measures.figures import BIN, Line, Run, cost, ratio
from timeline.archive import Archive


def starting(_archive: Archive, size: int, _run: Run) -> Iterator[Line]:
    """`timeline add` in a small archive against a tool that only says its version."""
    if size > 10_000:
        return
    with tempfile.TemporaryDirectory() as folder:
        cost(BIN / "timeline", "init", folder)
        add = [BIN / "timeline", "-C", folder, "add", "-d", "2026-01-05", "-t", "meeting.held",
               "-s", "https://example.org/a"]  # fmt: skip
        # As after any installation: with bytecode on the disk, which some environments switch off.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = [
            (cost(*add, f"Talk {n}").cpu, cost(BIN / "sqlite-utils", "--version").cpu)
            for n in range(15)
        ]
    ours, peer = (min(costs) for costs in zip(*runs, strict=True))
    yield Line("timeline add / sqlite-utils --version", f"{ours * 1000:.0f} ms",
               f"{peer * 1000:.0f} ms", ratio(ours, peer), "<= 0.5")  # fmt: skip
