"""Which records of a log stand: none that stands and came later retracts or supersedes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any


def standing(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Ids of the records that stand.

    Args:
        records: in log order.
    """
    records = list(records)
    makers: dict[str, list[str]] = defaultdict(list)
    batches: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if record["kind"] in {"event", "entity", "source"}:
            makers[record[record["kind"]]].append(record["id"])
        if "batch" in record:
            batches[record["batch"]].append(record["id"])
    fallen: set[str] = set()
    for record in reversed(records):
        if record["id"] in fallen:
            continue
        fallen.update(record.get("supersedes", ()))
        if record["kind"] == "retraction":
            of = record.get("of", "")
            fallen.update(makers.get(of, (of,)))
            fallen.update(batches.get(record.get("batch_of", ""), ()))
    return {record["id"] for record in records} - fallen
