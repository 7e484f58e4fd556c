"""Addresses of pages: on a server with its filters, or of files that link to each other."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

Pairs = Sequence[tuple[str, str]]

FILTERED_PAGES = {"type", "topic", "place", "certainty", "status", "precision", "year"}
"""Filters of the timeline that have a page of their own among published files."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on a server.

    Attributes:
        base: what stands before every path, `/` at both ends.
        as_of: the as-of that a page was asked with; every link to a page keeps it.
        sql_path: path of Datasette's page for queries.
    """

    base: str = "/"
    as_of: str = ""
    sql_path: str = "timeline"

    static = False

    def page(self, path: str = "", query: Pairs = ()) -> str:
        """The address of a page of ours; `path` without a leading slash."""
        pairs = [*query, *([("_as_of", self.as_of)] if self.as_of else [])]
        return self.file(path) + (f"?{urlencode(pairs)}" if pairs else "")

    def file(self, path: str) -> str:
        """The address of something that knows no as-of: a style sheet, a download."""
        return self.base + quote(path, safe="/@:~.,-_")

    def timeline(self, query: Pairs = ()) -> str:
        """The timeline under filters."""
        return self.page("timeline", query)

    def now(self, url: str) -> str:
        """An address without its as-of."""
        path, _, query = url.partition("?")
        rest = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "_as_of"]
        return path + (f"?{urlencode(rest)}" if rest else "")

    def event(self, event: str) -> str:
        return self.page(f"event/{event}")

    def entity(self, entity: str) -> str:
        """The page of an entity; a treaty has a page of another kind."""
        return self.page(f"{'treaty' if entity.startswith('treaty:') else 'entity'}/{entity}")

    def source(self, source: str) -> str:
        return self.page(f"source/{source}")

    def table(self, name: str, query: Pairs = ()) -> str:
        """A table of Datasette's own pages."""
        return f"{self.base}timeline/{name}" + (f"?{urlencode(query)}" if query else "")

    def sql(self, text: str, values: Pairs = ()) -> str:
        """Datasette's page for a query."""
        return f"{self.base}{self.sql_path}?{urlencode([('sql', text), *values])}"


@dataclass(frozen=True, slots=True)
class FileLinks(Links):
    """Addresses between files, relative to the page that they stand on.

    Attributes:
        here: path of that page from the root, such as `event/geneva-1955.html`.
    """

    here: str = "index.html"

    static = True

    def page(self, path: str = "", query: Pairs = ()) -> str:
        return self.file(page_file(path, query))

    def file(self, path: str) -> str:
        target, _, anchor = path.partition("#")
        folder = posixpath.dirname(self.here)
        return quote(posixpath.relpath(target, folder or ".")) + (f"#{anchor}" if anchor else "")


def page_file(path: str, query: Pairs = ()) -> str:
    """The file that holds a page: `event/x` is `event/x.html`, the home page `index.html`.

    Ids keep their letters but for the colon, which is `~3a` in file names.
    """
    if path == "timeline" and (name := _filtered(query)):
        return name
    return f"{path.replace(':', '~3a')}.html" if path else "index.html"


def _filtered(query: Pairs) -> str:
    """The file of a timeline under one filter; empty where there is none of it."""
    if len(query) != 1:
        return ""
    name, value = query[0]
    if name == "who" and ":" in value:
        kind = "treaty" if value.startswith("treaty:") else "entity"
        return page_file(f"{kind}/{value}")
    if name not in FILTERED_PAGES:
        return ""
    return f"timeline/{name}/{file_name(value)}.html"


def file_name(value: str) -> str:
    """A value as a file name: letters, digits, `-`, `_` and `.`; all else as `~` and hex."""
    kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    return "".join(c if c in kept else f"~{ord(c):x}" for c in value)
