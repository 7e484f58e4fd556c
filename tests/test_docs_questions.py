"""The SELECTs of docs/questions.md run on the read model as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.archives import add, archive_in
from timeline.readmodel.build import build
from timeline.readmodel.database import connect

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_of_the_page_runs(sql: str, tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    add(archive, 1)
    build(archive)

    assert [] == connect(archive).execute(sql).fetchall()
