"""One cell to one value: text made clean, dates, lists; every refusal is a sentence."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from timeline import edtf
from timeline.records.codec import MAX_LINE

MAX_BYTES: Final = MAX_LINE
"""Bytes of UTF-8 in one cell; a whole record has no more."""

_SPACE: Final = frozenset("\t\n\r\x0b\x0c\u0085")
_NUMERIC_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{2}|\d{4})")
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


def date(text: str, order: str = "") -> tuple[str, str]:
    """(EDTF, what the cell says where that is something else).

    Args:
        order: `dmy` or `mdy`: how 05/12/2024 is read; it is refused when empty.

    Raises:
        CellFault: with what would be right.
    """
    found = _NUMERIC_DATE.fullmatch(text)
    if found is not None:
        return _numeric(text, found, order), text
    try:
        edtf.parse(text)
    except edtf.BadDate as error:
        raise CellFault("bad-date", error.message, error.fix) from None
    return text, ""


def _numeric(text: str, found: re.Match[str], order: str) -> str:
    first, second, year = int(found[1]), int(found[3]), found[4]
    if len(year) == 2:
        raise CellFault("bad-date", f"{text} has a year of two digits; write all four")
    readings = {"dmy": f"{year}-{second:02}-{first:02}", "mdy": f"{year}-{first:02}-{second:02}"}
    if order:
        return _existing(text, readings[order])
    right = [reading for reading in readings.values() if _exists(reading)]
    if len(set(right)) > 1:
        words = f"{text} can be {right[0]} or {right[1]}; write the one that it is"
        raise CellFault("ambiguous-date", words, "--dates dmy (day first) or --dates mdy")
    return _existing(text, (right or [readings["dmy"]])[0])


def _existing(text: str, reading: str) -> str:
    try:
        edtf.parse(reading)
    except edtf.BadDate as error:
        raise CellFault("bad-date", f"{text}: {error.message}") from None
    return reading


def _exists(reading: str) -> bool:
    try:
        edtf.parse(reading)
    except edtf.BadDate:
        return False
    return True
