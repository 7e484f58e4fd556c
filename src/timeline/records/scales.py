"""Every closed list of words that a record may use, each under the name of its standard.

Likelihood (the claimant's), credibility (of the information) and reliability (of the source) are
three scales and stay three columns: ICD 203 forbids mixing a likelihood with a confidence.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Likelihood: TypeAlias = Literal[
    "almost_no_chance",
    "very_unlikely",
    "unlikely",
    "even",
    "likely",
    "very_likely",
    "almost_certain",
    "certain",
    "possible",
    "unstated",
]
Credibility: TypeAlias = Literal[1, 2, 3, 4, 5, 6]
Reliability: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]
Basis: TypeAlias = Literal[
    "witnessed", "documented", "official_record", "reported", "inferred", "speculated", "unstated"
]
Stance: TypeAlias = Literal["asserts", "denies", "implies", "questions", "silent"]
Status: TypeAlias = Literal[
    "held", "scheduled", "cancelled", "postponed", "unconfirmed", "hypothetical"
]
Precision: TypeAlias = Literal["venue", "city", "admin", "country", "region", "unknown"]
RelationKind: TypeAlias = Literal[
    "part_of",
    "follows",
    "in_response_to",
    "caused_by",
    "implements",
    "contradicts",
    "corroborates",
    "refers_to",
]
CorrectionReason: TypeAlias = Literal[
    "typing_error",
    "source_corrected",
    "editor_error",
    "new_evidence",
    "clarification",
    "update",
    "resolution",
]
RetractionReason: TypeAlias = Literal[
    "unsupported",
    "false",
    "duplicate",
    "out_of_scope",
    "source_withdrawn",
    "wrong_batch",
    "legal",
    "other",
]
Review: TypeAlias = Literal["draft", "checked"]

LIKELIHOOD: Final[dict[Likelihood, int | None]] = {
    "almost_no_chance": 5,
    "very_unlikely": 15,
    "unlikely": 30,
    "even": 50,
    "likely": 70,
    "very_likely": 85,
    "almost_certain": 95,
    "certain": 100,
    "possible": None,
    "unstated": None,
}
"""Percent by the DNI column of STIX 2.1, appendix A; None where the word carries no number."""

LIKELIHOOD_RANGE: Final[dict[Likelihood, tuple[int, int] | None]] = {
    "almost_no_chance": (1, 5),
    "very_unlikely": (5, 20),
    "unlikely": (20, 45),
    "even": (45, 55),
    "likely": (55, 80),
    "very_likely": (80, 95),
    "almost_certain": (95, 99),
    "certain": None,
    "possible": None,
    "unstated": None,
}
"""Percent, lowest and highest, both inclusive, as ICD 203 gives them."""

LIKELIHOOD_MEANING: Final[dict[Likelihood, str]] = {
    "almost_no_chance": "the claimant gives it almost no chance (ICD 203)",
    "very_unlikely": "the claimant thinks it highly improbable (ICD 203)",
    "unlikely": "the claimant thinks it improbable (ICD 203)",
    "even": "the claimant thinks it as likely as not (ICD 203)",
    "likely": "the claimant thinks it probable (ICD 203)",
    "very_likely": "the claimant thinks it highly probable (ICD 203)",
    "almost_certain": "the claimant is all but sure (ICD 203)",
    "certain": "the claimant states it without any reserve (ours)",
    "possible": "the claimant only says that it can be so; no number follows (ours)",
    "unstated": "the claimant gives no degree and none is read into it (ours)",
}

CREDIBILITY: Final[dict[Credibility, str]] = {
    1: "confirmed",
    2: "probable",
    3: "possible",
    4: "doubtful",
    5: "improbable",
    6: "unknown",
}
"""Admiralty code (NATO AJP-2.1), second half: how far the information itself can be believed."""

CREDIBILITY_MEANING: Final[dict[Credibility, str]] = {
    1: "independent sources say the same (Admiralty code)",
    2: "fits what else is known, though not confirmed (Admiralty code)",
    3: "could be so; agrees with some of what is known (Admiralty code)",
    4: "could be so, but little speaks for it (Admiralty code)",
    5: "other information speaks against it (Admiralty code)",
    6: "there is nothing to judge it by (Admiralty code)",
}

CREDIBILITY_OF: Final[dict[str, Credibility]] = {word: code for code, word in CREDIBILITY.items()}
"""The same scale from word to code."""

RELIABILITY: Final[dict[Reliability, str]] = {
    "A": "has always been right, and nobody doubts its authenticity (Admiralty code)",
    "B": "has mostly been right; small doubts remain (Admiralty code)",
    "C": "has been right often enough to be read, with doubts (Admiralty code)",
    "D": "has often been wrong and at times right (Admiralty code)",
    "E": "is known to be wrong (Admiralty code)",
    "F": "has no record to judge it by (Admiralty code)",
}

BASIS: Final[dict[Basis, str]] = {
    "witnessed": "the claimant was there",
    "documented": "the claimant points at a document, picture or recording of the event",
    "official_record": "an office wrote it down in the course of its duties",
    "reported": "the claimant passes on what others said",
    "inferred": "the claimant concludes it from other facts",
    "speculated": "the claimant supposes it without giving grounds",
    "unstated": "the claimant does not say how he knows",
}
"""On what the claimant's word rests (ours)."""

STANCE: Final[dict[Stance, str]] = {
    "asserts": "says that it is so",
    "denies": "says that it is not so",
    "implies": "leaves the reader to conclude that it is so",
    "questions": "doubts it without denying it",
    "silent": "would have been expected to mention it and does not",
}
"""What a claim says of its event (ours)."""

STATUS: Final[dict[Status, str]] = {
    "held": "took place",
    "scheduled": "is planned for that date",
    "cancelled": "was planned and called off (iCalendar RFC 5545, schema.org EventCancelled)",
    "postponed": "was planned and put off (schema.org EventPostponed)",
    "unconfirmed": "is said to have taken place; the archive does not adopt it",
    "hypothetical": "is only supposed or discussed",
}

PRECISION: Final[dict[Precision, str]] = {
    "venue": "a building, ship or site",
    "city": "a town or municipality",
    "admin": "a province, state or county",
    "country": "a whole country",
    "region": "an area of several countries, a sea, a river",
    "unknown": "not known how exact",
}
"""How exact a place is; from coarse to fine it never says more than the source (ours)."""

RELATIONS: Final[dict[RelationKind, str]] = {
    "part_of": "is a part of the other event",
    "follows": "comes after the other event, where the dates do not say so",
    "in_response_to": "answers the other event",
    "caused_by": "was brought about by the other event",
    "implements": "carries out what the other event decided",
    "contradicts": "cannot be true together with the other event",
    "corroborates": "speaks for the other event",
    "refers_to": "mentions the other event",
}
"""How one event hangs together with another, read from `from` to `to` (ours)."""

CORRECTION_REASONS: Final[dict[CorrectionReason, str]] = {
    "typing_error": "a slip of our own in writing it down",
    "source_corrected": "the source corrected itself",
    "editor_error": "we misread the source",
    "new_evidence": "something came to light that tells more or otherwise",
    "clarification": "the same fact, said more clearly or exactly",
    "update": "the world moved on: a planned event was held, a state changed",
    "resolution": "a name was resolved to an entity",
}

RETRACTION_REASONS: Final[dict[RetractionReason, str]] = {
    "unsupported": "no source supports it after all",
    "false": "it is not so",
    "duplicate": "the same thing is recorded elsewhere in the log",
    "out_of_scope": "it does not belong into this archive",
    "source_withdrawn": "the source took it back",
    "wrong_batch": "a whole import was wrong",
    "legal": "a law or a court asks for it",
    "other": "see the note",
}

REVIEW: Final[dict[Review, str]] = {
    "draft": "nobody but its author has looked at it",
    "checked": "a second person compared it with its source",
}
