"""What `timeline show` says of an event whose sources differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands import new_archive, run
from timeline.cli.values import shown

MEETING = "ministers-meet-in-malta-2024"
SPEECH = "a-minister-speaks-2024"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A gazette, and three papers that print one agency."""
    new_archive(tmp_path)
    told(tmp_path, "add", "Ministers meet in Malta", "-d", "2024-12-05", "-t", "conference.held",
         "-p", "Valletta", "delegations=57", "-s", "https://example.org/gazette")  # fmt: skip
    told(tmp_path, "add", "A minister speaks", "-d", "2024-12-05", "-t", "statement.made",
         "-w", "Jane Doe:speaker", "turn=4", "-s", "https://example.org/gazette")  # fmt: skip
    told(tmp_path, "source", "add", "Agency wire")
    for paper in ("a", "b", "c"):
        told(tmp_path, "source", "add", f"Paper {paper}", "--copies", "src:agency-wire")
        told(tmp_path, "cite", MEETING, f"src:paper-{paper}", "delegations=56", "where=Ta' Qali")
    told(tmp_path, "cite", SPEECH, "src:paper-a", "turn=3")
    return tmp_path


def told(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments)
    assert 0 == result.exit_code, result.output
    return result.stdout


def test_who_differs_stands_under_the_field_with_his_root(archive: Path) -> None:
    page = told(archive, "show", MEETING)

    assert (
        "  contested /data/delegations\n"
        "     = 57  (claim 1, root src:example-org-gazette)\n"
        "     ≠ 56  (claim 2, root src:agency-wire)\n"
        "     ≠ 56  (claim 3, root src:agency-wire)\n"
        "     ≠ 56  (claim 4, root src:agency-wire)\n"
        "  contested /where\n"
        "     = place:valletta  (claim 1, root src:example-org-gazette)\n"
        "     ≠ place:ta-qali  (claim 2, root src:agency-wire)\n"
    ) in page
    assert "     ≠ 3  (claim 2, root src:agency-wire)\n" in told(archive, "show", SPEECH)


def test_three_papers_that_print_one_agency_are_one_root(archive: Path) -> None:
    page = told(archive, "show", MEETING)

    assert "Claims that stand: 4; sources: 4; independent roots that affirm: 2" in page


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("57", {"best": 57}),
        ("3..6 km", {"low": 3, "high": 6, "unit": "km"}),
        ("3..4..6", {"low": 3, "best": 4, "high": 6}),
        ("12.50 EUR", {"amount": "12.50", "currency": "EUR"}),
        ('{"best":4,"high":6}', {"best": 4, "high": 6}),
    ],
)
def test_a_measured_value_is_shown_as_it_is_typed(text: str, value: dict[str, Any]) -> None:
    assert text == shown(value)
