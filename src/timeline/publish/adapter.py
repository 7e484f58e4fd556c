"""Where the two lines of Datasette differ (0.65 and 1.0), and nothing else."""

from __future__ import annotations

from typing import Any


async def instance_metadata(datasette: Any) -> dict[str, Any]:
    """Title, licence, source and the plugins' settings."""
    if is_new(datasette):
        settings = datasette.plugin_config("timeline") or {}
        return {**await datasette.get_instance_metadata(), "plugins": {"timeline": settings}}
    return dict(datasette.metadata() or {})


def query_path(datasette: Any) -> str:
    """Where queries are answered: 1.0 has `/db/-/query`, 0.65 has `/db?sql=`."""
    return "timeline/-/query" if is_new(datasette) else "timeline"


def is_new(datasette: Any) -> bool:
    """Whether this is the 1.0 line; takes an instance or the class."""
    return hasattr(datasette, "get_instance_metadata")


async def database_page(datasette: Any, request: Any) -> Any:
    """Datasette's own page at `/timeline`, which ours stands before."""
    from datasette.views.database import DatabaseView

    request.scope["url_route"] = {"kwargs": {"database": "timeline", "format": None}}
    if is_new(datasette):
        return await DatabaseView()(request, datasette)
    return await DatabaseView(datasette).get(request)
