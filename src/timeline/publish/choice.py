"""What a reader has chosen on the timeline: the query of its address, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from timeline import edtf
from timeline.publish.links import Pairs
from timeline.publish.site import Ask
from timeline.readmodel.selection import Selection

CHOICES: Final = {
    "type": "types",
    "who": "who",
    "topic": "topics",
    "place": "places",
    "certainty": "certainty",
    "precision": "precision",
    "status": "status",
}
"""Name in the address -> field of `Selection`, in the order in which a page lists them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The filters of one address.

    Attributes:
        pairs: those that count, in a fixed order, so that one choice has one address.
        refused: name -> why its value was not understood; it does not count.
    """

    pairs: Pairs
    selection: Selection
    refused: dict[str, str]

    def with_(self, name: str, value: str) -> Pairs:
        """The choice and one value more."""
        return (*self.pairs, (name, value))

    def without(self, name: str, value: str = "") -> Pairs:
        """The choice without one value, or without all of a name."""
        return tuple(p for p in self.pairs if p[0] != name or (value and p[1] != value))

    def between(self, first: int, last: int) -> Pairs:
        """The choice with other days, Julian Day Numbers, both inclusive."""
        rest = tuple(p for p in self.pairs if p[0] not in {"from", "to"})
        return (*rest, ("from", edtf.iso(first)), ("to", edtf.iso(last)))

    def has(self, name: str, value: str) -> bool:
        return (name, value) in self.pairs

    @property
    def undated(self) -> Selection:
        """The selection without its days, as the histogram shows it."""
        return replace(self.selection, first=None, last=None)

    def open_to(self, field: str) -> Selection:
        """The selection without one field, whose values a reader may choose among."""
        cleared: dict[str, Any] = {} if field == "who" else {field: ()}
        return replace(self.selection, **cleared)


def choice_of(ask: Ask) -> Choice:
    """The choice that an address makes; names that are no filter are left out."""
    found: dict[str, tuple[str, ...]] = {name: ask.all(name) for name in CHOICES}
    days = {name: ask.one(name) for name in ("from", "to")}
    if year := ask.one("year"):
        days = {"from": year, "to": year}
    refused: dict[str, str] = {}
    first = _day(days["from"], "from", ask.today, refused)
    last = _day(days["to"], "to", ask.today, refused)
    pairs: list[tuple[str, str]] = [("q", ask.one("q"))] if ask.one("q") else []
    pairs += [(name, text) for name, text in days.items() if text and name not in refused]
    pairs += [(name, value) for name, values in found.items() for value in values]
    fields: dict[str, Any] = {CHOICES[name]: values for name, values in found.items()}
    selection = Selection(text=ask.one("q"), first=first, last=last, as_of=ask.known)
    return Choice(tuple(dict.fromkeys(pairs)), replace(selection, **fields), refused)


def _day(text: str, name: str, today: date, refused: dict[str, str]) -> int | None:
    """The first day that a `from` can mean, the last that a `to` can mean."""
    if not text:
        return None
    try:
        dates = edtf.read(text, today=today)
    except edtf.BadDate as error:
        refused[name] = str(error)
        return None
    return dates.start_min if name == "from" else dates.end_max
