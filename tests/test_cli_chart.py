"""`timeline chart` and `timeline publish` as commands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.commands import done, run
from tests.sites import make_archive, records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("archive"), records()).root


def test_a_histogram_is_drawn_in_characters(folder: Path) -> None:
    assert "1985" in done(folder, "chart", "histogram", "-w", "person:reagan")


def test_the_status_of_a_treaty_is_drawn_by_party(folder: Path) -> None:
    text = done(folder, "chart", "status", "treaty:inf", "--on", "1988-01-01")

    assert "United States" in text
    assert "signed" in text


def test_lanes_show_whom_one_names(folder: Path) -> None:
    text = done(folder, "chart", "lanes", "person:reagan", "person:gorbachev")

    assert "Ronald Reagan" in text
    assert "Mikhail Gorbachev" in text


def test_a_map_without_a_drawing_is_its_table(folder: Path) -> None:
    assert "Geneva" in done(folder, "chart", "map")


def test_a_calendar_shows_the_year_with_most_events(folder: Path) -> None:
    assert "Jan" in done(folder, "chart", "calendar", "--from", "2020")


def test_a_picture_goes_into_a_file(folder: Path, tmp_path: Path) -> None:
    done(folder, "chart", "histogram", "-o", str(tmp_path / "h.svg"))

    assert (tmp_path / "h.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    "words",
    [
        ["histogram"],
        ["status", "treaty:inf"],
        ["lanes", "person:reagan"],
        ["calendar", "--from", "1985"],
        ["map"],
    ],
)
def test_every_kind_becomes_a_png_with_the_extra(
    folder: Path, tmp_path: Path, words: list[str]
) -> None:
    done(folder, "chart", *words, "-o", str(tmp_path / "c.png"))
    content = (tmp_path / "c.png").read_bytes()

    assert b"\x89PNG\r\n\x1a\n" == content[:8]
    assert 1920 == int.from_bytes(content[16:20], "big")


def test_without_the_extra_a_png_is_refused_with_what_would_mend_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    result = run(folder, "chart", "histogram", "-o", str(tmp_path / "c.png"))

    assert 2 == result.exit_code
    assert "Error: PNG needs cairosvg" in result.stderr
    assert "Fix: pip install 'timeline[png]'" in result.stderr
    assert not (tmp_path / "c.png").exists()


def test_a_form_that_is_none_is_refused(folder: Path, tmp_path: Path) -> None:
    assert 2 == run(folder, "chart", "histogram", "-o", str(tmp_path / "h.gif")).exit_code


def test_publish_writes_a_site_and_says_how_large_it_is(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "publish", str(tmp_path / "site"), "--base-url", "https://a.example/x")

    assert 0 == result.exit_code
    assert "files" in result.stderr
    assert "https://a.example/x/event/" in (tmp_path / "site" / "event" / "ides.html").read_text()


def test_publish_as_of_a_record_holds_nothing_later(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "publish", str(tmp_path / "site"), "--as-of", "#8")

    assert 0 == result.exit_code
    assert ["geneva-1985", "reykjavik-1986"] == sorted(
        path.stem for path in (tmp_path / "site" / "event").glob("*.html")
    )
    assert not (tmp_path / "site" / "events").exists()
    assert "As of #8." in (tmp_path / "site" / "index.html").read_text()
