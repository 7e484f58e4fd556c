"""Random logs: every kind of record that the fold knows, pointing at each other.

One writer serves both: a seed, and hypothesis, which draws a log record by record so that a
failing one shrinks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, TypeVar

from hypothesis import strategies as st

from tests.logs import record, record_id
from timeline.records.pack_file import definition

T = TypeVar("T")

_DAYS = (
    "2024-12-05", "2024-12", "2024-12-05/2024-12-06", "3016-08-25", "1950~", "2024-11-30/..",
    "/2024-11-03", "-0043-03-15",
)  # fmt: skip
_SOURCES = ("src:a", "src:b", "src:c")
_PEOPLE = ("person:x", "person:y", "person:z")
_PLACES = ("place:p", "place:q")
_ENTITIES = (*_PEOPLE, *_PLACES)
_STANCES = ("asserts", "asserts", "denies", "implies", "silent", "questions")
_LIKELIHOODS = ("certain", "likely", "possible", "unlikely", "very_unlikely", "even")
_RELATIONS = ("follows", "follows", "part_of", "contradicts")
_TREATY = "{label: Act, roles: {party: {label: Party}}, data: {treaty: {type: text, label: T}}}"
_PACKS: Final = (
    # Another machine in the place of the default's, one in which meetings count, and no machine.
    f"""pack: diplomacy
version: 2
title: Fewer moves
description: Who signs is bound.
types:
  treaty.signed: {_TREATY}
  treaty.withdrawn: {_TREATY}
states:
  treaty_status:
    label: Status
    key: [data.treaty, participants.party]
    states: {{bound: Bound}}
    moves:
      treaty.signed: {{to: bound}}
      treaty.withdrawn: {{to: null, from: [bound]}}
""",
    """pack: rooms
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
    moves: {meeting.held: {to: taken, from: [none]}}
""",
    f"""pack: diplomacy
version: 3
title: No states
description: Nothing moves.
types:
  treaty.signed: {_TREATY}
""",
)


class Chance(Protocol):
    """Where the choices of a random log come from."""

    def choice(self, options: Sequence[T]) -> T:
        """One of the options; the first is the plainest."""
        ...

    def sometimes(self, percent: int) -> bool:
        """True in about so many cases of a hundred."""
        ...


class Seeded:
    """Choices that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choice(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def sometimes(self, percent: int) -> bool:
        return self._random.random() * 100 < percent


class Drawn:
    """Choices that hypothesis makes, and makes plainer."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def choice(self, options: Sequence[T]) -> T:
        return options[self._draw(st.integers(0, len(options) - 1))]

    def sometimes(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent


def random_log(seed: int, size: int = 14) -> list[dict[str, Any]]:
    """A log of `size` records; the same seed gives the same log."""
    writer = Writer(Seeded(seed))
    while len(writer.written) < size:
        writer.one_more()
    return writer.written


@st.composite
def drawn_logs(draw: st.DrawFn, most: int = 14) -> tuple[list[dict[str, Any]], Drawn]:
    """A log of 2 to `most` records, and the chance that decides what is done with it."""
    chance = Drawn(draw)
    writer = Writer(chance)
    writer.one_more()
    writer.one_more()
    for _ in range(most - 2):
        if not chance.sometimes(90):
            break
        writer.one_more()
    return writer.written, chance


class Writer:
    """A log in the making; the first record is an event."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.events: list[str] = []
        self.written: list[dict[str, Any]] = []

    def one_more(self) -> None:
        """Write one record."""
        kinds: tuple[Callable[[], None], ...] = (
            self.event, self.event, self.event, self.claim, self.correction, self.correction,
            self.retraction, self.retraction, self.merge, self.relation, self.assessment,
            self.source, self.entity, self.entity, self.correction, self.rare,
        )  # fmt: skip
        if self.events:
            self.chance.choice(kinds)()
        else:
            self.event()

    def rare(self) -> None:
        self.chance.choice((self.vocabulary, self.vocabulary, self.same_again, self.seal))()

    def put(self, kind: str, **fields: Any) -> None:
        written = record(len(self.written), kind, **fields)
        if self.chance.sometimes(30):
            written["batch"] = self.chance.choice(("b1", "b2"))
        if self.chance.sometimes(8) and self.written:
            written["supersedes"] = [self.chance.choice(self.written)["id"]]
        self.written.append(written)

    def an_id(self) -> str:
        if self.chance.sometimes(5):
            return record_id(999)
        return str(self.chance.choice(self.written)["id"])

    def an_event(self) -> str:
        return self.chance.choice([*self.events, "nowhere"] if self.events[1:] else self.events)

    def a_claim(self) -> dict[str, Any]:
        pick, sometimes = self.chance.choice, self.chance.sometimes
        claim: dict[str, Any] = {"source": pick(_SOURCES), "stance": pick(_STANCES)}
        if sometimes(40):
            claim["value"] = pick(
                (
                    {"when": pick(_DAYS)},
                    {"participants": [{"entity": pick(_PEOPLE), "role": "party"}]},
                    {"data": {"state": "suspended"}},
                )
            )
        if sometimes(20):
            claim["fields"] = pick((["/when"], ["/title"], ["/participants", "/data"]))
        if sometimes(25):
            claim["likelihood"] = pick(_LIKELIHOODS)
        if sometimes(15):
            claim["basis"] = pick(("official_record", "inferred"))
        if sometimes(10):
            claim["credibility"] = pick((2, 3, 5))
        if sometimes(30):
            claim["claimant"] = pick(_PEOPLE)
        return claim

    def event(self) -> None:
        pick, sometimes = self.chance.choice, self.chance.sometimes
        name = pick([f"event-{n}" for n in range(6)])
        self.events.append(name)
        kind, fields = pick((self.a_meeting, self.a_meeting, self.a_treaty, self.an_office))()
        if sometimes(10):
            fields["status"] = pick(("scheduled", "cancelled"))
        if sometimes(10):
            fields["relations"] = [{"relation": pick(_RELATIONS), "to": self.an_event()}]
        if sometimes(10):
            fields["when"] = {"edtf": pick(_DAYS), "original": "then"}
        claims = [self.a_claim()] if sometimes(80) else [self.a_claim(), self.a_claim()]
        what = {"type": kind, "title": f"Event {len(self.written)}", "when": pick(_DAYS)}
        self.put("event", event=name, **{**what, **fields}, claims=claims)

    def a_meeting(self) -> tuple[str, dict[str, Any]]:
        pick = self.chance.choice
        return "meeting.held", {
            "participants": [{"entity": pick(_PEOPLE)}, {"name": "Jo"}],
            "where": [pick(({"place": pick(_PLACES)}, {"name": "Somewhere"}))],
            "topics": pick(([], ["arms"], ["arms", "gas"])),
            "data": {"room": "a"},
        }

    def a_treaty(self) -> tuple[str, dict[str, Any]]:
        pick, sometimes = self.chance.choice, self.chance.sometimes
        kind = pick(("signed", "entered_into_force", "suspended", "withdrawn"))
        scope = {"scope": "treaty"} if sometimes(30) else {}
        spoken_for = {"for": pick(_ENTITIES)} if sometimes(30) else {}
        parties = [{"entity": who, "role": "party", **spoken_for} for who in _PEOPLE[:2]]
        return f"treaty.{kind}", {
            "participants": pick((parties, parties[:1], [])),
            "data": {"treaty": "treaty:t", **scope},
        }

    def an_office(self) -> tuple[str, dict[str, Any]]:
        pick = self.chance.choice
        return f"office.{pick(('began', 'ended'))}", {
            "participants": [{"entity": pick(_PEOPLE), "role": "appointee"}],
            "data": {"office": "office:o"},
        }

    def claim(self) -> None:
        self.put("claim", event=self.an_event(), claim=self.a_claim())

    def correction(self) -> None:
        pick, n = self.chance.choice, len(self.written)
        choices: tuple[tuple[str, Any, Any], ...] = (
            ("/when", "2024-12-05", pick(_DAYS)),
            ("/title", "x", f"Title {n}"),
            ("/data/treaty", None, "treaty:inf"),
            ("/topics", [], pick((None, ["gas"]))),
            ("/type", "meeting.held", pick(("treaty.signed", "office.ended", "meeting.held"))),
            ("/status", None, pick(("scheduled", "held", None))),
            ("/participants", [], [{"entity": pick(_PEOPLE), "role": pick(("party", "guest"))}]),
            ("/participants/0/entity", "person:x", pick(_PEOPLE)),
            ("/where", [], [{"place": pick(_PLACES)}]),
            ("/claims/0/source", "src:a", pick(_SOURCES)),
            ("/claim/stance", "asserts", pick(("denies", "asserts"))),
            ("/claim/source", "src:a", pick(_SOURCES)),
            ("/root", None, pick((*_SOURCES, None))),
            ("/successor_of", None, pick((*_PEOPLE, None))),
            ("/valid", None, pick(("1950/2024-12-05", "1950/..", None))),
            ("/names", [], [{"text": f"Name {n}"}]),
        )
        field, old, new = pick(choices)
        changes = {field: {"from": old, "to": new}}
        of = self._correctable(field)
        self.put("correction", of=of, changes=changes, reason="typing_error")

    def _correctable(self, field: str) -> str:
        """Something that has such a field, by its own id or a record's; rarely anything."""
        kinds = {"/claim": "claim", "/root": "source", "/successor_of": "entity",
                 "/valid": "entity", "/names": "entity"}  # fmt: skip
        wanted = {kinds.get(field, kinds.get(field[:6], "event")), "correction"}
        found = [one for one in self.written if one["kind"] in wanted]
        if self.chance.sometimes(3):
            return str(self.an_id())
        if not found or (wanted == {"event", "correction"} and self.chance.sometimes(70)):
            return self.an_event()
        one = self.chance.choice(found)
        if one["kind"] in {"source", "entity"}:
            return str(one[one["kind"]])
        return str(one["id"])

    def retraction(self) -> None:
        if self.chance.sometimes(15):
            self.put("retraction", batch_of=self.chance.choice(("b1", "b2")), reason="wrong_batch")
            return
        marks = [one["id"] for one in self.written if one["kind"] in {"retraction", "merge"}]
        if marks and self.chance.sometimes(40):
            of = str(self.chance.choice(marks))
        elif self.chance.sometimes(80):
            of = self.an_id()
        else:
            of = self.chance.choice((self.an_event(), *_ENTITIES, *_SOURCES))
        self.put("retraction", of=of, reason="false")

    def merge(self) -> None:
        pair = (self.an_event(), self.an_event())
        if not self.chance.sometimes(60):
            kind = self.chance.choice((_PEOPLE, _PLACES))
            pair = (self.chance.choice(kind), self.chance.choice(kind))
        self.put("merge", duplicate=pair[0], into=pair[1])

    def relation(self) -> None:
        how = self.chance.choice(_RELATIONS)
        self.put("relation", from_=self.an_event(), relation=how, to=self.an_event())

    def assessment(self) -> None:
        pick = self.chance.choice
        grades: tuple[tuple[str, dict[str, Any]], ...] = (
            (self.an_event(), {"credibility": pick((1, 2, 4, 6))}),
            (self.an_event(), {"review": pick(("draft", "checked"))}),
            (pick(_SOURCES), {"reliability": pick("ABCDEF")}),
            (self.an_id(), {"credibility": 3}),
        )
        subject, grade = pick(grades)
        self.put("assessment", of=subject, **grade)

    def source(self) -> None:
        root = {"root": self.chance.choice(_SOURCES)} if self.chance.sometimes(40) else {}
        name = self.chance.choice(_SOURCES)
        self.put("source", source=name, title=f"Source {len(self.written)}", **root)

    def entity(self) -> None:
        name = self.chance.choice(_ENTITIES)
        more: dict[str, Any] = {"country": "mt"}
        if self.chance.sometimes(70):
            more["valid"] = self.chance.choice(("1950/2024-12-05", "1950/2024-12", "1950/.."))
        if name in _PEOPLE and self.chance.sometimes(40):
            more["successor_of"] = self.chance.choice(_PEOPLE)
        self.put("entity", entity=name, names=[{"text": f"Name {len(self.written)}"}], **more)

    def vocabulary(self) -> None:
        text = self.chance.choice(_PACKS)
        name, version = (line.partition(": ")[2] for line in text.splitlines()[:2])
        self.put("vocabulary", pack=name, version=int(version), definition=definition(text))

    def same_again(self) -> None:
        """A line with an id that is there, mostly the very line."""
        again = dict(self.chance.choice(self.written))
        if self.chance.sometimes(30):
            again["note"] = "not the same"
        self.written.append(again)

    def seal(self) -> None:
        self.put("seal", origin="here", size=len(self.written), root="AAAA")
