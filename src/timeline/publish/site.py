"""What every page has around it: the site's own facts, the question asked, and the templates."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, Final

from timeline.publish.links import Links, Pairs
from timeline.readmodel.moments import position_of
from timeline.readmodel.page_queries import record_at

_CONTROL = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Site:
    """What `metadata.yml` says of the archive, and where its files are.

    Attributes:
        address: where the site will be read, with a slash at its end; empty where nobody said.
        root: the archive's folder; None where only the read model is served.
    """

    title: str = "timeline"
    description: str = ""
    license: str = ""
    license_url: str = ""
    source: str = ""
    source_url: str = ""
    address: str = ""
    root: Path | None = None


def site_of(metadata: Mapping[str, Any], root: Path | None) -> Site:
    """The site that a Datasette metadata object describes; fields of another shape are left out."""
    names = ("title", "description", "license", "license_url", "source", "source_url")
    texts = {name: metadata[name] for name in names if isinstance(metadata.get(name), str)}
    plugins = metadata.get("plugins")
    own = plugins.get("timeline") if isinstance(plugins, dict) else None
    address = str(own.get("address", "")) if isinstance(own, dict) else ""
    if address and not address.endswith("/"):
        address += "/"
    return replace(Site(root=root, address=address), **texts)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment of the archive: as it was asked, and the last position known then (inclusive)."""

    text: str
    position: int
    known_at: str


def moment_of(connection: sqlite3.Connection, text: str, today: date) -> AsOf:
    """A moment of the log as people write it.

    Raises:
        NotFound, UsageRefused: as `moments.position_of`.
    """
    position = position_of(connection, text, today)
    query = record_at(position)
    found = connection.execute(query.sql, query.parameters).fetchone()
    return AsOf(text[:40], position, found["known_at"] if found else "")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a page.

    Attributes:
        connection: the read model; rows by name.
        names: what the address named: an event's id, two moments.
        query: the rest of the address, in order, without the as-of.
        today: the day that words such as "today" mean.
        url: path and query as they were asked.
    """

    connection: sqlite3.Connection
    site: Site
    links: Links
    names: Mapping[str, str] = field(default_factory=dict)
    query: Pairs = ()
    as_of: AsOf | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    url: str = "/"

    @property
    def known(self) -> int | None:
        """The last position that was known then, inclusive; None where nothing is left out."""
        return self.as_of.position if self.as_of else None

    @property
    def upto(self) -> int:
        """The last position that a page may know, inclusive."""
        return 2**62 if self.known is None else self.known

    def one(self, name: str) -> str:
        """The last value of a name in the query, without spaces around it; empty if not there."""
        values = self.all(name)
        return values[-1] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name without control characters, empty ones left out."""
        values = (_CONTROL.sub("", value).strip() for key, value in self.query if key == name)
        return tuple(value for value in values if value)


@dataclass(frozen=True, slots=True)
class Document:
    """A page before it is written: a template of ours and what goes into it."""

    template: str
    facts: Mapping[str, Any]
    status: int = 200


@cache
def asset(name: str) -> bytes:
    """A style sheet or script as it is served; what one page needs is one sheet."""
    folder = resources.files("timeline.publish") / "static"
    content = (folder / name).read_bytes()
    if before := _BEFORE.get(name):
        content = (folder / before).read_bytes() + b"\n" + content
    return content


_BEFORE: Final = {"site.css": "pictures.css", "stock-dark.css": "stock.css"}
"""Sheet -> the one that is served in front of it."""


@cache
def asset_version(name: str) -> str:
    """Changes with the file, so that a browser may keep it for ever."""
    return sha256(asset(name)).hexdigest()[:10]
