"""A small archive behind Datasette for the tests of the pages, hostile values included."""

from __future__ import annotations

import asyncio
import atexit
import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests import logs
from timeline.archive import Archive
from timeline.log import writer
from timeline.readmodel.catchup import catch_up

MARKUP = "<script>alert(1)</script> \u202e & \"quotes\" 'single'"
METADATA = {
    "title": "Talks & treaties",
    "description": "A test archive",
    "license": "CC0 1.0",
    "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    "source": "The makers",
    "source_url": "javascript:alert(1)",
}
PEOPLE = [
    {"entity": "person:reagan", "role": "party", "as": "office:president", "for": "state:us"},
    {"entity": "person:gorbachev", "role": "party"},
]


def records() -> list[dict[str, Any]]:
    """Two meetings, a contested date, a hostile event, a retraction, a correction, a treaty."""
    event, claim = logs.event, {"source": "src:agency", "basis": "reported"}
    return [
        logs.source(1, "src:agency", title="Agency report", url="https://example.org/a",
                    reliability="B", publisher="Agency", published="1985-11-22"),
        logs.source(2, "src:blog", title=MARKUP, reliability="D"),
        logs.entity(3, "person:reagan", "Ronald Reagan"),
        logs.entity(4, "person:gorbachev", "Mikhail Gorbachev"),
        logs.entity(5, "place:geneva", "Geneva", latitude="46.2", longitude="6.15", country="ch"),
        logs.entity(6, "treaty:inf", "INF Treaty"),
        logs.entity(7, "state:us", "United States"),
        event(8, "geneva-1985", title="Geneva summit", when="1985-11-19/1985-11-21",
              where=[{"place": "place:geneva", "precision": "city"}], participants=PEOPLE,
              topics=["arms-control"], claims=[{**claim, "quote": {"text": "They met."}}]),
        event(9, "reykjavik-1986", title="Reykjavik summit", when="1986-10", claims=[claim],
              participants=PEOPLE),
        event(10, "hostile", title=MARKUP, summary="<img src=x onerror=alert(1)> " * 2000,
              when="2020-01-01", participants=[{"name": MARKUP}, {"name": "=cmd|'/c'!A0"}],
              where=[{"name": MARKUP}], claims=[{"source": "src:blog", "quote": {"text": MARKUP}}]),
        event(11, "ides", title="Caesar is killed", when="-0043-03-15", claims=[claim]),
        event(12, "inf-signed", type="treaty.signed", title="INF signed", when="1987-12-08",
              participants=[{"entity": "state:us", "role": "party"}],
              data={"treaty": ["treaty:inf"]}, claims=[{**claim, "basis": "official_record"}]),
        event(13, "withdrawn", title="A meeting that was not", when="1999-05~", claims=[claim]),
        logs.record(14, "claim", event="geneva-1985", claim={
            "source": "src:blog", "basis": "documented", "fields": ["/when"],
            "value": {"when": "1985-11-19/1985-11-20"}}),
        logs.correction(15, "reykjavik-1986", "/when", "1986-10", "1986-10-11/1986-10-12",
                        note="now to the day"),
        logs.retraction(16, "withdrawn", reason="false", note="nobody met"),
        logs.record(17, "claim", event="reykjavik-1986", claim={
            "source": "src:blog", "stance": "denies"}),
    ]  # fmt: skip


def make_archive(folder: Path, lines: Iterable[dict[str, Any]]) -> Archive:
    """An archive on disk with its read model; records keep their order, not their times."""
    (folder / "events").mkdir(parents=True)
    archive = Archive(folder)
    bare = [{k: v for k, v in line.items() if k != "recorded_at"} for line in lines]
    for line in bare:
        writer.append(archive, [line], now=lambda: logs.START)
    catch_up(archive)
    return archive


@cache
def site(base: str = "/") -> Any:
    """A Datasette over that archive, one for a whole run; nobody may write to it."""
    from datasette.app import Datasette

    archive = make_archive(Path(mkdtemp()), records())
    return Datasette([str(archive.database)], metadata=METADATA, settings={"base_url": base})


def under_base(path: str) -> Any:
    """The response of a site that is read under `/archive/`; the path begins with it."""
    app = site("/archive/")
    return _runner().run(app.client.get(path.removeprefix("/archive"), follow_redirects=True))


def get(path: str, **headers: str) -> Any:
    """The response to a path, redirects not followed."""
    return _runner().run(site().client.get(path, headers=headers))


@cache
def _runner() -> asyncio.Runner:
    """One event loop for a whole run: Datasette 1.0 keeps locks that belong to its first one."""
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


def followed(path: str) -> Any:
    """The response behind the redirects: Datasette 1.0 sends queries to an address of their own."""
    return _runner().run(site().client.get(path, follow_redirects=True))


def words(path: str) -> str:
    """The text of a page without markup, in single spaces."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", get(path).text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
