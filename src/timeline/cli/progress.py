"""A counter on stderr while something long runs: on a terminal, after half a second, erased."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_DELAY = 0.5
_BETWEEN = 0.1


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], None] | None]:
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
        self._what = what
        self._next = time.monotonic() + _DELAY
        self._width = 0

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _BETWEEN
        text = f"{count:,} {self._what}"
        sys.stderr.write(f"\r{text:<{self._width}}")
        sys.stderr.flush()
        self._width = max(self._width, len(text))

    def erase(self) -> None:
        if self._width:
            sys.stderr.write(f"\r{'':<{self._width}}\r")
            sys.stderr.flush()
