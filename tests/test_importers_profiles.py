"""The profiles that ship map every row of their file onto the vocabulary that ships."""

from __future__ import annotations

import csv
from importlib import resources
from typing import Any

import pytest

from tests.corpora import corpus
from timeline.records.pack_file import shipped
from timeline.records.pack_yaml import read_yaml
from timeline.records.vocabulary import standing
from timeline.records.vocabulary_check import check_event

NAMES = ("osce-arms-control", "seed-claims")


def profile(name: str) -> dict[str, Any]:
    file = resources.files("timeline.importers").joinpath("profiles", f"{name}.yml")
    document, problems = read_yaml(file.read_text(encoding="utf-8"), f"{name}.yml")
    assert [] == problems
    assert document is not None
    return dict(document.content)


def rows(name: str) -> list[dict[str, str]]:
    with (corpus("curated") / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_becomes_an_event_of_a_type_with_fields_of_that_type(name: str) -> None:
    told, vocabulary = profile(name), standing([shipped("diplomacy")], [])
    findings = [
        (row["title"], *finding)
        for row in rows(name)
        for finding in check_event(vocabulary, _event(row, told))
    ]

    assert [] == findings


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_mapped_or_ignored(name: str) -> None:
    told = profile(name)

    assert set(rows(name)[0]) == set(told["columns"]) | set(told.get("ignore", ()))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_rows_cells_or_names_that_are_not_there(name: str) -> None:
    told, table = profile(name), rows(name)
    people = {who for row in table for who in _split(row["participants"])}
    treaties = {text for row in table for text in _split(row.get("treaty", ""))}

    assert [] == [title for title in told.get("rows", {}) if title not in _cells(table, "title")]
    assert set() == set(told["types"]) - _cells(table, "type")
    assert set() == set(told["participants"]) - people
    assert treaties == set(told.get("names", {}).get("data.treaty", {}))


def _event(row: dict[str, str], told: dict[str, Any]) -> dict[str, Any]:
    kind, own = told["types"][row["type"]], told.get("rows", {}).get(row["title"], {})
    data = {**kind.get("data", {}), **own.get("data", {})}
    if row.get("treaty"):
        data["treaty"] = [told["names"]["data.treaty"][text] for text in _split(row["treaty"])]
    role = own.get("role", kind.get("role", "participant"))
    return {
        "type": own.get("type", kind["type"]),
        "participants": [{"name": who, "role": role} for who in _split(row["participants"])],
        "data": {name: value for name, value in data.items() if value is not None},
    }


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _cells(table: list[dict[str, str]], column: str) -> set[str]:
    return {row[column] for row in table}
