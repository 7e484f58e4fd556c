"""What most events are goes straight from record to rows: the same rows as the fold's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.logs import entity, event, lines, read_model, record, source, tables
from timeline.readmodel import ingest

SURROUNDINGS = (
    source(0, "src:agency", reliability="B"),
    source(1, "src:paper", root="src:agency"),
    source(2, "src:ministry", reliability="A"),
    entity(3, "person:x", "X. Example"),
    entity(4, "person:y", "Y. Example"),
    entity(5, "place:p", "P-town", country="mt", latitude="35.9", longitude="14.4"),
    entity(6, "place:q", "Q-ville", country="it"),
    entity(7, "place:r", "R-burgh", latitude="0.5", longitude="10"),
    record(8, "merge", duplicate="person:y", into="person:x"),
    record(9, "merge", duplicate="place:q", into="place:p"),
)
BEGUN = len(SURROUNDINGS)

claims = st.fixed_dictionaries(
    {"source": st.sampled_from(["src:agency", "src:paper", "src:ministry", "src:unknown"])},
    optional={
        "stance": st.sampled_from(["asserts", "denies", "implies", "questions", "silent"]),
        "likelihood": st.sampled_from(["certain", "likely", "possible", "unstated", "unlikely"]),
        "basis": st.sampled_from(["official_record", "reported", "speculated", "inferred"]),
        "credibility": st.integers(1, 6),
        "quote": st.just({"text": "so it was", "language": "en", "translation": "tant'era"}),
        "said": st.just("2024-12"),
        "locator": st.just("p. 3"),
        "claimant": st.just("person:x"),
        "note": st.just("seen twice"),
        "value": st.just({"when": "2024-12-06"}),
    },
)
participants = st.sampled_from(
    [
        {"entity": "person:x", "role": "party", "as": "office:o", "for": "state:mt"},
        {"entity": "person:y"},
        {"entity": "person:unrecorded"},
        {"name": "Jo Unresolved", "role": "visitor"},
    ]
)
places = st.sampled_from(
    [
        {"place": "place:p", "precision": "city"},
        {"place": "place:q"},
        {"place": "place:r"},
        {"place": "place:unrecorded"},
        {"name": "Somewhere"},
    ]
)
bodies = st.fixed_dictionaries(
    {"claims": st.lists(claims, min_size=1, max_size=3)},
    optional={
        "when": st.sampled_from(
            [
                "2024-12-05",
                "1950~",
                "2024-11-30/..",
                "-0043-03-15",
                {"edtf": "2024-12", "tz": "UTC"},
            ]
        ),
        "participants": st.lists(participants, max_size=3),
        "where": st.lists(places, max_size=3),
        "topics": st.lists(st.sampled_from(["arms", "trade"]), max_size=3),
        "status": st.sampled_from(["held", "cancelled"]),
        "summary": st.just("In a sentence."),
        "language": st.just("en"),
        "data": st.just({"purpose": "talks"}),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
@given(written=st.lists(bodies, min_size=1, max_size=3))
def test_rows_straight_from_a_record_equal_the_rows_of_its_fold(
    written: list[dict[str, Any]],
) -> None:
    log = lines([*SURROUNDINGS, *(event(BEGUN + n, f"e-{n}", **b) for n, b in enumerate(written))])
    straight = tables(read_model(log))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ingest, "is_plain", lambda _: False)

        assert tables(read_model(log)) == straight


def test_a_source_that_is_recorded_later_is_weighed_by_its_newest_record() -> None:
    log = lines([
        event(0, "e-0", claims=[{"source": "src:agency"}]),
        source(1, "src:agency", reliability="B"),
        event(2, "e-1", claims=[{"source": "src:agency"}]),
        source(3, "src:agency", reliability="A"),
        event(4, "e-2", claims=[{"source": "src:agency"}]),
    ])  # fmt: skip
    rows = read_model(log).execute("SELECT id, best_reliability FROM events ORDER BY id").fetchall()

    assert [("e-0", "A"), ("e-1", "A"), ("e-2", "A")] == rows
