"""What Datasette's own table and query pages get from us: formats and filters."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any

from timeline.publish import outputs
from timeline.publish.filters import NAMES, Clauses, clauses
from timeline.publish.serving import today

App = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]

_LEADS_ABROAD = re.compile(rb"/(/|\\|%5c|%2f)", re.IGNORECASE)


def renderer(form: str) -> dict[str, Any]:
    """What `register_output_renderer` asks for, of one format."""

    def render(columns: list[str], rows: list[Any]) -> Any:
        from datasette.utils.asgi import Response

        body = outputs.rendered(form, columns, rows).decode("utf-8", "replace")
        return Response(body, content_type=outputs.TYPES[form])

    def can_render(columns: list[str]) -> bool:
        return outputs.allowed(form, columns)

    return {"extension": form, "render": render, "can_render": can_render}


def filter_arguments(
    request: Any, database: str, table: str, datasette: Any
) -> Callable[[], Coroutine[Any, Any, Any]] | None:
    """The clauses for Datasette, found when it awaits them; None where nothing was asked."""
    for name in ("_sort", "_sort_desc"):
        if (request.args.get(name) or "").startswith("__"):
            return _refuse_sort
    asked = {name: request.args.get(name) or "" for name in NAMES}
    if not any(asked.values()):
        return None

    def make(connection: sqlite3.Connection) -> Clauses:
        named = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
        columns = {row[0] for row in named}
        return clauses(connection, columns, asked, today())

    async def found() -> Any:
        from datasette.filters import FilterArguments

        made = await datasette.get_database(database).execute_fn(make)
        return FilterArguments(made.where, params=made.parameters, human_descriptions=made.told)

    return found


async def _refuse_sort() -> None:
    """Datasette 0.65 takes a name such as `__x` for a column of its own and answers 500."""
    from datasette.utils.asgi import BadRequest

    raise BadRequest("there is no such column to sort by")


def packed(app: App) -> App:
    """The app with its answers packed by gzip where the reader takes it, stock pages and downloads
    too: a table of Datasette's is eight times as long without.
    """
    from asgi_gzip import GZipMiddleware

    middleware: App = GZipMiddleware(app, minimum_size=1_000, compresslevel=6)
    return middleware


def closed(app: App) -> App:
    """The app behind a door: Datasette redirects `/\\example.com/` and `//example.com/` abroad."""

    async def door(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("raw_path") or scope.get("path", "").encode("utf-8", "replace")
        if scope["type"] == "http" and _LEADS_ABROAD.match(path):
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 404, "headers": headers})
            await send({"type": "http.response.body", "body": b"There is nothing here.\n"})
        else:
            await app(scope, receive, send)

    return door
