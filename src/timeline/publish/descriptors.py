"""What tells programs what a published folder holds: a Data Package and a CITATION.cff."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import yaml

from timeline.publish.site import Site
from timeline.readmodel.schema import described
from timeline.readmodel.selection import COLUMNS

_INTEGERS = {"year", "likelihood", "n_claims", "n_sources", "n_roots", "disputed", "revision"}
_NUMBERS = {"latitude", "longitude"}
_FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".json": ("json", "application/json"),
    ".ics": ("ics", "text/calendar"),
    ".geojson": ("geojson", "application/geo+json"),
    ".atom": ("atom", "application/atom+xml"),
    ".db": ("sqlite", "application/vnd.sqlite3"),
    ".jsonl": ("jsonl", "application/x-ndjson"),
}


def data_package(folder: Path, site: Site) -> bytes:
    """`datapackage.json` (Frictionless Data Package, version 1) of the data and the log."""
    files = sorted(
        path
        for path in [*(folder / "data").iterdir(), *(folder / "events").rglob("*.jsonl")]
        if path.is_file()
    )
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": "timeline",
        "title": site.title,
        "description": site.description,
        "resources": [_resource(folder, path) for path in files],
    }
    if site.address:
        package["homepage"] = site.address
    if site.license:
        package["licenses"] = [{"title": site.license, "name": site.license.replace(" ", "-")}]
        if site.license_url:
            package["licenses"][0]["path"] = site.license_url
    if site.source:
        package["sources"] = [{"title": site.source}]
    return orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n"


def _resource(folder: Path, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    relative = path.relative_to(folder).as_posix()
    form, media = _FORMATS.get(path.suffix, ("", "application/octet-stream"))
    made: dict[str, Any] = {
        "name": "".join(c if c.isalnum() else "-" for c in relative.lower()),
        "path": relative,
        "mediatype": media,
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
    }
    if form:
        made["format"] = form
    if path.name == "events.csv":
        made |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": _schema()}
    return made


def _schema() -> dict[str, Any]:
    """The columns of the CSV, described by the comments of the table."""
    comments = next(table.columns for table in described() if table.name == "events")
    fields = []
    for name in COLUMNS:
        kind = "integer" if name in _INTEGERS else "number" if name in _NUMBERS else "string"
        fields.append({"name": name, "type": kind, "description": comments.get(name, "")})
    return {"fields": fields, "primaryKey": "id", "missingValues": [""]}


def citation_file(connection: sqlite3.Connection, site: Site) -> str:
    """`CITATION.cff` (Citation File Format 1.2.0) of the archive at its last record."""
    found = connection.execute(
        "SELECT position, recorded_at FROM records ORDER BY position DESC LIMIT 1"
    ).fetchone()
    made: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this archive, please cite it as below.",
        "type": "dataset",
        "title": site.title,
        "authors": [{"name": site.source or site.title}],
    }
    if found:
        made |= {"version": f"record {found[0]}", "date-released": found[1][:10]}
    if site.address:
        made["url"] = site.address
    if site.license_url:
        made["license-url"] = site.license_url
    return yaml.safe_dump(made, allow_unicode=True, sort_keys=False)
