"""The one error door: every way in which a command can end becomes words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from timeline.cli.commands import COMMANDS
from timeline.errors import Problem, TimelineError

INTERRUPTED = 130
BROKEN_PIPE = 141


def through_door(run: Callable[[], Any], arguments: Sequence[str]) -> int:
    """Runs a command; what it raises is printed. Returns the exit code of the process."""
    as_json = wants_json(arguments)
    try:
        code = run()
        sys.stdout.flush()
    except TimelineError as error:
        report(error, as_json=as_json)
        return error.exit_code
    except click.ClickException as error:
        report(_usage(error, arguments), as_json=as_json)
        return error.exit_code
    except click.Abort as error:
        return _aborted(error)
    except BrokenPipeError:
        return reader_left()
    except OSError as error:
        report(_system(error), as_json=as_json)
        return 1
    except Exception as error:  # the last door: a person never sees a traceback
        of_disk = type(error).__name__ == "OperationalError" and "disk" in str(error)
        if _verbose(arguments) and not of_disk:
            raise
        report(_database(error) if of_disk else _own_fault(error), as_json=as_json)
        return 1
    return code if isinstance(code, int) else 0


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors shall be told as JSON: --json stands among the arguments."""
    head = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in head


def report(error: TimelineError, *, as_json: bool) -> None:
    """`Error: …` and `  Fix: …` for everything wrong, on stderr; with --json an object a line."""
    for problem in _problems(error):
        if as_json:
            click.echo(problem_line(problem), err=True)
        else:
            print_problem(problem)


def print_problem(problem: Problem) -> None:
    """One problem for a person, on stderr."""
    place = f"{problem.path}:{problem.line}: " if problem.line else ""
    name = f"{problem.field}: " if problem.field else ""
    head = click.style("Error:", fg="red", bold=True)
    click.echo(f"{head} {place}{name}{problem.message}", err=True)
    if problem.fix:
        click.echo(f"  Fix: {problem.fix}", err=True)


def _problems(error: TimelineError) -> list[Problem]:
    """The single problems of a refusal that has several, else the refusal itself as one."""
    several = getattr(error, "problems", ()) or [
        Problem("", 0, fault.rule, fault.message, fault.field)
        for fault in getattr(error, "faults", ())
    ]
    return list(several) or [Problem("", 0, "", error.message, fix=error.fix)]


def problem_line(problem: Problem) -> str:
    """A problem as an object: {file, line, field, error, fix}."""
    import json

    facts = {
        "file": problem.path or None,
        "line": problem.line or None,
        "field": problem.field or None,
        "error": problem.message,
        "fix": problem.fix or None,
    }
    return json.dumps(facts, ensure_ascii=False)


def _usage(error: click.ClickException, arguments: Sequence[str]) -> TimelineError:
    """click's words, with the command to type in place of its usage lines."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else _path_of(arguments)
    near = getattr(error, "possibilities", None) or _near_choices(error)
    message = str(error.message) if near else error.format_message()
    if near:
        others = f"; did you mean {' or '.join(near)}?"
        return TimelineError(message.rstrip(".") + others, fix=f"{path} {near[0]}")
    return TimelineError(message.rstrip("."), fix=f"{path} --help")


def _path_of(arguments: Sequence[str]) -> str:
    """The command that was typed, where click does not tell."""
    name = next((word for word in arguments if word in COMMANDS), "")
    return f"timeline {name}".strip()


def _near_choices(error: click.ClickException) -> list[str]:
    """The word of a closed list that was nearly typed."""
    kind = getattr(getattr(error, "param", None), "type", None)
    if not isinstance(kind, click.Choice):
        return []
    from difflib import get_close_matches

    typed = str(error.message).split("'")[1:2]
    return get_close_matches("".join(typed), list(map(str, kind.choices)), n=1, cutoff=0.5)


def _system(error: OSError) -> TimelineError:
    path = f"{error.filename}: " if error.filename else ""
    return TimelineError(f"{path}{error.strerror or error} (errno {error.errno})")


def _database(error: Exception) -> TimelineError:
    """SQLite's word for what the system refused; by name, for its import would cost every start."""
    fix = "see to the disk, then timeline build; the records are in events/"
    return TimelineError(f"timeline.db: {error}", fix=fix)


def _own_fault(error: Exception) -> TimelineError:
    words = f"timeline itself failed: {type(error).__name__}: {error}"
    return TimelineError(words, fix="type the command again with -v and report what it prints")


def _aborted(error: click.Abort) -> int:
    if isinstance(error.__cause__, KeyboardInterrupt):
        return INTERRUPTED
    click.echo("Error: no answer, nothing was done", err=True)
    return 1


def reader_left() -> int:
    """Lets what nobody reads any more go nowhere. Returns the exit code."""
    # What is still buffered has nowhere to go; without this Python complains while it ends.
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    return BROKEN_PIPE


def _verbose(arguments: Sequence[str]) -> bool:
    return bool(os.environ.get("TIMELINE_VERBOSE")) or any(
        word in {"-v", "--verbose"} for word in arguments
    )
