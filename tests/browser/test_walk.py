"""A reader's way through the pages, in a real browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

DAY = "2026-11-24"

PAGES = (
    "/",
    "/timeline",
    "/timeline?who=person:reagan&from=1985",
    "/event/geneva-1985",
    "/event/hostile",
    "/event/withdrawn",
    "/event/reykjavik-1986?_as_of=%2310",
    "/entity/person:reagan",
    "/entity/place:geneva",
    "/treaty/inf?on=1988-01-01",
    "/source/src:agency",
    "/map",
    "/changes",
    "/compare/%2313...last",
    "/about",
    "/event/not-there",
)
STOCK = (
    "/-/tables",
    "/timeline/events",
    "/timeline/current_events?_from=1985",
    "/timeline/events/1",
    "/timeline?sql=select+1",
)


def test_a_reader_goes_from_home_to_a_contested_field_and_its_source(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_role("link", name="5 events").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5 events")
    page.get_by_role("link", name="Geneva summit").click()
    contested = page.locator("#field-when")
    expect(contested).to_contain_text("from 19 to 20 November 1985")
    contested.get_by_role("link", name="Agency report").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Agency report")


def test_one_reader_walks_from_home_to_a_treaty_and_takes_the_rows_along(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_role("link", name="5 events").click()
    drag(page, "#last", by=-30)
    expect(page.locator("#count")).to_have_text("4 events")
    page.get_by_role("link", name="Geneva summit").click()
    page.get_by_role("link", name="sources differ on the date").click()
    page.locator("#field-when").get_by_role("link", name="Agency report").click()
    page.get_by_role("link", name="INF signed").click()
    page.get_by_role("link", name="INF Treaty").click()
    page.get_by_label("On the day").fill("1988-01-01")
    page.get_by_label("as known on").fill(DAY)
    page.locator(".on-day").get_by_role("button", name="Show").click()
    expect(page.locator(".asof")).to_contain_text(f"As of {DAY}.")
    expect(page.locator("#status-on-day")).to_contain_text("Signed")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Timeline").click()
    expect(page.locator(".asof")).to_contain_text(f"As of {DAY}.")

    assert counted(page) == len(downloaded(page))


def drag(page: Page, handle: str, *, by: int) -> None:
    """Drag a handle of the histogram sideways, and wait for the page that this asks for."""
    box = page.locator(handle).bounding_box()
    assert box
    x, y = (box["x"] + 12 if handle == "#first" else box["x"] + box["width"] - 12), box["y"]
    page.mouse.move(x, y + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x + by, y + box["height"] / 2, steps=8)
    with page.expect_navigation():
        page.mouse.up()


def counted(page: Page) -> int:
    """How many events the timeline says there are."""
    return int((page.locator("#count").text_content() or "0").split()[0])


def downloaded(page: Page) -> list[dict[str, str]]:
    """The rows behind the link to CSV."""
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    return list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8"))))


def test_years_are_chosen_by_dragging_a_handle(page: Page, address: str) -> None:
    page.goto(f"{address}/timeline?who=person:reagan")
    drag(page, "#last", by=-1_000)

    expect(page.locator("#count")).to_have_text("1 event")
    assert ["person:reagan"] == parse_qs(urlsplit(page.url).query)["who"]


def test_years_are_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/timeline?who=person:reagan")
    page.locator("#first").focus()
    page.keyboard.press("End")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#count")).to_have_text("1 event")
    assert "from=1986" in page.url


def test_without_script_a_form_and_links_do_the_same(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/timeline")
    expect(page.locator(".handles")).to_be_hidden()
    page.locator("#from").fill("Nov 1985")
    page.locator("#to").fill("Dec 1986")
    page.get_by_role("button", name="Show").first.click()

    expect(page.locator("#count")).to_have_text("2 events")
    context.close()


def test_a_treaty_is_read_on_another_day_as_of_another(page: Page, address: str) -> None:
    page.goto(f"{address}/treaty/inf")
    page.get_by_label("On the day").fill("1988-01-01")
    page.get_by_label("as known on").fill("#16")
    page.locator(".on-day").get_by_role("button", name="Show").click()
    expect(page.locator(".asof")).to_contain_text("As of #16.")
    expect(page.locator("#status-on-day")).to_contain_text("Signed")
    page.goto(f"{address}/treaty/inf?on=1988-01-01&_as_of=%2310")

    expect(page.locator(".asof")).to_contain_text("As of #10.")
    expect(page.locator("#status-on-day")).to_have_count(0)


def test_a_csv_has_as_many_rows_as_the_page_counts(page: Page, address: str) -> None:
    page.goto(f"{address}/timeline?from=1985")

    assert counted(page) == len(downloaded(page))


@pytest.mark.parametrize("path", (*PAGES, *STOCK))
def test_a_page_asks_nobody_else_and_keeps_its_budget(
    browser: Browser, address: str, path: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes: dict[str, float] = {}
    scripts: set[str] = set()
    asked: list[str] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    session.on(
        "Network.responseReceived",
        lambda event: scripts.add(event["requestId"]) if event["type"] == "Script" else None,
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(f"{address}{path}", wait_until="networkidle")
    inline = page.evaluate(
        "[...document.scripts].filter(s => !s.src && s.type != 'application/ld+json')"
        ".reduce((n, s) => n + s.text.length, 0)"
    )
    context.close()

    fetched = [url for url in asked if not url.startswith("data:")]
    assert [] == [url for url in fetched if not url.startswith(address)]
    assert 4 >= len(fetched)
    assert 60_000 >= sum(sizes.values())
    assert 12_000 >= inline + sum(size for request, size in sizes.items() if request in scripts)


def test_the_editor_of_queries_comes_when_it_is_wanted(page: Page, address: str) -> None:
    page.goto(f"{address}/timeline?sql=select+1")
    page.get_by_label("SQL").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" + 1")
    expect(page.get_by_role("button", name="Format SQL")).to_be_visible()
    page.get_by_role("button", name="Run SQL").click()

    expect(page.locator(".rows-and-columns td")).to_have_text("2")


@pytest.mark.parametrize("path", (*PAGES, *STOCK))
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}{path}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert 390 >= wide


@pytest.mark.parametrize("path", (*PAGES, *STOCK))
def test_axe_finds_nothing(browser: Browser, address: str, axe: str, path: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.evaluate(axe)
    told = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        told += faults(page, f"{width} light")
        page.emulate_media(color_scheme="dark")
        told += faults(page, f"{width} dark")
    context.close()

    assert [] == told


def faults(page: Page, look: str) -> list[str]:
    """What axe-core finds wrong with the page as it is shown now."""
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    nodes = [(fault["id"], node) for fault in found["violations"] for node in fault["nodes"]]
    return [f"{look}: {fault}: {node['target']} {node['html'][:120]}" for fault, node in nodes]


def test_hostile_text_starts_nothing(page: Page, address: str) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    for path in ("/event/hostile", "/timeline", "/map", "/source/src:blog", "/timeline/events"):
        page.goto(f"{address}{path}")

    assert 0 == page.locator("img[src='x']").count()


def test_published_files_work_from_the_disk(browser: Browser, tmp_path: Path) -> None:
    from datetime import date

    from tests.sites import make_archive, records
    from timeline.publish.files import publish
    from timeline.publish.site import site_of

    archive = make_archive(tmp_path / "archive", records())
    publish(archive, tmp_path / "site", site_of({}, None), today=date(2026, 11, 24))
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_role("link", name=re.compile("^5 events")).click()
    page.get_by_role("link", name="Geneva summit").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Geneva summit")
    assert "serif" in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    page.close()
