"""What Datasette's own table and query pages get from us: formats and filters."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any

from timeline.publish import outputs
from timeline.publish.filters import NAMES, Clauses, clauses
from timeline.publish.serving import today


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
