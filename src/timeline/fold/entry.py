"""What the fold reads: a record and its place in the log."""

from __future__ import annotations

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One record at its position, counted from 0 in log order."""

    position: int
    record: dict[str, Any]
