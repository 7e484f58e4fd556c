"""`timeline check`: every rule over the whole log, everything wrong at once."""

from __future__ import annotations

import click

from timeline.cli.door import problem_line
from timeline.cli.session import Session
from timeline.cli.words import counted


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a problem.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check every rule over the whole log."""
    from timeline.log.checks import check

    session: Session = ctx.obj
    report = check(session.archive())
    for problem in report.problems:
        click.echo(problem_line(problem) if as_json else str(problem))
        if problem.fix and not as_json:
            click.echo(f"  Fix: {problem.fix}")
    for note in report.notes:
        session.say(f"Note: {note}")
    counts = ", ".join(_counted(name, n) for name, n in report.counts.items() if n)
    session.say(f"{counts or 'no records'}; {counted(len(report.problems), 'problem')}")
    if report.problems:
        ctx.exit(1)


def _counted(name: str, number: int) -> str:
    return f"{number:,} sealed" if name == "sealed" else counted(number, name.removesuffix("s"))
