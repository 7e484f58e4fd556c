"""The pages by their addresses: a function each, from a question to a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from timeline.publish.pages.event import event
from timeline.publish.pages.home import home
from timeline.publish.pages.timeline import timeline
from timeline.publish.site import Ask, Document

Page = Callable[[Ask], Document]

PAGES: Final[tuple[tuple[str, Page], ...]] = (
    (r"^/$", home),
    (r"^/timeline$", timeline),
    (r"^/event/(?P<event>[^/.]+)$", event),
)
"""Regular expression of the path -> page. The first that fits answers."""
