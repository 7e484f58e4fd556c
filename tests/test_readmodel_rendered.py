from __future__ import annotations

import io
from typing import Any

import pytest

from tests.logs import entity, event, lines, read_model
from timeline.exporters import csv_table, tsv_table
from timeline.exporters.rows import Rows
from timeline.readmodel.rendered import as_lines
from timeline.readmodel.selection import COLUMNS, Selection, events

TEXTS = ["plain", "a, b", 'say "hi"', "=1+1", "-2+3", "@x, y", "back\\", "é"]


@pytest.mark.parametrize(("exporter", "delimiter"), [(csv_table, ","), (tsv_table, "\t")])
def test_lines_made_by_sqlite_are_those_of_the_rows(exporter: Any, delimiter: str) -> None:
    connection = read_model(
        lines(
            [
                entity(0, "place:p", "P", latitude="-0.00001", longitude="14.5"),
                *(
                    event(
                        number,
                        f"e{number}",
                        title=text,
                        summary=text[::-1],
                        where=[{"place": "place:p"}],
                        topics=["arms", "trade"][: number % 3],
                        participants=[{"name": text}, {"entity": "person:x"}],
                        data={"note": text},
                    )
                    for number, text in enumerate(TEXTS, start=1)
                ),
            ]
        )
    )
    query = events(Selection(), sort="recorded")
    written = as_lines(query, delimiter)

    of_rows, of_lines = io.BytesIO(), io.BytesIO()
    exporter.write(Rows(COLUMNS, connection.execute(query.sql, query.parameters)), of_rows)
    rows = connection.execute(written.sql, written.parameters)
    exporter.write(Rows(COLUMNS, rows, ready=True), of_lines)

    assert of_rows.getvalue().decode().replace(f"{delimiter}-1e-05{delimiter}", "") == (
        of_lines.getvalue().decode().replace(f"{delimiter}-0.00001000000000000{delimiter}", "")
    )
    assert len(TEXTS) < of_lines.getvalue().count(b"\n")
