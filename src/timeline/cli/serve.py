"""`timeline serve`: Datasette over the read model, on this machine, with the guard on."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.following import Following
from timeline.cli.session import Session
from timeline.errors import Busy

if TYPE_CHECKING:
    from timeline.archive import Archive


@click.command(context_settings={"ignore_unknown_options": False})
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=8001, show_default=True,
              help="0 takes a free one.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser on it.")
@click.option("--reload", is_flag=True, help="Start anew when code or metadata change.")
@click.option("--immutable", is_flag=True, help="The file will not change: cache for good.")
@click.argument("options", metavar="[-- DATASETTE-OPTIONS]", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(
    session: Session,
    port: int,
    host: str,
    open_browser: bool,
    reload: bool,
    immutable: bool,
    options: Sequence[str],
) -> None:
    """Serve the archive with Datasette."""
    from timeline.cli.progress import progress
    from timeline.readmodel.catchup import catch_up

    archive = session.archive()
    if reload:
        _start_reloader(archive)
    with progress("records read", quiet=session.quiet) as report:
        catch_up(archive, progress=report)
    port = free_port(host, port)
    datasette = make_datasette(archive, options, immutable=immutable)
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    session.say(f"{archive.root} at {address}  (Ctrl-C ends)")
    if open_browser:
        click.launch(address)
    app = datasette.app()
    if not immutable:
        app = Following(app, archive, session.warn)
    _run(app, host, port, verbose=session.verbose)


def make_datasette(
    archive: Archive, options: Sequence[str] = (), *, immutable: bool = False
) -> Any:
    """The Datasette over an archive's read model, as Datasette's own command would make it."""
    from datasette.cli import serve

    arguments = ["--immutable"] * immutable + [str(archive.database)]
    arguments += _metadata_arguments(archive)
    for name, value in _settings().items():
        arguments += ["--setting", name, json.dumps(value)]
    with serve.make_context("serve", [*arguments, *options]) as context:
        # Datasette has this for its own tests; it saves a second reading of all its options.
        return context.invoke(serve, **context.params, return_instance=True)


def _metadata_arguments(archive: Archive) -> list[str]:
    """Descriptions, facets and questions with the archive's own words on top, as files.

    Datasette 1.0 takes questions from its configuration, and the rest from there by itself.
    """
    from datasette.app import Datasette

    from timeline.publish.adapter import is_new
    from timeline.publish.metadata import DATABASE, full_metadata

    metadata = full_metadata(archive)
    arguments: list[str] = []
    if is_new(Datasette):
        queries = metadata["databases"][DATABASE].pop("queries")
        config = {"databases": {DATABASE: {"queries": queries}}}
        arguments = ["--config", _kept(archive, "datasette.json", config)]
    return [*arguments, "--metadata", _kept(archive, "metadata.json", metadata)]


def _kept(archive: Archive, name: str, value: object) -> str:
    """The path of a file in `.timeline/` that holds the value as JSON."""
    archive.private.mkdir(exist_ok=True)
    path = archive.private / name
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
    return str(path)


def free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0.

    Raises:
        Busy: something listens there already.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Busy(
                f"{host}:{port}: {error.strerror} (errno {error.errno})", fix="timeline serve -p 0"
            ) from error
        number: int = probe.getsockname()[1]
        return number


def _settings() -> dict[str, str | int | bool]:
    from timeline.publish.settings import SETTINGS

    return SETTINGS


def _run(app: Any, host: str, port: int, *, verbose: bool) -> None:
    import uvicorn

    level = "info" if verbose else "warning"
    config = uvicorn.Config(app, host=host, port=port, log_level=level, lifespan="on")
    # Not uvicorn.run: it swallows the interrupt, and whoever started us would see success.
    uvicorn.Server(config).run()


def _start_reloader(archive: Archive) -> None:
    import hupper

    reloader = hupper.start_reloader("timeline.cli.main")
    if archive.metadata.exists():
        reloader.watch_files([str(archive.metadata)])
