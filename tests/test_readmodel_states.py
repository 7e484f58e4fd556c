"""States in the read model: parties that are spoken for, successions that come late."""

from __future__ import annotations

import sqlite3
from typing import Any

from tests.logs import (
    correction,
    entity,
    event,
    lines,
    read_model,
    record,
    record_id,
    retraction,
    tables,
)
from timeline.records.pack_file import definition

INF = {"treaty": "treaty:inf"}


def act(n: int, name: str, kind: str, when: str, *speakers: str, **fields: Any) -> dict[str, Any]:
    """An act of persons who each speak for a state."""
    people = [
        {"entity": f"person:{state[6:]}", "for": state, "role": "party"} for state in speakers
    ]
    return event(n, name, type=kind, when=when, participants=people, **fields)


def standing(connection: sqlite3.Connection, party: str) -> list[tuple[Any, ...]]:
    """(state, whether contested) of a party over the days, as known now."""
    rows = connection.execute(
        "SELECT state, contested FROM states WHERE party = ? AND known_to IS NULL"
        " ORDER BY valid_from",
        (party,),
    )
    return [tuple(row) for row in rows]


SOVIET_TREATY = [
    act(0, "signed", "treaty.signed", "1987-12-08", "state:us", "state:su", data=INF),
    event(
        1,
        "force",
        type="treaty.entered_into_force",
        when="1988-06-01",
        data={**INF, "scope": "treaty"},
    ),
]
RUSSIA = [
    entity(2, "state:su", "Soviet Union", valid="1922-12-30/1991-12-25"),
    entity(3, "state:ru", "Russia", successor_of="state:su"),
]


def test_who_acts_for_a_state_gives_the_state_its_standing() -> None:
    connection = read_model(lines(SOVIET_TREATY))

    assert [("signed", 0), ("in_force", 0)] == standing(connection, "state:su")


def test_a_treaty_as_a_whole_has_a_state_of_its_own() -> None:
    connection = read_model(lines(SOVIET_TREATY))

    assert [("in_force", 0)] == standing(connection, "")


def test_a_succession_that_is_recorded_late_hands_the_standing_on() -> None:
    connection = read_model(lines([*SOVIET_TREATY, *RUSSIA]))

    assert [("in_force", 0)] == standing(connection, "state:ru")


def test_a_succession_that_comes_in_a_later_run_gives_the_same_tables() -> None:
    log = lines([*SOVIET_TREATY, *RUSSIA])

    for split in (1, 2, 3):
        assert tables(read_model(log)) == tables(read_model(log, [split]))


def test_who_suspends_without_having_signed_was_in_the_treaty() -> None:
    left = act(4, "suspends", "treaty.suspended", "2019-03-04", "state:ru", data=INF)
    connection = read_model(lines([SOVIET_TREATY[1], *RUSSIA, left]))

    assert [("in_force", 0), ("suspended", 0)] == standing(connection, "state:ru")


def test_a_claimant_that_denies_the_effect_contests_it() -> None:
    denial = {"source": "src:us", "claimant": "state:us", "stance": "denies"}
    left = act(
        4,
        "suspends",
        "treaty.suspended",
        "2019-03-04",
        "state:ru",
        data=INF,
        claims=[{"source": "src:ru"}, denial],
    )
    connection = read_model(lines([*SOVIET_TREATY, *RUSSIA, left]))

    assert [("in_force", 0), ("suspended", 1)] == standing(connection, "state:ru")


ROOMS = """pack: rooms
version: 1
title: Rooms
description: Who meets in a room has it.
types:
  meeting.held: {label: Meeting, data: {room: {type: text, label: Room}}}
states:
  room:
    label: Room
    key: [data.room]
    states: {taken: Taken}
    moves: {meeting.held: {to: taken}}
"""


def test_a_vocabulary_that_is_taken_back_leaves_what_was_known_by_it() -> None:
    log = lines(
        [
            record(0, "vocabulary", pack="rooms", version=1, definition=definition(ROOMS)),
            event(1, "talks", data={"room": "a"}),
            retraction(2, record_id(0)),
        ]
    )

    rows = [
        connection.execute("SELECT state, known_from, known_to FROM states").fetchall()
        for connection in (read_model(log), read_model(log, [1, 2]))
    ]

    assert [[("taken", 1, 2)]] * 2 == rows


def test_who_is_put_in_by_a_correction_of_one_name_brings_his_own_changes() -> None:
    log = lines(
        [
            event(0, "talks", participants=[{"entity": "person:x"}]),
            correction(1, "talks", "/participants/0/entity", "person:x", "person:y"),
            entity(2, "person:y", "Yolanda"),
        ]
    )

    connection = read_model(log)
    names = connection.execute("SELECT names, known_from FROM events").fetchall()
    earlier = connection.execute("SELECT names, known_from FROM event_versions ORDER BY 2")

    assert [("Yolanda", 2)] == names
    assert [("person:x", 0), ("person:y", 1)] == earlier.fetchall()
