"""What a record speaks of: the ids under which the fold looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from timeline.records.model import Record


def subjects(record: Record) -> tuple[str, ...]:
    """The ids that a record speaks of, the first one its main subject.

    A correction, a retraction or an assessment gives `of` as it is written, which may be the id
    of another record; a retraction of a batch gives `batch/ID`.
    """
    if record["kind"] == "event" or record["kind"] == "claim":
        return (record["event"],)
    if record["kind"] == "entity":
        return (record["entity"],)
    if record["kind"] == "source":
        return (record["source"],)
    if record["kind"] == "correction" or record["kind"] == "assessment":
        return (record["of"],)
    if record["kind"] == "retraction":
        return (record.get("of") or f"batch/{record.get('batch_of', '')}",)
    if record["kind"] == "merge":
        return (record["duplicate"], record["into"])
    if record["kind"] == "relation":
        return (record["from"], record["to"])
    if record["kind"] == "vocabulary":
        return (f"vocabulary:{record['pack']}",)
    if record["kind"] == "seal" or record["kind"] == "erasure":
        return (record["id"],)
    assert_never(record["kind"])


def defines(record: Record) -> bool:
    """Whether the record brings its subject into being: an event, an entity or a source."""
    return record["kind"] in {"event", "entity", "source"}
