"""Ids made of words: lower case a-z, 0-9 and hyphens, the same for the same text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ħ": "h", "Ħ": "h", "ı": "i",
     "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "ð": "d", "’": "", "'": "",
     "ʻ": ""}
)  # fmt: skip
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, *, longest: int = 80) -> str:
    """Words of the text joined by hyphens, cut at a word; empty when it has no Latin letter."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _OTHER.sub("-", plain).strip("-")
    if len(words) <= longest:
        return words
    return words[: longest + 1].rpartition("-")[0] or words[:longest]


def fingerprint(text: str, *, length: int = 20) -> str:
    """The first hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def event_slug(title: str, edtf_text: str) -> str:
    """The title and, where it does not say it, the year."""
    year = re.search(r"\d{4}", edtf_text)
    words = slug(title) or f"event-{fingerprint(title, length=8)}"
    if year is None or re.search(rf"\b{year.group()}\b", words):
        return words
    return f"{words}-{year.group()}"


def unique(word: str, taken: set[str] | frozenset[str]) -> str:
    """The word itself, or with the first of -2, -3, … that is free."""
    number, candidate = 1, word
    while candidate in taken:
        number += 1
        candidate = f"{word}-{number}"
    return candidate
