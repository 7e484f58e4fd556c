"""Exact counts of events by any dimension under any filter, from bitmaps in the read model.

`choose` once, then `total`, `counts`, `histogram` and `page` of what was chosen.
"""

from __future__ import annotations

from timeline.readmodel.facets.choosing import Chosen, choose
from timeline.readmodel.facets.counting import counts, histogram
from timeline.readmodel.facets.filters import DIMENSIONS, Filters, Value
from timeline.readmodel.facets.keeping import Facets, rebuild
from timeline.readmodel.facets.paging import Place, page

__all__ = [
    "DIMENSIONS",
    "Chosen",
    "Facets",
    "Filters",
    "Place",
    "Value",
    "choose",
    "counts",
    "histogram",
    "page",
    "rebuild",
]
