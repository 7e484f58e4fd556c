"""Uncertain dates: EDTF text and people's words in, four bounds in days and sentences out."""

from __future__ import annotations

from timeline.edtf.dates import BadDate, Dates, certainly_on, possibly_on
from timeline.edtf.days import civil, iso, jdn
from timeline.edtf.reading import parse, read
from timeline.edtf.sentences import sentence, year_name
from timeline.edtf.single import MONTH_NAMES

__all__ = [
    "MONTH_NAMES",
    "BadDate",
    "Dates",
    "certainly_on",
    "civil",
    "iso",
    "jdn",
    "parse",
    "possibly_on",
    "read",
    "sentence",
    "year_name",
]
