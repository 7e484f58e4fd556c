"""`--as-of` of every command that looks: the answer that an archive gave which ended there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import pytest

from timeline.cli.group import timeline

from .commands import done, lines, new_archive, run

LOOKING = (
    "find", "show", "state", "log", "chart", "sql", "resolve", "export", "build", "publish",
    "entity list", "entity show", "source list", "source show", "vocabulary list",
    "vocabulary show",
)  # fmt: skip

PACK = """pack: rooms
version: 1
title: Rooms
description: Who meets in a room has it.
types:
  room.taken: {label: Taken}
"""


def add_pack(folder: Path, text: str) -> None:
    (folder / "rooms.yml").write_text(text)
    done(folder, "vocabulary", "add", str(folder / "rooms.yml"))


def commands(folder: Path) -> None:
    """A year's work, in an archive of its own."""
    done(folder, "entity", "add", "person:ann-lee", "Ann Lee")
    done(folder, "entity", "add", "person:a-lee", "A. Lee")
    done(folder, "entity", "add", "treaty:quiet", "Treaty on Quiet")
    done(folder, "source", "add", "Times", "--grade", "B")
    done(
        folder, "add", "Talks in Rome", "-d", "1991-01", "-t", "meeting.held",
        "-w", "person:ann-lee:party", "-w", "Bo Ek:party", "-p", "Rome", "-p", "Ostia",
        "-s", "src:times", "-q", "They met twice", "topics=arms-control",
    )  # fmt: skip
    done(
        folder, "add", "Talks in Oslo", "-d", "1992-02-03", "-t", "meeting.held",
        "-w", "person:a-lee:party", "-w", "Jane Doe:party", "-s", "src:times",
    )  # fmt: skip
    done(
        folder, "add", "The treaty is signed", "-d", "1993-04-05", "-t", "treaty.signed",
        "-w", "state:no:party", "data.treaty=treaty:quiet", "-s", "A paper",
    )  # fmt: skip
    add_pack(folder, PACK)


def changes(folder: Path) -> None:
    """What was corrected, merged, renamed and taken back in the year after."""
    done(folder, "entity", "merge", "person:a-lee", "person:ann-lee")
    done(folder, "entity", "alias", "person:ann-lee", "Anna Lee")
    done(folder, "source", "grade", "src:times", "D")
    done(folder, "correct", "src:times", "title=The New Times", "-r", "update")
    done(
        folder,
        "correct",
        "treaty:quiet",
        'names=[{"text": "Treaty on Noise"}]',
        "-r",
        "typing_error",
    )
    done(folder, "entity", "add", "person:bo-ek", "Bo Ek")
    done(folder, "resolve", "Bo Ek", "person:bo-ek")
    done(folder, "correct", "talks-in-rome", "when=1991-02-01", "-r", "new_evidence")
    done(folder, "correct", "talks-in-rome", "title=A dinner", "where=Milan", "-r", "update")
    done(folder, "cite", "the-treaty", "src:times", "--stance", "denies")
    done(folder, "retract", "talks-in-oslo", "-r", "false")
    done(folder, "correct", "the-treaty", "participants=state:se:party", "-r", "typing_error")
    add_pack(folder, PACK.replace("version: 1", "version: 2") + "  room.left: {label: Left}\n")


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive as it was on the last day of that year."""
    folder = new_archive(tmp_path_factory.mktemp("then"))
    commands(folder)
    return folder


@pytest.fixture(scope="module")
def now(then: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same log, and what came behind it."""
    folder = new_archive(tmp_path_factory.mktemp("now"))
    for path in (then / "events").glob("*/*.jsonl"):
        copy = folder / path.relative_to(then)
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
    changes(folder)
    return folder


@pytest.fixture(scope="module")
def moment(then: Path) -> str:
    return f"#{len(lines(then)) - 1}"


@pytest.mark.parametrize("path", LOOKING)
def test_every_command_that_looks_takes_an_as_of(path: str) -> None:
    command: click.Command | None = timeline
    for name in path.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None

    (option,) = (one for one in command.params if one.name == "as_of")
    assert isinstance(option, click.Option)
    assert (option.help or "").startswith("As the archive was then: a day, an instant, #123,")


ASKED: tuple[tuple[str, ...], ...] = (
    ("sql", "SELECT * FROM events ORDER BY number", "--json"),
    ("sql", "SELECT * FROM claims", "--csv"),
    ("sql", "SELECT entity, text FROM names ORDER BY 1, 2", "--csv"),
    ("sql", "SELECT * FROM states", "--csv"),
    ("sql", "SELECT position, effective FROM records", "--csv"),
    ("resolve", "--csv"),
    ("resolve", "Ek", "--csv"),
    ("entity", "list", "--csv"),
    ("entity", "list", "noise", "--csv"),
    ("entity", "list", "--kind", "person", "--csv"),
    ("entity", "show", "person:a-lee", "--json"),
    ("entity", "show", "person:ann-lee", "--json"),
    ("entity", "show", "treaty:quiet"),
    ("source", "list", "--csv"),
    ("source", "list", "--grade", "D", "--csv"),
    ("source", "show", "src:times", "--json"),
    ("vocabulary", "list", "--csv"),
    ("vocabulary", "show", "rooms"),
    ("find", "--json"),
    ("find", "rome", "--csv"),
    ("find", "dinner", "--csv"),
    ("find", "twice", "--csv"),
    ("find", "lee", "--csv"),
    ("find", "-p", "Ostia", "--csv"),
    ("find", "-w", "person:a-lee", "--csv"),
    ("find", "-w", "Jane Doe", "--csv"),
    ("find", "--facet", "actors", "--csv"),
    ("find", "rome", "--facet", "place", "--csv"),
    ("find", "--sort", "certainty", "--csv"),
    ("find", "--count"),
    ("find", "talks", "--count"),
    ("export", "nl"),
    ("export", "csv", "ostia"),
    ("show", "talks-in-rome"),
    ("show", "talks-in-oslo", "--json"),
    ("show", "talks-in-rome", "--history", "--json"),
    ("show", "talks-in-rome", "--blame", "--json"),
    ("show", "talks-in-rome", "--raw"),
    ("show", "the-treaty", "--json"),
    ("show", "#5", "--json"),
    ("state", "treaty:quiet", "--json"),
    ("log", "--csv"),
    ("log", "talks-in-oslo", "--csv"),
    ("chart", "histogram"),
    ("chart", "calendar"),
    ("chart", "map"),
    ("chart", "lanes", "person:a-lee"),
    ("chart", "status", "treaty:quiet"),
)  # fmt: skip


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_an_as_of_gives_what_the_archive_answered_then(
    then: Path, now: Path, moment: str, asked: tuple[str, ...]
) -> None:
    assert done(then, *asked) == done(now, *asked, "--as-of", moment)


@pytest.mark.parametrize("when", ["2000", "1999-12-31T23:00:00Z"])
def test_before_the_first_record_there_was_nothing(now: Path, when: str) -> None:
    assert "n\n0\n" == done(
        now, "sql", "SELECT count(*) AS n FROM entities", "--csv", "--as-of", when
    )
    assert "" == done(now, "source", "list", "--nl", "--as-of", when)
    assert 4 == run(now, "entity", "show", "person:ann-lee", "--as-of", when).exit_code


@pytest.mark.parametrize(
    ("moment", "code", "words"),
    [("soon", 2, "no moment"), ("#999", 4, "the log ends at"), ("seal/7", 4, "there is no seal/7")],
)
@pytest.mark.parametrize(
    "command",
    [
        ("sql", "SELECT 1"), ("resolve",), ("entity", "list"), ("source", "list"),
        ("source", "show", "src:times"), ("find",), ("vocabulary", "list"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_moment_that_is_none_is_refused_alike_everywhere(
    now: Path, command: tuple[str, ...], moment: str, code: int, words: str
) -> None:
    result = run(now, *command, "--as-of", moment)

    assert code == result.exit_code
    assert words in result.stderr


def test_what_was_folded_for_an_as_of_is_removed(
    now: Path, moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = run(now, "sql", "SELECT file FROM pragma_database_list", "--csv", "--as-of", moment)
    failed = run(now, "sql", "SELECT nope", "--as-of", moment)

    assert str(tmp_path) in result.stdout
    assert f"as the archive was at {moment}" in result.stderr
    assert (2, []) == (failed.exit_code, list(tmp_path.iterdir()))


def test_at_the_newest_record_nothing_is_folded(now: Path) -> None:
    result = run(now, "sql", "SELECT file FROM pragma_database_list", "--csv", "--as-of", "last")

    assert str(now / "timeline.db") in result.stdout


def test_whom_a_name_means_cannot_be_said_in_the_past(now: Path) -> None:
    result = run(now, "resolve", "Jane Doe", "person:ann-lee", "--as-of", "#3")

    assert 2 == result.exit_code
    assert "Fix: timeline resolve 'Jane Doe' person:ann-lee\n" in result.stderr


def test_what_came_later_was_not_known(now: Path) -> None:
    result = run(now, "show", "last", "--as-of", "#3")

    assert 4 == result.exit_code
    assert "was not known at #3" in result.stderr
