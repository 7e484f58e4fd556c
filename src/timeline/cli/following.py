"""A server that follows the log: before it answers, it takes in what was appended meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from timeline.archive import Archive
from timeline.errors import TimelineError

Application: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


class Following:
    """An ASGI application in front of another one, over the read model of an archive.

    Whoever asks after an append was acknowledged sees it. What cannot be taken in by appending (a
    merge put records before those that are there) is said once; the rows from before go on being
    served.

    Args:
        app: what answers.
        archive: whose log is followed.
        warn: told once what stops the read model from following.
    """

    def __init__(self, app: Application, archive: Archive, warn: Callable[[str], None]) -> None:
        self._app = app
        self._archive = archive
        self._warn = warn
        self._seen = ""
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self._follow()
        await self._app(scope, receive, send)

    async def _follow(self) -> None:
        from timeline.log.cursor import head

        with suppress(TimelineError, OSError):  # git may be putting files in place just now
            now = head(self._archive)
            if now != self._seen:
                async with self._turn:
                    if now != self._seen:
                        await asyncio.to_thread(self._take_in)
                        self._seen = now

    def _take_in(self) -> None:
        from timeline.readmodel.catchup import follow

        try:
            follow(self._archive)
        except (TimelineError, OSError, sqlite3.Error) as error:
            name = self._archive.database.name
            self._warn(f"{name} cannot follow the log: {error}\n  Fix: start timeline serve anew")
