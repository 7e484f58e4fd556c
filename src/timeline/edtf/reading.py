"""The two ways in: strict EDTF text, or what a person wrote; and the refusals of both."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from timeline.edtf.dates import BadDate, Dates, NotEdtf
from timeline.edtf.grammar import MAX_LENGTH, analyse

if TYPE_CHECKING:
    from timeline.edtf.words import Order

_GROUP = re.compile(r"\(([0-9X]{2,4})\)([?~%])")
_TIME = re.compile(r"(?<=-[0-9]{2})T[0-9:.]+(?:Z|[+-][0-9:]+)?")
_EXAMPLES = "2024-12-05, 2024-12, 2024, 195X, 1914/1918 or 1985/.."


def parse(text: str) -> Dates:
    """The dates an EDTF text means: ISO 8601-2:2019 level 1, and of level 2 sets, masks,
    exponential years, significant digits, seasons 25-41 and qualifiers of single parts.

    Raises:
        BadDate: the text is no EDTF, or the calendar has no such day; the message offers the
            nearest right form, and `fix` holds it where there is exactly one.
    """
    try:
        return analyse(text)
    except NotEdtf as refusal:
        raise _explained(text, refusal) from None


def read(text: str, *, today: date, order: Order | None = None) -> Dates:
    """The dates that a person wrote: EDTF, or words and numbers such as "Dec 2024".

    Args:
        text: what was written; blanks around it do not matter.
        today: the day that "today" and "yesterday" count from.
        order: how to read 05/12/2024, which is refused without it.

    Raises:
        BadDate: not understood, understood in two ways, or no day of the calendar.
    """
    text = text.strip()
    try:
        return analyse(text)
    except NotEdtf as refusal:
        if len(text) > MAX_LENGTH:
            raise
        from timeline.edtf.words import to_edtf  # its patterns cost a command 3 ms

        edtf = to_edtf(text, today=today, order=order)
        if edtf is None:
            raise _explained(text, refusal) from None
    return analyse(edtf)


def _explained(text: str, refusal: NotEdtf) -> BadDate:
    """The refusal of a text that is no EDTF, with what it would be in EDTF if that is clear."""
    if len(text) > MAX_LENGTH:
        return refusal
    from timeline.edtf.words import to_edtf

    try:
        guesses = to_edtf(text, today=None, order=None), *_rewritten(text)
    except BadDate as better:
        return better
    for guess in filter(None, guesses):
        if edtf := _valid(guess):
            return BadDate(f"{text[:60]!r} is not EDTF; write {edtf}", fix=edtf)
    return BadDate(f"{text[:60]!r} is not a date; dates look like {_EXAMPLES}")


def _rewritten(text: str) -> tuple[str, ...]:
    """The text as EDTF has it: X for u, .. for open, no times in spans, ?06 for (06)?, Y12345."""
    upper = text.strip().upper().replace("U", "X")
    older = upper.replace("/OPEN", "/..").replace("XNKNOWN", "")
    return upper, older, _TIME.sub("", upper), _GROUP.sub(r"\2\1", upper), f"Y{text}"


def _valid(text: str) -> str | None:
    try:
        return analyse(text).edtf
    except BadDate:
        return None
