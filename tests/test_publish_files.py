"""`timeline publish` and `timeline chart`: files whose links work, data beside them, pictures."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from tests.sealed_archives import at_home, sealed
from tests.sites import METADATA, make_archive, records
from timeline.archive import Archive
from timeline.errors import Conflict
from timeline.publish.deadlinks import dead_links
from timeline.publish.files import publish
from timeline.publish.links import FileLinks, page_file
from timeline.publish.site import site_of
from timeline.readmodel.catchup import catch_up


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = make_archive(tmp_path_factory.mktemp("archive"), records())
    made.metadata.write_text(yaml.safe_dump(METADATA))
    return made


@pytest.fixture(scope="module")
def folder(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("out") / "site"
    site = site_of({**METADATA, "plugins": {"timeline": {"address": "https://a.example/"}}}, None)
    publish(archive, target, site, today=date(2026, 11, 24))
    return target


def test_no_link_of_the_files_is_dead(folder: Path) -> None:
    assert [] == [str(problem) for problem in dead_links(folder)]


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p id="x"><a href="b.html">b</a><a href="#y">y</a>')

    assert ["b.html leads to no file", "#y leads to no place in its page"] == [
        problem.message for problem in dead_links(tmp_path)
    ]


def test_nothing_in_the_files_leaves_the_folder_but_links_to_sources(folder: Path) -> None:
    text = (folder / "event" / "geneva-1985.html").read_text()

    assert 'href="../static/site.css"' in text
    assert 'src="http' not in text


def test_every_event_has_a_page_and_its_records(folder: Path) -> None:
    names = {"geneva-1985", "reykjavik-1986", "hostile", "ides", "inf-signed", "withdrawn"}

    assert names == {path.stem for path in (folder / "event").glob("*.html")}
    assert names == {path.stem for path in (folder / "event").glob("*.json")}


def test_the_data_beside_the_pages_hold_the_same_events(folder: Path) -> None:
    with (folder / "data" / "events.csv").open() as lines:
        rows = [row["id"] for row in csv.DictReader(lines)]
    connection = sqlite3.connect(folder / "data" / "timeline.db")

    assert 5 == len(rows)
    assert 5 == connection.execute("SELECT count(*) FROM current_events").fetchone()[0]


def test_the_published_folder_is_an_archive_of_its_own(folder: Path) -> None:
    assert Archive(folder).events.is_dir()


def test_a_sealed_log_is_published_as_tiles_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch, tmp_path)
    archive = make_archive(tmp_path / "archive", records())
    sealed(archive, at=datetime(2030, 1, 1, tzinfo=UTC))
    catch_up(archive)

    publish(archive, tmp_path / "out", site_of(METADATA, None), today=date(2026, 11, 24))

    (bundle,) = (tmp_path / "out" / "log" / "tile" / "entries").iterdir()
    checkpoint = tmp_path / "out" / "log" / "checkpoint"
    assert (archive.seal / "checkpoint").read_bytes() == checkpoint.read_bytes()
    assert bundle.name.startswith("000.p")


def test_descriptors_tell_programs_what_is_there(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    citation = yaml.safe_load((folder / "CITATION.cff").read_text())

    assert {"data/events.csv", "data/timeline.db"} <= {r["path"] for r in package["resources"]}
    assert ["1.2.0", "Talks & treaties", "https://a.example/"] == [
        citation[name] for name in ("cff-version", "title", "url")
    ]


def test_a_folder_of_other_things_is_never_replaced(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(Conflict):
        publish(archive, tmp_path, site_of({}, None), today=date(2026, 11, 24))


def test_a_published_folder_is_replaced_as_a_whole(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "site"
    publish(archive, target, site_of({}, None), today=date(2026, 11, 24))
    (target / "stale.html").write_text("old")
    publish(archive, target, site_of({}, None), today=date(2026, 11, 24))

    assert not (target / "stale.html").exists()


@pytest.mark.parametrize(
    ("path", "query", "file"),
    [
        ("", (), "index.html"),
        ("event/a", (), "event/a.html"),
        ("entity/person:a", (), "entity/person~3aa.html"),
        ("timeline", (), "timeline.html"),
        ("timeline", (("page", "3"),), "timeline~p3.html"),
        ("timeline", (("place", "../x"),), "timeline/place/~2e.~2fx.html"),
        ("timeline", (("who", "treaty:inf"),), "treaty/treaty~3ainf.html"),
        ("timeline", (("q", "a"),), "timeline.html"),
    ],
)
def test_pages_have_files(path: str, query: tuple[tuple[str, str], ...], file: str) -> None:
    assert file == page_file(path, query)


def test_files_are_found_from_where_the_page_is() -> None:
    assert "../event/b.html" == FileLinks(here="entity/a.html").event("b")


def test_a_file_under_one_filter_offers_no_counts_that_lead_elsewhere(folder: Path) -> None:
    assert "facet" in (folder / "timeline.html").read_text()
    assert "facet" not in (folder / "timeline" / "topic" / "arms-control.html").read_text()
