"""What the claims of one event add up to: where they differ, on whom it rests, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

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


@dataclass(frozen=True, slots=True)
class Weight:
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
            yield FieldClaim(field, n, value, field in current and current[field] == value)


def _in_scope(field: str, fields: Sequence[str] | None) -> bool:
    return fields is None or any(field == f or field.startswith(f"{f}/") for f in fields)


def contested(rows: Sequence[FieldClaim], claims: Sequence[HeldClaim]) -> tuple[str, ...]:
    """Fields with more than one distinct value among the standing affirming claims."""
    values: dict[str, set[bytes]] = {}
    for row in rows:
        if claims[row.claim].affirms:
            values.setdefault(row.field, set()).add(
                orjson.dumps(row.value, option=orjson.OPT_SORT_KEYS)
            )
    return tuple(sorted(field for field, distinct in values.items() if len(distinct) > 1))


def weigh(
    claims: Sequence[HeldClaim],
    rows: Sequence[FieldClaim],
    source: Callable[[str], SourceFacts],
    assessed: int | None,
) -> Weight:
    """What the claims add up to. `assessed` is our own grade of the event, which goes first."""
    standing = [held for held in claims if held.standing]
    stances = [held.claim.get("stance", "asserts") for held in standing]
    affirming = [
        held for held, stance in zip(standing, stances, strict=True) if stance in AFFIRMING
    ]
    facts = [source(held.claim["source"]) for held in affirming]
    percents = [LIKELIHOOD[held.claim.get("likelihood", "unstated")] for held in affirming]
    roots = {fact.root for fact in facts}
    disputed = bool(affirming) and "denies" in stances
    return Weight(
        n_claims=len(standing),
        n_sources=len({held.claim["source"] for held in standing}),
        roots=tuple(sorted(roots)),
        best_reliability=min((f.reliability for f in facts if f.reliability), default=None),
        likelihood=max((percent for percent in percents if percent is not None), default=None),
        disputed=disputed,
        contested=contested(rows, claims) if rows else (),
        certainty=assessed or certainty(affirming, len(roots), disputed=disputed),
    )


def certainty(affirming: Sequence[HeldClaim], roots: int, *, disputed: bool) -> int:
    """The derived certainty of an event, 1 to 6, by the rule that the Method page prints.

    1 Nobody affirms it: unknown. 2 Else the best grade among the affirming claims: the
    credibility written on a claim, or what its words amount to. 3 A probable event is confirmed
    by a second root or an official record. 4 A disputed event is doubtful at best.
    """
    if not affirming:
        return 6
    best = min(
        held.claim.get("credibility") or _worth(held.claim, held.stance) for held in affirming
    )
    if best == 2 and (roots > 1 or any(_is_official(held.claim) for held in affirming)):
        best = 1
    return max(best, 4) if disputed else best


def _is_official(claim: Mapping[str, Any]) -> bool:
    firm = claim.get("likelihood", "unstated") in {"certain", "unstated"}
    return firm and claim.get("basis") == "official_record" and "credibility" not in claim


def _worth(claim: Mapping[str, Any], stance: str) -> int:
    percent = LIKELIHOOD[claim.get("likelihood", "unstated")]
    if claim.get("likelihood") == "possible" or stance == "implies":
        return 3
    if claim.get("basis") in {"speculated", "inferred"}:
        return 3
    if percent is None or percent >= 70:
        return 2
    return 3 if percent >= 50 else 4 if percent >= 30 else 5
