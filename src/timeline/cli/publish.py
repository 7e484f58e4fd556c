"""`timeline publish`: the archive as plain files that any web host can serve."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.as_of import folded_as_of_option
from timeline.cli.progress import progress
from timeline.cli.session import Session, today


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", metavar="URL", default="", help="Where it will be read.")
@folded_as_of_option
@click.pass_obj
def command(session: Session, /, folder: Path, base_url: str, as_of: str | None) -> None:
    """Write the pages and the data as plain files."""
    import yaml

    from timeline.cli.model import folded_to, open_model
    from timeline.errors import VerificationFailed
    from timeline.publish.deadlinks import dead_links
    from timeline.publish.files import publish
    from timeline.publish.site import moment_of, site_of

    archive = session.archive()
    connection = open_model(session, archive)
    known = archive.metadata.read_text("utf-8") if archive.metadata.is_file() else ""
    metadata = yaml.safe_load(known) or {}
    if base_url:
        metadata["plugins"] = {"timeline": {"address": base_url}}
    site = site_of(metadata, archive.root)
    moment = None
    if as_of is not None:
        moment = moment_of(connection, as_of, today())
        archive = folded_to(session, archive, moment.position)
    with progress("pages written", quiet=session.quiet) as report:
        done = publish(archive, folder, site, today=today(), as_of=moment, progress=report)
    problems = list(dead_links(folder))
    for problem in problems[:20]:
        session.say(str(problem))
    session.say(
        f"{done.files:,} files, {done.bytes / 1e6:,.1f} MB, {done.seconds:.1f} s, in {folder}"
    )
    if problems:
        raise VerificationFailed(f"{folder}: {len(problems)} links lead nowhere")
