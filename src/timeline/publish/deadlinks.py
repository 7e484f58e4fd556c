"""Checks the links of published files: whatever a page points at inside the site must be there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from timeline.errors import Problem


class _Page(HTMLParser):
    """Addresses and anchors of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[int, str]] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            if name in {"href", "src", "action"} and value and tag not in {"form"}:
                self.links.append((self.getpos()[0], value))


def dead_links(folder: Path) -> Iterator[Problem]:
    """A problem for every link inside the site that leads to no file, or to no place in it."""
    pages: dict[Path, _Page] = {}
    for path in sorted(folder.rglob("*.html")):
        pages[path] = _read(path)
    for path, page in pages.items():
        for line, link in page.links:
            if why := _why_dead(folder, path, link, pages):
                yield Problem(path.relative_to(folder).as_posix(), line, "dead-link", why)


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    page.close()
    return page


def _why_dead(folder: Path, path: Path, link: str, pages: dict[Path, _Page]) -> str:
    parts = urlsplit(link)
    if parts.scheme in {"http", "https", "data"}:
        return ""
    if parts.scheme or link.startswith("/"):
        return f"{link} does not work from a folder"
    target = path if not parts.path else Path(_plain(path.parent / unquote(parts.path)))
    if not target.is_relative_to(folder) or not target.is_file():
        return f"{link} leads to no file"
    wanted = unquote(parts.fragment)
    if wanted and target in pages and wanted not in pages[target].anchors:
        return f"{link} leads to no place in its page"
    return ""


def _plain(path: Path) -> str:
    """The path without `..`; nothing is looked up on disk."""
    return posixpath.normpath(path.as_posix())
