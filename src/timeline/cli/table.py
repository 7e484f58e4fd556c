"""Columns for people: as wide as their text, cut to the width of a terminal, never in a pipe."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import click
import orjson

from timeline.cli.values import shown
from timeline.exporters.csv_table import joined
from timeline.exporters.rows import Rows

_SAMPLE = 1000
"""Rows that the widths are taken from, so that a long result streams."""

_GAP = 2
_NARROWEST = 8


def print_table(rows: Rows) -> int:
    """Prints header and rows. Returns the number of rows; prints nothing where there are none."""
    places = rows.json_at()
    cells = (_texts(row, places) for row in rows.values)
    sample = list(islice(cells, _SAMPLE))
    if not sample:
        return 0
    widths = _widths(rows.columns, sample)
    if sys.stdout.isatty():
        widths = squeezed(rows.columns, widths, shutil.get_terminal_size().columns)
    right = [_is_number_column(sample, place) for place in range(len(rows.columns))]
    click.echo(click.style(_line(rows.columns, widths, right), bold=True))
    n = 0
    for row in _both(sample, cells):
        click.echo(_line(row, widths, right))
        n += 1
    return n


def width(text: str) -> int:
    """Columns of a terminal that a text takes: wide East Asian letters two, marks none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.category(character) in {"Mn", "Me", "Cf"} for character in text)
    return len(text) + wide - marks


def _both(sample: list[list[str]], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from sample
    yield from rest


def _texts(row: Sequence[Any], places: tuple[int, ...]) -> list[str]:
    return [_text(_spelled(cell) if i in places else cell) for i, cell in enumerate(row)]


def _spelled(cell: Any) -> Any:
    """JSON text as a person would type the value; what has no such form stays."""
    text = joined(cell)
    if not isinstance(text, str) or text[:1] not in {'"', "{", "["}:
        return text
    try:
        return shown(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    text = str(cell)
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    """A line break or a control character as a space: a table's row is one line."""
    return character if unicodedata.category(character)[0] != "C" else " "


def _widths(columns: Sequence[str], sample: list[list[str]]) -> list[int]:
    return [
        max(width(name), max(width(row[place]) for row in sample))
        for place, name in enumerate(columns)
    ]


def squeezed(columns: Sequence[str], widths: list[int], room: int) -> list[int]:
    """Widths that fit into `room` by taking from the widest, as long as that leaves something.

    Ids are for copying into the next command: they are cut when nothing else is left to cut.
    """
    widths = list(widths)
    ids = [place for place, name in enumerate(columns) if name == "id"]
    others = [place for place in range(len(columns)) if place not in ids]
    excess = sum(widths) + _GAP * (len(widths) - 1) - room
    for places in (others, ids):
        while excess > 0 and max((widths[place] for place in places), default=0) > _NARROWEST:
            widest = max(places, key=widths.__getitem__)
            widths[widest] -= 1
            excess -= 1
    return widths


def _is_number_column(sample: list[list[str]], place: int) -> bool:
    filled = [row[place] for row in sample if row[place]]
    return bool(filled) and all(text.lstrip("-").isdecimal() for text in filled)


def _line(cells: Sequence[str], widths: list[int], right: list[bool]) -> str:
    shown = [
        _padded(cell, wide, to_right=on_right)
        for cell, wide, on_right in zip(cells, widths, right, strict=True)
    ]
    return (" " * _GAP).join(shown).rstrip()


def _padded(text: str, wide: int, *, to_right: bool) -> str:
    missing = wide - width(text)
    if missing < 0:
        text, missing = _cut(text, wide)
    return " " * missing + text if to_right else text + " " * missing


def _cut(text: str, wide: int) -> tuple[str, int]:
    while width(text) >= wide:
        text = text[:-1]
    return f"{text}…", wide - width(text) - 1
