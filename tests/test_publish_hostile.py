"""Hostile values on every page, in every file and feed: shown as text, or not at all."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.sites import METADATA, followed, get
from tests.test_publish_pages import Tags

PAGES = (
    "/", "/timeline", "/timeline?q=script", "/timeline?who=javascript:alert(1)", "/event/hostile",
    "/event/hostile@r1", "/event/geneva-1985", "/event/withdrawn", "/source/src:blog",
    "/source/src:agency", "/entity/person:reagan", "/treaty/inf", "/map", "/changes",
    "/changes?all=1", "/compare/%230...last", "/about", "/<script>alert(1)</script>",
    "/event/<script>alert(1)</script>", "/timeline?_as_of=<script>alert(1)</script>",
    "/timeline?from=<script>alert(1)</script>", "/timeline/events", "/timeline/events/3",
    "/timeline/claims", "/timeline?sql=select+title,summary+from+events",
)  # fmt: skip
FILES = (
    "/selection.csv", "/selection.tsv", "/selection.json", "/selection.nl", "/selection.ics",
    "/selection.geojson", "/selection.atom", "/changes.atom", "/event/hostile.bib",
    "/event/hostile.csl.json", "/event/hostile.ics", "/event/hostile.json",
    "/timeline/events.atom", "/timeline/events.ics", "/timeline/events.nl",
)  # fmt: skip
LONG = "<img src=x onerror=alert(1)> " * 2000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_markup_of_others(path: str) -> None:
    tags = Tags(followed(path).text).found

    assert "img" not in {tag for tag, _ in tags}
    assert [] == [name for _, attrs in tags for name in attrs if name.startswith("on")]
    scripts = [attrs for tag, attrs in tags if tag == "script" and not attrs]
    assert [] == scripts or path.startswith("/timeline")  # Datasette has scripts of its own
    addresses = [a.get(name) or "" for _, a in tags for name in ("href", "src", "action")]
    # Datasette shows the operator's own metadata as it gets it; `own_metadata` mends that.
    others = [one for one in addresses if one != METADATA["source_url"]]
    assert [] == [one for one in others if one.strip().lower().startswith("javascript:")]


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_sent_as_what_it_is_and_never_as_a_page(path: str) -> None:
    response = get(path)

    assert 200 == response.status_code
    assert "html" not in response.headers["content-type"]
    if "/timeline/" not in path:  # Datasette sends its own tables without it
        assert "nosniff" == response.headers["x-content-type-options"]


@pytest.mark.parametrize("path", ["/selection.atom", "/changes.atom", "/timeline/events.atom"])
def test_a_feed_holds_hostile_titles_as_text(path: str) -> None:
    root = ElementTree.fromstring(get(path).text)

    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert names <= {"feed", "title", "id", "updated", "author", "name", "link", "rights",
                     "entry", "summary"}  # fmt: skip
    links = [element.get("href") or "" for element in root.iter() if element.get("href")]
    assert [] == [link for link in links if not link.startswith("http")]


@pytest.mark.parametrize("path", ["/selection.csv", "/selection.nl", "/event/hostile.json"])
def test_a_summary_of_60_kilobytes_comes_whole_in_the_data(path: str) -> None:
    text = get(path).text

    assert LONG.strip() in text


def test_a_summary_of_60_kilobytes_is_folded_on_its_page_and_cut_in_lists() -> None:
    assert 1 == get("/event/hostile").text.count("Show the whole text")
    assert "onerror" not in get("/timeline").text
