"""Names to entities, by rule and by date, on the shipped tables."""

from __future__ import annotations

import csv
import re
from importlib import resources
from typing import Any, cast

import pytest

from timeline import edtf
from timeline.records.codec import decode, encode
from timeline.records.draft import Draft, enveloped, imported_id
from timeline.records.gazetteer import continuations, shipped_entities, shipped_records
from timeline.records.names import Entity, Name, NameIndex, entity_of_record, folded, resolve

SHIPPED = NameIndex.of(shipped_entities())


def meant(name: str, day: str, kind: str | None = None) -> str | list[str]:
    """The id, or the ids that are offered."""
    on = edtf.parse(day).start_min
    found = resolve(name, kind=kind, on=on, index=SHIPPED)
    return found.entity or [candidate.id for candidate in found.candidates]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("USSR", "1985-06-01", "state:su"),
        ("USSR", "1992-02-01", ["state:su", "state:ru"]),
        ("U.S.S.R.", "1943-11-28", "state:su"),
        ("U.S.S.R.", "1992-02-01", ["state:su", "state:ru"]),
        ("Soviet Union", "1991-12-25", "state:su"),
        ("Soviet Union", "1991-12-26", ["state:su", "state:ru"]),
        ("Soviet Union", "1900-01-01", ["state:su"]),
        ("Russia", "1905-09-05", "state:russian-empire"),
        ("Russia", "1972-05-22", "state:su"),
        ("Russia", "1993-01-03", "state:ru"),
        ("Russian Federation", "2010-04-08", "state:ru"),
        ("Kosovo", "2010-01-01", "state:xk"),
        ("Kosovo", "1999-06-01", ["state:xk"]),
        ("Taiwan", "1960-06-18", "state:tw"),
        ("Taiwan", "1930-01-01", ["state:tw"]),
        ("Republic of China", "1930-01-01", "state:tw"),
        ("Republic of China", "1960-06-18", "state:tw"),
        ("China", "1905-01-01", "state:qing"),
        ("China", "1945-01-01", "state:tw"),
        ("China", "1972-02-21", "state:cn"),
        ("East Germany", "1975-08-01", "state:dd"),
        ("East Germany", "1995-01-01", ["state:dd"]),
        ("GDR", "1989-11-09", "state:dd"),
        ("West Germany", "1975-08-01", "state:de"),
        ("Germany", "1905-01-01", "state:de"),
        ("Germany", "1995-01-01", "state:de"),
        ("Yugoslavia", "1977-10-04", "state:yu"),
        ("Yugoslavia", "1996-02-04", "state:csxx"),
        ("Yugoslavia", "2010-01-01", ["state:yu", "state:csxx", "state:rs"]),
        ("Serbia and Montenegro", "2003-04-02", "state:csxx"),
        ("Serbia", "2015-12-03", "state:rs"),
        ("Turkey", "1900-01-01", "state:ottoman-empire"),
        ("Turkey", "1999-11-18", "state:tr"),
        ("Türkiye", "2023-11-05", "state:tr"),
        ("TURKIYE", "2023-11-05", "state:tr"),
        ("Ottoman Empire", "1914-08-01", "state:ottoman-empire"),
        ("Ottoman Empire", "1930-01-01", ["state:ottoman-empire", "state:tr"]),
        ("Burma", "1955-01-01", "state:mm"),
        ("Burma", "2012-11-19", "state:mm"),
        ("Myanmar", "2012-11-19", "state:mm"),
        ("Zaire", "1975-01-01", "state:cd"),
        ("Zaire", "2014-01-01", ["state:cd"]),
        ("Congo", "1975-01-01", ["state:cg", "state:cd"]),
        ("Korea", "1955-01-01", ["state:kp", "state:kr"]),
        ("Vietnam", "1966-10-26", ["state:vd", "state:south-vietnam"]),
        ("Czechoslovakia", "1992-01-30", "state:cshh"),
        ("Two Sicilies", "1850-01-01", "state:two-sicilies"),
        ("Prussia", "1866-07-03", "state:prussia"),
        ("iso3166_1:MT", "2024-12-05", "state:mt"),
        ("ISO3166_3:SUHH", "1985-01-01", "state:su"),
        ("state:su", "2024-12-05", "state:su"),
        ("Ruritania", "1894-01-01", []),
    ],
)
def test_a_state_is_what_a_historian_expects_or_is_refused_with_candidates(
    name: str, day: str, expected: str | list[str]
) -> None:
    assert expected == meant(name, day, "state")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ta' Qali", "place:ta-qali"),
        ("Ta’ Qali", "place:ta-qali"),
        ("Attard", "place:attard"),
        ("Valletta", "place:valletta"),
        ("Camp David", "place:camp-david"),
        ("Łódź", "place:lodz"),
        ("Lodz", "place:lodz"),
        ("Kiev", "place:kyiv"),
        ("ST. PETERSBURG", "place:saint-petersburg"),
        ("Leningrad", "place:saint-petersburg"),
        ("Nowhere", []),
    ],
)
def test_a_place_is_found_by_any_of_its_spellings(name: str, expected: str | list[str]) -> None:
    assert expected == meant(name, "1985-01-01", "place")


def test_a_place_in_the_country_of_the_event_goes_first() -> None:
    def found(country: str) -> str | None:
        return resolve("Antigua", kind="place", on=None, index=SHIPPED, country=country).entity

    assert ("place:antigua-guatemala", "place:antigua") == (found("state:gt"), found("state:ag"))


def test_without_a_kind_a_state_and_a_town_of_one_name_are_both_offered() -> None:
    assert ["state:lu", "place:luxembourg-city"] == meant("Luxembourg", "2000-01-01")


def test_a_proper_name_goes_before_an_alias() -> None:
    index = NameIndex.of(
        [
            Entity("person:a", "A", (Name("Jane", alias=True),)),
            Entity("person:b", "B", (Name("Jane"),)),
        ]
    )

    assert "person:b" == resolve("jane", kind=None, on=None, index=index).entity


def test_the_options_are_ready_to_paste() -> None:
    found = resolve("USSR", kind="state", on=edtf.parse("1992-02-01").start_min, index=SHIPPED)

    assert "not_then" == found.outcome
    assert [
        "state:su  # Soviet Union (1922-12-30 to 1991-12-25)",
        "state:ru  # Russia (1991-12-26 to …)",
    ] == found.options


@pytest.mark.parametrize(
    ("one", "other"),
    [("Türkiye", "TURKIYE"), ("Côte d’Ivoire", "cote d'ivoire"), ("A–B  C", "a-b c"), ("ß", "SS")],
)
def test_spellings_that_only_differ_in_marks_are_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_every_iso_3166_code_is_there() -> None:
    codes = [entity.external_ids for entity in shipped_entities() if entity.kind == "state"]

    assert 250 == len({code["iso3166_1"] for code in codes if "iso3166_1" in code})
    assert 31 == len({code["iso3166_3"] for code in codes if "iso3166_3" in code})


def test_every_country_of_a_place_and_every_heir_is_a_state_of_the_table() -> None:
    states = {entity.id for entity in shipped_entities() if entity.kind == "state"}
    used = {entity.country for entity in shipped_entities() if entity.country}
    heirs = {state for old, new, _ in continuations() for state in (old, new)}

    assert set() == (used | heirs) - states


def test_russia_continues_the_soviet_union_from_the_day_after_its_end() -> None:
    assert ("state:su", "state:ru", edtf.parse("1991-12-26").start_min) in continuations()


def test_every_shipped_entity_makes_a_record_that_the_log_takes() -> None:
    for number, (entity, body) in enumerate(shipped_records().items()):
        draft = enveloped(Draft(body), record_id=imported_id("t", entity), by="test")
        line = encode({**draft, "recorded_at": f"2026-01-01T00:00:00.{number:06d}Z"})

        assert entity == cast(dict[str, Any], decode(line))["entity"]


def test_a_record_means_what_the_table_means() -> None:
    shipped = {entity.id: entity for entity in shipped_entities()}
    for name in ("state:su", "state:mm", "state:cd", "place:saint-petersburg"):
        read = entity_of_record(shipped_records()[name])

        assert (shipped[name].names, shipped[name].since, shipped[name].until) == (
            read.names,
            read.since,
            read.until,
        )


@pytest.mark.parametrize("table", ["states", "places"])
def test_a_table_is_well_formed(table: str) -> None:
    file = resources.files("timeline.records").joinpath("tables", f"{table}.csv")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))

    assert len({row["id"] for row in rows}) == len(rows)
    assert [] == [row["id"] for row in rows if not re.fullmatch(r"\w+:[a-z0-9-]+", row["id"])]
    assert [] == [row["id"] for row in rows if None in row.values() or None in row]
