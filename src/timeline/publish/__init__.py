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
    from timeline.publish.guard import guard, guard_scratch
    from timeline.readmodel.functions import register

    if database not in _DATASETTES_OWN:
        register(conn)
        (guard_scratch if database == "_memory" else guard)(conn)


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


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Our marks and mended contrast on Datasette's own pages, in one sheet."""
    from timeline.publish.adapter import is_new
    from timeline.publish.site import asset_version

    name = "stock.css" if is_new(datasette) else "stock-dark.css"
    # Datasette itself puts its base address before the path.
    return [f"/-/timeline/{asset_version(name)}/{name}"]


@hookimpl
def extra_body_script() -> str:
    """Our icon, and names for the fields of Datasette's own pages.

    They stand in the page: each file would be one request more.
    """
    from urllib.parse import quote

    from timeline.publish.site import asset

    icon = f'const ICON = "data:image/svg+xml,{quote(asset("favicon.svg"))}";\n'
    return icon + asset("stock.js").decode()


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """From Datasette's own pages to ours."""
    pages = (
        ("Timeline", "/timeline"), ("Map", "/map"), ("Changes", "/changes"), ("Method", "/about"),
    )  # fmt: skip
    return [{"label": label, "href": datasette.urls.path(path)} for label, path in pages]


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Any:
    """Badges, readable dates and links in Datasette's own tables."""
    from timeline.publish.cells import cell

    if not isinstance(value, int | str):
        return None
    columns = frozenset() if table else frozenset(row.keys())
    return cell(value, column, table, datasette.setting("base_url"), columns)


@hookimpl
def register_output_renderer() -> list[dict[str, Any]]:
    """`.ics`, `.geojson`, `.atom` and `.nl` on any table or query that has the columns."""
    from timeline.publish.outputs import RENDERED
    from timeline.publish.stock import renderer

    return [renderer(form) for form in RENDERED]


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """What stands before every page: a closed door to other hosts, and compression."""
    from timeline.publish.stock import closed, packed

    return lambda app: packed(closed(app))


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """What is nowhere is a page of ours too, where a page was asked for."""
    from timeline.publish.serving import nowhere

    return nowhere(datasette, request, exception)


@hookimpl
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Any:
    """`?_from= _to= _on= _as_of=` on Datasette's own tables."""
    from timeline.publish.stock import filter_arguments

    return filter_arguments(request, database, table, datasette)
