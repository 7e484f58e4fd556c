"""The option --as-of of every command that looks, and the log position that it means."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])

_AS_OF: Final = "As the archive was then: a day, an instant, #123, seal/N, last."
_FOLDED: Final = (
    "Folds the log up to there into a temporary file, which takes the time and the room of a build."
)


def as_of_option(function: _Function) -> _Function:
    """Adds --as-of; the command is given its text."""
    return click.option("--as-of", metavar="A", help=_AS_OF)(function)


def folded_as_of_option(function: _Function) -> _Function:
    """Adds --as-of to a command that asks `open_model_as_of`; the help says what that costs."""
    return click.option("--as-of", metavar="A", help=f"{_AS_OF} {_FOLDED}")(function)


def as_of_position(connection: sqlite3.Connection, text: str | None) -> int | None:
    """The log position that an --as-of means, inclusive; None for now."""
    if text is None:
        return None
    from timeline.cli.session import today
    from timeline.readmodel.moments import position_of

    return position_of(connection, text, today())


def provisional(connection: sqlite3.Connection, position: int) -> str:
    """A word of warning for an as-of behind the last seal: a merge may still put records before."""
    from timeline.readmodel.moments import sealed_size

    return "" if position < sealed_size(connection) else ", provisional until the next seal"
