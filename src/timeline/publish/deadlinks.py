"""Checks the links of published files: whatever a page points at inside the site must be there.

Pages are our own: attributes stand in double quotes, and text has none that is not escaped.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from timeline.errors import Problem

_LINK: Final = re.compile(r'\s(?:href|src)="([^"]+)"')
_ANCHOR: Final = re.compile(r'\sid="([^"]+)"')


def dead_links(folder: Path) -> Iterator[Problem]:
    """A problem for every link inside the site that leads to no file, or to no place in it."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = sorted(name for name in files if name.endswith(".html"))
    anchors = {name: {*map(unescape, _ANCHOR.findall(_text(folder, name)))} for name in pages}
    for name in pages:
        text = _text(folder, name)
        for link in dict.fromkeys(_LINK.findall(text)):
            if why := _why_dead(name, unescape(link), files, anchors):
                line = text.count("\n", 0, text.index(f'="{link}"')) + 1
                yield Problem(name, line, "dead-link", why)


def _text(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


def _why_dead(page: str, link: str, files: set[str], anchors: dict[str, set[str]]) -> str:
    parts = urlsplit(link)
    if parts.scheme in {"http", "https", "data"}:
        return ""
    if parts.scheme or link.startswith("/"):
        return f"{link} does not work from a folder"
    beside = posixpath.join(posixpath.dirname(page), unquote(parts.path))
    target = page if not parts.path else posixpath.normpath(beside)
    if target not in files:
        return f"{link} leads to no file"
    wanted = unquote(parts.fragment)
    if wanted and target in anchors and wanted not in anchors[target]:
        return f"{link} leads to no place in its page"
    return ""
