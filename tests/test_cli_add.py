from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from timeline.cli.add import filled_form
from timeline.cli.editor import read_form, with_problems
from timeline.errors import Problem

from .commands import add_malta, done, lines, new_archive, run


def test_an_event_is_appended_with_its_source(tmp_path: Path) -> None:
    new_archive(tmp_path)
    event = add_malta(tmp_path)

    *shipped, source, record = lines(tmp_path)
    assert {"state:mt", "place:valletta"} == {entity["entity"] for entity in shipped}
    assert "blinken-visits-malta-2024" == event
    assert "src:history-example-travels-4270" == source["source"]
    assert {
        "kind": "event",
        "event": "blinken-visits-malta-2024",
        "type": "visit.made",
        "title": "Blinken visits Malta",
        "when": "2024-12-04/2024-12-05",
        "where": [{"place": "place:valletta"}],
        "participants": [
            {"name": "Antony Blinken", "role": "visitor"},
            {"entity": "state:mt", "role": "host"},
        ],
        "claims": [{"source": "src:history-example-travels-4270", "basis": "official_record"}],
    } == {
        name: value
        for name, value in record.items()
        if name not in {"id", "v", "batch", "recorded_at", "recorded_by"}
    }
    assert ("ana", source["batch"]) == (record["recorded_by"], record["batch"])


def test_a_known_source_is_used_again(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    done(tmp_path, "add", "Later", "-d", "2025", "-s", "https://history.example/travels/4270")

    assert ["source", "event", "event"] == [record["kind"] for record in lines(tmp_path)[2:]]


def test_two_events_of_one_name_get_two_ids(tmp_path: Path) -> None:
    new_archive(tmp_path)

    assert "talk-2024" in done(tmp_path, "add", "Talk", "-d", "2024", "-s", "x")
    assert "talk-2024-2" in done(tmp_path, "add", "Talk", "-d", "2024", "-s", "x")


def test_a_date_in_words_is_kept_beside_its_edtf(tmp_path: Path) -> None:
    new_archive(tmp_path)
    done(tmp_path, "add", "Talk", "-d", "5 December 2024", "-s", "x")

    assert {"edtf": "2024-12-05", "original": "5 December 2024"} == lines(tmp_path)[-1]["when"]


def test_everything_wrong_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    new_archive(tmp_path)
    result = run(tmp_path, "add", "status=helt", "-d", "05/12/2024", "-t", "visit.mad")

    assert 2 == result.exit_code
    assert [] == lines(tmp_path)
    told = [line for line in result.stderr.splitlines() if line.startswith("Error:")]
    assert ["type", "when", "title", "source"] == [line.split(":")[1].strip() for line in told]
    assert "did you mean visit.made" in told[0]
    assert "2024-12-05 or 2024-05-12" in told[1]


def test_with_json_every_problem_is_an_object(tmp_path: Path) -> None:
    new_archive(tmp_path)
    result = run(tmp_path, "add", "Talk", "-t", "visit.mad", "--json")

    assert ["type", "when", "source"] == [
        json.loads(line)["field"] for line in result.stderr.splitlines()
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-w", "Bo:visiter"], "did you mean visitor"),
        (["purpos=tea"], "did you mean purpose"),
        (["status=hel"], "held"),
        (["-w", "person:nobody"], "timeline entity add person:nobody"),
        (["-c", "probabel"], "did you mean probable"),
        (["-s", "javascript:alert(1)"], "https://"),
        (["language=!!"], "language"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    new_archive(tmp_path)
    result = run(tmp_path, "add", "Trip", "-d", "2024", "-t", "visit.made", "-s", "x", *arguments)

    assert 2 == result.exit_code or "language" in words
    assert words in result.stderr
    assert [] == lines(tmp_path)


def test_a_dry_run_prints_the_lines_and_appends_none(tmp_path: Path) -> None:
    new_archive(tmp_path)
    printed = done(tmp_path, "add", "Talk", "-d", "2024", "-s", "x", "-n")

    assert ["source", "event"] == [json.loads(line)["kind"] for line in printed.splitlines()]
    assert [] == lines(tmp_path)


def test_a_grade_is_an_assessment_and_warns_without_a_second_root(tmp_path: Path) -> None:
    new_archive(tmp_path)
    result = run(tmp_path, "add", "Talk", "-d", "2024", "-s", "x", "-c", "confirmed")

    assert "two independent sources" in result.stderr
    assert "Fix: timeline cite talk-2024 URL" in result.stderr
    assert ("assessment", 1) == (lines(tmp_path)[-1]["kind"], lines(tmp_path)[-1]["credibility"])


def test_a_hedged_title_with_a_certain_claim_warns(tmp_path: Path) -> None:
    new_archive(tmp_path)
    result = run(
        tmp_path, "add", "They probably met", "-d", "2024", "-s", "x", "--likelihood", "certain"
    )

    assert 0 == result.exit_code
    assert "probably" in result.stderr


def test_outside_an_archive_init_is_offered(tmp_path: Path) -> None:
    result = run(tmp_path, "add", "Talk", env={"TIMELINE_ARCHIVE": ""})

    assert 4 == result.exit_code
    assert "  Fix: timeline init\n" in result.stderr


def test_the_form_shows_what_was_given() -> None:
    form = filled_form([("title", "Talk"), ("who", "Bo"), ("who", "Al")], "note.recorded")

    assert [("title", "Talk"), ("participants", "Bo"), ("participants", "Al")] == [
        pair for pair in read_form(form) if pair[1] and pair[0] != "type"
    ]


def test_an_indented_line_of_the_form_goes_on() -> None:
    assert [("summary", "One two"), ("when", "")] == read_form("summary: One\n  two\nwhen:\n")


def test_problems_stand_above_their_fields() -> None:
    marked = with_problems(
        "title: Talk\nwhen: x\n",
        [Problem("", 0, "", "no date", field="when"), Problem("", 0, "", "who?", field="source")],
    )

    assert "#! source: who?\ntitle: Talk\n#! when: no date\nwhen: x\n" == marked


def editor(folder: Path, *steps: str) -> dict[str, str]:
    """An editor that replaces text once a call: step N is `old->new`, or nothing."""
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"steps = {list(steps)!r}\n"
        f"count = pathlib.Path({str(folder / 'count')!r})\n"
        "n = int(count.read_text()) if count.exists() else 0\n"
        "count.write_text(str(n + 1))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        f"(pathlib.Path({str(folder)!r}) / f'seen{{n}}').write_text(text)\n"
        "old, _, new = steps[n].partition('->') if n < len(steps) else ('', '', '')\n"
        "path.write_text(text.replace(old, new) if old else text)\n"
    )
    return {"VISUAL": f"{sys.executable} {script}"}


def test_the_editor_opens_again_with_what_is_wrong(tmp_path: Path) -> None:
    archive = new_archive(tmp_path / "a")
    env = editor(tmp_path, "when:\n->when: 2024-13\n", "when: 2024-13->when: 2024-12")
    result = run(archive, "add", "Talk", "-s", "x", "-e", env=env)

    assert 0 == result.exit_code
    assert "#! when: " in (tmp_path / "seen1").read_text()
    assert "2024-12" == lines(archive)[-1]["when"]


def test_text_left_behind_is_kept(tmp_path: Path) -> None:
    archive = new_archive(tmp_path / "a")
    env = editor(tmp_path, "title:->title: Half an ev")
    result = run(archive, "add", "-e", env=env)

    (kept,) = (archive / ".timeline" / "drafts").iterdir()
    assert "title: Half an ev" in kept.read_text()
    assert str(kept) in result.stderr
    assert [] == lines(archive)


def test_a_date_of_two_readings_says_how_to_choose_one(tmp_path: Path) -> None:
    new_archive(tmp_path)

    assert (
        "  Fix: --dates dmy or --dates mdy\n"
        in run(tmp_path, "add", "Talk", "-d", "05/12/2024", "-s", "A paper").stderr
    )
