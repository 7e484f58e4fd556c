"""Outside data to drafts: one file a format. Later stages never reach in here."""

from __future__ import annotations

from typing import Final

IMPORTERS: Final = {
    "csv": "timeline.importers.csv_table",
    "historyatstate-principals": "timeline.importers.historyatstate_principals",
    "historyatstate-travels": "timeline.importers.historyatstate_travels",
    "tei-timeline": "timeline.importers.tei_timeline",
}
"""Name of a format -> module with `read(source: Path, options: Options) -> Iterator[Item]`."""
