from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from timeline.archive import Archive
from timeline.cli.serve import make_datasette
from timeline.publish.metadata import BadMetadata, common_metadata, full_metadata
from timeline.publish.questions import questions

from .commands import add_malta, new_archive

TABLES = common_metadata()["databases"]["timeline"]["tables"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_every_column_says_what_it_holds(name: str) -> None:
    assert TABLES[name]["description"]
    assert [] == [column for column, text in TABLES[name]["columns"].items() if not text]


def test_the_archives_own_words_lie_on_top(tmp_path: Path) -> None:
    new_archive(tmp_path)
    text = "title: Floods\ndatabases: {timeline: {tables: {events: {facets: [type]}}}}\n"
    (tmp_path / "metadata.yml").write_text(text)
    found = full_metadata(Archive(tmp_path))

    events = found["databases"]["timeline"]["tables"]["events"]
    assert ("Floods", ["type"], "title") == (
        found["title"], events["facets"], events["label_column"]
    )  # fmt: skip


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x\n", "title: [\n"])
def test_a_file_with_aliases_or_faults_is_refused(tmp_path: Path, text: str) -> None:
    new_archive(tmp_path)
    (tmp_path / "metadata.yml").write_text(text)

    with pytest.raises(BadMetadata):
        full_metadata(Archive(tmp_path))


def test_every_question_is_answered_by_datasette(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    datasette = make_datasette(Archive(tmp_path))

    async def answers() -> list[tuple[str, int]]:
        return [
            (q.name, (await datasette.client.get(f"/timeline/{q.name}.json")).status_code)
            for q in questions()
        ]

    assert {200} == {code for _, code in asyncio.run(answers())}


def test_the_table_page_shows_facets_and_column_descriptions(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    datasette = make_datasette(Archive(tmp_path))
    page = asyncio.run(datasette.client.get("/timeline/events")).text

    assert "highest of the standing asserting claims" in page
    assert "_facet_array=topics" in page or 'data-facet="topics"' in page or "topics" in page


def test_the_first_ten_questions_are_there_and_five_more() -> None:
    assert [*range(1, 11), 13, 14, 19, 21, 24] == [question.number for question in questions()]


def test_an_address_that_could_run_code_is_not_passed_on(tmp_path: Path) -> None:
    new_archive(tmp_path)
    text = "source_url: javascript:alert(1)\nlicense_url: https://example.org/\n"
    (tmp_path / "metadata.yml").write_text(text)
    found = full_metadata(Archive(tmp_path))

    assert "source_url" not in found
    assert "https://example.org/" == found["license_url"]
