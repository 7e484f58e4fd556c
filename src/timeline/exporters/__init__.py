"""Read model to files: one format a module, each with `SUFFIX` and `write(rows, out)`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from timeline.errors import UsageRefused

EXPORTERS: Final[dict[str, str]] = {
    "csv": "timeline.exporters.csv_table",
    "tsv": "timeline.exporters.tsv_table",
    "json": "timeline.exporters.json_array",
    "nl": "timeline.exporters.json_lines",
    "ics": "timeline.exporters.icalendar_feed",
    "geojson": "timeline.exporters.geojson",
    "atom": "timeline.exporters.atom_feed",
}
"""Format -> module. Imported when asked for: some formats need packages of their own."""


def exporter(name: str) -> Any:
    """The module of a format.

    Raises:
        UsageRefused: when there is none of that name.
    """
    if name not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise UsageRefused(f"{name!r} is no format; there are {known}", fix="timeline help formats")
    return import_module(EXPORTERS[name])
