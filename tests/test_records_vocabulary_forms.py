"""JSON Schema and templates of every type of every shipped pack."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from timeline.errors import UsageRefused
from timeline.records import data_types
from timeline.records.pack_file import SHIPPED, shipped
from timeline.records.vocabulary import Field, Type, standing
from timeline.records.vocabulary_check import check_event
from timeline.records.vocabulary_forms import json_schema, template

PACKS = standing(map(shipped, SHIPPED), [])
TYPES = list(PACKS.types().values())


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.name))
def test_a_schema_is_valid_and_accepts_the_json_template(kind: Type) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)

    assert [] == list(Draft202012Validator(schema).iter_errors(json.loads(template(kind, "json"))))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.name))
def test_the_json_template_passes_the_check(kind: Type) -> None:
    assert [] == check_event(PACKS, json.loads(template(kind, "json")))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.name))
def test_the_yaml_template_says_what_the_json_template_says(kind: Type) -> None:
    written = yaml.load(template(kind, "yaml"), yaml.BaseLoader)

    assert _texts(json.loads(template(kind, "json"))) == written


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.name))
def test_every_cell_of_the_csv_template_reads_as_its_field(kind: Type) -> None:
    [row] = csv.DictReader(io.StringIO(template(kind, "csv")))
    data = {f.name: data_types.read(f, row[f"data.{f.name}"]) for f in kind.fields.values()}

    assert [] == check_event(PACKS, {"type": kind.name, "data": data})


def test_a_schema_refuses_an_unknown_field() -> None:
    schema = json_schema(PACKS.types()["visit.made"])

    assert not Draft202012Validator(schema).is_valid(
        {"type": "visit.made", "data": {"porpose": "x"}}
    )


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UsageRefused, match="yml is not a template format; did you mean yaml"):
        template(TYPES[0], "yml")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", " 12 ", 12),
        ("number", "1.50", "1.50"),
        ("boolean", "Yes", True),
        ("money", "12.50 EUR", {"amount": "12.50", "currency": "EUR"}),
        ("money", "EUR 3", {"amount": 3, "currency": "EUR"}),
        ("quantity", "3..6", {"low": 3, "high": 6}),
        ("quantity", "3..4..6 tons", {"low": 3, "best": 4, "high": 6, "unit": "tons"}),
        ("list", "a; b;", ["a", "b"]),
    ],
)
def test_a_cell_is_read_as_its_type(kind: str, text: str, value: Any) -> None:
    assert value == data_types.read(Field("f", "F", kind), text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1e3"),
        ("number", "NaN"),
        ("boolean", "perhaps"),
        ("money", "12"),
        ("quantity", "6..3"),
        ("quantity", "a"),
        ("url", "ftp://x"),
        ("date", "2023-02-30"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        data_types.read(Field("f", "F", kind), text)


def _texts(value: Any) -> Any:
    """The value as YAML's base loader has it: every scalar is text."""
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)
