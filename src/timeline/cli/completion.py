"""`timeline completion`: the script that a shell reads to complete commands and options."""

from __future__ import annotations

import click


@click.command(epilog='Put eval "$(timeline completion bash)" into ~/.bashrc.')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = ctx.find_root()
    click.echo(completion(root.command, {}, "timeline", "_TIMELINE_COMPLETE").source())
