"""The group of all commands: imports each when it is typed, lets errors out by one door."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoSuchCommand

import timeline as package
from timeline.cli.commands import COMMANDS, INSTEAD, SECTIONS
from timeline.cli.door import reader_left, through_door
from timeline.cli.session import Session


class Commands(click.Group):
    """A group whose commands are looked up by name in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = import_module(entry.module).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; an unknown name is answered with the nearest ones."""
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        if INSTEAD.get(name) in COMMANDS:
            raise NoSuchCommand(
                name, f"There is no command {name!r} here", [INSTEAD[name]], ctx=ctx
            ) from None
        raise NoSuchCommand(name, f"There is no command {name!r}", list(COMMANDS), ctx=ctx)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """The sections of `SECTIONS`, from their own words: no command is imported for it."""
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry.help) for name, entry in entries.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; output that nobody reads any more ends it quietly."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            ctx.exit(reader_left())
        return result

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *_: Any,
        **extra: Any,
    ) -> Any:
        """Runs the command line and ends the process; never returns."""
        arguments = list(sys.argv[1:] if args is None else args)
        extra.pop("standalone_mode", None)
        run = super().main
        sys.exit(
            through_door(
                lambda: run(arguments, prog_name or "timeline", standalone_mode=False, **extra),
                arguments,
            )
        )


@click.group(
    cls=Commands,
    context_settings={
        "auto_envvar_prefix": "TIMELINE",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work on the archive of this folder.",
)
@click.option(
    "--color/--no-color",
    default=None,
    help="Colour always or never; else on a terminal, unless NO_COLOR is set.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but warnings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@click.option("--no-input", is_flag=True, help="Never ask a question.")
@click.version_option(package.__version__, message="%(prog)s %(version)s")
@click.pass_context
def timeline(
    ctx: click.Context,
    folder: Path | None,
    color: bool | None,
    quiet: bool,
    verbose: bool,
    no_input: bool,
) -> None:
    """An archive of dated events: who says so, and since when.

    Every option can be set in the environment: TIMELINE_NO_INPUT for --no-input,
    TIMELINE_FIND_LIMIT for find --limit. The archive is the nearest folder upward that
    holds events/.
    """
    ctx.color = False if color is None and os.environ.get("NO_COLOR") else color
    ctx.obj = Session(folder, quiet, verbose, no_input)
