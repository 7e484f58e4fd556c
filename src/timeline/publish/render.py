"""Documents to HTML: one Jinja environment, where everything is escaped that is not a picture."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from timeline.publish import words
from timeline.publish.site import Ask, Document, asset_version

ASSETS = ("site.css", "site.js", "favicon.svg", "stock.css", "stock-dark.css")


@cache
def environment() -> jinja2.Environment:
    """The templates of this package, with the filters of `words`.

    They are not in `templates/`: there Datasette would take them for its own.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("timeline.publish", "markup"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(words.FILTERS)
    made.globals.update(words.GLOBALS)
    return made


def render(document: Document, ask: Ask) -> str:
    """The whole page."""
    template = environment().get_template(document.template)
    return template.render(**_around(ask), **document.facts)


def _around(ask: Ask) -> dict[str, Any]:
    links = ask.links
    return {
        "site": ask.site,
        "links": links,
        "as_of": ask.as_of,
        "asked": ask,
        "assets": {name: _asset_address(ask, name) for name in ASSETS},
    }


def _asset_address(ask: Ask, name: str) -> str:
    if ask.links.static:
        return ask.links.file(f"static/{name}")
    return ask.links.file(f"-/timeline/{asset_version(name)}/{name}")
