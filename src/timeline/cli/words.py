"""Words for people: those of closed lists, with the nearest one offered; and numbers of things."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.errors import UsageRefused


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


def counted(number: int, noun: str) -> str:
    """`1 entity`, `3 entities`, `1,200 records`: a number of things whose name is given for one."""
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else several}"
