from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.random_logs import random_log
from tests.sites import make_archive
from timeline.publish import facets
from timeline.publish.facets import filters_of
from timeline.publish.words import type_label
from timeline.readmodel.facets import Filters

COLUMNS = ("type", "status", "certainty", "precision", "country", "year", "place")
ARRAYS = ("actors", "topics", "places", "roots")
QUERIES = (
    "",
    "year=2024",
    "actors__arraycontains=person:x",
    "topics__arraycontains=arms&precision__exact=day",
    "certainty=unknown&certainty=possible",
    "year__gt=1990",
    "_where=revision=1",
    "_search=meeting",
)


@cache
def site() -> Any:
    from datasette.app import Datasette

    log = random_log(5, size=60)
    once = {record["id"]: record for record in reversed(log)}  # no writer repeats an id
    archive = make_archive(Path(mkdtemp()), [*once.values()][::-1])
    return Datasette([str(archive.database)])


def facets_of(table: str, query: str) -> Any:
    asked = [*(f"_facet={name}" for name in COLUMNS), *(f"_facet_array={name}" for name in ARRAYS)]
    path = f"/timeline/{table}.json?{'&'.join([query, *asked])}&_nosuggest=1&_facet_size=3"
    found = asyncio.run(site().client.get(path)).json()["facet_results"]
    found = found.get("results", found)  # 1.0 puts those that timed out beside them
    assert len(asked) == len(found)
    return found


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("table", ["events", "current_events"])
def test_datasettes_facets_say_what_its_own_sql_says(
    table: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = facets_of(table, query)

    monkeypatch.setattr(facets, "filters_of", lambda *_: None)
    assert facets_of(table, query) == ours


def test_a_facet_of_types_has_the_words_of_readers_beside_the_codes() -> None:
    types = facets_of("events", "")["type"]
    found = {value["value"]: value["label"] for value in types["results"]}

    assert {name: type_label(name) for name in found} == found
    assert found != {name: name for name in found}


def test_a_filter_that_the_bitmaps_do_not_know_is_left_to_sql() -> None:
    assert filters_of("events", "type__contains=meeting&_facet=type") is None
    assert filters_of("events", "_where=number>3") is None


def test_a_year_is_compared_as_a_number() -> None:
    expected = Filters(all_of={"year": [-43]}, withdrawn=True)

    assert expected == filters_of("events", "year=-43&_facet=type&_size=20")
