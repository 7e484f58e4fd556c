"""Publishes an archive as plain files: the same pages, and the data beside them."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from timeline.archive import Archive
from timeline.errors import Conflict
from timeline.exporters import exporter
from timeline.exporters.rows import Rows
from timeline.log.seal import newest_checkpoint
from timeline.log.tiles import write_tiles
from timeline.progress import Progress
from timeline.publish import outputs
from timeline.publish.descriptors import citation_file, data_package
from timeline.publish.links import FILTERED_PAGES, FileLinks, Pairs, page_file
from timeline.publish.pages.about import about
from timeline.publish.pages.changes import changes
from timeline.publish.pages.entity import entity
from timeline.publish.pages.event import event
from timeline.publish.pages.home import home
from timeline.publish.pages.map_page import map_page
from timeline.publish.pages.missing import missing
from timeline.publish.pages.source import source
from timeline.publish.pages.timeline import PER_FILE, timeline
from timeline.publish.pages.treaty import treaty
from timeline.publish.render import render
from timeline.publish.site import Ask, AsOf, Document, Site, asset
from timeline.readmodel import change_queries
from timeline.readmodel.asking import number, rows
from timeline.readmodel.database import connect
from timeline.readmodel.selection import Selection, count, events, facet

MARK: Final = ".timeline-published"
"""The file by which a folder of ours is known again; only such a folder is ever replaced."""

DATA: Final = ("csv", "json", "nl", "ics", "geojson")
_FIELDS: Final = {
    "type": "type", "topic": "topics", "place": "place", "certainty": "certainty",
    "status": "status", "precision": "precision", "year": "year",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """What was written."""

    files: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Page:
    """One file to be: its path, and the page with what its address would have named."""

    path: str
    page: Callable[[Ask], Document]
    names: dict[str, str]
    query: Pairs = ()


def publish(
    archive: Archive,
    target: Path,
    site: Site,
    *,
    today: date,
    as_of: AsOf | None = None,
    progress: Progress | None = None,
) -> Published:
    """Write the site beside `target`, then put it there.

    Args:
        archive: its read model is up to date, or holds what was known `as_of`.
        target: a folder that is not there, is empty, or was published before.
        as_of: the moment that the read model stands for; the log is left out then, as it tells
            more than was known.
        progress: called with the number of files written so far.

    Raises:
        Conflict: the folder holds something else.
    """
    _refuse_others(target)
    began = time.monotonic()
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        with contextlib.closing(connect(archive)) as connection:
            n = _write_pages(connection, fresh, site, today, as_of, progress)
            _write_data(connection, archive, fresh, site, today, as_of)
        _put_in_place(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    found = [path for path in target.rglob("*") if path.is_file()]
    if progress:
        progress(n)
    size = sum(path.stat().st_size for path in found)
    return Published(len(found), size, time.monotonic() - began)


def _refuse_others(target: Path) -> None:
    if not target.exists() or (target / MARK).is_file():
        return
    if not target.is_dir() or any(target.iterdir()):
        raise Conflict(
            f"{target}: holds something that was not published from here",
            fix="timeline publish a-new-folder",
        )


def _put_in_place(fresh: Path, target: Path) -> None:
    """The old folder is moved aside first: a reader sees the one or the other."""
    old = fresh.with_name(f".{target.name}.{os.getpid()}.old")
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _write_pages(
    connection: sqlite3.Connection,
    folder: Path,
    site: Site,
    today: date,
    as_of: AsOf | None,
    progress: Progress | None,
) -> int:
    n = 0
    for n, page in enumerate(_pages(connection), start=1):
        links = FileLinks(here=page.path)
        ask = Ask(connection, site, links, page.names, page.query, as_of, today, page.path)
        # The read model itself is that of the moment: nothing is left to be looked up as of it.
        text = render(page.page(replace(ask, as_of=None)), ask)
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        if page.page is event:
            _write_records(folder, ask)
        if progress and n % 100 == 0:
            progress(n)
    return n


def _write_records(folder: Path, ask: Ask) -> None:
    """The stored lines of an event beside its page, under the address that the page names."""
    asked = replace(ask, names={**ask.names, "format": "json"}, as_of=None)
    if found := outputs.event_file(asked):
        (folder / "event" / f"{ask.names['event']}.json").write_bytes(found[0])


def _pages(connection: sqlite3.Connection) -> Iterator[_Page]:
    for path, page in (("", home), ("about", about), ("map", map_page), ("changes", changes)):
        yield _Page(page_file(path), page, {})
    yield _Page("404.html", lambda ask: missing(ask, "page", "of that address"), {})
    yield from _timelines(connection, ())
    for name in sorted(FILTERED_PAGES):
        for value in _values(connection, name):
            yield from _timelines(connection, ((name, value),))
    for month in rows(connection, change_queries.months(2**62)):
        yield _Page(page_file(f"changes/{month['month']}"), changes, {"month": month["month"]})
    for noun, page, table in (("event", event, "events"), ("source", source, "sources")):
        for (name,) in connection.execute(f"SELECT id FROM {table} ORDER BY id"):
            yield _Page(page_file(f"{noun}/{name}"), page, {noun: name})
    for (name,) in connection.execute("SELECT id FROM entities ORDER BY id"):
        noun = "treaty" if name.startswith("treaty:") else "entity"
        yield _Page(
            page_file(f"{noun}/{name}"), treaty if noun == "treaty" else entity, {noun: name}
        )


def _values(connection: sqlite3.Connection, name: str) -> list[str]:
    """Every value of a filter, those of retracted events too: their pages name them."""
    field = _FIELDS[name]
    found = {row[field] for row in rows(connection, facet(Selection(), field, limit=10**9))}
    if name in _OF_ANY:
        found |= {value for (value,) in connection.execute(_OF_ANY[name])}
    return sorted(_text(name, value) for value in found if value is not None)


_OF_ANY: Final = {
    "type": "SELECT DISTINCT type FROM events",
    "topic": "SELECT DISTINCT topic FROM event_topics",
    "place": "SELECT DISTINCT coalesce(place, name) FROM event_places",
}


def _text(name: str, value: object) -> str:
    """A facet's value as an address has it: years as EDTF."""
    if name != "year":
        return str(value)
    year = int(str(value))
    return f"-{-year:04}" if year < 0 else f"{year:04}" if year <= 9999 else f"Y{year}"


def _timelines(connection: sqlite3.Connection, pairs: Pairs) -> Iterator[_Page]:
    """The pages of a timeline under one filter."""
    from timeline.publish.choice import choice_of

    ask = Ask(connection, Site(), FileLinks(), query=pairs)
    total = number(connection, count(choice_of(ask).selection))
    for page in range(1, max(1, -(-total // PER_FILE)) + 1):
        query = (*pairs, ("page", str(page)))
        yield _Page(page_file("timeline", query), timeline, {}, query)


def _write_log(archive: Archive, folder: Path) -> None:
    """The log as it is, and once more as the tiles that verifiers of others read."""
    shutil.copytree(archive.events, folder / "events", ignore=shutil.ignore_patterns(".*"))
    if newest_checkpoint(archive) is not None:
        write_tiles(archive, folder / "log")


def _write_data(
    connection: sqlite3.Connection,
    archive: Archive,
    folder: Path,
    site: Site,
    today: date,
    as_of: AsOf | None,
) -> None:
    data = folder / "data"
    data.mkdir()
    for form in DATA:
        cursor = connection.cursor()
        cursor.row_factory = None
        query = events(Selection())
        cursor.execute(query.sql, query.parameters)
        found = Rows(tuple(column[0] for column in cursor.description), cursor)
        with (data / f"events{exporter(form).SUFFIX}").open("wb") as out:
            exporter(form).write(found, out)
    ask = Ask(connection, site, FileLinks(here="data/changes.atom"), as_of=as_of, today=today)
    (data / "changes.atom").write_bytes(outputs.changes_feed(replace(ask, as_of=None))[0])
    connection.execute("VACUUM INTO ?", (str(data / "timeline.db"),))
    for name in ("site.css", "site.js", "favicon.svg"):
        path = folder / "static" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(asset(name))
    if as_of is None and archive.events.is_dir():
        _write_log(archive, folder)
    (folder / "CITATION.cff").write_text(citation_file(connection, site), "utf-8")
    (folder / ".nojekyll").touch()
    (folder / MARK).touch()
    (folder / "datapackage.json").write_bytes(data_package(folder, site))
