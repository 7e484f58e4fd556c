from __future__ import annotations

import io
import json

import pytest

from timeline.exporters import EXPORTERS, exporter
from timeline.exporters.csv_table import defused
from timeline.exporters.rows import Rows

ROWS = (
    ("malta", -44, '["person:a","state:mt"]', None),
    ("=1+1", 2.5, "[]", 'say "hi"\nthere'),
)


def written(form: str, rows: tuple[tuple[object, ...], ...] = ROWS) -> str:
    out = io.BytesIO()
    n = exporter(form).write(Rows(("id", "year", "actors", "summary"), rows), out)
    assert len(rows) == n
    return out.getvalue().decode()


def test_csv_has_a_header_joined_lists_and_no_formula() -> None:
    assert (
        'id,year,actors,summary\nmalta,-44,person:a; state:mt,\n\'=1+1,2.5,,"say ""hi""\nthere"\n'
    ) == written("csv")


def test_tsv_has_tabs() -> None:
    assert "id\tyear\tactors\tsummary\n" == written("tsv", ())


def test_json_is_an_array_with_real_lists() -> None:
    assert [
        {"id": "malta", "year": -44, "actors": ["person:a", "state:mt"], "summary": None},
        {"id": "=1+1", "year": 2.5, "actors": [], "summary": 'say "hi"\nthere'},
    ] == json.loads(written("json"))


def test_json_without_rows_is_an_empty_array() -> None:
    assert [] == json.loads(written("json", ()))


def test_nl_is_an_object_a_line() -> None:
    assert ["malta", "=1+1"] == [json.loads(line)["id"] for line in written("nl").splitlines()]


@pytest.mark.parametrize("cell", ["-44", "-0043-03-15", "-0043/-0041", "+12", "2024?", "-1.5"])
def test_numbers_and_dates_are_left_as_they_are(cell: str) -> None:
    assert cell == defused(cell)


@pytest.mark.parametrize("cell", ["=A1", "+SUM(1)", "-2+3+cmd|' /C calc'!A0", "@x", "\t=1"])
def test_formulas_are_marked_as_text(cell: str) -> None:
    assert f"'{cell}" == defused(cell)


@pytest.mark.parametrize("form", EXPORTERS)
def test_every_format_has_a_suffix(form: str) -> None:
    assert exporter(form).SUFFIX.startswith(".")


@pytest.mark.parametrize("form", ["csv", "json", "nl"])
@pytest.mark.parametrize("cell", [7, 1.5, "[not json", "plain", None])
def test_a_column_with_a_known_name_may_hold_anything(form: str, cell: object) -> None:
    out = io.BytesIO()
    exporter(form).write(Rows(("actors",), [(cell,)]), out)

    if form != "csv":
        (found,) = [json.loads(out.getvalue())] if form == "nl" else json.loads(out.getvalue())
        assert {"actors": cell} == found
