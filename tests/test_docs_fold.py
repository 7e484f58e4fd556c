"""The examples of docs/spec/fold.md and docs/time.md, folded as they are told there."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.logs import (
    correction,
    entity,
    event,
    instant,
    lines,
    read_model,
    record,
    record_id,
    retraction,
    source,
)
from timeline.edtf.days import iso, jdn

DOCS = Path(__file__).resolve().parents[1] / "docs"
NAMES = {"the United States": "state:us", "Russia": "state:ru"}


def model(*records: dict[str, Any]) -> sqlite3.Connection:
    """The read model of these records, each at the position of its number; seals fill the gaps."""
    told = {int(one["id"][-12:]): one for one in records}
    filled = [
        told.get(n) or record(n, "seal", origin="here", size=n, root="AAAA")
        for n in range(max(told) + 1)
    ]
    return read_model(lines(filled))


def one(connection: sqlite3.Connection, query: str, *values: Any) -> Any:
    """The one row of a query, or its one value."""
    (row,) = connection.execute(query, values).fetchall()
    return row[0] if len(row) == 1 else tuple(row)


def test_the_rules_and_their_numbers_are_those_that_are_tested_here() -> None:
    text = (DOCS / "spec" / "fold.md").read_text("utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]

    assert [f"{n}." for n in range(1, 10)] == [part.split()[0] for part in parts[:9]]
    assert [] == [part.split("\n")[0] for part in parts[:9] if "\n> " not in part]


# --- docs/spec/fold.md ----------------------------------------------------------------------------


def test_1_a_line_that_stands_twice_changes_nothing() -> None:
    first = event(1, "talks")
    connection = model(first, retraction(2, "talks"), event(3, "other"), {**first, "note": "x"})
    doubled = read_model(lines([event(0, "a"), first, event(2, "b"), event(3, "c"), first]))

    assert (1, 0) == one(doubled, "SELECT (SELECT count(*) FROM events WHERE id = 'talks'), "
                         "(SELECT effective FROM records WHERE position = 4)")  # fmt: skip
    assert [] == doubled.execute("SELECT * FROM problems").fetchall()
    assert 2 == one(connection, "SELECT count(*) FROM events")


def test_1_a_line_with_a_known_id_and_other_bytes_is_reported() -> None:
    first = event(0, "talks")
    connection = read_model(lines([first, {**first, "title": "Other"}]))

    assert (1, "duplicate-id") == one(connection, "SELECT position, rule FROM problems")
    assert "Meeting talks" == one(connection, "SELECT title FROM events")


def test_2_what_names_a_later_record_is_dangling_for_ever() -> None:
    connection = model(correction(2, "treaty-talks", "/title", "x", "y"), event(5, "treaty-talks"))

    assert (2, "dangling") == one(connection, "SELECT position, rule FROM problems")
    assert "Meeting treaty-talks" == one(connection, "SELECT title FROM events")


def test_3_a_retraction_that_is_retracted_lets_the_record_stand() -> None:
    connection = model(event(3, "talks"), retraction(7, record_id(3)), retraction(9, record_id(7)))
    rows = connection.execute("SELECT position, effective FROM records WHERE kind != 'seal'")

    assert [(3, 1), (7, 0), (9, 1)] == rows.fetchall()


def test_3_what_is_inert_stays_so_when_its_retraction_is_taken_back() -> None:
    first = event(1, "talks")
    connection = read_model(
        lines(
            [
                correction(0, "talks", "/title", "x", "y"),  # before there are any: dangling
                first,
                {**first, "recorded_at": instant(2)},  # once more
                retraction(3, record_id(0)),
                retraction(4, record_id(3)),
                retraction(5, record_id(1)),
                retraction(6, record_id(5)),
            ]
        ),
    )
    rows = connection.execute("SELECT effective FROM records ORDER BY position")

    assert [0, 1, 0, 0, 1, 0, 1] == [stands for (stands,) in rows]


def test_4_the_last_correction_wins_and_is_a_conflict_where_it_had_not_seen_the_first() -> None:
    connection = model(
        event(1, "talks", when="3016"),
        correction(5, "talks", "/when", "3016", "2016"),
        correction(8, "talks", "/when", "3016", "2017"),
    )

    date, conflicts = one(connection, "SELECT edtf, conflicts FROM events")
    assert "2017" == date
    assert 1 == conflicts


def test_4_a_graded_source_keeps_its_last_grade() -> None:
    connection = model(
        source(0, "src:a", reliability="B"),
        record(1, "assessment", of="src:a", reliability="D"),
        correction(2, "src:a", "/title", "src:a", "The Paper"),
    )

    assert ("The Paper", "D") == one(connection, "SELECT title, reliability FROM sources")


def test_4_the_grade_of_a_claim_is_the_claims_and_that_of_an_event_the_events() -> None:
    log = [event(0, "talks"), record(1, "claim", event="talks", claim={"source": "src:b"})]
    doubt = record(2, "assessment", of=record_id(1), credibility=5)
    claims = "SELECT group_concat(credibility) FROM (SELECT credibility FROM claims ORDER BY n)"
    events = "SELECT certainty FROM events"

    graded = model(*log, doubt)
    assert ("5", "confirmed") == (one(graded, claims), one(graded, events))
    whole = model(*log, doubt, record(3, "assessment", of=record_id(0), credibility=4))
    assert ("5", "doubtful") == (one(whole, claims), one(whole, events))


def test_5_a_merged_event_gives_its_claims_to_the_survivor_and_keeps_its_fields() -> None:
    log = [
        event(0, "talks"),
        event(1, "parley", title="A parley", claims=[{"source": "src:paper"}]),
        record(2, "merge", duplicate="parley", into="talks"),
        record(3, "merge", duplicate="talks", into="parley"),
    ]
    merged, parted = model(*log), model(*log, retraction(4, record_id(2)))
    query = "SELECT title, n_claims, merged_into FROM events ORDER BY number"

    assert [("Meeting talks", 2, None), ("A parley", 1, "talks")] == merged.execute(
        query
    ).fetchall()
    assert ("Meeting talks", 1, "parley") == parted.execute(query).fetchone()
    assert (3, "cycle") == one(merged, "SELECT position, rule FROM problems")
    assert [] == parted.execute("SELECT * FROM problems").fetchall()


def test_5_a_second_merge_is_flagged_until_the_first_is_taken_back() -> None:
    log = [
        *(event(n, name) for n, name in enumerate(("talks", "parley", "chat"))),
        record(3, "merge", duplicate="chat", into="talks"),
        record(4, "merge", duplicate="chat", into="parley"),
    ]
    twice, once = model(*log), model(*log, retraction(5, record_id(3)))
    query = "SELECT merged_into FROM events WHERE id = 'chat'"

    assert (4, "second-merge", "chat is merged already") == one(twice, "SELECT * FROM problems")
    assert ("talks", "parley") == (one(twice, query), one(once, query))
    assert [] == once.execute("SELECT * FROM problems").fetchall()


def test_6_two_papers_that_print_one_agency_are_one_root() -> None:
    def claim(name: str, delegations: int) -> dict[str, Any]:
        return {"source": name, "value": {"data": {"delegations": delegations}}}

    connection = model(
        source(0, "src:agency"),
        source(1, "src:paper-1", root="src:agency"),
        source(2, "src:paper-2", root="src:agency"),
        source(3, "src:gazette"),
        event(
            4,
            "talks",
            data={"delegations": 57},
            claims=[claim("src:paper-1", 57), claim("src:paper-2", 57), claim("src:gazette", 56)],
        ),
    )

    assert ('["/data/delegations"]', 3, 2) == one(
        connection, "SELECT contested, n_sources, n_roots FROM events"
    )


OPEN_SKIES: list[dict[str, Any]] = [
    event(
        10,
        "open-skies-signed",
        type="treaty.signed",
        when="1992-03-24",
        data={"treaty": "treaty:open-skies"},
        participants=[{"entity": who, "role": "party"} for who in NAMES.values()],
    ),
    event(
        11,
        "open-skies-in-force",
        type="treaty.entered_into_force",
        when="2002-01-01",
        data={"treaty": "treaty:open-skies", "scope": "treaty"},
    ),
    event(
        40,
        "united-states-leaves-open-skies",
        type="treaty.withdrawn",
        when="2020-11-22",
        data={"treaty": "treaty:open-skies"},
        participants=[{"entity": "state:us", "role": "party"}],
    ),
    event(
        58,
        "russia-leaves-open-skies",
        type="treaty.withdrawn",
        when="2020-12-18",
        data={"treaty": "treaty:open-skies"},
        participants=[{"entity": "state:ru", "role": "party"}],
    ),
    correction(61, "russia-leaves-open-skies", "/when", "2020-12-18", "2021-12-18"),
]


def test_6_heads_of_delegation_without_their_offices_contest_nothing() -> None:
    minister = {"entity": "person:x", "role": "speaker"}
    less = {"source": "src:paper", "value": {"participants": [minister]}}
    connection = model(
        event(1, "talks", participants=[{**minister, "as": "office:minister"}],
              claims=[{"source": "src:agency"}, less])
    )  # fmt: skip

    assert [("[]",)] == connection.execute("SELECT contested FROM events").fetchall()


def test_7_a_withdrawal_in_a_month_leaves_its_days_uncertain() -> None:
    connection = model(
        *OPEN_SKIES[:4],
        correction(61, "russia-leaves-open-skies", "/when", "2020-12-18", "2021-12"),
    )
    rows = connection.execute(
        "SELECT state, valid_from, valid_to FROM states"
        " WHERE party = 'state:ru' AND uncertain AND known_to IS NULL"
    )

    assert [("withdrawn | in_force", jdn(2021, 12, 1), jdn(2021, 12, 31))] == rows.fetchall()


def test_8_at_any_position_one_version_is_believed() -> None:
    connection = model(
        event(1, "talks", when="3016"), correction(5, "talks", "/when", "3016", "2016")
    )
    rows = connection.execute("SELECT edtf, known_from, known_to FROM event_history ORDER BY 2")

    assert [("3016", 1, 5), ("2016", 5, None)] == rows.fetchall()


def test_9_a_new_record_touches_the_events_that_name_its_subject_alone() -> None:
    log = lines(
        [
            entity(0, "person:x", "Xenia"),
            event(1, "talks", participants=[{"entity": "person:x"}]),
            event(2, "other"),
            entity(3, "person:x", "Xenia the Elder"),
        ]
    )
    connection = read_model(log, [3])

    assert [("other", 1, 2), ("talks", 2, 3)] == connection.execute(
        "SELECT id, revision, known_from FROM events ORDER BY id"
    ).fetchall()


# --- docs/time.md ---------------------------------------------------------------------------------

TIME = (DOCS / "time.md").read_text("utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table whose first column has this heading."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-| ]+\n((?:\|.*\n)+)", TIME, flags=re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in table[1].splitlines()]


def day(text: str) -> int | None:
    """A Julian Day Number; None for a dash."""
    if text == "-":
        return None
    for form in ("%d %B %Y", "%d %b %Y"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return jdn(found.year, found.month, found.day)
    raise AssertionError(text)


@pytest.mark.parametrize("on, as_of, united_states, russia", rows_of("on the day"))
def test_one_select_answers_both_dates(
    on: str, as_of: str, united_states: str, russia: str
) -> None:
    (query,) = re.findall(r"```sql\n(.*?)```", TIME, flags=re.DOTALL)
    found = model(*OPEN_SKIES).execute(
        query, {"day": day(on), "position": int(as_of.removeprefix("position "))}
    )
    states = {party: state.replace("_", " ") for party, state in found if party}

    assert {"state:us": united_states, "state:ru": russia} == states


def test_a_day_stands_for_the_last_record_of_that_day() -> None:
    (told, position) = re.findall(r"`--as-of (\S+)` and\n`--as-of '#(\d+)'` are one", TIME)[0]
    written = {cells[0]: datetime.strptime(cells[1], "%d %b %Y") for cells in rows_of("position")}  # noqa: DTZ007
    until = [int(at) for at, day_of in written.items() if day_of.strftime("%Y-%m-%d") <= told]

    assert int(position) == max(until)


@pytest.mark.parametrize("row", rows_of("party"))
def test_the_rectangles_are_those_that_are_stored(row: list[str]) -> None:
    stored = model(*OPEN_SKIES).execute(
        "SELECT valid_from, valid_to, known_from, known_to, state FROM states WHERE party = ?",
        (NAMES[row[0]],),
    )
    since, until = (None if cell == "-" else int(cell) for cell in row[3:5])

    assert (day(row[1]), day(row[2]), since, until, row[5].replace(" ", "_")) in stored.fetchall()


@pytest.mark.parametrize("row", rows_of("position"))
def test_the_archive_holds_what_the_text_says(row: list[str]) -> None:
    days = re.findall(r"\d{1,2} [A-Z][a-z]+ \**\d{4}", row[2])
    told = {one["id"]: one for one in OPEN_SKIES}[record_id(int(row[0]))]
    when = told["changes"]["/when"]["to"] if told["kind"] == "correction" else told["when"]

    number = day(days[-1].replace("*", ""))
    assert number is not None
    assert iso(number) == when
