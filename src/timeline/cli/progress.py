"""A line on stderr while something long runs: on a terminal, after half a second, erased."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from timeline.progress import Progress

_DELAY = 0.5
_BETWEEN = 0.1
_TELLING = 2.0
"""Seconds after which a rate says something of the time that is left."""


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Gives a function to call with the count so far, or None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    counter = _Counter(what)
    try:
        yield counter
    finally:
        counter.erase()


class _Counter:
    def __init__(self, what: str) -> None:
        self._announced = what
        self._what = ""
        self._began = time.monotonic()
        self._next = self._began + _DELAY
        self._width = 0

    def __call__(self, count: int, total: int | None = None, what: str = "") -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._began = what, now
        elif now < self._next:
            return
        if now >= self._next:
            self._next = now + _BETWEEN
            self._write(told(what or self._announced, count, total, now - self._began))

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text:<{self._width}}")
        sys.stderr.flush()
        self._width = max(self._width, len(text))

    def erase(self) -> None:
        if self._width:
            sys.stderr.write(f"\r{'':<{self._width}}\r")
            sys.stderr.flush()


def told(what: str, count: int, total: int | None, seconds: float) -> str:
    """The line for so many things done in so many seconds: with rate and time left, if known.

    `1,200,000 records read, 28,000 a second, 5:14 left`
    """
    if not count:
        return f"{what} …"
    if seconds < _TELLING:
        return f"{count:,} {what}"
    rate = count / seconds
    line = f"{count:,} {what}, {rate:,.0f} a second"
    return f"{line}, {_clock((total - count) / rate)} left" if total else line


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
