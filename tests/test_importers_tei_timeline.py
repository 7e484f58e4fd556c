"""Dated divisions of a TEI text become events whose titles are made of facts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import corpus
from timeline import edtf
from timeline.errors import Problem
from timeline.importers.checking import faults
from timeline.importers.options import Options
from timeline.importers.tei_dates import when_of
from timeline.importers.tei_timeline import read
from timeline.records.draft import Draft

TEXT = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title type="complete">Chronicle of a Club</title><title type="short">Chronicle</title>
</titleStmt></fileDesc></teiHeader><text><body>
<div xml:id="chapter_1"><head>First years</head>{entries}</div></body></text></TEI>"""
ENTRY = "<div><head><date {date}>{words}</date></head><p>{prose}</p></div>"


def entry(date: str = 'when="1901-02-03"', words: str = "3 Feb", prose: str = "Rain.") -> str:
    return ENTRY.format(date=date, words=words, prose=prose)


def events(folder: Path, *entries: str, **options: Any) -> list[dict[str, Any]]:
    file = folder / "chronicle.xml"
    file.write_text(TEXT.format(entries="".join(entries)), encoding="utf-8")
    items = read(file, Options(**options))
    return [dict(one.body) for one in items if isinstance(one, Draft)][1:]


def when(date: str, words: str = "some time") -> Any:
    found = when_of(ET.fromstring(f"<date {date}>{words}</date>"))
    return found["edtf"] if isinstance(found, dict) else found


@pytest.mark.parametrize(
    ("expected", "date"),
    [
        ("1901-02-03", 'when="1901-02-03"'),
        ("1901-02-03/1901-03-01", 'from="1901-02-03" to="1901-03-01"'),
        ("1818", 'notBefore="1818-01-01" notAfter="1818-12-31"'),
        ("1876-02", 'notBefore="1876-02-01" notAfter="1876-02-29"'),
        ("[1896..1897]", 'notBefore="1896-01-01" notAfter="1897-12-31"'),
        ("[1870-08..1871-09]", 'notBefore="1870-08-01" notAfter="1871-09-30"'),
        ("[1909-08-06..1909-08-31]", 'notBefore="1909-08-06" notAfter="1909-08-31"'),
    ],
)
def test_the_attributes_of_a_date_become_edtf(expected: str, date: str) -> None:
    assert expected == when(date)


def test_two_days_that_are_no_neighbours_stay_two_days() -> None:
    date = 'from="1974-03-19" to="1974-03-22"'

    assert "{1974-03-19,1974-03-22}" == when(date, "March 19 and 22, 1974")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(edtf.BadDate):
        when('when="1901-02-30"')


def test_a_title_holds_the_unit_and_the_act_but_no_sentence(tmp_path: Path) -> None:
    prose = "A Departmental Order established the Bureau of Boats, Nets, and Oars on the lake."
    (event,) = events(tmp_path, entry(prose=prose))

    assert "Bureau of Boats, Nets, and Oars: establishment" == event["title"]
    assert {"kind": "establishment", "subject": "Bureau of Boats, Nets, and Oars"} == event["data"]
    assert "quote" not in event["claims"][0]


def test_an_entry_without_unit_or_person_is_named_after_its_text(tmp_path: Path) -> None:
    (event,) = events(tmp_path, entry())

    assert ("Chronicle: note", "chronicle-note-1901") == (event["title"], event["event"])


def test_remarks_are_quoted_when_asked_for(tmp_path: Path) -> None:
    (event,) = events(tmp_path, entry(prose="Rain."), with_remarks=True)

    assert {"text": "Rain.", "language": "en"} == event["claims"][0]["quote"]


def test_linked_persons_take_part_under_the_id_that_the_archive_knows(tmp_path: Path) -> None:
    prose = '<ref target="https://example.org/people/roe-jane">J. Roe</ref> was appointed.'
    known = {"historyatstate:roe-jane": "person:jane-roe"}
    (found,) = events(tmp_path, entry(prose=prose), resolve=lambda name, *_: known.get(name))
    (text,) = events(tmp_path, entry(prose=prose), resolve=lambda *_: None)

    assert [{"entity": "person:jane-roe", "role": "participant"}] == found["participants"]
    assert [{"name": "J. Roe", "role": "participant"}] == text["participants"]
    assert "J. Roe: appointment" == text["title"]


def test_a_secretary_who_is_named_by_surname_has_his_id_and_full_name(tmp_path: Path) -> None:
    prose = '<ref target="https://example.org/people/rusk-david-dean">Rusk</ref> was appointed.'
    person, event = events(tmp_path, entry(prose=prose), resolve=lambda *_: None)

    assert "person:dean-rusk" == person["entity"]
    assert [{"entity": "person:dean-rusk", "role": "participant"}] == event["participants"]
    assert "David Dean Rusk: appointment" == event["title"]


def test_what_is_set_for_every_row_holds_for_every_entry(tmp_path: Path) -> None:
    settings = {"participants": "organization:club", "topics": "institutions", "title": "The club"}
    (event,) = events(tmp_path, entry(), settings=settings)

    assert [{"entity": "organization:club", "role": "participant"}] == event["participants"]
    assert (["institutions"], "The club: note") == (event["topics"], event["title"])


def test_an_entry_keeps_its_record_when_another_is_put_before_it(tmp_path: Path) -> None:
    def keys(*entries: str) -> list[str]:
        events(tmp_path, *entries)
        items = read(tmp_path / "chronicle.xml", Options())
        return [one.key for one in items if isinstance(one, Draft)]

    before = keys(entry())

    assert before[1] in keys(entry('when="1900-01-01"'), entry())


def test_every_entry_of_the_real_timeline_is_an_event() -> None:
    options = Options()
    items = list(read(corpus("historyatstate-administrative-timeline"), options))
    drafts = [one for one in items if isinstance(one, Draft)]

    assert [] == [one for one in items if isinstance(one, Problem)]
    assert 1488 == sum(draft.body["kind"] == "event" for draft in drafts)
    assert 92 == sum(isinstance(draft.body.get("when"), dict) for draft in drafts)
    assert [] == [fault for draft in drafts for fault in faults(draft, options.vocabulary)]
