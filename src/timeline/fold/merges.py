"""Merges as aliases: which of two subjects answers for both."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from timeline.fold.entry import Entry


@dataclass(frozen=True, slots=True)
class Aliases:
    """Who answers for whom.

    Attributes:
        into: duplicate -> what it was merged into; no chain ends where it began.
        inert: position -> why that merge says nothing here (`cycle`, `second-merge`).
    """

    into: dict[str, str]
    inert: dict[int, str]

    def survivor(self, subject: str) -> str:
        """The subject at the end of the chain; `subject` itself where it was not merged."""
        while subject in self.into:
            subject = self.into[subject]
        return subject

    def family(self, subject: str) -> tuple[str, ...]:
        """The survivor first, then every alias of it, sorted."""
        head = self.survivor(subject)
        return (head, *sorted(alias for alias in self.into if self.survivor(alias) == head))


def fold_merges(entries: Iterable[Entry], stands: Collection[int]) -> Aliases:
    """The aliases that standing merges make, in log order: the first merge of a subject wins."""
    aliases = Aliases({}, {})
    for position, record in entries:
        if record["kind"] != "merge" or position not in stands:
            continue
        duplicate, into = record["duplicate"], record["into"]
        if duplicate in aliases.into:
            aliases.inert[position] = "second-merge"
        elif aliases.survivor(into) == duplicate:
            aliases.inert[position] = "cycle"
        else:
            aliases.into[duplicate] = into
    return aliases
