"""Every address that the plugin answers, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from timeline.publish import adapter, serving
from timeline.publish.pages import PAGES, Page

View = Callable[..., Any]

_ASSET = r"^/-/timeline/[0-9a-f]+/(?P<name>site\.css|site\.js|favicon\.svg)$"


def routes() -> list[tuple[str, View]]:
    """Regular expression of the path -> view."""
    return [*((pattern, _view(page)) for pattern, page in PAGES), (_ASSET, _asset)]


def _view(page: Page) -> View:
    async def view(datasette: Any, request: Any) -> Any:
        if request.path == "/timeline" and "sql" in request.args:
            return await adapter.database_page(datasette, request)
        return await serving.page_response(datasette, request, page)

    return view


async def _asset(request: Any) -> Any:
    return serving.asset_response(request)
