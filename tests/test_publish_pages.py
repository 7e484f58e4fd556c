"""The pages as a server gives them: what they say, refuse, and never let through."""

from __future__ import annotations

import json
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import logs
from tests.sites import MARKUP, followed, get, make_archive, records, words
from timeline.archive import Archive
from timeline.log import writer
from timeline.publish.links import Links
from timeline.publish.pages.home import home
from timeline.publish.site import Ask, Site
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.database import connect

EVERY = (
    "/",
    "/timeline",
    "/timeline?who=person:reagan&from=1985&to=1986",
    "/event/geneva-1985",
    "/event/geneva-1985@r1",
    "/event/hostile",
    "/event/ides",
    "/event/withdrawn",
    "/source/src:agency",
    "/source/src:blog",
    "/entity/person:reagan",
    "/entity/place:geneva?on=1990",
    "/entity/state:us",
    "/treaty/inf?on=1987-12-31",
    "/map",
    "/changes",
    "/changes?all=1",
    "/changes/2026-01",
    "/compare/%2310...last",
    "/about",
)


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", EVERY)
def test_every_page_answers_with_its_policy(path: str) -> None:
    response = get(path)

    assert 200 == response.status_code
    assert response.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("path", EVERY)
def test_nothing_on_a_page_runs_or_loads_from_elsewhere(path: str) -> None:
    tags = Tags(get(path).text).found

    scripts = [attrs for tag, attrs in tags if tag == "script"]
    assert [] == [s for s in scripts if "src" not in s and s.get("type") != "application/ld+json"]
    assert [] == [a for _, attrs in tags for a in attrs if a.startswith("on") or a == "style"]
    loaded = [attrs.get("src") or "" for tag, attrs in tags if tag in {"script", "img", "iframe"}]
    loaded += [a.get("href") or "" for tag, a in tags if tag == "link"]
    assert [] == [address for address in loaded if address and not address.startswith("/")]


@pytest.mark.parametrize("path", EVERY)
def test_no_link_can_run_code(path: str) -> None:
    hrefs = [attrs.get("href") or "" for tag, attrs in Tags(get(path).text).found if tag == "a"]

    assert [] == [href for href in hrefs if not re.match(r"https?://|/|#|\?", href)]


def test_markup_in_a_title_is_shown_as_text() -> None:
    assert MARKUP in words("/event/hostile")


def test_a_long_summary_is_folded_not_cut() -> None:
    assert "Show the whole text (58,000 characters)" in words("/event/hostile")
    assert 2000 <= get("/event/hostile").text.count("onerror=alert(1)")


def test_json_ld_of_hostile_text_stays_inside_its_element() -> None:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>',
                          get("/event/hostile").text, flags=re.DOTALL)  # fmt: skip

    assert MARKUP == json.loads(found)["@graph"][0]["name"]


def test_the_home_page_counts_what_stands() -> None:
    assert "5 events from 2 sources" in words("/")


def test_the_timeline_counts_its_list_exactly() -> None:
    text = words("/timeline?who=person:reagan")

    assert "Timeline 2 events" in text
    assert 2 == get("/timeline?who=person:reagan").text.count('<p class="title">')


def test_a_date_that_is_none_is_named_and_does_not_filter() -> None:
    response = get("/timeline?from=1985-13")

    assert 400 == response.status_code
    assert "no month 13" in words("/timeline?from=1985-13")


def test_years_without_events_are_named_between_those_that_have_some() -> None:
    assert "2027 years without an event here" in words("/timeline?who=&topic=")


def test_an_event_shows_who_contests_what() -> None:
    text = words("/event/geneva-1985")

    assert "Where sources differ" in text
    assert "from 19 to 20 November 1985" in text


def test_a_retracted_event_stays_with_its_reason() -> None:
    text = words("/event/withdrawn")

    assert "Retracted. On 1 January 2026, as false. nobody met" in text


def test_a_fixed_revision_shows_what_it_said() -> None:
    assert "October 1986" in words("/event/reykjavik-1986@r1")
    assert "from 11 to 12 October 1986" in words("/event/reykjavik-1986")


def test_as_of_shows_the_event_as_it_was_known() -> None:
    text = words("/event/reykjavik-1986?_as_of=%2310")

    assert "As of #10." in text
    assert "some day in October 1986" in text


def test_links_keep_the_as_of_and_its_bar_leads_back() -> None:
    tags = Tags(get("/event/geneva-1985?_as_of=%2310").text).found
    hrefs = {attrs.get("href") for tag, attrs in tags if tag == "a"}

    assert "/entity/person:reagan?_as_of=%2310" in hrefs
    assert "/event/geneva-1985" in hrefs


def test_what_was_not_recorded_yet_is_not_there() -> None:
    assert 404 == get("/event/hostile?_as_of=%238").status_code


def test_a_moment_that_is_none_is_refused_in_words() -> None:
    assert 400 == get("/?_as_of=soonish").status_code
    assert "no moment of the archive" in words("/?_as_of=soonish")


def test_an_unknown_event_is_a_page_of_its_own() -> None:
    assert 404 == get("/event/nope").status_code
    assert "There is no event nope in this archive" in words("/event/nope")


def test_a_page_that_did_not_change_is_not_sent_again() -> None:
    tag = get("/event/geneva-1985").headers["etag"]

    assert 304 == get("/event/geneva-1985", **{"if-none-match": tag}).status_code


def test_assets_may_be_kept_for_ever() -> None:
    (address,) = re.findall(r'href="(/-/timeline/[^"]*site.css)"', get("/").text)

    assert "immutable" in get(address).headers["cache-control"]


def test_datasettes_own_query_page_still_answers() -> None:
    assert 200 == followed("/timeline?sql=select+1").status_code


def test_the_script_and_the_page_are_within_their_budget() -> None:
    (script,) = re.findall(r'src="(/-/timeline/[^"]*site.js)"', get("/").text)

    assert 12_000 >= len(get(script).content)


def test_a_source_shows_what_rests_on_it_alone() -> None:
    text = words("/source/src:agency")

    assert "What it says (5 claims)" in text
    assert "3 events rest on this source alone" in text


def test_a_treaty_says_what_stood_on_a_day() -> None:
    assert "United States Signed 8 December 1987 INF signed" in words("/treaty/inf?on=1988-01-01")
    assert "Nothing stood on that day" in words("/treaty/inf?on=1987-12-07")


def test_a_treaty_on_a_day_as_of_another_knows_only_what_was_known() -> None:
    assert "Nothing stood on that day" in words("/treaty/inf?on=1988-01-01&_as_of=%2310")


def test_an_entity_counts_its_events_and_names_its_company() -> None:
    text = words("/entity/person:reagan")

    assert "Ronald Reagan 2 events" in text
    assert "With Mikhail Gorbachev 2" in text


def test_the_map_says_what_it_cannot_draw() -> None:
    assert "4 events have no place with coordinates and are not drawn" in words("/map")


def test_changes_show_old_and_new_with_the_reason() -> None:
    text = words("/changes")

    assert "Date: some day in October 1986 → from 11 to 12 October 1986" in text
    assert "False: nobody met" in text


def test_two_moments_are_compared_event_by_event() -> None:
    text = words("/compare/%2313...last")

    assert "Reykjavik summit" in text
    assert "1 corrected" in text


def test_the_method_page_prints_the_rule_that_the_fold_applies() -> None:
    assert "Nobody affirms it: unknown." in words("/about")


@pytest.mark.parametrize("path", ["/entity/person:nobody", "/source/src:x", "/treaty/x",
                                  "/changes/1999-01"])  # fmt: skip
def test_what_is_not_there_answers_404_in_words(path: str) -> None:
    assert 404 == get(path).status_code


def test_around_a_date_as_of_a_moment_stands_only_what_was_known() -> None:
    assert "INF signed" in words("/event/reykjavik-1986")
    assert "INF signed" not in words("/event/reykjavik-1986?_as_of=%2310")


def test_what_is_appended_while_served_shows_at_the_next_request(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, records())
    ask = partial(question, archive)

    assert "5" == str(home(ask()).facts["n_events"])
    late = {k: v for k, v in logs.event(90, "late").items() if k != "recorded_at"}
    writer.append(archive, [late])
    catch_up(archive)
    facts = home(ask()).facts
    assert ["6", "18"] == [str(facts["n_events"]), str(facts["totals"]["records"])]


def question(archive: Archive) -> Ask:
    return Ask(connect(archive), Site(), Links())
