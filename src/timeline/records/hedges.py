"""The hedge lexicon: suggests a likelihood or basis for a word of doubt and warns, never decides.

An importer or `timeline add` shows what this module suggests; a person writes the claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from timeline.records.scales import Basis, Likelihood


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word of doubt found in a text.

    Attributes:
        word: as it stands in the text.
        likelihood: the ICD 203 term that it suggests, if any.
        basis: the basis that it suggests, if any.
        start: offset of its first character in the text, in code points.
    """

    word: str
    likelihood: Likelihood | None
    basis: Basis | None
    start: int


LEXICON: Final[dict[str, tuple[Likelihood | None, Basis | None]]] = {
    "almost no chance": ("almost_no_chance", None),
    "almost impossible": ("almost_no_chance", None),
    "almost certainly not": ("almost_no_chance", None),
    "very unlikely": ("very_unlikely", None),
    "highly unlikely": ("very_unlikely", None),
    "highly improbable": ("very_unlikely", None),
    "not likely": ("unlikely", None),
    "probably not": ("unlikely", None),
    "unlikely": ("unlikely", None),
    "improbable": ("unlikely", None),
    "doubtful": ("unlikely", None),
    "even chance": ("even", None),
    "even odds": ("even", None),
    "as likely as not": ("even", None),
    "probably": ("likely", None),
    "probable": ("likely", None),
    "likely": ("likely", None),
    "presumably": ("likely", "inferred"),
    "expected to": ("likely", None),
    "highly likely": ("very_likely", None),
    "very likely": ("very_likely", None),
    "highly probable": ("very_likely", None),
    "very probably": ("very_likely", None),
    "almost certainly": ("almost_certain", None),
    "almost certain": ("almost_certain", None),
    "undoubtedly": ("almost_certain", None),
    "no doubt": ("almost_certain", None),
    "nearly certain": ("almost_certain", None),
    "may": ("possible", None),
    "might": ("possible", None),
    "could": ("possible", None),
    "possibly": ("possible", None),
    "possible": ("possible", None),
    "perhaps": ("possible", None),
    "maybe": ("possible", None),
    "potentially": ("possible", None),
    "reportedly": (None, "reported"),
    "allegedly": (None, "reported"),
    "alleged": (None, "reported"),
    "said to": (None, "reported"),
    "according to": (None, "reported"),
    "rumoured": (None, "reported"),
    "rumored": (None, "reported"),
    "supposedly": (None, "reported"),
    "apparently": (None, "inferred"),
    "seemingly": (None, "inferred"),
    "it seems": (None, "inferred"),
    "appears to": (None, "inferred"),
    "speculated": (None, "speculated"),
}
"""Lower-case wording -> (likelihood, basis). The longest wording that fits wins."""

_WORDS = re.compile(
    r"\b(?:"
    + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(LEXICON, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
# "May" is a month far oftener than a doubt: "5 May", "in May", "May 2024", "May–June".
_BEFORE_MONTH = re.compile(
    r"(?:\d|\b(?:in|of|since|until|by|from|to|early|mid|late|last|next))[\s-]+$", re.IGNORECASE
)
_AFTER_MONTH = re.compile(r"\s*(?:\d|[-–—/,.;)]|$)")


def suggest(text: str) -> list[Hedge]:
    """The words of doubt in a text, in order of their place. The month of May is not one."""
    return [_hedge(match) for match in _WORDS.finditer(text) if not _is_month(match)]


def warning(title: str, summary: str, likelihood: Likelihood | None) -> str | None:
    """A sentence if title or summary hedges while the claim says `certain`; otherwise None.

    Args:
        likelihood: what the claim says; None counts as unstated and never warns.
    """
    if likelihood != "certain":
        return None
    for name, text in (("title", title), ("summary", summary)):
        for hedge in suggest(text):
            return (
                f"the {name} says “{hedge.word}” but the likelihood says certain; "
                f"{_advice(hedge)} would fit the wording"
            )
    return None


def _hedge(match: re.Match[str]) -> Hedge:
    likelihood, basis = LEXICON[" ".join(match.group().lower().split())]
    return Hedge(match.group(), likelihood, basis, match.start())


def _is_month(match: re.Match[str]) -> bool:
    if match.group() != "May":
        return False
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_BEFORE_MONTH.search(before) or _AFTER_MONTH.match(after))


def _advice(hedge: Hedge) -> str:
    if hedge.likelihood is not None:
        return f"likelihood {hedge.likelihood}"
    return f"basis {hedge.basis} with likelihood unstated"
