"""Sources as a person names them (an id, an address, a title): found, or drafted as new ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from urllib.parse import urlsplit

from timeline.errors import NotFound
from timeline.readmodel.refs import resolve
from timeline.records.draft import Draft
from timeline.records.slugs import slug, unique


class Sources:
    """Looks sources up and collects drafts of those that the archive does not hold yet."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._new: dict[str, str] = {}
        self.drafts: list[Draft] = []

    def find_or_draft(self, text: str) -> str:
        """The id of the source that an id, an address or a title means.

        Raises:
            NotFound: an id that the archive does not hold.
            Ambiguous: the beginning of several ids.
        """
        text = text.strip()
        if text.startswith("src:"):
            return resolve(self._connection, text, ("source",)).id
        return self._known(text) or self._new.get(text) or self._draft(text)

    def roots(self, sources: Collection[str]) -> int:
        """How many independent sources these are; a new one is a root of its own."""
        roots = set()
        for source in sources:
            row = self._connection.execute("SELECT root FROM sources WHERE id = ?", (source,))
            found = row.fetchone()
            roots.add(found[0] if found else source)
        return len(roots)

    def _known(self, text: str) -> str | None:
        row = self._connection.execute(
            "SELECT id FROM sources WHERE retracted = 0"
            " AND (url = :text OR archived_url = :text OR title = :text) ORDER BY id LIMIT 1",
            {"text": text},
        ).fetchone()
        return row[0] if row else None

    def _draft(self, text: str) -> str:
        address = is_address(text)
        wanted = f"src:{_address_slug(text) if address else slug(text) or 'source'}"
        rows = self._connection.execute(
            "SELECT id FROM sources WHERE id BETWEEN :id AND :id || '~'", {"id": wanted}
        )
        name = unique(wanted, {*(row[0] for row in rows), *self._new.values()})
        body = {"kind": "source", "source": name, "title": text}
        self.drafts.append(Draft({**body, "url": text} if address else body))
        self._new[text] = name
        return name


def is_address(text: str) -> bool:
    """Whether a text is meant as an address on the web."""
    return "://" in text or text.lower().startswith(("http:", "https:", "javascript:", "data:"))


def existing_source(connection: sqlite3.Connection, text: str) -> str:
    """The id of a source that must be there.

    Raises:
        NotFound: it is not.
    """
    found = Sources(connection)._known(text)
    if found:
        return found
    if is_address(text):
        raise NotFound(f"no source has the address {text}", fix=f"timeline source add {text}")
    return resolve(connection, text if text.startswith("src:") else f"src:{text}", ("source",)).id


def _address_slug(text: str) -> str:
    parts = urlsplit(text)
    host = (parts.hostname or "").removeprefix("www.")
    return slug(f"{host} {parts.path}") or "page"
