"""Datasette's settings under which the read model is served, by `serve` and by `publish` alike."""

from __future__ import annotations

from typing import Final

SETTINGS: Final[dict[str, str | int | bool]] = {
    # One request in four to eight is answered without it on a large table.
    "suggest_facets": False,
    "sql_time_limit_ms": 500,
    # Not above sql_time_limit_ms: the lower of the two holds, without a word.
    "facet_time_limit_ms": 400,
    "default_page_size": 50,
    "max_csv_mb": 0,
    "default_cache_ttl": 5,
}
"""Setting -> value; `--setting NAME VALUE` behind `serve --` overrides one."""
