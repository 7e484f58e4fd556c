from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from sqlite3 import Connection

import pytest

from timeline.errors import NotFound, UsageRefused
from timeline.readmodel.build import build
from timeline.readmodel.database import connect
from timeline.readmodel.moments import NOTHING_YET, position_of

from .archives import add, archive_in

TODAY = date(2026, 11, 23)


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Connection]:
    archive = archive_in(tmp_path)
    add(archive, 1, at=datetime(2017, 4, 21, 23, 59, 59, tzinfo=UTC))
    add(archive, 2, at=datetime(2017, 4, 22, 23, 59, 59, tzinfo=UTC))
    add(archive, 3, at=datetime(2017, 4, 23, 0, 0, 0, tzinfo=UTC))
    build(archive)
    connection = connect(archive)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2017-04-22", 1),
        ("22 April 2017", 1),
        ("2017-04-20", NOTHING_YET),
        ("2017-04", 2),
        ("2017-04-23T00:00:00Z", 2),
        ("2017-04-22T23:59:59", 1),
        ("2017-04-23T01:00:00+01:00", 2),
        ("#0", 0),
        ("last", 2),
        ("yesterday", 2),
    ],
)
def test_a_moment_is_the_last_position_known_then(
    model: Connection, text: str, position: int
) -> None:
    assert position == position_of(model, text, TODAY)


@pytest.mark.parametrize("text", ["#3", "seal/1"])
def test_what_the_log_does_not_have_is_not_found(model: Connection, text: str) -> None:
    with pytest.raises(NotFound):
        position_of(model, text, TODAY)


@pytest.mark.parametrize("text", ["soon", "2017-04-22Tx", "1985/.."])
def test_what_is_no_moment_is_refused(model: Connection, text: str) -> None:
    with pytest.raises(UsageRefused):
        position_of(model, text, TODAY)
