"""`timeline help`: the topics that belong to no single command, and the help of a command."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import click

from timeline.cli.commands import COMMANDS
from timeline.errors import UsageRefused

TOPICS: Final = {
    "dates": "What dates can say, and how to type them.",
    "certainty": "Likelihood, reliability, credibility: three scales.",
    "two-clocks": "When it happened, and when we wrote it down.",
    "corrections": "How to mend what is wrong without editing.",
    "formats": "What comes out, and in which forms.",
    "exit-codes": "What the numbers mean.",
    "environment": "Variables that are read.",
}


@click.command()
@click.argument("topic", required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Explain a topic, or a command."""
    root = ctx.find_root()
    if topic is None:
        click.echo(root.get_help())
        click.echo("\nTopics (timeline help TOPIC):")
        width = max(map(len, TOPICS))
        for name, words in TOPICS.items():
            click.echo(f"  {name:<{width}}  {words}")
    elif topic in TOPICS:
        click.echo(topic_text(topic), nl=False)
    elif topic in COMMANDS:
        click.echo(_command_help(root, topic))
    else:
        raise _unknown(topic)


def topic_text(topic: str) -> str:
    """The text of one of `TOPICS`."""
    return files("timeline.cli").joinpath("topics", f"{topic}.txt").read_text("utf-8")


def _command_help(root: click.Context, name: str) -> str:
    assert isinstance(root.command, click.Group)
    found = root.command.get_command(root, name)
    assert found is not None
    with click.Context(found, parent=root, info_name=name) as context:
        return found.get_help(context)


def _unknown(topic: str) -> UsageRefused:
    from difflib import get_close_matches

    near = get_close_matches(topic, [*TOPICS, *COMMANDS], n=1, cutoff=0.6)
    fix = f"timeline help {near[0]}" if near else "timeline help"
    return UsageRefused(f"{topic!r} is no topic and no command", fix=fix)
