"""Reads typed entries out of a pack's document, and keeps what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from timeline.errors import Problem
from timeline.records.pack_document import Document, escape
from timeline.records.vocabulary import Named, did_you_mean


@dataclass(slots=True)
class Entries:
    """The entries of one document; whatever is wrong with one gives a default and a problem.

    Attributes:
        document: what is read.
        path: its name in the problems.
        problems: all that was wrong so far, in the order of reading.
    """

    document: Document
    path: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, pointer: str, message: str, rule: str = "pack-entry") -> None:
        line = self.document.line(pointer)
        self.problems.append(Problem(self.path, line, rule, message, pointer))

    def mapping(self, value: Any, at: str, known: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping; with `known`, its other keys are problems."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(at, "must be a mapping (name: value)")
            return {}
        for name in value:
            if known and name not in known:
                hint = did_you_mean(str(name), known)
                self.wrong(f"{at}/{escape(str(name))}", f"{name} is not known here{hint}")
        return value

    def text(self, value: Any, at: str, *, default: str = "") -> str:
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.wrong(at, "must be text")
            return default
        return value.strip()

    def flag(self, value: Any, at: str, *, default: bool = False) -> bool:
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(at, "must be true or false")
        return value is True

    def whole(self, value: Any, at: str) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | None):
            self.wrong(at, "must be a whole number")
            return None
        return value

    def count(self, value: Any, at: str, *, least: int) -> int | None:
        number = self.whole(value, at)
        if number is not None and number < least:
            self.wrong(at, f"must be a whole number from {least} up")
            return None
        return number

    def words(self, value: Any, at: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        items = [value] if isinstance(value, str) else value
        if items is None:
            return ()
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.wrong(at, "must be a word or a list of words")
            return ()
        return tuple(items)

    def named(self, value: Any, at: str) -> Named:
        """word -> label, from a mapping or a list of words."""
        if isinstance(value, list):
            return {word: label_of(word) for word in self.words(value, at)}
        texts = self.mapping(value, at)
        return {
            str(word): self.text(label, f"{at}/{escape(str(word))}", default=label_of(str(word)))
            for word, label in texts.items()
        }

    def name(self, word: Any, at: str, shape: re.Pattern[str], example: str) -> str:
        if not isinstance(word, str) or not shape.fullmatch(word):
            self.wrong(at, f"{word!r} is not a name here; write {example}")
        return str(word)


def label_of(word: str) -> str:
    """A readable label for a word that has none: `legal_basis` -> `Legal basis`."""
    return word.replace("_", " ").replace("-", " ").capitalize()
