"""The fold of states: moves, doubt, order, readings, successions, knowledge."""

from __future__ import annotations

from datetime import date
from typing import Any

from timeline.fold.states import (
    Known,
    Life,
    Rectangle,
    fold_life,
    fold_states,
    state_at,
    state_history,
)
from timeline.fold.steps import FIRST, LAST, Reading, StateEvent
from timeline.records.pack_file import shipped
from timeline.records.vocabulary import Machine, Move

TREATY = shipped("diplomacy").machines["treaty_status"]
OFFICE = shipped("diplomacy").machines["office_holder"]
SANCTION = shipped("diplomacy").machines["sanction"]


def jdn(day: str) -> int:
    return date.fromisoformat(day).toordinal() + 1721425


def act(event: str, first: str, last: str = "", **rest: Any) -> StateEvent:
    """An event named after its type: `treaty.signed`, or `treaty.signed#2`."""
    kind = event.partition("#")[0]
    move = next(m for m in TREATY.moves if m.event == kind and "data.of" not in m.where)
    if kind == "treaty.suspended":
        move = next(m for m in TREATY.moves if m.event == kind and not m.where)
    return StateEvent(event, 0, move, jdn(first), jdn(last or first), **rest)


def term(event: str, who: str, day: str) -> StateEvent:
    move = next(m for m in OFFICE.moves if m.event == event and not m.where)
    return StateEvent(f"{event}-{who}", 0, move, jdn(day), jdn(day), values=(who,))


def shown(rectangles: list[Rectangle]) -> list[tuple[str, str, list[str]]]:
    return [
        (_day(r.valid_from), _day(r.valid_to), ["+".join(s) for s in r.standings])
        for r in rectangles
    ]


def _day(jdn: int | None) -> str:
    return "" if jdn is None else date.fromordinal(jdn - 1721425).isoformat()


LIFE = [
    act("treaty.signed", "2010-04-08"),
    act("treaty.ratified", "2011-01-28"),
    act("treaty.entered_into_force", "2011-02-05"),
    act("treaty.ended", "2026-02-05"),
]


def test_a_treaty_goes_through_its_life() -> None:
    assert [
        ("2010-04-08", "2011-01-28", ["signed"]),
        ("2011-01-28", "2011-02-05", ["bound"]),
        ("2011-02-05", "2026-02-05", ["in_force"]),
        ("2026-02-05", "", ["ended"]),
    ] == shown(fold_states(TREATY, LIFE))


def test_the_order_of_records_does_not_matter() -> None:
    assert fold_states(TREATY, LIFE) == fold_states(TREATY, LIFE[::-1])


def test_nothing_stands_before_the_first_move() -> None:
    assert state_at(fold_states(TREATY, LIFE), jdn("2010-04-07")) is None


def test_an_uncertain_date_makes_the_days_between_uncertain() -> None:
    events = [
        act("treaty.signed", "1992-03-24"),
        act("treaty.ratified", "1993-01-01", "1993-12-31"),
    ]

    assert [
        ("1992-03-24", "1993-01-01", ["signed"]),
        ("1993-01-01", "1993-12-31", ["bound", "signed"]),
        ("1993-12-31", "", ["bound"]),
    ] == shown(fold_states(TREATY, events))


def test_a_date_without_bounds_leaves_both_for_ever() -> None:
    move = TREATY.moves[1]
    event = StateEvent("treaty.signed", 0, move, FIRST, LAST)

    assert [("", "", ["signed", ""])] == shown(fold_states(TREATY, [event]))


def test_a_second_record_of_the_same_act_changes_nothing() -> None:
    again = act("treaty.signed#2", "2010-04-10")

    assert shown(fold_states(TREATY, LIFE)) == shown(fold_states(TREATY, [*LIFE, again]))


def test_an_impossible_move_keeps_the_state_and_is_flagged() -> None:
    events = [*LIFE[:3], act("treaty.signed", "2012-01-01"), LIFE[3]]

    assert [
        ("signed", ()),
        ("bound", ()),
        ("in_force", ()),
        ("in_force", ("treaty.signed",)),
        ("ended", ()),
    ] == [(r.standings[0][0], r.impossible) for r in fold_states(TREATY, events)]


def test_the_states_tell_the_order_of_one_day() -> None:
    same_day = [
        act("treaty.entered_into_force", "2010-04-08"),
        act("treaty.signed", "2010-04-08"),
        act("treaty.ratified", "2010-04-08"),
    ]

    [rectangle] = fold_states(TREATY, same_day)

    assert (("in_force",), ()) == (rectangle.standings[0], rectangle.order)


def _sanction(change: str, day: str, **rest: Any) -> StateEvent:
    move = next(m for m in SANCTION.moves if m.where == {"data.change": change})
    return StateEvent(change, 0, move, jdn(day), jdn(day), **rest)


def test_an_order_of_one_day_that_matters_and_is_not_stated_is_flagged() -> None:
    events = [
        _sanction("imposed", "2014-03-17"),
        _sanction("widened", "2014-07-31"),
        _sanction("lifted", "2014-07-31"),
    ]

    assert [(), ("lifted", "widened")] == [r.order for r in fold_states(SANCTION, events)]


def test_an_order_that_is_stated_is_not_flagged() -> None:
    events = [
        _sanction("imposed", "2014-03-17"),
        _sanction("widened", "2014-07-31"),
        _sanction("lifted", "2014-07-31", follows=frozenset({"widened"})),
    ]

    assert [("2014-03-17", "2014-07-31", ["in_force"])] == shown(fold_states(SANCTION, events))


def test_who_denies_the_effect_keeps_his_reading() -> None:
    denied = act("treaty.suspended", "2023-02-28", readings=(Reading("state:us", None),))

    found = state_at(fold_states(TREATY, [*LIFE, denied]), jdn("2023-04-01"))

    assert found is not None
    assert (("suspended",),) == found.standings
    assert (("state:us", ("in_force",)),) == found.readings
    assert ("treaty.suspended",) == found.events


def test_who_affirms_the_effect_is_named_beside_who_denies_it() -> None:
    readings = (Reading("state:ru", "suspended"), Reading("state:us", None))
    found = fold_states(TREATY, [*LIFE, act("treaty.suspended", "2023-02-28", readings=readings)])

    assert [
        (("state:ru", ("suspended",)), ("state:us", ("in_force",))),
    ] == [r.readings for r in found if r.contested]


def test_readings_that_agree_are_no_contest() -> None:
    agreed = act("treaty.suspended", "2023-02-28", readings=(Reading("state:ru", "suspended"),))

    assert not any(r.contested for r in fold_states(TREATY, [*LIFE, agreed]))


def test_a_claimant_may_name_another_state() -> None:
    other = act("treaty.suspended", "2023-02-28", readings=(Reading("state:us", "withdrawn"),))
    found = state_at(fold_states(TREATY, [*LIFE, other]), jdn("2023-04-01"))

    assert found is not None
    assert (("state:us", ("withdrawn",)),) == found.readings


def test_an_act_for_the_whole_moves_only_who_has_a_standing() -> None:
    ended = act("treaty.ended", "2019-08-02", general=True)

    assert [] == fold_states(TREATY, [ended])


def test_an_act_for_the_whole_leaves_out_who_has_left() -> None:
    events = [*LIFE[:3], act("treaty.withdrawn", "2019-08-02")]
    general = act("treaty.ended", "2020-01-01", general=True)

    assert fold_states(TREATY, events) == fold_states(TREATY, [*events, general])


def test_an_office_passes_from_one_to_the_next() -> None:
    events = [
        term("office.began", "powell", "2001-01-20"),
        term("office.ended", "powell", "2005-01-26"),
        term("office.began", "rice", "2005-01-26"),
        term("office.ended", "rice", "2009-01-20"),
    ]

    assert [
        ("2001-01-20", "2005-01-26", ["powell"]),
        ("2005-01-26", "2009-01-20", ["rice"]),
    ] == shown(fold_states(OFFICE, events))


def test_a_successor_ends_a_term_whose_end_is_not_recorded() -> None:
    events = [term("office.began", "a", "2001-01-20"), term("office.began", "b", "2005-01-26")]

    assert [
        ("2001-01-20", "2005-01-26", ["a"]),
        ("2005-01-26", "", ["b"]),
    ] == shown(fold_states(OFFICE, events))


def test_an_end_after_the_successor_began_changes_nothing() -> None:
    events = [
        term("office.began", "a", "2001-01-20"),
        term("office.began", "b", "2005-01-26"),
        term("office.ended", "a", "2005-02-01"),
    ]

    assert [(), ()] == [r.impossible for r in fold_states(OFFICE, events)]


def test_the_end_of_a_term_that_never_began_is_flagged() -> None:
    assert [("office.ended-a",)] == [
        r.impossible for r in fold_states(OFFICE, [term("office.ended", "a", "2001-01-20")])
    ]


def test_a_term_of_one_day_is_over_on_that_day() -> None:
    events = [term("office.began", "a", "2001-01-20"), term("office.ended", "a", "2001-01-20")]

    assert [] == fold_states(OFFICE, events)


def test_several_hold_what_is_not_exclusive() -> None:
    members = Machine("m", "M", ("data.club",), OFFICE.moves, value="x", exclusive=False)
    events = [term("office.began", "a", "2001-01-01"), term("office.began", "b", "2002-01-01")]

    assert [["a"], ["a+b"]] == [one[2] for one in shown(fold_states(members, events))]


def test_a_state_goes_over_to_who_continues_it() -> None:
    day = jdn("1991-12-26")
    soviet = (act("treaty.signed", "1987-12-08"), act("treaty.entered_into_force", "1988-06-01"))
    suspended = act("treaty.suspended", "2019-03-04")

    assert [
        ("1987-12-08", "1988-06-01", ["signed"]),
        ("1988-06-01", "1991-12-26", ["in_force"]),
    ] == (shown(fold_life(TREATY, Life(soviet, until=day))))
    assert [("1991-12-26", "2019-03-04", ["in_force"]), ("2019-03-04", "", ["suspended"])] == (
        shown(fold_life(TREATY, Life((suspended,), inherited=soviet, since=day)))
    )


def test_what_we_knew_before_a_correction_stays_on_record() -> None:
    wrong = Life((act("treaty.signed", "2010-04-09"),))
    right = Life((act("treaty.signed", "2010-04-08"),))

    rows = state_history(TREATY, [(5, wrong), (9, right)])

    assert [
        (5, 9, "2010-04-09"),
        (9, None, "2010-04-08"),
    ] == [(row.known_from, row.known_to, _day(row.rectangle.valid_from)) for row in rows]


def test_what_did_not_change_is_one_row() -> None:
    once = Life(tuple(LIFE[:1]))

    [row] = state_history(TREATY, [(5, once), (7, once), (9, once)])

    assert isinstance(row, Known)
    assert (5, None) == (row.known_from, row.known_to)


def test_many_events_of_one_day_still_have_a_result() -> None:
    events = [_sanction("imposed", "2014-03-17")]
    events += [
        StateEvent(f"e{n}", n, Move("x", to), jdn("2015-01-01"), jdn("2015-01-01"))
        for n, to in enumerate(["in_force", "eased", "suspended", "in_force", "eased", "suspended"])
    ]

    assert 2 == len(fold_states(SANCTION, events))
