"""The rejected rows of a table, as they stood, each with its row number and what is wrong.

The file can be mended and imported again: its last two columns are ignored then.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from timeline.errors import Problem
from timeline.importers.columns import BOOKKEEPING
from timeline.importers.options import Advice
from timeline.importers.table import Row, rows


def errors_path(source: Path) -> Path:
    """Where the errors file of a table goes if nothing else is said: beside it."""
    return source.with_name(f"{source.name.partition('.')[0]}.errors.csv")


def write_errors(
    target: Path, source: Path, problems: Iterable[Problem], *, encoding: str = ""
) -> int:
    """Writes the rows that have problems; how many.

    Cells stand as in the source, bytes that are no text too. A row with more cells than the header
    keeps them behind `_error`, so that it is refused again until it is mended. A row that could not
    be cut into cells comes without any.
    """
    told = _by_row(problem for problem in problems if problem.path == str(source))
    written = 0
    with target.open(
        "w", encoding=encoding or "utf-8", errors="surrogateescape", newline=""
    ) as file:
        writer = csv.writer(file, lineterminator="\n")
        header: Sequence[str] = ()
        unread: list[int] = []
        for row in rows(source, encoding):
            if not isinstance(row, Row):
                unread.append(row.line)
            elif not header:
                header = [name for name in row.cells if name not in BOOKKEEPING]
                keep = [name not in BOOKKEEPING for name in row.cells]
                writer.writerow([*header, *BOOKKEEPING])
            elif row.number in told:
                writer.writerow(_line(row, keep, told[row.number]))
                written += 1
        for number in unread:
            if number in told:
                writer.writerow([*[""] * len(header), str(number), told[number]])
                written += 1
    return written


def _line(row: Row, keep: Sequence[bool], error: str) -> list[str]:
    cells = [cell for cell, kept in zip(row.cells, keep, strict=False) if kept]
    cells += [""] * (sum(keep) - len(cells))
    return [*cells, str(row.number), error, *row.cells[len(keep) :]]


def _by_row(problems: Iterable[Problem]) -> dict[int, str]:
    told: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        if not isinstance(problem, Advice):
            told[problem.line].append(
                f"{problem.field}: {problem.message}" if problem.field else problem.message
            )
    return {row: "; ".join(words) for row, words in told.items()}
