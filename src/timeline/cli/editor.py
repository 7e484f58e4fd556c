"""The person's editor on a form of `field: text` lines, opened again until nothing is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click

from timeline.archive import Archive
from timeline.errors import Problem, TimelineError

Pairs = Sequence[tuple[str, str]]

_FIELD = re.compile(r"([a-z_][a-z0-9_.-]*):(?:\s+(.*))?$")


class Checked(Protocol):
    """What a reading of the form gives: at least its problems."""

    @property
    def problems(self) -> Sequence[Problem]: ...


def edit_form(
    archive: Archive, form: str, name: str, check: Callable[[Pairs], Checked]
) -> tuple[Pairs, Checked] | None:
    """Opens the editor until `check` finds nothing wrong. Text left behind is kept.

    Args:
        archive: drafts are kept in its `.timeline/drafts/`.
        form: the text to begin with.
        name: what the kept draft is called after.
        check: reads the pairs of the form.

    Returns:
        The pairs and what `check` made of them; None when the person left the text as it was.
    """
    text = form
    while True:
        edited = click.edit(text, extension=".timeline.txt", require_save=False)
        if edited is None or _bare(edited) == _bare(text):
            _keep_if_changed(archive, name, text, form)
            return None
        try:
            pairs = read_form(edited)
            checked = check(pairs)
        except TimelineError as error:
            text = with_problems(edited, [Problem("", 0, "", error.message)])
            continue
        if not checked.problems:
            return pairs, checked
        text = with_problems(edited, checked.problems)


def read_form(text: str) -> list[tuple[str, str]]:
    """The pairs of a form: a field, a colon, its text; an indented line goes on with the text."""
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        if line[0].isspace() and pairs:
            name, so_far = pairs[-1]
            pairs[-1] = (name, f"{so_far} {line.strip()}".strip())
            continue
        match = _FIELD.match(line)
        if match is None:
            raise TimelineError(f"line {number} is no `field: text`: {line[:40]!r}")
        pairs.append((match[1], (match[2] or "").strip()))
    return pairs


def with_problems(text: str, problems: Sequence[Problem]) -> str:
    """The form with a `#!` line above every field that is wrong, the rest on top."""
    lines = [line for line in text.splitlines() if not line.startswith("#!")]
    waiting = list(problems)
    marked: list[str] = []
    for line in lines:
        match = _FIELD.match(line)
        if match is not None:
            here = [problem for problem in waiting if _concerns(problem, match[1])]
            marked += [_mark(problem) for problem in here]
            waiting = [problem for problem in waiting if problem not in here]
        marked.append(line)
    return "\n".join([*map(_mark, waiting), *marked]) + "\n"


def _concerns(problem: Problem, name: str) -> bool:
    return name in {problem.field, problem.field.strip("/").split("/")[0]}


def _mark(problem: Problem) -> str:
    fix = f" ({problem.fix})" if problem.fix else ""
    place = f"{problem.field}: " if problem.field else ""
    return f"#! {place}{problem.message}{fix}".replace("\n", " ")


def _bare(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def _keep_if_changed(archive: Archive, name: str, text: str, form: str) -> None:
    if _bare(text) == _bare(form):
        return
    path = keep_draft(archive, name, text)
    click.echo(f"Your text is kept in {path}", err=True)


def keep_draft(archive: Archive, name: str, text: str) -> Path:
    """Puts a text into `.timeline/drafts/`; returns its path."""
    folder = archive.private / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"
    path.write_text(text, "utf-8")
    return path
