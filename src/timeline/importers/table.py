"""Reads the rows of a CSV or TSV file: every row with its number, every fault with its place.

Rows are numbered as a spreadsheet numbers them: the header is row 1, blank rows count.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from timeline.errors import Problem, UsageRefused
from timeline.importers.options import Advice
from timeline.importers.outside import opened

MAX_CELL: Final = 131_072
"""Characters up to which a cell is read at all; a quotation mark left open runs into it."""

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 1024
_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells as they stand in the file."""

    number: int
    cells: tuple[str, ...]


def rows(path: Path, encoding: str = "") -> Iterator[Row | Problem]:
    """The rows of a table, blank ones left out. Bytes that are no text come as surrogates.

    Raises:
        SourceRefused, NotFound: when the file is not to be read.
        UsageRefused: for an encoding that does not exist.
    """
    encoding = _known(encoding)
    with opened(path) as file:
        head = _peek(file)
        if problem := _foreign(path, head, encoding):
            yield problem
            return
        if head.startswith(codecs.BOM_UTF8):
            file.read(len(codecs.BOM_UTF8))
            yield Advice(str(path), 1, "bom", "a byte order mark opens the file; it was left out")
        text = io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")
        yield from _rows(path, text, delimiter(_sample(head, encoding)))
        text.detach()


def delimiter(text: str) -> str:
    """Comma, semicolon, tab or bar: what cuts the first row into most cells."""

    def cells(mark: str) -> int:
        first = next(csv.reader(io.StringIO(text), delimiter=mark), [])
        return len(first)

    return max(_DELIMITERS, key=cells)


def _rows(path: Path, text: io.TextIOWrapper, mark: str) -> Iterator[Row | Problem]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(text, delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _misquoted(path, number, str(error))
            continue
        except UnicodeError as error:
            words = f"the rest of the file is no {text.encoding}: {error}"
            yield Problem(str(path), number, "bad-encoding", words)
            return
        if any(cell.strip() for cell in cells):
            yield Row(number, tuple(cells))


def _misquoted(path: Path, number: int, error: str) -> Problem:
    if "field larger" in error:
        words = (
            f"a cell runs over {MAX_CELL:,} characters; a quotation mark that opens here or above "
            "is probably not closed"
        )
        return Problem(str(path), number, "too-long", words)
    if "unexpected end" in error:
        words = "the quotation mark that opens a cell of this row is never closed"
    else:
        words = 'quotation marks do not pair; inside quotes write "" for one'
    return Problem(str(path), number, "bad-quotes", words)


def _known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise UsageRefused(
            f"{encoding} is not an encoding", fix="--encoding utf-8 (or cp1252, latin-1, utf-16)"
        ) from None
    if not found._is_text_encoding:
        raise UsageRefused(f"{encoding} is not an encoding of text", fix="--encoding cp1252")
    return found.name


def _peek(file: BinaryIO) -> bytes:
    assert isinstance(file, io.BufferedReader)
    return file.peek(_SAMPLE)[:_SAMPLE]


def _sample(head: bytes, encoding: str) -> str:
    return head.decode(encoding, errors="replace").removeprefix("\ufeff")


def _foreign(path: Path, head: bytes, encoding: str) -> Problem | None:
    if not head.strip():
        return Problem(str(path), 0, "empty-file", "the file is empty; a header row is needed")
    for mark, name in _MARKS.items():
        if head.startswith(mark) and encoding == "utf-8":
            words = f"the file is written in {name.upper()}, not UTF-8"
            return Problem(str(path), 0, "bad-encoding", words, fix=f"--encoding {name}")
    return None
