"""Where the two lines of Datasette differ (0.65 and 1.0), and nothing else."""

from __future__ import annotations

from typing import Any


async def instance_metadata(datasette: Any) -> dict[str, Any]:
    """Title, licence, source and the plugins' settings."""
    if hasattr(datasette, "get_instance_metadata"):
        settings = datasette.plugin_config("timeline") or {}
        return {**await datasette.get_instance_metadata(), "plugins": {"timeline": settings}}
    return dict(datasette.metadata() or {})


def has_query_page(datasette: Any) -> bool:
    """Whether queries have an address of their own: 1.0 has `/db/-/query`, 0.65 has `/db?sql=`."""
    return hasattr(datasette, "get_instance_metadata")


async def database_page(datasette: Any, request: Any) -> Any:
    """Datasette's own page at `/timeline`, which ours stands before."""
    from datasette.views.database import DatabaseView

    if has_query_page(datasette):
        return await DatabaseView()(request, datasette)
    view = DatabaseView(datasette)
    request.scope["url_route"]["kwargs"] = {"database": "timeline", "format": None}
    return await view.get(request)
