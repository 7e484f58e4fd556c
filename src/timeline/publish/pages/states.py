"""States as pages show them: what stood on a day, in words, and whose reading it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from timeline import edtf
from timeline.publish.lists import records_known
from timeline.publish.site import Ask
from timeline.readmodel import subject_queries as queries
from timeline.readmodel.asking import Row
from timeline.records.pack_entries import label_of
from timeline.records.pack_file import pack_in_force, shipped
from timeline.records.vocabulary import standing

Labels = Mapping[tuple[str, str], str]
"""(machine, state) -> label; (machine, '') -> label of the machine."""


def day_asked(ask: Ask) -> tuple[int, str]:
    """The day that `on` names, today without it; why it is none, where it is none."""
    today = edtf.jdn(ask.today.year, ask.today.month, ask.today.day)
    text = ask.one("on")
    if not text:
        return today, ""
    try:
        dates = edtf.read(text, today=ask.today)
    except edtf.BadDate as error:
        return today, str(error)
    # A month or a year means its last day: what stood when it was over.
    return (today if dates.end_max is None else dates.end_max), ""


def state_labels(ask: Ask) -> Labels:
    """The words of every machine, of the vocabulary that ships and those of the log."""
    found = records_known(ask, queries.vocabularies(ask.upto))
    packs = [pack_in_force(orjson.loads(pack["line"])) for pack in found if pack["effective"]]
    stands = [pack for pack in packs if pack is not None]
    machines = standing([shipped("diplomacy")], stands).machines()
    made = {(name, ""): machine.label for name, machine in machines.items()}
    for name, machine in machines.items():
        made |= {(name, state): label for state, label in machine.states.items()}
    return made


def standing_on(found: Iterable[Row], day: int) -> list[Row]:
    """The rectangles that hold a day."""
    return [
        state
        for state in found
        if (state["valid_from"] is None or state["valid_from"] <= day)
        and (state["valid_to"] is None or day < state["valid_to"])
    ]


def told_state(state: Row, words: Labels, known: Mapping[str, str]) -> str:
    """`In force`; `Signed or In force` where it is uncertain; the names of who holds it."""
    standings: list[list[str]] = orjson.loads(state["standings"])
    return " or ".join(told_standing(state["machine"], one, words, known) for one in standings)


def told_standing(machine: str, one: Iterable[str], words: Labels, known: Mapping[str, str]) -> str:
    """One standing: a state, or those who hold the value."""
    texts = [words.get((machine, word)) or known.get(word) or _plain(word) for word in one]
    return ", ".join(texts) or "nothing"


def _plain(word: str) -> str:
    return word if ":" in word else label_of(word)


def readings(
    state: Row, words: Labels, known: Mapping[str, str]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who reads it otherwise: claimant, standing in words, standing."""
    return [
        (who, told_standing(state["machine"], one, words, known), tuple(one))
        for who, one in orjson.loads(state["readings"])
    ]
