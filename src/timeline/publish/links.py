"""Addresses of pages: on a server with its filters, or of files that link to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode

Pairs = Sequence[tuple[str, str]]

FILTERED_PAGES = {"type", "topic", "place", "certainty", "status", "precision", "year"}
"""Filters of the timeline that have a page of their own among published files."""

_LONGEST = 120


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
        return "../" * self.here.count("/") + quote(path)


def page_file(path: str, query: Pairs = ()) -> str:
    """The file that holds a page: `event/x` is `event/x.html`, the home page `index.html`.

    Of a timeline under several filters there is no file: it is that of the whole timeline.
    """
    if path == "timeline":
        return _timeline_file(query)
    if path == "map":
        return "map.html"
    return "/".join(file_name(part) for part in path.split("/")) + ".html" if path else "index.html"


def _timeline_file(query: Pairs) -> str:
    pairs = [pair for pair in query if pair[0] != "page"]
    number = dict(query).get("page", "1")
    behind = "" if number == "1" else f"~p{number}"
    if not pairs:
        return f"timeline{behind}.html"
    if len(pairs) > 1:
        return "timeline.html"
    name, value = pairs[0]
    if name == "who" and ":" in value:
        return page_file(f"{'treaty' if value.startswith('treaty:') else 'entity'}/{value}")
    if name not in FILTERED_PAGES:
        return "timeline.html"
    return f"timeline/{name}/{file_name(value)}{behind}.html"


def file_name(value: str) -> str:
    """A value as a file name: letters, digits, `-`, `_` and `.`; all else as `~` and hex.

    No file is called like a folder's parent, and a long name ends in its hash.
    """
    kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    name = "".join(c if c in kept else f"~{ord(c):x}" for c in value)
    if name.startswith("."):
        name = f"~2e{name[1:]}"
    if len(name) > _LONGEST:
        return f"{name[:_LONGEST]}~{sha256(value.encode()).hexdigest()[:16]}"
    return name
