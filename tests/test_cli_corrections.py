from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from .commands import add_malta, add_rome, done, lines, new_archive, run

MALTA = "blinken-visits-malta-2024"
COMPARED = ("claims", "claim_fields", "participants", "event_places", "entities", "names")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = new_archive(tmp_path / "a")
    add_malta(folder)
    return folder


def shown(archive: Path, *arguments: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(done(archive, "show", *arguments, "--json"))
    return facts


def tables(archive: Path) -> dict[str, list[Any]]:
    """Every row that says what is believed; not the log's own, nor who touched it last."""
    done(archive, "find", "--count")  # whoever reads brings the read model up to date
    with closing(sqlite3.connect(archive / "timeline.db")) as connection:
        found = {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in (
                "claims",
                "claim_fields",
                "participants",
                "event_places",
                "entities",
                "names",
            )
        }
        found["events"] = connection.execute(
            "SELECT id, title, edtf, certainty, actors, contested, retracted, merged_into"
            " FROM events"
        ).fetchall()
    return {
        name: [row[:13] if name == "entities" else row for row in rows]
        for name, rows in found.items()
    }


def test_a_second_source_can_differ_in_one_field(archive: Path) -> None:
    done(archive, "cite", MALTA, "Times", "when=2024-12-06", "-q", "He came", "--field", "when")

    facts = shown(archive, MALTA)
    assert [("2024-12-04/2024-12-05", True), ("2024-12-06", False)] == [
        (row["value"], row["affirms"]) for row in facts["contested"]["/when"]
    ]
    assert "2024-12-04/2024-12-05" == facts["when"]
    assert ({"text": "He came"}, ["/when"]) == (
        facts["claims"][1]["quote"], facts["claims"][1]["fields"]
    )  # fmt: skip


def test_a_denial_makes_it_disputed(archive: Path) -> None:
    done(archive, "cite", MALTA, "Times", "--stance", "denies")

    assert (True, "doubtful") == (
        shown(archive, MALTA)["disputed"],
        shown(archive, MALTA)["certainty"],
    )


def test_three_papers_with_one_story_are_one_root(archive: Path) -> None:
    done(archive, "source", "add", "Agency wire", "--grade", "B")
    for paper in ("One", "Two", "Three"):
        done(archive, "source", "add", paper, "--copies", "agency")
        done(archive, "cite", MALTA, paper)

    facts = shown(archive, MALTA)
    assert (4, 2, "B") == (
        facts["n_sources"],
        facts["n_roots"],
        shown(archive, "src:agency")["reliability"],
    )


@pytest.mark.parametrize("word", ["asserted", "denys"])
def test_a_wrong_stance_is_refused_with_the_right_ones(archive: Path, word: str) -> None:
    result = run(archive, "cite", MALTA, "Times", "--stance", word)

    assert 1 <= result.exit_code <= 2
    assert "asserts" in result.stderr


def test_a_correction_records_the_old_value(archive: Path) -> None:
    result = run(
        archive, "correct", MALTA, "when=2024-12-03", "-r", "typing_error", "--because", "slip"
    )

    record = lines(archive)[-1]
    assert {"/when": {"from": "2024-12-04/2024-12-05", "to": "2024-12-03"}} == record["changes"]
    assert ("typing_error", "slip", MALTA) == (record["reason"], record["note"], record["of"])
    assert "/when: 2024-12-04/2024-12-05 -> 2024-12-03" in result.stderr


def test_a_field_is_taken_away_and_another_set(archive: Path) -> None:
    done(archive, "correct", MALTA, "summary=x", "purpose=x", "-r", "update")
    done(archive, "correct", MALTA, "summary=", "data.purpose=", "-r", "update")

    gone = {"from": "x", "to": None}
    assert {"/summary": gone, "/data/purpose": gone} == lines(archive)[-1]["changes"]


def test_a_place_used_for_the_first_time_is_recorded_too(archive: Path) -> None:
    done(archive, "correct", MALTA, "where=Valletta; Attard", "-r", "update")

    entity, correction = lines(archive)[-2:]
    assert ("place:attard", entity["batch"]) == (entity["entity"], correction["batch"])


def test_a_stale_old_value_is_refused_with_both(archive: Path) -> None:
    before = lines(archive)
    result = run(archive, "correct", MALTA, "when=2023", "--was", "when=2022", "-r", "update")

    assert (6, before) == (result.exit_code, lines(archive))
    assert "'2022'" in result.stderr
    assert "'2024-12-04/2024-12-05'" in result.stderr


def race(folder: Path, archive: Path, *command: str) -> dict[str, str]:
    """An editor during which somebody else runs a command."""
    script = folder / "editor.py"
    code = "from timeline.cli import main; main()"
    script.write_text(
        "import pathlib, subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {code!r}, '-C', {str(archive)!r}, "
        f"*{list(command)!r}], check=True, env={{'TIMELINE_BY': 'bo', 'TIMELINE_WRITER': 'bo'}})\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('title: Blinken', 'title: Mr Blinken'))\n"
    )
    return {"VISUAL": f"{sys.executable} {script}"}


def test_a_field_that_somebody_else_changed_meanwhile_is_refused(
    archive: Path, tmp_path: Path
) -> None:
    env = race(tmp_path, archive, "correct", MALTA, "title=A visit", "-r", "update")
    result = run(archive, "correct", MALTA, "-e", "-r", "update", env=env)

    assert 6 == result.exit_code
    assert "'Blinken visits Malta' when you looked, it is 'A visit' now" in result.stderr


def test_another_field_changed_meanwhile_does_not_matter(archive: Path, tmp_path: Path) -> None:
    env = race(tmp_path, archive, "correct", MALTA, "summary=x", "-r", "update")
    result = run(archive, "correct", MALTA, "-e", "-r", "update", env=env)

    assert 0 == result.exit_code
    assert ("Mr Blinken visits Malta", "x") == (
        shown(archive, MALTA)["title"], shown(archive, MALTA)["summary"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["when=2024-13", "-r", "update"], "2024-13"),
        (["titel=x", "-r", "update"], "did you mean title"),
        (["title=x", "-r", "updated"], "did you mean update"),
        (["title=x"], "a correction says why"),
        (["title=Blinken visits Malta", "-r", "update"], "nothing would change"),
        (["title=", "-r", "update"], "title"),
        (["-r", "update", "x"], "no FIELD=VALUE"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    archive: Path, arguments: list[str], words: str
) -> None:
    before = lines(archive)
    result = run(archive, "correct", MALTA, *arguments)

    assert (2, before) == (result.exit_code, lines(archive))
    assert words in result.stderr


def test_sources_and_entities_are_corrected_too(archive: Path) -> None:
    done(archive, "correct", "state:mt", "external_ids.wikidata=Q233", "-r", "new_evidence")
    done(archive, "correct", "src:hist", "publisher=The Office", "-r", "update")

    assert "Q233" == shown(archive, "state:mt")["external_ids"]["wikidata"]
    assert "The Office" == shown(archive, "src:hist")["publisher"]
    assert 2 == run(archive, "correct", "state:mt", "colour=red", "-r", "update").exit_code


def test_a_retracted_event_leaves_the_lists_and_keeps_its_page(archive: Path) -> None:
    done(archive, "retract", MALTA, "-r", "false", "--because", "a hoax")

    assert "0\n" == done(archive, "find", "--count")
    assert "[retracted]" in done(archive, "show", MALTA)
    assert "1\n" == done(archive, "find", "--count", "--as-of", "#3")
    assert 6 == run(archive, "retract", MALTA, "-r", "false").exit_code


@pytest.mark.parametrize(
    "command",
    [
        ("retract", MALTA, "-r", "false"),
        ("retract", "batch/add-", "-r", "wrong_batch"),
        ("correct", MALTA, "title=x", "-r", "update"),
        ("cite", MALTA, "src:hist", "when=1999"),
        ("entity", "merge", "place:valletta", "state:mt"),
        ("entity", "alias", "state:mt", "Melita"),
    ],
)
def test_undo_restores_every_row(archive: Path, command: tuple[str, ...]) -> None:
    before = tables(archive)
    done(archive, *command)
    changed = tables(archive)
    done(archive, "undo")
    after = tables(archive)

    standing = [row for row in after["claims"] if row[-1]]
    assert before != changed
    assert before == {**after, "claims": standing}


def test_undo_of_a_batch_withdraws_all_of_it(archive: Path) -> None:
    batch = lines(archive)[-1]["batch"]
    result = run(archive, "undo", batch)

    assert (0, batch) == (result.exit_code, lines(archive)[-1]["batch_of"])
    assert "0\n" == done(archive, "find", "--count")
    assert 6 == run(archive, "undo", batch).exit_code


def test_a_retraction_asks_why(archive: Path) -> None:
    result = run(archive, "retract", MALTA)

    assert 2 == result.exit_code
    assert "a retraction says why" in result.stderr


def test_a_double_names_the_event_it_doubles(archive: Path) -> None:
    rome = add_rome(archive)
    done(archive, "retract", rome, "--duplicate-of", MALTA)

    assert ("duplicate", MALTA) == (
        lines(archive)[-1]["reason"],
        lines(archive)[-1]["duplicate_of"],
    )


def test_history_and_blame_name_the_record(archive: Path) -> None:
    done(archive, "correct", MALTA, "title=x", "-r", "typing_error")
    history = json.loads(done(archive, "show", MALTA, "--history", "--json"))
    blame = json.loads(done(archive, "show", MALTA, "--blame", "--json"))

    assert [("added", None), ("corrected", "typing_error")] == [
        (row["what"], row["reason"]) for row in history
    ]
    assert {("/title", 4), ("/when", 3)} <= {(row["field"], row["position"]) for row in blame}


def test_blame_as_of_a_position_names_what_was_there_then(archive: Path) -> None:
    done(archive, "correct", MALTA, "title=Malta", "-r", "editor_error")

    then = json.loads(done(archive, "show", MALTA, "--blame", "--json", "--as-of", "#3"))
    now = json.loads(done(archive, "show", MALTA, "--blame", "--json"))
    titles = [row["position"] for rows in (then, now) for row in rows if row["field"] == "/title"]
    assert [3, 4] == titles


def test_what_an_entity_takes_part_in_is_counted_as_of_a_position(archive: Path) -> None:
    who = "person:ann-lee"
    done(archive, "entity", "add", who, "Ann Lee")
    talks = done(archive, "add", "Talks", "-d", "2024-12-05", "-w", who, "-s", "Times").split()[-1]
    added = len(lines(archive)) - 1
    done(archive, "correct", talks, "participants=", "-r", "editor_error")

    moments = (f"#{added - 1}", f"#{added}", f"#{added + 1}")
    counts = [shown(archive, who, "--as-of", moment)["n_events"] for moment in moments]
    assert [0, 1, 0] == counts


def test_an_earlier_state_and_a_fixed_revision_can_be_asked_for(archive: Path) -> None:
    done(archive, "correct", MALTA, "title=x", "-r", "update")

    assert "Blinken visits Malta" == shown(archive, MALTA, "--as-of", "#3")["title"]
    assert "Blinken visits Malta" == shown(archive, f"{MALTA}@r1")["title"]
    assert "x" == shown(archive, f"{MALTA}@r2")["title"]
    assert 4 == run(archive, "show", f"{MALTA}@r3").exit_code
    assert 4 == run(archive, "show", MALTA, "--as-of", "#2").exit_code


def test_raw_prints_the_stored_lines(archive: Path) -> None:
    done(archive, "correct", MALTA, "title=x", "-r", "update")
    raw = done(archive, "show", MALTA, "--raw")

    stored = b"".join(path.read_bytes() for path in (archive / "events").glob("*/*.jsonl"))
    assert ["event", "correction"] == [json.loads(line)["kind"] for line in raw.splitlines()]
    assert all(line.encode() in stored for line in raw.splitlines())


@pytest.mark.parametrize("ref", ["src:hist", "state:mt", "#0", "last", "batch/add"])
def test_everything_can_be_shown(archive: Path, ref: str) -> None:
    assert done(archive, "show", ref)
    assert json.loads(done(archive, "show", ref, "--json"))


def test_diff_lists_what_changed_between_two_moments(archive: Path) -> None:
    add_rome(archive)
    done(archive, "correct", MALTA, "title=x", "-r", "update")
    changed = json.loads(done(archive, "diff", "#3", "--json"))
    one = json.loads(done(archive, "diff", "#3", "last", MALTA, "--json"))

    assert [("added", "talks-in-rome-1991"), ("corrected", MALTA)] == [
        (row["what"], row["event"]) for row in changed
    ]
    assert [("/title", "Blinken visits Malta", "x")] == [
        (row["field"], row["old"], row["new"]) for row in one
    ]
    assert "what,events,changes\nadded,1,1\ncorrected,1,1\n" == done(
        archive, "diff", "#3", "--stat", "--csv"
    )
    assert (1, 0) == (
        run(archive, "diff", "#3", "--exit-code").exit_code,
        run(archive, "diff", "last", "--exit-code").exit_code,
    )


def test_sources_are_listed_and_graded(archive: Path) -> None:
    done(archive, "source", "grade", "hist", "b", "--because", "official")

    (row,) = json.loads(done(archive, "source", "list", "--grade", "B", "--json"))
    assert ("src:history-example-travels-4270", 1) == (row["id"], row["n_events"])
    assert [] == json.loads(done(archive, "source", "list", "--grade", "-", "--json"))
    assert "B" in done(archive, "source", "show", "src:hist")
    assert 6 == run(archive, "source", "add", "https://history.example/travels/4270").exit_code
    assert 2 == run(archive, "source", "grade", "hist", "G").exit_code


def test_entities_are_listed_named_merged_and_succeeded(archive: Path) -> None:
    done(archive, "entity", "add", "person:x", "Antony Blinken", "external_ids.wikidata=Q1")
    done(archive, "entity", "add", "person:y", "Tony Blinken")
    done(archive, "entity", "alias", "person:x", "A. J. Blinken", "--lang", "en", "--from", "2021")
    done(archive, "entity", "merge", "person:y", "person:x")
    done(archive, "entity", "succeed", "state:mt", "person:x")

    assert ["person:x"] == [
        row["id"] for row in json.loads(done(archive, "entity", "list", "blinken", "--json"))
    ]
    assert "person:x" == shown(archive, "person:y")["merged_into"]
    assert {"text": "A. J. Blinken", "kind": "alias", "lang": "en", "from": "2021"} in (
        shown(archive, "person:x")["names"]
    )
    for again in (
        ("entity", "add", "person:x", "Z"),
        ("entity", "alias", "person:x", "A. J. Blinken", "--lang", "en", "--from", "2021"),
        ("entity", "merge", "person:y", "person:x"),
        ("entity", "merge", "person:x", "person:y"),
        ("entity", "succeed", "state:mt", "person:x"),
    ):
        assert 6 == run(archive, *again).exit_code


def test_sql_reads_and_only_reads(archive: Path) -> None:
    query = "SELECT iso_day(jdn(edtf)) AS day, date_words(:w) AS words FROM events WHERE id = :id"

    assert "day,words\n2024-12-04,some day in December 2024\n" == done(
        archive, "sql", query, "-p", "id", MALTA, "-p", "w", "2024-12", "--csv"
    )
    assert 2 == run(archive, "sql", "DELETE FROM events").exit_code
    assert 2 == run(archive, "sql", "SELECT nope FROM events").exit_code


def test_sql_takes_a_file_or_standard_input(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "count.sql"
    path.write_text("-- how many\nSELECT count(*) AS n FROM events")

    assert "n\n1\n" == done(archive, "sql", str(path), "--csv")
    assert "n\n1\n" == done(archive, "sql", "-", "--csv", input=path.read_text())


def test_values_are_spelled_for_people_and_stay_json_for_machines(archive: Path) -> None:
    done(archive, "correct", MALTA, "when=6 December 2024", "-r", "typing_error")

    assert "2024-12-04/2024-12-05  6 December 2024" in done(archive, "show", MALTA, "--history")
    assert '{"edtf"' in done(archive, "show", MALTA, "--history", "--json")


def test_names_of_an_entity_are_words(archive: Path) -> None:
    done(archive, "entity", "alias", "state:mt", "Melita", "--from", "1530", "--to", "1798")

    assert "Melita (alias, 1530..1798)" in done(archive, "show", "state:mt")


def test_an_entity_is_renamed_in_plain_words_and_keeps_what_its_names_say(archive: Path) -> None:
    done(archive, "entity", "alias", "state:mt", "Melita", "--to", "1798")
    done(archive, "correct", "state:mt", "names=The Islands; Melita", "-r", "update")

    assert [{"text": "The Islands"}, {"text": "Melita", "kind": "alias", "to": "1798"}] == (
        shown(archive, "state:mt")["names"]
    )


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("diff", "#3", "#1"), 2, "Fix: timeline diff '#1' '#3'"),
        (("build", "--check", "--as-of", "#1"), 2, "--check compares"),
        (("build", "--watch", "--as-of", "#1"), 2, "it goes alone"),
        (("source", "list", "--grade", "Z"), 2, "there are A, B"),
        (("entity", "list", "--kind", "ship"), 0, "nothing found"),
        (("entity", "merge", "state:mt", "Malta"), 2, "are both state:mt already"),
        (("correct", "state:mt", "label=x", "-r", "update"), 2, "is no field of an entity"),
        (("show", "seal/1"), 4, "there is no seal/1"),
        (("show", "seal/x", "--raw"), 4, "there is no seal/x"),
        (("log", "seal/1"), 4, "there is no seal/1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant_is_told(
    archive: Path, command: tuple[str, ...], code: int, words: str
) -> None:
    result = run(archive, *command)

    assert code == result.exit_code
    assert words in result.stderr


def test_what_was_merged_says_into_which_one(archive: Path) -> None:
    rome = add_rome(archive)
    done(archive, "entity", "add", "state:xx", "Melita")
    done(archive, "entity", "merge", "state:xx", "state:mt")
    done(archive, "entity", "merge", rome, MALTA)

    for command, into in ((("entity", "show", "state:xx"), "state:mt"), (("show", rome), MALTA)):
        words = f"was merged into {into}; all is there: timeline show {into}\n"
        assert words in run(archive, *command).stderr
        assert words not in run(archive, *command, "--as-of", "#5").stderr


def test_numbers_of_things_agree_with_their_names(archive: Path) -> None:
    done(archive, "entity", "add", "state:xx", "Melita")

    checked, verified = run(archive, "check").stderr, run(archive, "verify").stderr
    assert "1 segment, 5 records, 3 entities, 1 source, 1 event; 0 problems" in checked
    assert "in 1 file; 0 problems" in verified
