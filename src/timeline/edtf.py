"""Uncertain dates: text to four bounds (being written; this much refuses impossible days)."""

from __future__ import annotations

import re
from datetime import date

from timeline.errors import TimelineError


class BadDate(TimelineError):
    """A text that is no date."""


def parse(text: str) -> str:
    """The text itself when every plain day and month in it exists."""
    for year, month, day in re.findall(r"(\d{4})-(\d\d)(?:-(\d\d))?", text):
        try:
            date(int(year), int(month), int(day or 1))
        except ValueError as error:
            raise BadDate(f"{text!r}: {error}") from None
    return text
