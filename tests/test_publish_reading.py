"""What a reader meets first: how sure it is, who differs, what changed, what is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import logs
from tests.sites import MARKUP, followed, get, make_archive, words
from timeline.publish.citing import isolated
from timeline.publish.links import Links
from timeline.publish.pages.changes import changes
from timeline.publish.pages.compare import by_kind, compare
from timeline.publish.pages.entity import entity
from timeline.publish.pages.event import event
from timeline.publish.pages.home import home, latest
from timeline.publish.render import render
from timeline.publish.site import Ask, Document, Site
from timeline.publish.words import life, told, topic_label
from timeline.readmodel.database import connect


def page(tmp_path: Path, records: list[dict[str, Any]], make: Any, **names: str) -> str:
    """The markup of one page over an archive of these records."""
    with connect(make_archive(tmp_path, records)) as connection:
        ask = Ask(connection, Site(), Links(), names=names)
        found: Document = make(ask)
        return render(found, ask)


def test_an_event_says_at_once_how_sure_it_is_and_why() -> None:
    text = words("/event/geneva-1985")

    assert "confirmed independent sources say the same; 2 sources on 2 independent roots" in text
    assert "sources differ on the date" in text.partition("Who says so")[0]


def test_one_source_with_two_claims_is_one_source(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        [
            logs.source(1, "src:wire"),
            logs.event(2, "talks", claims=[{"source": "src:wire"}, {"source": "src:wire"}]),
        ],
        event,
        event="talks",
    )

    assert "1 source asserts it" in text


def test_one_root_that_was_graded_as_confirmed_is_not_called_several(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        [
            logs.source(1, "src:wire"),
            logs.event(2, "talks", claims=[{"source": "src:wire", "credibility": 1}]),
        ],
        event,
        event="talks",
    )

    assert "so graded when it was written down; 1 source on 1 independent root" in text


def test_those_who_read_a_field_apart_are_named_and_its_codes_are_words(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        [
            logs.source(1, "src:wire", title="Wire report"),
            logs.entity(2, "state:ru", "Russia"),
            logs.event(3, "law", type="treaty.suspended", claims=[{"source": "src:wire"}]),
            logs.record(4, "claim", event="law", claim={
                "source": "src:wire", "claimant": "state:ru", "fields": ["/data/state"],
                "value": {"data": {"state": "in_force"}}}),
            logs.record(5, "claim", event="law", claim={
                "source": "src:wire", "fields": ["/data/state"],
                "value": {"data": {"state": "suspended"}}}),
        ],
        event,
        event="law",
    )  # fmt: skip

    assert "in force" in text
    assert "in_force" not in text
    assert ">state:ru<" not in text
    assert 2 == text.count("<bdi>Russia</bdi>")


def test_home_shows_where_sources_differ_and_groups_changes_of_one_kind(tmp_path: Path) -> None:
    records = [
        logs.source(1, "src:wire"),
        *(logs.event(n, f"talks-{n}", claims=[{"source": "src:wire"}]) for n in range(2, 8)),
        *(logs.retraction(n + 6, f"talks-{n}", note="no talks") for n in range(2, 7)),
    ]
    text = page(tmp_path, records, home)

    assert "and 2 more" in text
    assert "Where sources differ" in words("/")
    assert "Geneva summit" in words("/").partition("Latest changes")[0]


def test_latest_changes_of_one_kind_and_day_are_one_group(tmp_path: Path) -> None:
    records = [
        logs.source(1, "src:wire"),
        *(logs.event(n, f"talks-{n}", claims=[{"source": "src:wire"}]) for n in range(2, 8)),
        *(logs.retraction(n + 6, f"talks-{n}") for n in range(2, 7)),
    ]
    with connect(make_archive(tmp_path, records)) as connection:
        found = latest(Ask(connection, Site(), Links()))

    assert [("retracted", 5, 3)] == [(g["what"], g["n"], len(g["items"])) for g in found]


def test_an_event_is_told_once_in_the_latest_changes_of_a_day(tmp_path: Path) -> None:
    claim = {"source": "src:wire"}
    records = [
        logs.source(1, "src:wire"),
        logs.event(2, "talks", claims=[claim]),
        *(logs.record(n, "claim", event="talks", claim={**claim, "quote": {"text": f"{n}"}})
          for n in range(3, 6)),
    ]  # fmt: skip
    with connect(make_archive(tmp_path, records)) as connection:
        [found] = latest(Ask(connection, Site(), Links()))

    assert (3, ["talks"], 0) == (found["n"], [i["event"] for i in found["items"]], found["more"])


def test_a_comparison_counts_a_merge_and_an_event_with_new_sources_once(tmp_path: Path) -> None:
    claim = {"source": "src:wire"}
    records = [
        logs.source(1, "src:wire"),
        logs.event(2, "talks", claims=[claim]),
        logs.event(3, "same-talks", claims=[claim]),
        logs.record(4, "claim", event="talks", claim={**claim, "quote": {"text": "Yes."}}),
        logs.record(5, "claim", event="talks", claim={**claim, "quote": {"text": "No."}}),
        logs.record(6, "merge", duplicate="same-talks", into="talks"),
    ]
    text = page(tmp_path, records, compare, moments="#1...last")

    assert "<strong>1</strong> merged" in text
    assert "<strong>1</strong> given a new source" in text
    assert 'New source <span class="quiet">(1)' in text


def test_a_merge_is_one_line_with_both_events(tmp_path: Path) -> None:
    records = [
        logs.source(1, "src:wire"),
        logs.event(2, "talks", title="Talks", claims=[{"source": "src:wire"}]),
        logs.event(3, "same-talks", title="Same talks", claims=[{"source": "src:wire"}]),
        logs.record(4, "merge", duplicate="same-talks", into="talks"),
    ]
    text = " ".join(page(tmp_path, records, changes).split())

    assert 1 == text.count("Merged")
    assert 'Same talks</bdi></a> <span class="quiet">is the same as</span>' in text


def test_a_comparison_begins_with_what_was_taken_back() -> None:
    change = {"event": "a", "merged_into": None}
    found = by_kind([{**change, "position": 1, "what": "claimed"},
                     {**change, "position": 2, "what": "retracted"}])  # fmt: skip

    assert ["retracted", "claimed"] == [what for what, _ in found]


def test_an_office_shows_its_holders_on_a_day_and_all_that_are_recorded(tmp_path: Path) -> None:
    holder = {"entity": "person:a", "role": "appointee", "as": "office:x"}
    records = [
        logs.source(1, "src:gazette"),
        logs.entity(2, "office:x", "Minister"),
        logs.entity(3, "person:a", "Ana"),
        logs.event(4, "ana-begins", type="office.began", when="1990-01-02", participants=[holder],
                   data={"office": "office:x"}, claims=[{"source": "src:gazette"}]),
    ]  # fmt: skip
    text = page(tmp_path, records, entity, entity="person:a")

    assert "2 January 1990" in text
    assert "goes on" in text


def test_a_selection_without_events_draws_no_empty_axes() -> None:
    response = get("/timeline?q=zzzz")

    assert "tl-histogram" not in response.text
    assert "No event answers to all of these" in words("/timeline?q=zzzz")


def test_an_archive_that_held_no_event_yet_says_so() -> None:
    assert "No event was recorded by then." in words("/timeline?_as_of=%233")


def test_the_as_of_bar_keeps_its_words_apart() -> None:
    assert "1 January 2026. See it as it is now" in words("/timeline?_as_of=%2310")


def test_an_address_that_is_nowhere_is_a_page_of_ours() -> None:
    response = get("/nothing/here")

    assert 404 == response.status_code
    assert "There is no page /nothing/here in this archive" in words("/nothing/here")


def test_a_file_that_is_nowhere_is_left_to_datasette() -> None:
    response = get("/timeline/nothing.json")

    assert 404 == response.status_code
    assert "application/json" in response.headers["content-type"]


def test_a_query_that_gives_events_links_them_and_their_people() -> None:
    sql = "select+id,date,title,'person:reagan'+as+host+from+events+where+id='geneva-1985'"
    text = followed(f"/timeline?sql={sql}").text

    assert 'href="/event/geneva-1985"' in text
    assert 'href="/entity/person:reagan"' in text


def test_a_title_that_turns_the_writing_does_not_turn_the_rest_of_the_citation() -> None:
    assert f"\u2068{MARKUP}\u2069" == isolated(MARKUP)
    assert "Plain" == isolated("Plain")


@pytest.mark.parametrize(
    ("valid", "said"),
    [
        ("1962/", "born 1962"),
        ("1962/..", "born 1962"),
        ("1922/2011", "1922 – 2011"),
        ("/2011", "died 2011"),
        ("1962", "1962"),
    ],
)
def test_a_life_reads_as_people_write_it(valid: str, said: str) -> None:
    assert said == life(valid)


def test_topics_keep_the_capitals_of_their_names() -> None:
    assert "New START" == topic_label("new-start")
    assert "Malta OSCE council 2024" == topic_label("malta-osce-council-2024")


def test_a_code_reads_as_words_and_a_name_stays() -> None:
    assert "in force" == told("in_force")
    assert "UN" == told("UN")
