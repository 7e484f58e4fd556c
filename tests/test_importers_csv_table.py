from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import corpus
from timeline.errors import Problem, UsageRefused
from timeline.importers.csv_table import read
from timeline.importers.options import Advice, Item, Options
from timeline.importers.profile import read_profile
from timeline.importers.table import Row, delimiter, rows
from timeline.records.draft import Draft

HEADER = "when,type,title,participants,place,source"
GOOD = "2024-12-05,meeting.held,Two ministers meet,Ana Ray; Bo Lind,Valletta,https://example.org/a"


def items(path: Path, content: str | bytes, **options: Any) -> list[Item]:
    file = path / "table.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(file, Options(**options)))


def bodies(found: list[Item], kind: str = "event") -> list[dict[str, Any]]:
    return [dict(one.body) for one in found if isinstance(one, Draft) and one.body["kind"] == kind]


def problems(found: list[Item]) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.rule) for one in found if isinstance(one, Problem)]


def with_cell(column: int, cell: str) -> str:
    cells = GOOD.split(",")
    cells[column] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return f"{HEADER}\n{out.getvalue()}"


def test_a_row_becomes_an_event_with_a_claim_and_its_source(tmp_path: Path) -> None:
    found = items(tmp_path, f"{HEADER}\n{GOOD}\n")

    (event,), (source,) = bodies(found), bodies(found, "source")
    assert {
        "kind": "event",
        "event": "two-ministers-meet-2024",
        "type": "meeting.held",
        "title": "Two ministers meet",
        "when": "2024-12-05",
        "where": [{"place": "place:valletta"}],
        "participants": [{"name": "Ana Ray"}, {"name": "Bo Lind"}],
        "claims": [{"source": source["source"]}],
    } == event
    assert "https://example.org/a" == source["url"]


def test_a_source_named_twice_is_described_once(tmp_path: Path) -> None:
    other = GOOD.replace("Two ministers", "Three ministers")

    found = items(tmp_path, f"{HEADER}\n{GOOD}\n{other}\n")

    assert 1 == len(bodies(found, "source"))
    assert 2 == len(bodies(found))


@pytest.mark.parametrize(
    ("column", "cell", "field", "rule", "word"),
    [
        (0, "", "when", "missing-field", "date is empty"),
        (0, "2024-13", "when", "bad-date", "13"),
        (0, "2024-02-30", "when", "bad-date", "30"),
        (0, "05/12/2024", "when", "ambiguous-date", "2024-12-05 or 2024-05-12"),
        (0, "5/12/24", "when", "bad-date", "four"),
        (1, "meeting.hold", "type", "unknown-type", "did you mean meeting.held"),
        (2, "a\0b", "title", "control-character", "NUL byte"),
        (2, "x" * 70_000, "title", "too-long", "70,000 bytes"),
        (5, "javascript:alert(1)", "source", "bad-url", "https://"),
        (5, "", "source", "missing-field", "source is empty"),
        (4, "a" + "\u0316" * 9, "place", "bad-text", "marks"),
    ],
)
def test_a_wrong_cell_is_a_sentence_with_row_and_column(
    tmp_path: Path, column: int, cell: str, field: str, rule: str, word: str
) -> None:
    (problem,) = items(tmp_path, with_cell(column, cell))

    assert isinstance(problem, Problem)
    assert (2, field, rule) == (problem.line, problem.field, problem.rule)
    assert word in problem.message


def test_a_row_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    (problem,) = items(tmp_path, f"{HEADER}\n{GOOD},surplus\n")

    assert isinstance(problem, Problem)
    assert "7 cells where the header has 6" in problem.message


def test_a_right_to_left_override_in_an_id_is_refused(tmp_path: Path) -> None:
    found = items(tmp_path, f"event,{HEADER}\nmalta\u202e-2024,{GOOD}\n")

    assert [(2, "event", "bad-id")] == problems(found)


def test_windows_1252_bytes_are_refused_with_the_option_that_reads_them(tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD.replace('Ana', 'Añá')}\n".encode("cp1252")

    (problem,) = items(tmp_path, content)
    assert isinstance(problem, Problem)
    assert ("bad-utf8", "participants", "--encoding cp1252") == (
        problem.rule,
        problem.field,
        problem.fix,
    )
    (event,) = bodies(items(tmp_path, content, encoding="cp1252"))
    assert {"name": "Añá Ray"} == event["participants"][0]


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\n".encode().replace(b"Ana", b"\xed\xa0\x80")

    assert [(2, "participants", "bad-unicode")] == problems(items(tmp_path, content))


def test_a_byte_order_mark_is_left_out_with_a_word(tmp_path: Path) -> None:
    found = items(tmp_path, f"\ufeff{HEADER}\n{GOOD}\n")

    assert [Advice] == [type(one) for one in found if isinstance(one, Problem)]
    assert 1 == len(bodies(found))


def test_utf_16_is_named(tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\n".encode("utf-16")

    assert [(0, "", "bad-encoding")] == problems(items(tmp_path, content))
    assert 1 == len(bodies(items(tmp_path, content, encoding="utf-16")))


def test_a_missing_column_is_one_problem_however_many_rows(tmp_path: Path) -> None:
    content = "type,title,source\n" + "note.recorded,A,https://example.org/\n" * 50

    assert [(1, "when", "missing-column")] == problems(items(tmp_path, content))


def test_an_unknown_column_is_refused_until_it_is_mapped_or_left_out(tmp_path: Path) -> None:
    content = f"{HEADER},remakrs\n{GOOD},hello\n"

    assert [(1, "remakrs", "unknown-column")] == problems(items(tmp_path, content))
    assert 1 == len(bodies(items(tmp_path, content, mapping={"remakrs": "-"})))
    (event,) = bodies(items(tmp_path, content, mapping={"remakrs": "summary"}))
    assert "hello" == event["summary"]


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    content = "date,when,type,title,source\n2024,2025,note.recorded,A,https://example.org/\n"

    assert [(1, "when", "twice")] == problems(items(tmp_path, content))


@pytest.mark.parametrize("options", [{"mapping": {"plaze": "where"}}, {"settings": {"tipe": "x"}}])
def test_an_option_that_names_nothing_is_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageRefused, match="did you mean"):
        items(tmp_path, f"{HEADER}\n{GOOD}\n", **options)


def test_what_is_set_holds_for_every_row(tmp_path: Path) -> None:
    settings = {"type": "visit.made", "source": "Diary", "claim.hedge": "probably"}
    found = items(tmp_path, "date,title\n2024,Ana visits\n", settings=settings)

    (event,) = bodies(found)
    assert "visit.made" == event["type"]
    assert "probably" == event["claims"][0]["hedge"]


def test_roles_have_columns_of_their_own(tmp_path: Path) -> None:
    content = (
        "when,type,title,participants.visitor,participants.host,data.purpose,source\n"
        "2024,visit.made,A visit,Ana Ray,Malta; the lady of the house,talks,Diary\n"
    )

    (event,) = bodies(items(tmp_path, content))
    assert [
        {"name": "Ana Ray", "role": "visitor"},
        {"entity": "state:mt", "role": "host"},
        {"name": "the lady of the house", "role": "host"},
    ] == event["participants"]
    assert {"purpose": "talks"} == event["data"]


def test_a_day_first_date_is_read_when_the_order_is_given(tmp_path: Path) -> None:
    (event,) = bodies(items(tmp_path, with_cell(0, "05/12/2024"), dates="dmy"))

    assert {"edtf": "2024-12-05", "original": "05/12/2024"} == event["when"]


def test_two_date_columns_make_an_interval(tmp_path: Path) -> None:
    content = f"{HEADER},end_date\n{GOOD},2024-12-06\n"

    (event,) = bodies(items(tmp_path, content))
    assert "2024-12-05/2024-12-06" == event["when"]


def test_line_breaks_in_a_cell_become_one_space(tmp_path: Path) -> None:
    (event,) = bodies(items(tmp_path, with_cell(2, "Two\r\n   ministers\u00a0meet")))

    assert "Two ministers meet" == event["title"]


def test_a_repeated_row_is_told_and_imported_once(tmp_path: Path) -> None:
    found = items(tmp_path, f"{HEADER}\n{GOOD}\n{GOOD}\n")

    assert [(3, "", "repeated-row")] == problems(found)
    assert 1 == len(bodies(found))


def test_a_name_that_resolves_becomes_an_id_and_others_stay_text(tmp_path: Path) -> None:
    known = {"Ana Ray": "person:ana-ray", "Valletta": "place:valletta"}

    def resolve(name: str, *_rest: object) -> str | None:
        return known.get(name)

    (event,) = bodies(items(tmp_path, f"{HEADER}\n{GOOD}\n", resolve=resolve))
    assert [{"entity": "person:ana-ray"}, {"name": "Bo Lind"}] == event["participants"]
    assert [{"place": "place:valletta"}] == event["where"]


def test_a_name_that_two_entities_answer_to_is_refused_with_both(tmp_path: Path) -> None:
    (problem,) = items(tmp_path, with_cell(3, "Yemen").replace("2024-12-05", "1972"))

    assert isinstance(problem, Problem)
    assert (2, "participants", "ambiguous-name") == (problem.line, problem.field, problem.rule)
    assert "state:north-yemen" in problem.fix


def test_a_country_names_the_place_that_lies_in_it(tmp_path: Path) -> None:
    content = f"{HEADER},country\n{GOOD.replace('Valletta', 'Georgetown')},Guyana\n"

    (event,) = bodies(items(tmp_path, content))
    assert [{"place": "place:georgetown"}] == event["where"]


def test_a_known_address_keeps_the_id_of_its_source(tmp_path: Path) -> None:
    found = items(tmp_path, f"{HEADER}\n{GOOD}\n", sources={"https://example.org/a": "src:paper"})

    assert [] == bodies(found, "source")
    assert "src:paper" == bodies(found)[0]["claims"][0]["source"]


def test_a_row_about_a_known_event_is_a_claim_of_it(tmp_path: Path) -> None:
    profile = read_profile("rows:\n  Late: {about: salt-ii, speaks: [when]}\n", "p")
    content = "when,type,title,source\n1979-06-17,treaty.signed,Late,Book\n"

    (claim,) = bodies(items(tmp_path, content, profile=profile), "claim")
    assert "salt-ii" == claim["event"]
    assert {"fields": ["/when"], "value": {"when": "1979-06-17"}}.items() <= claim["claim"].items()


@pytest.mark.parametrize(("mark", "name"), [(";", "b.csv"), ("\t", "b.tsv"), ("|", "b.txt")])
def test_the_delimiter_is_found(tmp_path: Path, mark: str, name: str) -> None:
    file = tmp_path / name
    file.write_text(f"when{mark}type{mark}title, long\n2024{mark}x{mark}y\n")

    assert mark == delimiter(file.read_text())
    assert [3, 3] == [len(row.cells) for row in rows(file) if isinstance(row, Row)]


@pytest.mark.parametrize("content", ['a,b\n"open,1\n2,3\n', 'a,b\n"x"y,1\n2,3\n'])
def test_quotation_marks_that_do_not_pair_are_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)

    assert [(2, "bad-quotes")] == [(p.line, p.rule) for p in rows(file) if isinstance(p, Problem)]


def test_csv_spectrum_is_read_as_it_says() -> None:
    folder = corpus("csv-spectrum")
    # The expected file of this one gives another telephone number than the table does.
    others = {"location_coordinates"}
    for file in sorted((folder / "csvs").glob("*.csv")):
        if file.stem in others:
            continue
        header, *lines = [row.cells for row in rows(file) if isinstance(row, Row)]
        told = json.loads((folder / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))

        assert told == [dict(zip(header, line, strict=True)) for line in lines], file.name


def test_naughty_strings_arrive_or_are_refused_with_a_reason(tmp_path: Path) -> None:
    strings = json.loads((corpus("naughty-strings") / "blns.json").read_text(encoding="utf-8"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["when", "type", "title", "summary", "source"])
    for number, text in enumerate(strings):
        writer.writerow(["2024", "note.recorded", f"Row {number}", text, "A list"])

    found = items(tmp_path, out.getvalue().encode("utf-8", "surrogatepass"))

    assert len(strings) == len(bodies(found)) + len(problems(found))
    assert {"control-character", "bad-text"} >= {rule for _, _, rule in problems(found)}
    assert len(strings) * 0.97 < len(bodies(found))
