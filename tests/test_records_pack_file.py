"""Packs from YAML: what is read, what is refused, every problem with its line."""

from __future__ import annotations

import pytest

from timeline.records.codec import decode, encode
from timeline.records.draft import Draft, enveloped, imported_id
from timeline.records.pack_file import (
    SHIPPED,
    BadPack,
    definition,
    pack_of_record,
    read_pack,
    shipped,
    shipped_text,
)
from timeline.records.pack_yaml import LARGEST
from timeline.records.vocabulary_lint import lint

SMALL = """\
pack: river
version: 1
types:
  flood.began:
    roles:
      river: {min: 1}
    data:
      level: integer
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadPack) as refused:
        read_pack(text)
    return [(problem.line, problem.message) for problem in refused.value.problems]


def test_a_small_pack_needs_no_more_than_a_name_a_version_and_a_type() -> None:
    pack = read_pack(SMALL)

    assert ("river", 1, "Flood.began") == (pack.name, pack.version, pack.types["flood.began"].label)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_pack_reads_and_lints_clean(name: str) -> None:
    assert [] == lint(shipped(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_pack_from_its_line_in_the_log_is_the_pack_from_its_file(name: str) -> None:
    text = shipped_text(name)
    body = {
        "kind": "vocabulary",
        "pack": name,
        "version": shipped(name).version,
        "definition": definition(text),
    }
    record = enveloped(Draft(body), record_id=imported_id("t", name), by="test")
    line = encode({**record, "recorded_at": "2026-01-01T00:00:00.000000Z"})

    assert read_pack(text) == pack_of_record(decode(line))


def test_a_record_that_names_another_version_than_its_text_is_refused() -> None:
    record = {"pack": "river", "version": 2, "definition": definition(SMALL)}

    with pytest.raises(BadPack):
        pack_of_record(record)


def test_all_problems_come_at_once_each_with_its_line() -> None:
    text = SMALL.replace("integer", "intger").replace("{min: 1}", "{mn: 1}") + "colour: red\n"

    assert [
        (6, "mn is not known here; did you mean min or max?"),
        (8, "intger is not a field type; did you mean integer, number or text?"),
        (9, "colour is not known here; did you mean common or sources?"),
    ] == problems(text)


def test_an_alias_is_refused() -> None:
    text = "pack: a\nx: &anchor [1]\ny: *anchor\n"

    assert [(3, "aliases (*name) are not read; write it out")] == problems(text)


def test_a_tag_is_refused() -> None:
    assert [(1, "the tag tag:yaml.org,2002:python/object is not read")] == problems(
        "pack: !!python/object {}\n"
    )


def test_a_large_pack_is_refused_before_it_is_parsed() -> None:
    assert [(0, f"has {LARGEST + 1:,} bytes; a pack may have {LARGEST:,}")] == problems(
        "#" * (LARGEST + 1)
    )


def test_a_deeply_nested_pack_is_refused() -> None:
    assert [(1, "is nested deeper than 12 levels")] == problems("pack: " + "[" * 13 + "]" * 13)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "pack: \x00", "\ud800: 1"])
def test_no_text_at_all_gets_past_as_anything_but_a_problem(text: str) -> None:
    assert 1 == len(problems(text))


def test_a_key_twice_is_refused() -> None:
    assert [(2, "the key pack is there twice")] == problems("pack: a\npack: b\n")


def test_broken_yaml_is_a_problem_with_its_line() -> None:
    assert [3] == [line for line, _ in problems("pack: a\nversion: [1\n")]


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "2024-01-01", "1.5", "0x10"])
def test_a_word_stays_the_word_that_was_written(word: str) -> None:
    pack = read_pack(SMALL.replace("integer", f"{{type: choice, choices: [{word}]}}"))

    assert [word] == list(pack.types["flood.began"].fields["level"].choices)


def test_a_machine_over_an_unknown_type_names_the_nearest() -> None:
    text = SMALL + "states:\n  stage:\n    key: [data.level]\n    opens: flood.begun\n"

    assert [(12, "flood.begun is not a type of this pack; did you mean flood.began?")] == problems(
        text
    )


def test_a_code_needs_its_source() -> None:
    text = SMALL + '    codes: {cameo: "010"}\n'

    assert [(9, "cameo is not named under sources")] == problems(text)
