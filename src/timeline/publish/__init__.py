"""The Datasette plugin: pages, feeds and pictures over the read model.

pluggy's marker is used instead of `datasette.hookimpl`, which is the same one: the pictures are
drawn on the command line too, and that must not import Datasette. For the same reason everything
that a hook needs is imported when the hook is called.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from typing import Any

from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")


_DATASETTES_OWN = frozenset({"_internal", "__INTERNAL__"})


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Every connection that anybody's SQL runs on is guarded; Datasette's own notes are not."""
    from timeline.publish.guard import guard
    from timeline.readmodel.functions import register

    if database not in _DATASETTES_OWN:
        register(conn)
        guard(conn)


@hookimpl(hookwrapper=True)
def register_facet_classes() -> Generator[None, Any, None]:
    """Datasette's own facets of columns and arrays, with those of events answered by bitmaps."""
    from timeline.publish.facets import REPLACED

    outcome = yield
    found = [[REPLACED.get(kind, kind) for kind in kinds] for kinds in outcome.get_result()]
    outcome.force_result(found)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our addresses; Datasette asks them before its own."""
    from timeline.publish.routes import routes

    return routes()
