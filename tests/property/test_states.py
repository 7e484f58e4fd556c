"""Laws of the fold of states, against a fold that knows only one day and one prefix."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.fold.states import Life, fold_life, fold_states, state_at, state_history
from timeline.fold.steps import Reading, StateEvent
from timeline.records.vocabulary import VACANT, Machine, Move

STATES = ("signed", "in_force", "suspended", "ended")
MOVES = (
    Move("sign", "signed", ("",), rank=0),
    Move("force", "in_force", ("", "signed"), rank=1),
    Move("suspend", "suspended", ("in_force",), rank=2),
    Move("resume", "in_force", ("suspended",), rank=3),
    Move("end", VACANT, rank=4),
)
MACHINE = Machine("m", "M", ("data.k",), MOVES)
DAYS = st.integers(0, 30)


@st.composite
def events(draw: st.DrawFn, *, exact: bool = False) -> list[StateEvent]:
    """Up to eight events; with `exact`, each on a day of its own."""
    count = draw(st.integers(0, 8))
    days = draw(st.lists(DAYS, min_size=count, max_size=count, unique=exact))
    made = []
    for n, day in enumerate(days):
        move = draw(st.sampled_from(MOVES))
        late = day if exact else day + draw(st.integers(0, 6))
        claims = [] if exact else draw(st.lists(st.sampled_from(("a", "b")), max_size=1))
        readings = tuple(Reading(who, draw(st.sampled_from((None, *STATES)))) for who in claims)
        made.append(StateEvent(f"e{n}", n, move, day, late, readings=readings))
    return made


def _plain(made: list[StateEvent], day: int) -> str:
    """The state on a day by the shortest way there is."""
    state = VACANT
    for event in sorted(made, key=lambda event: event.earliest):
        if event.earliest <= day and (not event.move.sources or state in event.move.sources):
            state = event.move.to
    return state


@given(events(exact=True), DAYS)
def test_exact_dates_fold_as_one_would_by_hand(made: list[StateEvent], day: int) -> None:
    found = state_at(fold_states(MACHINE, made), day)
    standing = found.standings if found else ((),)

    assert ((_plain(made, day),) if _plain(made, day) else (),) == standing


@given(st.data())
def test_the_order_of_input_does_not_matter(data: st.DataObject) -> None:
    made = data.draw(events())
    shuffled = data.draw(st.permutations(made))

    assert fold_states(MACHINE, made) == fold_states(MACHINE, shuffled)


@given(events())
def test_rectangles_neither_overlap_nor_touch_their_equals(made: list[StateEvent]) -> None:
    found = fold_states(MACHINE, made)
    ends = [(one.valid_to, two.valid_from) for one, two in pairwise(found)]

    assert all(end is not None and start is not None and end <= start for end, start in ends)


@settings(max_examples=200)
@given(st.lists(events(), min_size=1, max_size=5), DAYS, st.data())
def test_stored_rectangles_equal_the_fold_of_the_prefix(
    versions: list[list[StateEvent]], day: int, data: st.DataObject
) -> None:
    lives = [(3 * n, Life(tuple(made))) for n, made in enumerate(versions)]
    known = data.draw(st.integers(0, 3 * len(lives)))
    prefix = [life for since, life in lives if since <= known][-1]

    stored = [
        row.rectangle
        for row in state_history(MACHINE, lives)
        if row.known_from <= known and (row.known_to is None or known < row.known_to)
    ]

    expected = state_at(fold_life(MACHINE, prefix), day)
    assert ([expected] if expected else []) == [r for r in stored if state_at([r], day)]


@given(events(), events(), DAYS)
def test_who_continues_another_has_one_state_a_day(
    before: list[StateEvent], own: list[StateEvent], day: int
) -> None:
    old = fold_life(MACHINE, Life(tuple(before), until=day))
    new = fold_life(MACHINE, Life(tuple(own), tuple(before), since=day))

    assert all(r.valid_to is not None and r.valid_to <= day for r in old)
    assert sorted(new, key=lambda r: r.valid_from or 0) == new
