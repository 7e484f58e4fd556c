"""What is asked of the archive: filters that all hold together, and the dimensions to count by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Value = str | int

DIMENSIONS: Final = (
    "type", "actor", "topic", "place", "country", "certainty", "precision", "status", "year",
    "month", "root",
)  # fmt: skip
"""What events can be counted by; `place` is any of an event's places, `root` any root of a source
that affirms it, `month` the `YYYY-MM` in which it begins, where that is known."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events are asked for.

    Attributes:
        any_of: dimension -> values of which the event must have one; empty = no filter.
        all_of: dimension -> values of which the event must have every one.
        first: Julian Day Number, inclusive; None = no limit.
        last: Julian Day Number, inclusive; None = no limit.
        certain: the event certainly touches the days from `first` to `last`; otherwise it can.
        text: words; each must begin a word of title, summary, names or quotations.
        as_of: log position, inclusive: the archive as it was known then; None = now.
        withdrawn: take retracted and merged events too.
    """

    any_of: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    all_of: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    certain: bool = False
    text: str = ""
    as_of: int | None = None
    withdrawn: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing but the standing of events is asked for, now."""
        return not (
            any(self.any_of.values())
            or any(self.all_of.values())
            or self.text.split()
            or (self.first, self.last, self.as_of) != (None, None, None)
        )
