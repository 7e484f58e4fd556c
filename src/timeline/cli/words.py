"""Words for people: those of closed lists, with the nearest one offered; and numbers of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from timeline.errors import UsageRefused

if TYPE_CHECKING:
    from timeline.cli.session import Session

_Word = TypeVar("_Word", bound=str)


def one_of(option: str, word: str, known: Iterable[str]) -> str:
    """The word itself.

    Raises:
        UsageRefused: it is none of `known`; the nearest are named.
    """
    from timeline.records.vocabulary import did_you_mean, nearest

    scale = list(known)
    if word in scale:
        return word
    near = nearest(word, scale, count=1)
    raise UsageRefused(
        f"{option} {word}: there are {', '.join(scale[:12])}{did_you_mean(word, scale)}",
        fix=f"{option} {near[0]}" if near else "",
    )


def reason_of(session: Session, word: str | None, reasons: Mapping[_Word, str], what: str) -> str:
    """The reason given with -r; where there is none, a person is shown the list and asked.

    Args:
        word: what -r gave.
        reasons: each with its meaning.
        what: what wants a reason: `a correction`.

    Raises:
        UsageRefused: none was given and nobody is there to ask, or it is none of `reasons`.
    """
    if word is None and session.interactive:
        for reason, meaning in reasons.items():
            click.echo(f"  {reason:<17} {meaning}", err=True)
        word = click.prompt("Reason", err=True)
    if word is None:
        first = " or -r ".join(list(reasons)[:3])
        raise UsageRefused(f"{what} says why", fix=f"-r {first} …")
    return one_of("-r", word, reasons)


def counted(number: int, noun: str) -> str:
    """`1 entity`, `3 entities`, `1,200 records`: a number of things whose name is given for one."""
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else several}"
