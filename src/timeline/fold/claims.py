"""What the claims of one event add up to: where they differ, on whom it rests, how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import orjson

from timeline.fold.agreement import agree
from timeline.records.scales import LIKELIHOOD

AFFIRMING = frozenset({"asserts", "implies"})
FACTS = ("/type", "/when", "/where", "/participants", "/status")
"""What a claim affirms of its event without saying so, besides the fields of `data`."""

WORDING = ("/title", "/summary", "/topics")
"""Our own words: a claim speaks to them only where it names them."""

CERTAINTY = ("confirmed", "probable", "possible", "doubtful", "improbable", "unknown")
"""Words of the Admiralty credibility 1 to 6, for a whole event."""


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """One claim with the record that holds it and the event body that it speaks of.

    Attributes:
        position: of the record that holds it.
        index: its number inside that record, from 0.
        body: the event's fields, which the claim affirms where it gives no value of its own.
    """

    position: int
    index: int
    claim: Mapping[str, Any]
    standing: bool
    body: Mapping[str, Any]

    @property
    def stance(self) -> str:
        return str(self.claim.get("stance", "asserts"))

    @property
    def affirms(self) -> bool:
        """Whether it stands and says, or implies, that the event took place."""
        return self.standing and self.stance in AFFIRMING


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the archive holds of a source: the end of its chain of roots, and its grade."""

    root: str
    reliability: str | None


class Voice(NamedTuple):
    """What one standing claim puts on the scales: who says it, and how much that is worth.

    Attributes:
        root: the end of the source's chain of roots.
        reliability: the source's grade, Admiralty code A to F.
        percent: the claimant's likelihood (ICD 203).
        grade: the credibility written on the claim, or what its words amount to, 1 to 6.
        official: an official record that says so without reserve.
    """

    source: str
    root: str
    reliability: str | None
    percent: int | None
    affirms: bool
    denies: bool
    grade: int
    official: bool


class Weight(NamedTuple):
    """What an event rests on; `certainty` is an Admiralty credibility, 1 to 6."""

    n_claims: int
    n_sources: int
    roots: tuple[str, ...]
    best_reliability: str | None
    likelihood: int | None
    disputed: bool
    contested: tuple[str, ...]
    certainty: int


@dataclass(frozen=True, slots=True)
class FieldClaim:
    """The value that one claim gives one field."""

    field: str
    claim: int
    value: Any
    affirms: bool


def flat(body: Mapping[str, Any], names: Sequence[str] = (*FACTS, *WORDING)) -> dict[str, Any]:
    """Pointer -> value for some fields of an event, those of `data` one by one."""
    fields = {field: body[field[1:]] for field in names if field[1:] in body}
    for name, value in body.get("data", {}).items():
        fields[f"/data/{name.replace('~', '~0').replace('/', '~1')}"] = value
    return fields


def speaks_apart(claims: Sequence[HeldClaim]) -> bool:
    """Whether some claim names its fields, gives a value, or speaks of another body."""
    return any(
        "value" in held.claim or "fields" in held.claim or held.body is not claims[0].body
        for held in claims
    )


def field_claims(working: Mapping[str, Any], claims: Sequence[HeldClaim]) -> list[FieldClaim]:
    """Every standing claim's value for each field on which some claim speaks apart."""
    if not speaks_apart(claims):
        return []
    current = flat(working)
    rows = [row for n, held in enumerate(claims) for row in _said(current, n, held)]
    apart = {row.field for row in rows if not row.affirms} | _named(claims)
    return sorted(
        (row for row in rows if row.field in apart), key=lambda row: (row.field, row.claim)
    )


def _named(claims: Sequence[HeldClaim]) -> set[str]:
    return {field for held in claims if held.standing for field in held.claim.get("fields", ())}


def _said(current: Mapping[str, Any], n: int, held: HeldClaim) -> Iterator[FieldClaim]:
    if not held.standing or held.stance == "silent":
        return
    fields = held.claim.get("fields")
    given = flat(held.claim.get("value", {}))
    affirmed = flat(held.body, FACTS if fields is None else (*FACTS, *WORDING))
    for field, value in {**affirmed, **given}.items():
        if field in given or _in_scope(field, fields):
            affirms = field in current and agree(field, current[field], value)
            yield FieldClaim(field, n, value, affirms)


def _in_scope(field: str, fields: Sequence[str] | None) -> bool:
    return fields is None or any(field == f or field.startswith(f"{f}/") for f in fields)


def contested(rows: Sequence[FieldClaim], claims: Sequence[HeldClaim]) -> tuple[str, ...]:
    """Fields to which standing affirming claims give values that do not agree."""
    values: dict[str, dict[bytes, Any]] = {}
    for row in rows:
        if claims[row.claim].affirms:
            distinct = values.setdefault(row.field, {})
            distinct[orjson.dumps(row.value, option=orjson.OPT_SORT_KEYS)] = row.value
    return tuple(
        sorted(
            field
            for field, distinct in values.items()
            if any(not agree(field, *pair) for pair in combinations(distinct.values(), 2))
        )
    )


def voice(claim: Mapping[str, Any], source: SourceFacts) -> Voice:
    """What a standing claim of this source puts on the scales."""
    stance = claim.get("stance", "asserts")
    likelihood = claim.get("likelihood", "unstated")
    firm = likelihood in {"certain", "unstated"}
    return Voice(
        source=claim["source"],
        root=source.root,
        reliability=source.reliability,
        percent=LIKELIHOOD[likelihood],
        affirms=stance in AFFIRMING,
        denies=stance == "denies",
        grade=claim.get("credibility") or _worth(claim, stance),
        official=firm and claim.get("basis") == "official_record" and "credibility" not in claim,
    )


def weigh(voices: Sequence[Voice], contested: tuple[str, ...], assessed: int | None) -> Weight:
    """What the standing claims add up to. `assessed` is our own grade of the event, which goes
    first; `contested` are the fields on which they differ.
    """
    affirming = [one for one in voices if one.affirms]
    roots = {one.root for one in affirming}
    disputed = bool(affirming) and any(one.denies for one in voices)
    return Weight(
        n_claims=len(voices),
        n_sources=len({one.source for one in voices}),
        roots=tuple(sorted(roots)),
        best_reliability=min((v.reliability for v in affirming if v.reliability), default=None),
        likelihood=max((v.percent for v in affirming if v.percent is not None), default=None),
        disputed=disputed,
        contested=contested,
        certainty=assessed or certainty(affirming, len(roots), disputed=disputed),
    )


def certainty(affirming: Sequence[Voice], roots: int, *, disputed: bool) -> int:
    """The derived certainty of an event, 1 to 6, by the rule that the Method page prints.

    1 Nobody affirms it: unknown. 2 Else the best grade among the affirming claims: the
    credibility written on a claim, or what its words amount to. 3 A probable event is confirmed
    by a second root or an official record. 4 A disputed event is doubtful at best.
    """
    if not affirming:
        return 6
    best = min(one.grade for one in affirming)
    if best == 2 and (roots > 1 or any(one.official for one in affirming)):
        best = 1
    return max(best, 4) if disputed else best


def _worth(claim: Mapping[str, Any], stance: str) -> int:
    percent = LIKELIHOOD[claim.get("likelihood", "unstated")]
    if claim.get("likelihood") == "possible" or stance == "implies":
        return 3
    if claim.get("basis") in {"speculated", "inferred"}:
        return 3
    if percent is None or percent >= 70:
        return 2
    return 3 if percent >= 50 else 4 if percent >= 30 else 5
