"""Entities and sources as their records leave them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from timeline.fold.corrections import corrected
from timeline.fold.entry import Entry
from timeline.fold.events import ENVELOPE


@dataclass(frozen=True, slots=True)
class SubjectState:
    """An entity or a source: its fields in the shape of its record, and whether it stands."""

    id: str
    fields: dict[str, Any]
    retracted: bool
    first_position: int
    last_position: int

    @property
    def label(self) -> str:
        """The name to show: an entity's first name, a source's title."""
        names = self.fields.get("names")
        return str(names[0]["text"] if names else self.fields.get("title", self.id))


def fold_subject(
    subject: str, entries: Sequence[Entry], stands: Collection[int]
) -> SubjectState | None:
    """The entity or source after `entries`, which speak of it and are in log order.

    Returns:
        None where no record defines it.
    """
    defining = [entry for entry in entries if entry.record["kind"] in {"entity", "source"}]
    if not defining:
        return None
    base = ([entry for entry in defining if entry.position in stands] or defining)[-1]
    later = [
        entry for entry in entries
        if entry.position in stands and entry.position > base.position
    ]  # fmt: skip
    body = {key: value for key, value in base.record.items() if key not in ENVELOPE}
    fields = corrected(body, [e for e in later if e.record["kind"] == "correction"]).body
    fields = {key: value for key, value in fields.items() if key not in {"entity", "source"}}
    for _, record in later:
        if record["kind"] == "assessment" and "reliability" in record:
            fields["reliability"] = record["reliability"]
    return SubjectState(
        subject, fields, base.position not in stands, defining[0].position, entries[-1].position
    )
