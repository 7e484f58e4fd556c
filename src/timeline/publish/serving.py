"""Answers of the server: a request to a question, a document to a response with its headers."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

from timeline.errors import TimelineError
from timeline.publish import adapter, outputs
from timeline.publish.links import Links
from timeline.publish.pages import Page
from timeline.publish.pages.missing import missing
from timeline.publish.render import ASSETS, render
from timeline.publish.site import (
    Ask,
    Document,
    Site,
    asset,
    asset_version,
    moment_of,
    site_of,
)
from timeline.readmodel.database import get_value, one_moment

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self';"
        " object-src 'none'"
    ),
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
}
_HTML: Final = "text/html; charset=utf-8"
_TEXT: Final = "text/plain; charset=utf-8"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes to the browser."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    headers: Mapping[str, str] | None = None


def database_of(datasette: Any) -> Any:
    """The database that holds the read model: the one called `timeline`, else the first."""
    own = {n: db for n, db in datasette.databases.items() if not n.startswith("_")}
    return own.get("timeline") or next(iter(own.values()))


async def site_and_links(datasette: Any, request: Any) -> tuple[Site, Links]:
    """The site as Datasette was started with it, and addresses under its base."""
    path = database_of(datasette).path
    metadata = await adapter.instance_metadata(datasette)
    site = site_of(metadata, Path(path).parent if path else None)
    if not site.address:
        site = replace(site, address=datasette.absolute_url(request, datasette.urls.path("/")))
    as_of = dict(_query(request)).get("_as_of", "").strip()
    return site, Links(datasette.setting("base_url"), as_of, adapter.query_path(datasette))


def _query(request: Any) -> list[tuple[str, str]]:
    return parse_qsl(request.query_string, keep_blank_values=True, max_num_fields=200)


async def page_response(datasette: Any, request: Any, page: Page) -> Any:
    """The response of one page; a reader who has it already gets 304."""
    site, links = await site_and_links(datasette, request)
    asking = _ask(datasette, request, site, links)

    def answer(connection: sqlite3.Connection) -> Answer:
        with one_moment(connection):
            ask = asking(connection)
            tag = _tag(connection, ask.url)
            if tag == request.headers.get("if-none-match"):
                return Answer(b"", status=304, headers={"etag": tag})
            document, ask = document_for(ask, page)
            headers = {"etag": tag} if document.status == 200 else {}
            return Answer(render(document, ask).encode(), status=document.status, headers=headers)

    return response(await database_of(datasette).execute_fn(answer))


def nowhere(datasette: Any, request: Any, exception: Exception) -> Any:
    """Our page for an address that Datasette does not know; None leaves it to Datasette."""
    if getattr(exception, "status", 500) != 404 or "." in request.path.rpartition("/")[2]:
        return None
    name = unquote(request.path)
    return page_response(datasette, request, lambda ask: missing(ask, "page", name))


def _ask(datasette: Any, request: Any, site: Site, links: Links) -> Callable[..., Ask]:
    """What makes the question of a request, once there is a connection to ask it on."""
    pairs = _query(request)
    url = _path(datasette, request) + (f"?{urlencode(pairs)}" if pairs else "")
    # At an address that is nowhere Datasette leaves groups of its own pattern empty.
    names = {name: unquote(value or "") for name, value in request.url_vars.items()}
    asked = tuple((name, value) for name, value in pairs if name != "_as_of")

    def make(connection: sqlite3.Connection) -> Ask:
        return Ask(connection, site, links, names, asked, today=today(), url=url)

    return make


def _path(datasette: Any, request: Any) -> str:
    """The path as the browser has it; it begins with the base address once."""
    base, path = datasette.setting("base_url"), str(request.path)
    return path if path.startswith(base) else base + path.lstrip("/")


async def file_response(
    datasette: Any, request: Any, make: Callable[[Ask], outputs.File | None]
) -> Any:
    """A download; what was refused is one line of text."""
    site, links = await site_and_links(datasette, request)
    asking = _ask(datasette, request, site, links)

    def answer(connection: sqlite3.Connection) -> Answer:
        try:
            ask = asking(connection)
            found = make(known(ask) if links.as_of else ask)
        except TimelineError as refused:
            return Answer(f"{refused.message}\n".encode(), _TEXT, 400)
        if found is None:
            return Answer(b"There is nothing here.\n", _TEXT, 404)
        content, content_type, name = found
        shown = "inline" if name.endswith(".atom") else "attachment"
        headers = {"content-disposition": f'{shown}; filename="{name}"'}
        return Answer(
            content, content_type, headers={**headers, "access-control-allow-origin": "*"}
        )

    return response(await database_of(datasette).execute_fn(answer))


def document_for(ask: Ask, page: Page) -> tuple[Document, Ask]:
    """The page's document with its as-of found; what was refused is a page too."""
    try:
        now = known(ask) if ask.links.as_of else ask
        return page(now), now
    except TimelineError as refused:
        plain = replace(ask, links=replace(ask.links, as_of=""))
        facts = {"message": refused.message, "fix": refused.fix}
        return Document("refused.html", facts, 404 if refused.exit_code == 4 else 400), plain


def known(ask: Ask) -> Ask:
    """The question with its as-of found in the log."""
    return replace(ask, as_of=moment_of(ask.connection, ask.links.as_of, ask.today))


def today() -> date:
    """The day that readers' words count from; `TIMELINE_TODAY` fixes it."""
    fixed = os.environ.get("TIMELINE_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(UTC).date()


def _tag(connection: sqlite3.Connection, url: str) -> str:
    """Changes with the read model, the address, the look and the day."""
    parts = (get_value(connection, "cursor"), url, asset_version("site.css"), today().isoformat())
    return f'"{sha256(repr(parts).encode()).hexdigest()[:20]}"'


def response(answer: Answer) -> Any:
    """Datasette's response object."""
    from datasette.utils.asgi import Response

    headers = {**HEADERS, **(answer.headers or {})}
    if answer.content_type == _HTML:
        headers.setdefault("cache-control", "no-cache")
    return Response(
        answer.body, status=answer.status, headers=headers, content_type=answer.content_type
    )


def asset_response(request: Any) -> Any:
    """A style sheet, script or icon; its address changes with it, so it may be kept for ever."""
    name = request.url_vars["name"]
    if name not in ASSETS:
        return response(Answer(b"There is nothing here.\n", _TEXT, 404))
    kind = _TYPES[Path(name).suffix]
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return response(Answer(asset(name), f"{kind}; charset=utf-8", headers=headers))
