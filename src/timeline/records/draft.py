"""What importers and commands make: a record before it has an id, a time and a writer."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NAMESPACE = uuid.UUID("6f2b6a3e-7d0f-5e0c-9a54-6a1d2c6f7e11")
"""Root of the UUIDv5 ids that importers give; fixed for ever, or imports would double."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One record to be appended, and where it came from.

    Attributes:
        body: `kind` and the fields of that kind, without the envelope.
        key: names this record within its source and version, for a UUIDv5; empty for a UUIDv7.
        path: file that it was read from; empty when a person typed it.
        line: 1-based line or row in that file.
        cells: the original row, for the errors file of an import.
    """

    body: Mapping[str, Any]
    key: str = ""
    path: str = ""
    line: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)


def imported_id(source: str, key: str) -> str:
    """UUIDv5 (RFC 9562 section 5.5) of a source and the key of a record in it."""
    return str(uuid.uuid5(uuid.uuid5(_NAMESPACE, source), key))


def fresh_id(milliseconds: int, random: bytes | None = None) -> str:
    """UUIDv7 (RFC 9562 section 5.7) for a Unix time; `random` is 10 bytes, secure by default."""
    tail = int.from_bytes(random if random is not None else os.urandom(10), "big")
    high = (milliseconds << 16) | 0x7000 | (tail >> 68 & 0xFFF)
    low = (0b10 << 62) | (tail & (2**62 - 1))
    return str(uuid.UUID(int=(high << 64) | low))


def enveloped(draft: Draft, *, record_id: str, by: str, batch: str = "") -> dict[str, Any]:
    """The record without `recorded_at`, which the writer sets under its lock."""
    record = {**draft.body, "id": record_id, "v": 1, "recorded_by": by}
    if batch:
        record["batch"] = batch
    return record
