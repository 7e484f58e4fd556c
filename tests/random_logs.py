"""Random logs: every kind of record that the fold of events knows, pointing at each other."""

from __future__ import annotations

import random
from typing import Any

from tests.logs import record, record_id

_DAYS = (
    "2024-12-05", "2024-12", "2024-12-05/2024-12-06", "3016-08-25", "1950~", "2024-11-30/..",
    "/2024-11-03", "-0043-03-15",
)  # fmt: skip
_SOURCES = ("src:a", "src:b", "src:c")
_ENTITIES = ("person:x", "person:y", "place:p", "place:q")


def random_log(seed: int, size: int = 14) -> list[dict[str, Any]]:
    """A log of about `size` records; the same seed gives the same log."""
    return _Writer(random.Random(seed)).log(size)


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.events: list[str] = []
        self.written: list[dict[str, Any]] = []

    def log(self, size: int) -> list[dict[str, Any]]:
        kinds = [self.event, self.event, self.claim, self.correction, self.correction,
                 self.retraction, self.retraction, self.merge, self.relation, self.assessment,
                 self.source, self.entity]  # fmt: skip
        self.event()
        while len(self.written) < size:
            self.chance.choice(kinds)()
        return self.written

    def put(self, kind: str, **fields: Any) -> None:
        written = record(len(self.written), kind, **fields)
        if self.chance.random() < 0.3:
            written["batch"] = self.chance.choice(["b1", "b2"])
        if self.chance.random() < 0.08 and self.written:
            written["supersedes"] = [self.chance.choice(self.written)["id"]]
        self.written.append(written)

    def any_id(self) -> str:
        if self.chance.random() < 0.05:
            return record_id(999)
        return str(self.chance.choice(self.written)["id"])

    def any_event(self) -> str:
        return self.chance.choice(
            [*self.events, "nowhere"] if len(self.events) > 1 else self.events
        )

    def a_claim(self) -> dict[str, Any]:
        claim: dict[str, Any] = {
            "source": self.chance.choice(_SOURCES),
            "stance": self.chance.choice(["asserts", "asserts", "denies", "implies", "silent"]),
        }
        if self.chance.random() < 0.4:
            claim["value"] = {"when": self.chance.choice(_DAYS)}
        if self.chance.random() < 0.2:
            claim["fields"] = ["/when"]
        return claim

    def event(self) -> None:
        name = f"event-{self.chance.randrange(6)}"
        self.events.append(name)
        if self.chance.random() < 0.4:
            self.treaty(name)
            return
        self.put(
            "event", event=name, type="meeting.held", title=f"Meeting {len(self.written)}",
            when=self.chance.choice(_DAYS), claims=[self.a_claim()],
            participants=[{"entity": self.chance.choice(_ENTITIES[:2])}, {"name": "Jo"}],
            where=[{"place": self.chance.choice(_ENTITIES[2:])}],
            topics=["arms"] if self.chance.random() < 0.5 else [],
        )  # fmt: skip

    def treaty(self, name: str) -> None:
        kind = self.chance.choice(["signed", "entered_into_force", "suspended", "withdrawn"])
        scope = {"scope": "treaty"} if self.chance.random() < 0.3 else {}
        spoken_for = {"for": self.chance.choice(_ENTITIES)} if self.chance.random() < 0.3 else {}
        parties = [{"entity": who, "role": "party", **spoken_for} for who in _ENTITIES[:2]]
        self.put(
            "event", event=name, type=f"treaty.{kind}", title=f"Treaty {len(self.written)}",
            when=self.chance.choice(_DAYS), claims=[{**self.a_claim(), "claimant": "person:y"}],
            participants=self.chance.choice([parties, parties[:1], []]),
            data={"treaty": "treaty:t", **scope},
        )  # fmt: skip

    def claim(self) -> None:
        self.put("claim", event=self.any_event(), claim=self.a_claim())

    def correction(self) -> None:
        choices: list[tuple[str, Any, Any]] = [
            ("/when", "2024-12-05", self.chance.choice(_DAYS)),
            ("/title", "x", f"Title {len(self.written)}"),
            ("/data/treaty", None, "treaty:inf"),
            ("/topics", [], None),
        ]
        field, old, new = self.chance.choice(choices)
        changes = {field: {"from": old, "to": new}}
        of = self.any_event() if self.chance.random() < 0.7 else self._correctable()
        self.put("correction", of=of, changes=changes, reason="typing_error")

    def _correctable(self) -> str:
        found = [r["id"] for r in self.written if r["kind"] in {"event", "correction"}]
        return str(self.chance.choice(found))

    def retraction(self) -> None:
        if self.chance.random() < 0.15:
            self.put("retraction", batch_of=self.chance.choice(["b1", "b2"]), reason="wrong_batch")
        else:
            of = self.any_id() if self.chance.random() < 0.85 else self.any_event()
            self.put("retraction", of=of, reason="false")

    def merge(self) -> None:
        if self.chance.random() < 0.7:
            self.put("merge", duplicate=self.any_event(), into=self.any_event())
        else:
            self.put("merge", duplicate="person:x", into="person:y")

    def relation(self) -> None:
        self.put("relation", from_=self.any_event(), relation="follows", to=self.any_event())

    def assessment(self) -> None:
        if self.chance.random() < 0.5:
            grade = self.chance.choice("ABCDEF")
            self.put("assessment", of=self.chance.choice(_SOURCES), reliability=grade)
        else:
            self.put("assessment", of=self.any_event(), credibility=self.chance.randint(1, 6))

    def source(self) -> None:
        name = self.chance.choice(_SOURCES)
        root = {"root": self.chance.choice(_SOURCES)} if self.chance.random() < 0.4 else {}
        self.put("source", source=name, title=f"Source {len(self.written)}", **root)

    def entity(self) -> None:
        name = self.chance.choice(_ENTITIES)
        more: dict[str, Any] = {"country": "mt", "valid": "1950/2024-12-05"}
        if name == "person:y" and self.chance.random() < 0.5:
            more["successor_of"] = "person:x"
        self.put("entity", entity=name, names=[{"text": f"Name {len(self.written)}"}], **more)
