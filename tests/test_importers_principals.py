"""Terms of office become events, with the source's gaps and slips kept visible."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

from tests.archives import archive_in
from tests.corpora import corpus
from timeline.errors import Problem
from timeline.importers.checking import faults
from timeline.importers.historyatstate_principals import read
from timeline.importers.options import Item, Options
from timeline.importers.run import ImportPlan, plan_import, run_import
from timeline.records.draft import Draft

POSITION = """<principal-position><id>{position}</id>
<names><singular>{name}</singular><alternate/></names><principals>{terms}</principals>
</principal-position>"""
TERM = """<principal><id>{id}</id><person-id>{who}</person-id><role-title-id>{role}</role-title-id>
<appointed><date>{appointed}</date><note/></appointed>
<started><date>{started}</date><note/></started>
<ended><date>{ended}</date><note/></ended><note>{note}</note></principal>"""
PERSON = """<person><id>{who}</id><persName><surname>{family}</surname>
<forename>{given}</forename></persName><birth>1950</birth><death/></person>"""


def term(number: int, who: str = "roe-jane-ann", **fields: str) -> str:
    empty = {"appointed": "", "started": "", "ended": "", "note": "", "role": ""}
    return TERM.format(**{"id": f"term-{number}", "who": who, **empty, **fields})


def source(folder: Path, *terms: str, position: str = "counselor", name: str = "Counselor") -> Path:
    home = folder / "source" / "positions"
    home.mkdir(parents=True, exist_ok=True)
    text = POSITION.format(position=position, name=name, terms="".join(terms))
    (home / f"{position}.xml").write_text(text, encoding="utf-8")
    person = folder / "roe-jane-ann.xml"
    person.write_text(PERSON.format(who="roe-jane-ann", family="Roe", given="Jane Ann"))
    with tarfile.open(home.parent / "people.tar.gz", "w:gz") as archive:
        archive.add(person, "people/r/roe-jane-ann.xml")
    return home.parent


def events(folder: Path, *terms: str, **position: str) -> list[dict[str, Any]]:
    return bodies(read(source(folder, *terms, **position), Options()), "event")


def bodies(items: Any, kind: str) -> list[dict[str, Any]]:
    return [dict(one.body) for one in items if isinstance(one, Draft) and one.body["kind"] == kind]


def advice(items: list[Item]) -> list[str]:
    return [one.rule for one in items if isinstance(one, Problem)]


def test_a_term_becomes_two_events_with_the_day_of_appointment_beside_them(tmp_path: Path) -> None:
    began, ended = events(
        tmp_path, term(1, appointed="2001-02-01", started="2001-02-20", ended="2003-04-05")
    )

    assert ("office.began", "2001-02-20") == (began["type"], began["when"])
    assert {"office": "office:us-counselor", "appointed": "2001-02-01"} == began["data"]
    assert ("office.ended", "2003-04-05") == (ended["type"], ended["when"])
    assert "Jane Ann Roe becomes Counselor" == began["title"]
    assert "jane-ann-roe-ceases-to-be-counselor-2003" == ended["event"]


def test_without_a_day_of_entry_the_appointment_counts(tmp_path: Path) -> None:
    (began,) = events(tmp_path, term(1, appointed="2001-02-01"))

    assert "2001-02-01" == began["when"]
    assert {"office": "office:us-counselor"} == began["data"]


def test_a_nomination_that_came_to_nothing_makes_no_event(tmp_path: Path) -> None:
    folder = source(
        tmp_path, term(1), term(2, appointed="1956-10-15", note="Declined appointment.")
    )
    items = list(read(folder, Options()))

    assert [] == bodies(items, "event")
    assert ["not-taken-up", "not-taken-up"] == advice(items)


def test_a_beginning_after_the_end_falls_back_to_the_appointment_as_uncertain(
    tmp_path: Path,
) -> None:
    began, _ = events(
        tmp_path, term(1, appointed="1866-07-27", started="1886-07-27", ended="1886-07-22")
    )

    assert "1866-07-27?" == began["when"]["edtf"]
    assert "1886-07-27" == began["when"]["original"]


def test_who_follows_himself_on_one_day_left_before_he_came_back(tmp_path: Path) -> None:
    first = term(1, started="1992-08-23", ended="1992-12-08")
    second = term(2, started="1992-12-08", ended="1993-01-19")

    _, left, again, _ = events(tmp_path, first, second)

    assert [{"relation": "follows", "to": left["event"]}] == again["relations"]


def test_an_office_of_several_holders_says_so(tmp_path: Path) -> None:
    told = {"position": "ambassador-at-large", "name": "Ambassador at Large"}
    (began,) = events(tmp_path, term(1, started="2001-02-01"), **told)

    assert "several" == began["data"]["seats"]


def test_holding_the_secretaryship_ad_interim_is_holding_that_office(tmp_path: Path) -> None:
    told = {"position": "secretary-ad-interim", "name": "Secretary of State ad interim"}
    (began,) = events(tmp_path, term(1, started="2001-02-01", role="secretary-ad-interim"), **told)

    assert {"office": "office:us-secretary-of-state", "capacity": "ad_interim"} == began["data"]
    assert "Jane Ann Roe becomes Secretary of State ad interim" == began["title"]


def test_what_the_archive_has_already_gets_a_claim(tmp_path: Path) -> None:
    folder = source(
        tmp_path,
        term(1, started="2000-01-01", ended="2001-02-01"),
        term(2, started="2001-02-01", ended="2002-03-04"),
    )
    known = {
        "id": "1",
        "kind": "event",
        "event": "roe-starts",
        "type": "office.began",
        "when": "2001-02-01",
        "claims": [{"source": "src:diary"}],
        "data": {"office": "office:us-counselor"},
        "participants": [{"entity": "person:jane-ann-roe", "role": "appointee"}],
    }
    items = list(read(folder, Options(records=[known])))
    undone = {"id": "2", "kind": "retraction", "of": "1", "reason": "other"}

    assert ["roe-starts"] == [claim["event"] for claim in bodies(items, "claim")]
    assert 3 == len(bodies(items, "event"))
    (relation,) = bodies(items, "relation")
    assert ("roe-starts", "jane-ann-roe-ceases-to-be-counselor-2001") == (
        relation["from"],
        relation["to"],
    )
    assert [] == bodies(read(folder, Options(records=[known, undone])), "claim")


def test_importing_twice_appends_nothing(tmp_path: Path) -> None:
    first = term(1, started="1992-08-23", ended="1992-12-08")
    second = term(2, started="1992-12-08", ended="1993-01-19")
    folder = source(tmp_path, first, second)
    archive = archive_in(tmp_path / "archive")

    def plan() -> ImportPlan:
        return plan_import(archive, [folder], Options(), importer="historyatstate-principals")

    run_import(plan(), archive, by="ana")
    table = tmp_path / "diary.csv"
    table.write_text(
        "when,type,title,participants.appointee,data.office,source\n"
        "1992-12-08,office.began,Roe starts,person:jane-ann-roe,office:us-counselor,Diary\n"
    )
    run_import(plan_import(archive, [table], Options()), archive, by="ana")

    assert () == plan().drafts


def test_remarks_stay_out_unless_asked_for(tmp_path: Path) -> None:
    folder = source(tmp_path, term(1, started="2001-02-01", note="Served twice."))
    (plain,) = bodies(read(folder, Options()), "event")
    (quoted,) = bodies(read(folder, Options(with_remarks=True)), "event")

    assert "quote" not in plain["claims"][0]
    assert "Served twice." == quoted["claims"][0]["quote"]["text"]


def test_persons_have_the_ids_of_the_travels() -> None:
    folder = corpus("historyatstate-principals")
    people = bodies(read(folder, Options()), "entity")
    found = {one["external_ids"]["historyatstate"]: one["entity"] for one in people[1:]}

    assert "person:antony-blinken" == found["blinken-antony-j"]
    assert "person:lawrence-eagleburger" == found["eagleburger-lawrence-sidney"]
    assert "person:thomas-jefferson" == found["jefferson-thomas"]
    assert len(people) == len({one["entity"] for one in people})


def test_every_term_of_the_source_is_taken_or_named() -> None:
    options = Options()
    items = list(read(corpus("historyatstate-principals"), options))
    drafts = [one for one in items if isinstance(one, Draft)]
    kinds = [draft.body.get("type", draft.body["kind"]) for draft in drafts]

    assert (1487, 1358) == (kinds.count("office.began"), kinds.count("office.ended"))
    assert 30 == advice(items).count("not-taken-up")
    assert 1 == advice(items).count("reversed-dates")
    assert [] == [fault for draft in drafts for fault in faults(draft, options.vocabulary)]
