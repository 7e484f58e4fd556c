"""What holds for one run: the archive, the terminal, today. Every command is given it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timeline.archive import Archive, find_archive
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Session:
    """The options that stand before the command.

    Attributes:
        folder: what -C gave; None for the working folder.
        quiet: say nothing but errors.
        verbose: say more, and show the traceback of a fault of ours.
        no_input: never ask, even on a terminal.
    """

    folder: Path | None = None
    quiet: bool = False
    verbose: bool = False
    no_input: bool = False

    def archive(self) -> Archive:
        """The archive of -C, else the nearest upward, else that of TIMELINE_ARCHIVE.

        Raises:
            NotFound: when there is none.
        """
        if self.folder is not None:
            return find_archive(self.folder.absolute())
        try:
            return find_archive(Path.cwd())
        except NotFound:
            elsewhere = os.environ.get("TIMELINE_ARCHIVE")
            if not elsewhere:
                raise
            return find_archive(Path(elsewhere).absolute())

    def say(self, words: str) -> None:
        """Something for the person, on stderr; -q silences it."""
        if not self.quiet:
            click.echo(words, err=True)

    def warn(self, words: str) -> None:
        """A warning for the person; -q does not silence it."""
        click.echo(f"Warning: {words}", err=True)

    @property
    def interactive(self) -> bool:
        """Whether a question would reach a person."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()


def today() -> date:
    """The local day; TIMELINE_TODAY fixes it.

    Raises:
        UsageRefused: when TIMELINE_TODAY is no ISO day.
    """
    from datetime import date, datetime

    given = os.environ.get("TIMELINE_TODAY")
    if not given:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageRefused(
            f"TIMELINE_TODAY={given!r} is no day", fix="export TIMELINE_TODAY=2024-12-05"
        ) from None
