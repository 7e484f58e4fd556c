"""Datasette's own table page with facets, with our facet classes and without."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from measures.figures import SCRIPTS, Line, Run, left_out
from timeline.archive import Archive

_MOST = 2_000_000


def stock(archive: Archive, size: int, _run: Run) -> Iterator[Line]:
    out: dict[str, Any] = {}
    for mode in ("ours", "stock"):
        if mode == "stock" and size > _MOST:
            break
        done = subprocess.run(
            [sys.executable, SCRIPTS / "stock_page.py", archive.database, mode],
            capture_output=True,
            check=True,
        )
        out[mode] = json.loads(done.stdout)
    if size > _MOST:
        yield left_out(f"Datasette's page, {size:,}, without the plugin", "each facet times out")
    for name, ours in out["ours"].items():
        own = f"{ours['ms']:.0f} ms, {ours['missing']} timed out"
        peer = out.get("stock", {}).get(name)
        if peer is None:
            yield Line(f"Datasette's page, {size:,}: {name}", own, goal="none timed out")
            continue
        late = f", {peer['missing']} of {peer['asked']} timed out" if peer["missing"] else ""
        yield Line(f"Datasette's page, {size:,}: {name}", own, f"{peer['ms']:.0f} ms{late}",
                   f"{peer['ms'] / ours['ms']:.1f}x", ">= 4x, none timed out")  # fmt: skip
