"""What the archive holds already, as far as an import must know it; one pass over the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log.reader import read

_SUBJECTS: Final = ("event", "entity", "source")


@dataclass(frozen=True, slots=True)
class Known:
    """The log as an import sees it.

    Attributes:
        records: record id -> the record, in log order.
        subjects: ids of events, entities and sources -> the id of the record that made them.
        addresses: address -> id of the source.
        batches: ids of batches.
    """

    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)

    def add(self, record: Mapping[str, Any]) -> None:
        """Takes up one record more."""
        self.records.setdefault(record["id"], record)
        if record["kind"] in _SUBJECTS:
            self.subjects.setdefault(record[record["kind"]], record["id"])
        if record["kind"] == "source" and "url" in record:
            self.addresses.setdefault(record["url"], record["source"])
        if "batch" in record:
            self.batches.add(record["batch"])

    def withdrawn(self) -> dict[str, str]:
        """Batch -> the standing retraction that withdrew it."""
        undone = {
            record["of"]
            for record in self.records.values()
            if record["kind"] == "retraction" and "of" in record
        }
        return {
            record["batch_of"]: record["id"]
            for record in self.records.values()
            if record["kind"] == "retraction"
            and "batch_of" in record
            and record["id"] not in undone
        }


def known(archive: Archive) -> Known:
    """Everything in the log; unreadable lines are passed over (`timeline check` reports them)."""
    found = Known()
    for entry in read(archive):
        if not isinstance(entry, Problem):
            found.add(entry.record)
    return found
