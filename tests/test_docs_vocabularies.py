"""The pack of docs/vocabularies.md works as the page says."""

from __future__ import annotations

import re
from pathlib import Path

from timeline.fold.state_events import Told, gather, state_events
from timeline.fold.states import fold_life
from timeline.records.pack_file import read_pack
from timeline.records.vocabulary import standing
from timeline.records.vocabulary_check import check_event
from timeline.records.vocabulary_lint import lint

PAGE = (Path(__file__).parents[1] / "docs" / "vocabularies.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)


def test_the_example_reads_and_lints_clean() -> None:
    assert [] == lint(read_pack(EXAMPLE))


def test_the_example_says_where_a_player_played() -> None:
    machine = read_pack(EXAMPLE).machines["club"]
    player = [{"name": "Kane", "role": "player"}]
    moves = [("2004-07-01", "Tottenham"), ("2023-08-12", "Bayern")]
    events = [
        Told(club, n, {
            "type": "transfer.made", "when": when, "participants": player, "data": {"to": club}
        })
        for n, (when, club) in enumerate(moves)
    ]  # fmt: skip
    lives = gather(machine, [found for event in events for found in state_events(machine, event)])

    assert [(("Tottenham",),), (("Bayern",),)] == [
        rectangle.standings for rectangle in fold_life(machine, lives["Kane",])
    ]


def test_the_example_tells_a_wrong_choice() -> None:
    vocabulary = standing([], [read_pack(EXAMPLE)])
    record = {"type": "transfer.made", "data": {"kind": "lone"}}

    assert ["kind 'lone' is not a choice; did you mean loan or sale?"] == [
        finding.message for finding in check_event(vocabulary, record)
    ]
