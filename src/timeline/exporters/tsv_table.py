"""Tab-separated values: as `csv_table`, with tabs."""

from __future__ import annotations

from typing import BinaryIO

from timeline.exporters import csv_table
from timeline.exporters.rows import Rows

SUFFIX = ".tsv"


def write(rows: Rows, out: BinaryIO) -> int:
    """Writes a header and every row. Returns the number of rows."""
    return csv_table.write(rows, out, delimiter="\t")
