"""Corrections put on a body field by field, in log order; the last one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timeline.fold import pointer
from timeline.fold.entry import Entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """A correction whose `from` was not the value found: it took effect, and is flagged."""

    position: int
    field: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Corrected:
    """A body after its corrections."""

    body: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def corrected(body: dict[str, Any], corrections: Sequence[Entry]) -> Corrected:
    """`body` after `corrections`, which stand and are in log order.

    Where `from` is not the current value the result is `to` all the same.
    """
    conflicts: list[Conflict] = []
    for position, record in corrections:
        for field, change in record["changes"].items():
            found = pointer.get(body, field)
            if found != change["from"] and found != change["to"]:
                conflicts.append(Conflict(position, field, change["from"], found))
            body = pointer.replaced(body, field, change["to"])
    return Corrected(body, tuple(conflicts))
