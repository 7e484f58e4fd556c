"""A row or entry with an id of its own that says something else than it did: a correction.

For sources whose ids hold. Where ids move about, `versions` compares what is said instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline.importers.effective import standing
from timeline.importers.known import Known
from timeline.records.draft import Draft, imported_id

_COMPARED: Final = (
    "type", "title", "summary", "when", "where", "participants", "topics", "status", "data",
)  # fmt: skip


@dataclass(slots=True)
class Revisions:
    """The log's events, asked one by one for what a new draft of them changes."""

    importer: str
    held: Known
    _stands: set[str] = field(default_factory=set)
    _corrections: dict[str, list[Mapping[str, Any]]] | None = None

    def correction(self, record_id: str, draft: Draft) -> Draft | None:
        """What the draft says otherwise than this importer last did, or None.

        Fields that somebody else corrected meanwhile keep that, unless the source changed them too.
        An event that no longer stands is left alone.
        """
        record = self.held.records[record_id]
        if record["kind"] != "event":
            return None
        corrections = self._of(record["event"])
        if record_id not in self._stands:
            return None
        mine = [f"{draft.key}@{number}" for number in range(1, len(corrections) + 1)]
        ids = {imported_id(self.importer, key) for key in mine}
        sourced = _told(record, (one for one in corrections if one["id"] in ids))
        working = _told(record, corrections)
        changes = {
            f"/{name}": {"from": working.get(name), "to": draft.body.get(name)}
            for name in _COMPARED
            if draft.body.get(name) not in (sourced.get(name), working.get(name))
        }
        if not changes:
            return None
        number = 1 + sum(one["id"] in ids for one in corrections)
        body = {
            "kind": "correction",
            "of": record["event"],
            "changes": changes,
            "reason": "source_corrected",
            "source": draft.body["claims"][0]["source"],
        }
        return Draft(body, f"{draft.key}@{number}", draft.path, draft.line, draft.cells)

    def _of(self, event: str) -> list[Mapping[str, Any]]:
        """The standing corrections of an event, in log order."""
        if self._corrections is None:
            self._stands = standing(self.held.records.values())
            self._corrections = {}
            for record in self.held.records.values():
                if record["kind"] == "correction" and record["id"] in self._stands:
                    self._corrections.setdefault(record["of"], []).append(record)
        return self._corrections.get(event, [])


def _told(record: Mapping[str, Any], corrections: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    fields = {name: record[name] for name in _COMPARED if name in record}
    for one in corrections:
        for pointer, change in one["changes"].items():
            if pointer[1:] in _COMPARED:
                fields[pointer[1:]] = change["to"]
    return fields
