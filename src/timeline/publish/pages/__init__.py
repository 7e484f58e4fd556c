"""The pages by their addresses: a function each, from a question to a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from timeline.publish.pages.about import about
from timeline.publish.pages.changes import changes
from timeline.publish.pages.compare import compare
from timeline.publish.pages.entity import entity
from timeline.publish.pages.event import event
from timeline.publish.pages.home import home
from timeline.publish.pages.map_page import map_page
from timeline.publish.pages.source import source
from timeline.publish.pages.timeline import timeline
from timeline.publish.pages.treaty import treaty
from timeline.publish.site import Ask, Document

Page = Callable[[Ask], Document]

PAGES: Final[tuple[tuple[str, Page], ...]] = (
    (r"^/$", home),
    (r"^/timeline$", timeline),
    (r"^/event/(?P<event>[^/.]+)$", event),
    (r"^/entity/(?P<entity>[^/.]+)$", entity),
    (r"^/treaty/(?P<treaty>[^/.]+)$", treaty),
    (r"^/source/(?P<source>[^/.]+)$", source),
    (r"^/map$", map_page),
    (r"^/changes$", changes),
    (r"^/changes/(?P<month>[0-9]{4}-[0-9]{2})$", changes),
    (r"^/compare$", compare),
    (r"^/compare/(?P<moments>[^/]+)$", compare),
    (r"^/about$", about),
)
"""Regular expression of the path -> page. The first that fits answers."""
