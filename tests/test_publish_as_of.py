"""Pages as of a position, case by case; tests/property/test_pages_as_of.py has the law."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from html import unescape
from typing import Final

import orjson
import pytest

from tests.logs import (
    correction,
    entity,
    event,
    lines,
    read_model,
    record,
    record_id,
    retraction,
    source,
)
from timeline.publish.guard import LIMITS, guard
from timeline.publish.links import Links
from timeline.publish.pages import Page
from timeline.publish.pages.changes import changes
from timeline.publish.pages.entity import entity as entity_page
from timeline.publish.pages.event import event as event_page
from timeline.publish.pages.home import home
from timeline.publish.pages.source import source as source_page
from timeline.publish.pages.timeline import timeline
from timeline.publish.render import render
from timeline.publish.site import Ask, AsOf, Site
from timeline.readmodel.claims_then import _texts

MERGED, TAKEN_BACK, RENAMED, RETITLED, MOVED, NO_PART = 8, 9, 10, 11, 12, 13

LOG: Final = lines(
    [
        source(0, "src:wire", title="The Wire"),
        source(1, "src:daily", title="The Daily"),
        entity(2, "person:jane", "Jane"),
        entity(3, "org:council", "Council"),
        entity(4, "org:bureau", "Bureau", parent="org:council"),
        event(
            5,
            "talks",
            title="Talks",
            participants=[{"entity": "person:jane"}],
            claims=[{"source": "src:wire"}],
        ),
        event(6, "parley", title="Parley", when="2024-12-09", claims=[{"source": "src:daily"}]),
        record(7, "relation", **{"from": "talks", "relation": "follows", "to": "parley"}),
        record(MERGED, "merge", duplicate="parley", into="talks"),
        retraction(TAKEN_BACK, record_id(7)),
        correction(RENAMED, "person:jane", "/names", [{"text": "Jane"}], [{"text": "Jane Doe"}]),
        correction(RETITLED, "src:wire", "/title", "The Wire", "The New Wire"),
        correction(MOVED, record_id(5), "/claims/0/source", "src:wire", "src:daily"),
        correction(NO_PART, "org:bureau", "/parent", "org:council", None),
    ]
)
NOW: Final = len(LOG) - 1


@pytest.fixture(scope="module")
def whole() -> sqlite3.Connection:
    """As a server reads it: with its limits and refusals."""
    model = read_model(LOG)
    guard(model)
    return model


def text(whole: sqlite3.Connection, page: Page, upto: int, **names: str) -> str:
    """The words of a page as of a position, in single spaces."""
    known = AsOf(f"#{upto}", upto, "2026-01-01")
    ask = Ask(whole, Site(), Links(), names, as_of=known, today=date(2026, 11, 28))
    main = render(page(ask), ask).partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_claims_that_a_merge_brought_later_are_not_on_an_events_page(
    whole: sqlite3.Connection,
) -> None:
    assert "The Daily" not in text(whole, event_page, MERGED - 1, event="talks")
    assert "The Daily" in text(whole, event_page, MERGED, event="talks")


def test_a_source_has_on_an_events_page_the_title_that_it_had(whole: sqlite3.Connection) -> None:
    assert "The Wire" in text(whole, event_page, RETITLED - 1, event="talks")
    assert "The New Wire" in text(whole, event_page, RETITLED, event="talks")


def test_a_relation_that_was_taken_back_later_stands_on_both_pages(
    whole: sqlite3.Connection,
) -> None:
    assert "Follows Parley" in text(whole, event_page, TAKEN_BACK - 1, event="talks")
    assert "Followed by Talks" in text(whole, event_page, TAKEN_BACK - 1, event="parley")
    assert "Follows Parley" not in text(whole, event_page, TAKEN_BACK, event="talks")


@pytest.mark.parametrize(
    ("page", "names"),
    [(event_page, {"event": "talks"}), (timeline, {}), (home, {}), (changes, {})],
)
def test_people_have_the_names_that_they_had(
    whole: sqlite3.Connection, page: Page, names: dict[str, str]
) -> None:
    assert "Jane Doe" not in text(whole, page, RENAMED - 1, **names)
    assert "Jane Doe" in text(whole, page, NOW, **names)


def test_a_claim_that_was_moved_to_another_source_stands_with_the_one_it_had(
    whole: sqlite3.Connection,
) -> None:
    assert "Talks" in text(whole, source_page, MOVED - 1, source="src:wire")
    assert "Talks" not in text(whole, source_page, MOVED, source="src:wire")


def test_what_belonged_to_an_organization_then_is_on_its_page(whole: sqlite3.Connection) -> None:
    assert "Bureau" in text(whole, entity_page, NO_PART - 1, entity="org:council")
    assert "Bureau" not in text(whole, entity_page, NO_PART, entity="org:council")


def test_a_fixed_revision_shows_the_claims_and_names_of_its_time(
    whole: sqlite3.Connection,
) -> None:
    fixed = text(whole, event_page, NOW, event="talks@r1")

    assert "The Wire" in fixed
    assert "The Daily" not in fixed
    assert "Jane Doe" not in fixed


def test_a_claim_of_merged_events_stands_once_on_its_sources_page(
    whole: sqlite3.Connection,
) -> None:
    before = text(whole, source_page, MERGED - 1, source="src:daily")
    after = text(whole, source_page, MERGED, source="src:daily")

    assert "What it says (1 claim)" in before
    assert "Parley" in before
    assert "What it says (1 claim)" in after
    assert "Talks" in after


def test_a_revision_that_was_not_known_then_is_missing(whole: sqlite3.Connection) -> None:
    assert "There is no event talks@r1" in text(whole, event_page, 4, event="talks@r1")
    assert "Talks" in text(whole, event_page, 5, event="talks@r1")


def test_claims_of_then_are_cut_into_values_that_a_server_may_hold() -> None:
    claims = [{"source": "src:wire", "quote": str(n) * 50_000} for n in range(8)]
    texts = list(_texts(claims))

    assert claims == [claim for text in texts for claim in orjson.loads(text)]
    assert max(map(len, texts)) < LIMITS[sqlite3.SQLITE_LIMIT_LENGTH]
