"""The command line: `main` is the console script; each command is one file of this package."""

from __future__ import annotations

import signal
from types import FrameType


def main() -> None:
    """Runs the command that was typed and ends the process with its exit code."""
    from timeline.cli.group import timeline

    signal.signal(signal.SIGTERM, _terminate)
    timeline.main(prog_name="timeline")


def _terminate(number: int, _frame: FrameType | None) -> None:
    # An exception instead of the signal's own end, so that locks and temporary files are let go.
    raise SystemExit(128 + number)
