"""Times Datasette's own table pages, with our facet classes or with its own, for `run.py`."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from datasette.app import Datasette
from datasette.plugins import pm

COLUMNS = "_facet=type&_facet=status&_facet=certainty&_facet=country"
PAGES = {
    "four column facets": COLUMNS,
    "four column facets, one type": f"{COLUMNS}&type=meeting.held",
    "topics and actors": "_facet_array=topics&_facet_array=actors",
}


async def main(database: str, mode: str) -> None:
    if mode == "stock":
        pm.unregister(name="timeline")
    settings = {"suggest_facets": False, "sql_time_limit_ms": 1000, "facet_time_limit_ms": 1000}
    site = Datasette([database], settings=settings)
    found = {}
    for name, query in PAGES.items():
        path = f"/{site_name(database)}/events"
        asked = query.count("_facet")
        facts = (await site.client.get(f"{path}.json?{query}&_nosuggest=1")).json()
        times = []
        for _ in range(3):
            began = time.perf_counter()
            response = await site.client.get(f"{path}?{query}")
            times.append((time.perf_counter() - began) * 1000)
            assert response.status_code == 200, response.status_code
        missing = asked - len(facts["facet_results"])
        found[name] = {"ms": min(times), "missing": missing, "asked": asked}
    print(json.dumps(found))


def site_name(database: str) -> str:
    return database.rpartition("/")[2].removesuffix(".db")


asyncio.run(main(sys.argv[1], sys.argv[2]))
