"""Every address that the plugin answers, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from timeline.publish import adapter, outputs, serving
from timeline.publish.pages import PAGES, Page
from timeline.publish.pages.timeline import timeline
from timeline.publish.site import Ask

View = Callable[..., Any]

FILES: Final[tuple[tuple[str, Callable[[Ask], outputs.File | None]], ...]] = (
    (r"^/selection\.(?P<format>csv|tsv|json|nl|ics|geojson|atom)$", outputs.selection),
    (
        r"^/event/(?P<event>[^/.]+)\.(?P<format>bib|csl\.json|ics|json|tlog-proof)$",
        outputs.event_file,
    ),
    (r"^/changes\.atom$", outputs.changes_feed),
)
"""Regular expression of the path -> what makes the download."""

_ASSET: Final = r"^/-/timeline/[0-9a-f]+/(?P<name>[a-z-]+\.(css|js|svg))$"


def routes() -> list[tuple[str, View]]:
    """Regular expression of the path -> view."""
    return [
        *((pattern, _view(page)) for pattern, page in PAGES),
        *((pattern, _file(make)) for pattern, make in FILES),
        (_ASSET, _asset),
        (r"^/-/tables$", _tables),
    ]


def _view(page: Page) -> View:
    async def view(datasette: Any, request: Any) -> Any:
        if page is timeline and "sql" in request.args:
            return await adapter.database_page(datasette, request)
        return await serving.page_response(datasette, request, page)

    return view


def _file(make: Callable[[Ask], outputs.File | None]) -> View:
    async def view(datasette: Any, request: Any) -> Any:
        return await serving.file_response(datasette, request, make)

    return view


async def _asset(request: Any) -> Any:
    return serving.asset_response(request)


async def _tables(datasette: Any, request: Any) -> Any:
    """Datasette's page of all tables, whose own address is our timeline."""
    return await adapter.database_page(datasette, request)
