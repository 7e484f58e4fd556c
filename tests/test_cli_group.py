from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from timeline.cli.commands import COMMANDS, INSTEAD
from timeline.cli.group import timeline
from timeline.cli.help import TOPICS, topic_text

from .commands import process, run

HEAVY = ("datasette", "sqlite_utils", "pydantic", "orjson", "sqlite3", "yaml")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_the_words_of_the_command_itself(name: str) -> None:
    command = timeline.get_command(click.Context(timeline), name)
    assert command is not None

    assert COMMANDS[name].help == command.get_short_help_str(limit=200)


@pytest.mark.parametrize("arguments", [["--help"], ["help", "dates"], ["--version"], ["nonsense"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom timeline.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )

    assert "[]" == ended.stderr.splitlines()[-1]


def test_help_of_every_command_and_topic_is_printed(tmp_path: Path) -> None:
    for name in (*COMMANDS, *TOPICS):
        assert 0 == run(tmp_path, "help", name).exit_code


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_terminal_of_a_hundred_columns(topic: str) -> None:
    assert 100 >= max(map(len, topic_text(topic).splitlines()))


def test_an_unknown_command_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, "comletion")

    assert 2 == result.exit_code
    assert (
        "Error: There is no command 'comletion'; did you mean completion?\n"
        "  Fix: timeline completion\n"
    ) == result.stderr


def test_an_unknown_option_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, "init", "--titel", "x")

    assert 2 == result.exit_code
    assert "did you mean --title" in result.stderr
    assert "  Fix: timeline init --title\n" in result.stderr


def test_a_word_of_a_closed_list_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, "chart", "hist")

    assert "did you mean histogram?\n  Fix: timeline chart histogram\n" in result.stderr


def test_an_option_without_its_value_leads_to_the_help_of_its_command(tmp_path: Path) -> None:
    assert "  Fix: timeline correct --help\n" in run(tmp_path, "correct", "x", "-r").stderr


def test_an_unknown_topic_names_the_nearest(tmp_path: Path) -> None:
    result = run(tmp_path, "help", "date")

    assert 2 == result.exit_code
    assert "  Fix: timeline help dates\n" in result.stderr


def test_with_json_an_error_is_one_object(tmp_path: Path) -> None:
    result = run(tmp_path, "nonsense-command", "--json")

    facts = json.loads(result.stderr)
    assert ["file", "line", "field", "error", "fix"] == list(facts)
    assert "There is no command 'nonsense-command'" == facts["error"]


def test_words_of_other_tools_lead_to_commands_that_exist() -> None:
    assert set() == set(INSTEAD) & set(COMMANDS)


def test_init_makes_an_archive_once(tmp_path: Path) -> None:
    first = run(tmp_path, "init", "here", "--title", 'Talks "1985"')
    second = run(tmp_path, "init", "here")

    assert 0 == first.exit_code
    assert (tmp_path / "here" / "events").is_dir()
    assert 'title: "Talks \\"1985\\""' in (tmp_path / "here" / "metadata.yml").read_text()
    assert 6 == second.exit_code
    assert "there is an archive already" in second.stderr


def test_a_closed_pipe_ends_with_141(tmp_path: Path) -> None:
    child = process(tmp_path, "help", "dates")
    assert child.stdout is not None
    child.stdout.close()
    _, words = child.communicate(timeout=30)

    assert (141, b"") == (child.returncode, words)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(tmp_path: Path, shell: str) -> None:
    assert "_TIMELINE_COMPLETE" in run(tmp_path, "completion", shell).stdout


def test_an_example_archive_is_ready_to_look_at(tmp_path: Path) -> None:
    made = run(tmp_path, "init", "--example")
    found = run(tmp_path, "show", "harbour", "--json")

    facts = json.loads(found.stdout)
    assert (0, ["/when"]) == (made.exit_code, list(facts["contested"]))
    assert 0 == run(tmp_path, "check").exit_code
    assert 0 == run(tmp_path, "undo").exit_code
    assert "0\n" == run(tmp_path, "find", "--count").stdout
