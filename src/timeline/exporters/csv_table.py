"""Comma-separated values, RFC 4180 with LF, UTF-8; lists are joined by `; `, formulas defused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, BinaryIO

from timeline.exporters.rows import Rows, chunks

SUFFIX = ".csv"

_OPENINGS = "=+-@\t\r"
_BEFORE = ',\t\n"'

_FORMULA = re.compile(r"[=+@\t\r]|-(?![\d.]+$)")
_PLAIN = re.compile(r"[+-]?[0-9XYESTZ.:/~?%,{}\[\]+-]*$")
"""Numbers and EDTF dates: `-44`, `-0043-03-15`; no formula can be written with these."""


def write(rows: Rows, out: BinaryIO, delimiter: str = ",") -> int:
    """Writes a header and every row. Returns the number of rows.

    A text cell that a spreadsheet would run as a formula gets an apostrophe before it, the mark by
    which spreadsheets themselves say "this is text". JSON and NDJSON carry every cell unchanged.
    """
    n = 0
    _put(out, _of_cells([rows.columns], delimiter))
    places = rows.json_at()
    for chunk in chunks(rows.values):
        n += len(chunk)
        if rows.ready:
            _put(out, _of_lines([row[0] for row in chunk], delimiter))
        else:
            _put(out, _of_cells(_joined(chunk, places) if places else chunk, delimiter))
    return n


def defused(cell: Any) -> Any:
    """The cell, with an apostrophe before it where a spreadsheet would take it for a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _PLAIN.match(cell):
        return f"'{cell}"
    return cell


@lru_cache(maxsize=1 << 14)
def joined(cell: Any) -> Any:
    """A JSON array of texts as `a; b`; anything else as it is."""
    if not isinstance(cell, str) or not cell.startswith("["):
        return cell
    if cell.startswith('["') and "\\" not in cell and "{" not in cell:
        return cell[2:-2].replace('","', "; ").replace('", "', "; ")
    return "" if cell == "[]" else cell


def _joined(chunk: Sequence[Sequence[Any]], places: tuple[int, ...]) -> list[Sequence[Any]]:
    """The rows with their lists joined; column by column, which is the fastest way there is."""
    columns: list[Sequence[Any]] = list(zip(*chunk, strict=True))
    for place in places:
        columns[place] = [joined(cell) for cell in columns[place]]
    return list(zip(*columns, strict=True))


def _put(out: BinaryIO, text: str) -> None:
    out.write(text.encode("utf-8", "surrogatepass"))


def _of_cells(chunk: Sequence[Sequence[Any]], delimiter: str) -> str:
    text = _text(chunk, delimiter)
    if _may_hold_formula("\n" + text):
        return _text([[defused(cell) for cell in row] for row in chunk], delimiter)
    return text


def _of_lines(lines: Sequence[str], delimiter: str) -> str:
    text = "\n".join(lines) + "\n"
    if not _may_hold_formula("\n" + text):
        return text
    limit = csv.field_size_limit(len(text))
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    finally:
        csv.field_size_limit(limit)
    return _of_cells(cells, delimiter)


def _may_hold_formula(text: str) -> bool:
    """Whether some cell of a written chunk may open like a formula; most chunks hold none."""
    return any(
        opening in text and any(before + opening in text for before in _BEFORE)
        for opening in _OPENINGS
    )


def _text(chunk: Sequence[Sequence[Any]], delimiter: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(chunk)
    return buffer.getvalue()
