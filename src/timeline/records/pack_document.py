"""A pack's document: its plain values, and on which line each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as values.

    Attributes:
        lines: JSON Pointer -> 1-based line of its entry.
    """

    content: Any
    lines: Mapping[str, int]

    def line(self, pointer: str) -> int:
        """The line of an entry, or of the nearest entry above it that has one."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


def escape(name: str) -> str:
    """A name as one step of a JSON Pointer (RFC 6901 section 3)."""
    return name.replace("~", "~0").replace("/", "~1")
