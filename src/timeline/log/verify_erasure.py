"""The verifier's law of gaps: which missing lines a standing `erasure` record accounts for."""

from __future__ import annotations

import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeline.log.verify_feed import lines_of

_ERASURE = b'"kind":"erasure"'
_ACTS = (b'"kind":"retraction"', b'"supersedes":')


@dataclass(frozen=True, slots=True)
class _Act:
    """A record that takes others back; it can only reach records before it."""

    key: tuple[str, str]
    id: str
    targets: frozenset[str]
    batch: str


def standing_erasures(paths: Sequence[Path]) -> dict[bytes, str]:
    """Leaf to legal basis, of every erasure in these segments that still stands."""
    lines = (line for path in paths for line in lines_of(path) if _ERASURE in line)
    erasures = [record for record in map(parsed, lines) if record.get("kind") == "erasure"]
    if not erasures:
        return {}
    acts = _acts_on(paths, erasures)
    return {
        _decoded(record["leaf"]): str(record.get("basis", ""))
        for record in erasures
        if "leaf" in record and _stands(record, acts)
    }


def _decoded(text: object) -> bytes:
    try:
        return binascii.a2b_base64(str(text).encode(), strict_mode=True)
    except binascii.Error:
        return b""


def parsed(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; empty where it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _acts_on(paths: Sequence[Path], records: list[dict[str, Any]]) -> list[_Act]:
    """Every record that reaches one of `records`, directly or through others that it takes back."""
    acts: dict[str, _Act] = {}
    names = {str(record.get(key)) for record in records for key in ("id", "batch")}
    while True:
        found = {act.id: act for act in _candidates(paths) if names & (act.targets | {act.batch})}
        if found.keys() <= acts.keys():
            return list(acts.values())
        acts.update(found)
        names |= found.keys()


def _candidates(paths: Sequence[Path]) -> Iterator[_Act]:
    for path in paths:
        for line in lines_of(path):
            if any(mark in line for mark in _ACTS):
                record = parsed(line)
                targets = {record.get("of"), *record.get("supersedes", ())} - {None}
                yield _Act(
                    _key(record), _key(record)[1], frozenset(map(str, targets)), _batch(record)
                )


def _batch(record: dict[str, Any]) -> str:
    return str(record.get("batch_of", ""))


def _key(record: dict[str, Any]) -> tuple[str, str]:
    return str(record.get("recorded_at", "")), str(record.get("id", ""))


def _stands(record: dict[str, Any], acts: list[_Act]) -> bool:
    return _effective(_key(record), str(record.get("batch", " ")), acts)


def _effective(key: tuple[str, str], batch: str, acts: list[_Act]) -> bool:
    """A record stands if and only if no later record that stands takes it back."""
    return not any(
        act.key > key
        and (key[1] in act.targets or act.batch == batch)
        and _effective(act.key, " ", acts)
        for act in acts
    )
