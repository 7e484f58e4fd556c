"""Laws of the codec: whatever `encode` lets through, `decode` reads, and as the same record."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, IntEnum, StrEnum
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archives import record_id, source
from timeline.records.codec import BadRecord, decode, encode


class Word(StrEnum):
    HELD = "held"


class Size(float, Enum):
    HALF = 0.5


class Number(IntEnum):
    ONE = 1


@dataclass
class Pair:
    left: float


odd = st.one_of(
    st.floats(),
    st.just(uuid.UUID(record_id(1))),
    st.just(date(2024, 2, 29)),
    st.just(datetime(2024, 2, 29, tzinfo=UTC)),
    st.sampled_from([Word.HELD, Size.HALF, Number.ONE, Pair(0.5), b"bytes", {1}, (1, 2), (0.5,)]),
)
text = st.text(st.characters(codec=None), max_size=4)
value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), text, odd),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


def entity(**fields: Any) -> dict[str, Any]:
    """An `entity` record, which may hold any plain data."""
    whole = {**source(1), "kind": "entity", "entity": "state:mt", "names": [{"text": "Malta"}]}
    del whole["source"], whole["title"]
    return {**whole, "recorded_at": "2026-11-23T12:00:00.000000Z", **fields}


@settings(deadline=None)  # the first example makes the validator
@given(value)
def test_what_is_encoded_is_read_again(data: Any) -> None:
    try:
        line = encode(entity(data={"any": data}))
    except BadRecord:
        return

    assert json.loads(line) == decode(line)


@settings(deadline=None)
@given(st.sampled_from(["id", "v", "recorded_by", "valid", "latitude", "names"]), value)
def test_a_field_with_anything_in_it_is_refused_or_read_again(name: str, data: Any) -> None:
    try:
        line = encode(entity(**{name: data}))
    except BadRecord:
        return

    assert json.loads(line) == decode(line)


@settings(deadline=None)
@given(value)
def test_what_json_says_plainly_needs_no_second_look(data: Any) -> None:
    try:
        line = encode(entity(data={"any": data}))
    except BadRecord:
        return

    assert line == encode(decode(line))
