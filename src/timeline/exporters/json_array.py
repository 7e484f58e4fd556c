"""One JSON array of objects, an object a line, written as it streams by."""

from __future__ import annotations

from typing import BinaryIO

from timeline.exporters.json_lines import lines
from timeline.exporters.rows import Rows

SUFFIX = ".json"


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes the array. Returns the number of rows."""
    n = 0
    out.write(b"[")
    for n, line in enumerate(lines(rows), start=1):
        out.write(b"\n " if n == 1 else b",\n ")
        out.write(line)
    out.write(b"\n]\n" if n else b"]\n")
    return n
