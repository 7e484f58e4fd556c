"""Comma-separated values, RFC 4180 with LF, UTF-8; lists are joined by `; `, formulas defused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from timeline.exporters.rows import Rows

SUFFIX = ".csv"
_CHUNK = 500

_RISKY = re.compile(r'(?:^|[,\t"])[=+\-@\t\r]', re.MULTILINE)
"""Somewhere in a written chunk a cell may open like a formula."""

_FORMULA = re.compile(r"[=+@\t\r]|-(?![\d.]+$)")
_PLAIN = re.compile(r"[+-]?[0-9XYESTZ.:/~?%,{}\[\]+-]*$")
"""Numbers and EDTF dates: `-44`, `-0043-03-15`; no formula can be written with these."""


def write(rows: Rows, out: BinaryIO, delimiter: str = ",") -> int:
    """Writes a header and every row. Returns the number of rows.

    A text cell that a spreadsheet would run as a formula gets an apostrophe before it, the mark by
    which spreadsheets themselves say "this is text". JSON and NDJSON carry every cell unchanged.
    """
    n = 0
    _put(out, [rows.columns], delimiter)
    for chunk in _chunks(_flat(rows)):
        _put(out, chunk, delimiter)
        n += len(chunk)
    return n


def defused(cell: Any) -> Any:
    """The cell, with an apostrophe before it where a spreadsheet would take it for a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _PLAIN.match(cell):
        return f"'{cell}"
    return cell


def joined(cell: str | None) -> str | None:
    """A JSON array of texts as `a; b`; other JSON as it is."""
    if cell is None or not cell.startswith("["):
        return cell
    if cell.startswith('["') and "\\" not in cell and "{" not in cell:
        return cell[2:-2].replace('","', "; ").replace('", "', "; ")
    return "" if cell == "[]" else cell


def _flat(rows: Rows) -> Iterable[Sequence[Any]]:
    places = rows.json_at()
    if not places:
        return rows.values
    return (_joined(row, places) for row in rows.values)


def _joined(row: Sequence[Any], places: tuple[int, ...]) -> list[Any]:
    cells = list(row)
    for place in places:
        cells[place] = joined(cells[place])
    return cells


def _chunks(values: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rows = iter(values)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _put(out: BinaryIO, chunk: Sequence[Sequence[Any]], delimiter: str) -> None:
    text = _text(chunk, delimiter)
    if _RISKY.search(text):
        text = _text([[defused(cell) for cell in row] for row in chunk], delimiter)
    out.write(text.encode("utf-8", "surrogatepass"))


def _text(chunk: Sequence[Sequence[Any]], delimiter: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(chunk)
    return buffer.getvalue()
