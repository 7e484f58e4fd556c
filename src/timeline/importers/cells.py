"""One cell to one value: text made clean, dates, lists; every refusal is a sentence."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from timeline import edtf
from timeline.records.codec import MAX_LINE

MAX_BYTES: Final = MAX_LINE
"""Bytes of UTF-8 in one cell; a whole record has no more."""

_SPACE: Final = frozenset("\t\n\r\x0b\x0c\u0085")
_RELATIVE: Final = frozenset({"today", "yesterday", "tomorrow"})
_ANY_DAY: Final = datetime.date(2000, 1, 1)
_ORDERS: Final[dict[str, Literal["dmy", "mdy"]]] = {"dmy": "dmy", "mdy": "mdy"}
_HALF_PAIR = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")


@dataclass(frozen=True, slots=True)
class CellFault(Exception):
    """Why a cell is refused: code, sentence, and what mends it."""

    rule: str
    message: str
    fix: str = ""


def clean(cell: str) -> str:
    """The cell in Unicode form NFC, every run of white space, line breaks too, as one space.

    Raises:
        CellFault: for bytes that are no text, control characters, and cells over 65,535 bytes.
    """
    if not cell.isascii():
        _refuse_bytes(cell)
    if len(cell) > MAX_BYTES or len(cell.encode()) > MAX_BYTES:
        size = len(cell.encode())
        raise CellFault("too-long", f"the cell has {size:,} bytes; at most {MAX_BYTES:,} are taken")
    for letter in cell:
        if letter < " " or "\x7f" <= letter <= "\x9f":
            _refuse_control(letter, cell)
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _refuse_control(letter: str, cell: str) -> None:
    if letter in _SPACE:
        return
    name = "a NUL byte" if letter == "\0" else f"the control character U+{ord(letter):04X}"
    shown = cell[:40].encode("unicode_escape").decode()
    raise CellFault("control-character", f"holds {name}; take it out of “{shown}”")


def _refuse_bytes(cell: str) -> None:
    if _HALF_PAIR.search(cell):
        raise CellFault("bad-unicode", "holds half a surrogate pair; write the character itself")
    for letter in cell:
        if "\udc80" <= letter <= "\udcff":
            byte = ord(letter) - 0xDC00
            meant = bytes([byte]).decode("cp1252", errors="replace")
            words = f"byte 0x{byte:02X} is not UTF-8; in Windows-1252 it is “{meant}”"
            raise CellFault("bad-utf8", words, "--encoding cp1252")
        if "\ud800" <= letter <= "\udfff":
            raise CellFault("bad-unicode", "holds half a surrogate pair; write the character")


def parts(text: str, separator: str) -> list[str]:
    """The values of a cell that holds several, each once, in order."""
    return list(dict.fromkeys(part.strip() for part in text.split(separator) if part.strip()))


@lru_cache(maxsize=16_384)
def date(text: str, order: str = "") -> tuple[edtf.Dates, str]:
    """(the dates, what the cell says where that is not their EDTF).

    Args:
        order: `dmy` or `mdy`: how 05/12/2024 is read; it is refused when empty.

    Raises:
        CellFault: with what would be right.
    """
    if text.casefold() in _RELATIVE:
        raise CellFault("bad-date", f"{text}: a table has no today; write the day itself")
    try:
        dates = _read(text, order)
    except edtf.BadDate as error:
        if not order and _both_ways(text):
            fix = "--dates dmy (day first) or --dates mdy"
            raise CellFault("ambiguous-date", error.message, fix) from None
        raise CellFault("bad-date", error.message, error.fix) from None
    return dates, "" if dates.edtf == text else text


def _read(text: str, order: str) -> edtf.Dates:
    # The day that "today" counts from cannot matter: such words were refused.
    return edtf.read(text, today=_ANY_DAY, order=_ORDERS.get(order))


def _both_ways(text: str) -> bool:
    try:
        return _read(text, "dmy").edtf != _read(text, "mdy").edtf
    except edtf.BadDate:
        return False
