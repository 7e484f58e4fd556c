from __future__ import annotations

import sqlite3

import pytest

from tests.logs import event, lines
from timeline.cli.progress import progress, told
from timeline.readmodel.build import fill


@pytest.mark.parametrize(
    ("expected", "count", "total", "seconds"),
    [
        ("indexes made …", 0, None, 3.0),
        ("500 records read", 500, 1_000, 1.0),
        ("60,000 records read, 30,000 a second", 60_000, None, 2.0),
        ("60,000 records read, 30,000 a second, 0:02 left", 60_000, 120_000, 2.0),
        ("36,000 records read, 1,000 a second, 2:46:04 left", 36_000, 10_000_000, 36.0),
    ],
)
def test_a_step_is_told_with_its_rate_and_the_time_left(
    expected: str, count: int, total: int | None, seconds: float
) -> None:
    what = "records read" if count else "indexes made"

    assert expected == told(what, count, total, seconds)


def test_a_pipe_hears_nothing() -> None:
    with progress("records read") as report:
        assert report is None


def test_a_build_tells_of_each_of_its_steps() -> None:
    heard: list[tuple[str, int, int | None]] = []

    def listen(count: int, total: int | None = None, what: str = "") -> None:
        heard.append((what, count, total))

    empty = sqlite3.connect(":memory:", isolation_level=None)
    fill(empty, lines([event(0, "e-0"), event(1, "e-0")]), listen)

    assert [
        "indexes made", "events folded anew", "events indexed for full text", "events counted",
        "versions counted", "common words kept ready",
    ] == [*dict.fromkeys(what for what, _, _ in heard)]  # fmt: skip
    assert ("events folded anew", 1, 1) in heard
