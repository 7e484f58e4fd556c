"""The one writer of pictures, for pages, print and `timeline chart`.

Each picture is a pure function from plain values to a `Picture`: `inline()` for a page that loads
`static/pictures.css`, `file()` for a file of its own. Beside it stand its text twin (`…_table`,
rows for every reader) and, but for the span and the map, a drawing in characters (`…_text`). Links
inside a picture are left out of the tab order: a page that prints one prints its table too.
"""

from timeline.publish.pictures.buckets import Bucket, buckets_of
from timeline.publish.pictures.calendar_strip import (
    calendar_strip,
    calendar_table,
    calendar_text,
)
from timeline.publish.pictures.coast_map import Place, coast_map, map_table
from timeline.publish.pictures.histogram import histogram, histogram_table, histogram_text
from timeline.publish.pictures.lanes import Lane, Mark, lanes, lanes_table, lanes_text
from timeline.publish.pictures.span import Span, span, span_table, span_words
from timeline.publish.pictures.status_bars import (
    StatusBar,
    StatusRow,
    status_bars,
    status_table,
    status_text,
)
from timeline.publish.pictures.writer import Picture, Table

__all__ = [
    "Bucket",
    "Lane",
    "Mark",
    "Picture",
    "Place",
    "Span",
    "StatusBar",
    "StatusRow",
    "Table",
    "buckets_of",
    "calendar_strip",
    "calendar_table",
    "calendar_text",
    "coast_map",
    "histogram",
    "histogram_table",
    "histogram_text",
    "lanes",
    "lanes_table",
    "lanes_text",
    "map_table",
    "span",
    "span_table",
    "span_words",
    "status_bars",
    "status_table",
    "status_text",
]
