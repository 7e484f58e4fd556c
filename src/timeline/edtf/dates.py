"""What an EDTF text means: four bounds in days, and what is certain or possible on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from timeline.edtf.days import civil, iso
from timeline.errors import TimelineError

Precision = Literal[
    "day",
    "month",
    "season",
    "year",
    "decade",
    "century",
    "millennium",
    "unknown",
    "interval",
    "set",
]
EndState = Literal["", "open", "unknown"]


class BadDate(TimelineError):
    """A text that is no date; `fix` is the nearest right form, where there is exactly one."""

    rule = "bad-date"


class NotEdtf(BadDate):
    """A text without the shape of an EDTF date at all, so that it may still be words."""


@dataclass(frozen=True, slots=True)
class Dates:
    """A date, a span or a set of dates, with its bounds. ISO 8601-2:2019, EDTF levels 0 to 2.

    Bounds are Julian Day Numbers (days, inclusive, proleptic Gregorian). What is dated starts on
    some day from `start_min` to `start_max` and ends on some day from `end_min` to `end_max`.
    The qualifiers `?`, `~` and `%` never move a bound.

    Attributes:
        edtf: the canonical text: no blanks, time zones as `Z` or `+hh:mm`.
        start_min: None where the start is unknown or open.
        start_max: None where the start is unknown or open, and in sets without a last day.
        end_min: None where the end is unknown or open, and in sets without a first day.
        end_max: None where the end is unknown or open.
        end_state: '' where the end has bounds, 'open' for what goes on (`A/..`, `{A..}`),
            'unknown' for an end that nobody knows (`A/`, `[A..]`).
        precision: the narrowest of day, month, season, year, decade, century and millennium
            that holds every day a single date can mean, 'unknown' beyond a millennium;
            'interval' for `A/B`, 'set' for `[..]` and `{..}`.
        uncertain: whether any part is marked `?` or `%`.
        approximate: whether any part is marked `~` or `%`.
    """

    edtf: str
    start_min: int | None
    start_max: int | None
    end_min: int | None
    end_max: int | None
    end_state: EndState
    precision: Precision
    uncertain: bool
    approximate: bool

    @property
    def year(self) -> int | None:
        """Astronomical year of the first possible day; None where the start is unknown or open."""
        return None if self.start_min is None else civil(self.start_min)[0]

    @property
    def day(self) -> str | None:
        """The ISO day, where this is exactly one day and neither uncertain nor approximate."""
        first = self.start_min
        one = first is not None and first == self.start_max == self.end_min == self.end_max
        if first is None or not one or self.uncertain or self.approximate:
            return None
        return iso(first)


def certainly_on(dates: Dates, jdn: int) -> bool:
    """Whether it had started by that day and not ended before it, whichever days are meant.

    In SQL: `start_max <= :jdn and (end_min >= :jdn or end_state = 'open')`. An unknown or open
    start, and an unknown end, make nothing certain.
    """
    if dates.start_max is None or dates.start_max > jdn:
        return False
    return dates.end_state == "open" or (dates.end_min is not None and dates.end_min >= jdn)


def possibly_on(dates: Dates, jdn: int) -> bool:
    """Whether that day is among those that can be meant.

    In SQL: `coalesce(start_min, :jdn) <= :jdn and coalesce(end_max, :jdn) >= :jdn`.
    """
    started = dates.start_min is None or dates.start_min <= jdn
    return started and (dates.end_max is None or dates.end_max >= jdn)
