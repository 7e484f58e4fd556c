"""Makes archives that look like real ones, of any size, streaming: lines into `events/`.

    python benchmarks/archives.py FOLDER RECORDS [SEED]

Actors, topics, places and words follow Zipf's law, events come in bursts, a tenth of the dates is
not exact, and one record in fourteen is a claim, correction, retraction, merge or assessment.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

SEGMENT_BYTES = 32 * 1024 * 1024
TYPES = (
    "meeting.held", "statement.made", "visit.made", "call.held", "document.published",
    "conference.held", "negotiation.held", "agreement.reached", "protest.made", "note.recorded",
    "hostilities.reported", "mediation.offered",
)  # fmt: skip
STATUS = ("held",) * 94 + ("scheduled", "scheduled", "cancelled", "postponed", "unconfirmed") * 1
LIKELIHOOD = ("certain",) * 8 + ("very_likely", "likely", "possible", "unstated")
BASIS = ("official_record", "reported", "reported", "documented", "witnessed")
_SYLLABLES = ("ka", "to", "mi", "ren", "sol", "ver", "ash", "lin", "du", "por", "ne", "gal")
_START = datetime(2026, 1, 1, tzinfo=UTC)


class Zipf:
    """Numbers from 0 to `size`, the first ones far more often."""

    def __init__(self, chance: random.Random, size: int, slope: float = 1.0) -> None:
        self._chance = chance
        self._bounds = list(accumulate(1 / (rank + 1) ** slope for rank in range(size)))

    def pick(self) -> int:
        return bisect(self._bounds, self._chance.random() * self._bounds[-1])


def word(number: int) -> str:
    """A made-up word for a number, short ones first."""
    base = len(_SYLLABLES)
    number, last = divmod(number, base)
    text = _SYLLABLES[last]
    while number:
        number, last = divmod(number - 1, base)
        text = _SYLLABLES[last] + text
    return text


class Maker:
    """The records of one archive, one after the other; the same seed makes the same archive."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.size = size
        self.actors = Zipf(self.chance, max(200, size // 200))
        self.topics = Zipf(self.chance, max(60, min(2_000, size // 500)))
        self.places = Zipf(self.chance, max(80, min(5_000, size // 200)))
        self.sources = Zipf(self.chance, max(40, size // 1_000), 0.8)
        self.words = Zipf(self.chance, 20_000)
        self.types = Zipf(self.chance, len(TYPES))
        self.vocabulary = [word(n) for n in range(20_001)]
        self.bursts = [self.chance.randint(-9_000, 20_500) for _ in range(max(20, size // 2_000))]
        self.written = 0
        self.events = 0
        self.recent: list[tuple[str, str, str]] = []

    def records(self) -> Iterator[dict[str, Any]]:
        """Sources and places, then events with what later records say of them."""
        yield from self._subjects()
        while self.written < self.size:
            roll = self.chance.random()
            if roll < 0.93 or len(self.recent) < 100:
                yield self._event()
            elif roll < 0.96:
                yield self._claim()
            elif roll < 0.99:
                yield self._correction()
            elif roll < 0.994:
                yield self._put("retraction", of=self._known()[1], reason="duplicate")
            elif roll < 0.997:
                yield self._merge()
            else:
                grade = self.chance.randint(1, 6)
                yield self._put("assessment", of=self._known()[0], credibility=grade)

    def _put(self, kind: str, **fields: Any) -> dict[str, Any]:
        number = self.written
        self.written += 1
        return {
            "id": f"{number:08x}-0000-7000-8000-{number:012x}", "v": 1, "kind": kind,
            "recorded_at": (_START + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "recorded_by": "import:benchmark", **fields,
        }  # fmt: skip

    def _subjects(self) -> Iterator[dict[str, Any]]:
        for n in range(max(40, self.size // 1_000)):
            root = {"root": f"src:paper-{n // 7}"} if n % 7 and n > 7 else {}
            yield self._put("source", source=f"src:paper-{n}", title=f"Paper {word(n)}",
                            reliability="ABCDEF"[n % 6], **root)  # fmt: skip
        for n in range(max(80, min(5_000, self.size // 200))):
            country = {"country": word(n % 150)[:2]}
            yield self._put("entity", entity=f"place:{word(n)}-{n}",
                            names=[{"text": word(n).title()}], **country)  # fmt: skip
        for n in range(max(200, self.size // 1_000)):
            yield self._put("entity", entity=f"person:{word(n)}-{n}",
                            names=[{"text": f"{word(n)} {word(n * 7)}".title()}])  # fmt: skip

    def _event(self) -> dict[str, Any]:
        name = f"event-{self.events}"
        self.events += 1
        when = self._when()
        event = self._put(
            "event", event=name, type=TYPES[self.types.pick() % len(TYPES)],
            title=self._text(7).capitalize(), summary=self._text(28), when=when,
            participants=[self._actor() for _ in range(self.chance.choice((1, 2, 2, 3, 4)))],
            where=[self._place() for _ in range(self.chance.choice((0, 1, 1, 1, 2)))],
            topics=sorted({f"t-{word(self.topics.pick())}" for _ in range(2)}),
            status=self.chance.choice(STATUS),
            claims=[self._said() for _ in range(self.chance.choice((1, 1, 1, 2)))],
        )  # fmt: skip
        self._remember(name, event["id"], when)
        return event

    def _remember(self, name: str, record: str, when: str) -> None:
        if len(self.recent) < 20_000:
            self.recent.append((name, record, when))
        elif self.chance.random() < 0.3:
            self.recent[self.chance.randrange(20_000)] = (name, record, when)

    def _known(self) -> tuple[str, str, str]:
        return self.chance.choice(self.recent)

    def _text(self, count: int) -> str:
        return " ".join(self.vocabulary[self.words.pick()] for _ in range(count))

    def _actor(self) -> dict[str, str]:
        n = self.actors.pick()
        return {"entity": f"person:{word(n)}-{n}", "role": "party"}

    def _place(self) -> dict[str, str]:
        n = self.places.pick()
        return {"place": f"place:{word(n)}-{n}", "precision": "city"}

    def _said(self) -> dict[str, Any]:
        return {
            "source": f"src:paper-{self.sources.pick()}", "basis": self.chance.choice(BASIS),
            "likelihood": self.chance.choice(LIKELIHOOD), "locator": f"p. {self.events % 300}",
        }  # fmt: skip

    def _when(self) -> str:
        if self.chance.random() < 0.3:
            days = int(self.chance.gauss(self.chance.choice(self.bursts), 6))
        else:
            days = int(20_800 - 29_900 * self.chance.random() ** 2.2)
        day = date(1970, 1, 1) + timedelta(days=days)
        roll = self.chance.random()
        if roll < 0.88:
            return day.isoformat()
        if roll < 0.92:
            return f"{day.isoformat()}/{(day + timedelta(days=3)).isoformat()}"
        if roll < 0.96:
            return day.isoformat()[:7]
        return f"{day.year}~" if roll < 0.99 else f"{day.isoformat()}/.."

    def _claim(self) -> dict[str, Any]:
        claim = self._said()
        if self.chance.random() < 0.3:
            claim["value"] = {"when": self._when()}
        elif self.chance.random() < 0.2:
            claim["stance"] = "denies"
        return self._put("claim", event=self._known()[0], claim=claim)

    def _correction(self) -> dict[str, Any]:
        event, _, when = self._known()
        changes: dict[str, Any] = {"/title": {"from": None, "to": self._text(6)}}
        if self.chance.random() < 0.5:
            changes = {"/when": {"from": when, "to": self._when()}}
        return self._put("correction", of=event, changes=changes, reason="typing_error")

    def _merge(self) -> dict[str, Any]:
        return self._put("merge", duplicate=self._known()[0], into=self._known()[0])


def write(folder: Path, size: int, seed: int = 1) -> int:
    """Write `size` records into a new archive; its bytes."""
    year = folder / "events" / "2026"
    year.mkdir(parents=True)
    records = iter(Maker(size, seed).records())
    total, number, left = 0, 0, True
    while left:
        number += 1
        part = f".{number}" if number > 1 else ""
        left = False
        with (year / f"2026-01.bench{part}.jsonl").open("wb", buffering=1 << 20) as segment:
            while segment.tell() < SEGMENT_BYTES:
                record = next(records, None)
                if record is None:
                    break
                segment.write(orjson.dumps(record, option=orjson.OPT_SORT_KEYS) + b"\n")
                left = True
            written = segment.tell()
        total += written
        if not written:
            Path(segment.name).unlink()
    return total


if __name__ == "__main__":
    written = write(Path(sys.argv[1]), int(sys.argv[2]), int((sys.argv[3:] or ["1"])[0]))
    print(f"{written:,} bytes")
