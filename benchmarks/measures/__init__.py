"""Every line of the performance goals: one measure a file, each with its peer from the same run."""

from __future__ import annotations

from typing import Final

from measures.again import again
from measures.appending import appending
from measures.building import building
from measures.checking import checking
from measures.exporting import exporting
from measures.figures import Measure
from measures.grouping import grouping
from measures.pages import pages
from measures.starting import starting
from measures.stock import stock

MEASURES: Final[dict[str, Measure]] = {
    "building": building,
    "pages": pages,
    "grouping": grouping,
    "stock": stock,
    "appending": appending,
    "again": again,
    "checking": checking,
    "exporting": exporting,
    "starting": starting,
}
"""Measure -> what makes its lines; those after `building` need its read model."""
