"""Exact counts of events by any dimension under any filter, from bitmaps in the read model.

`choose` once, then `total`, `counts`, `histogram` and `page` of what was chosen.
"""

from __future__ import annotations

from timeline.readmodel.facets.asked import FIELDS, choose_selection, settled, stacked
from timeline.readmodel.facets.choosing import Chosen, choose
from timeline.readmodel.facets.counting import counts, histogram
from timeline.readmodel.facets.filters import DIMENSIONS, Filters, Value
from timeline.readmodel.facets.keeping import Facets, rebuild
from timeline.readmodel.facets.paging import Place, page, page_at

__all__ = [
    "DIMENSIONS",
    "FIELDS",
    "Chosen",
    "Facets",
    "Filters",
    "Place",
    "Value",
    "choose",
    "choose_selection",
    "counts",
    "histogram",
    "page",
    "page_at",
    "rebuild",
    "settled",
    "stacked",
]
