"""How fast and how right dates are: µs a date beside `datetime.date.fromisoformat`, random days.

    python benchmarks/edtf_dates.py [--days 2000000] [--corpora FOLDER]

Prints µs for a plain day and for the same day by the standard library; the worst and the median µs
over every string of the two EDTF corpora and over texts made to be slow; and how many random days
(2,000,000 unless told) disagree with `datetime`. Each time is the best of five runs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import statistics
import timeit
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from timeline.edtf import BadDate, parse, sentence

CORPORA = Path(os.environ.get("TIMELINE_CORPORA", Path(__file__).parents[2] / "shared/corpora"))
SLOW = (
    "{" + ",".join(["-XX00-02-29"] * 13) + "}",
    "{" + ",".join(["1999"] * 31) + "}",
    "[" + ",".join(["1..2"] * 31) + "]",
    "XXX1-02-29",
    "X" * 160,
    "X" * 100_000,
    "(" * 160,
    "about " * 26,
    "1984~ or " * 17,
)
JDN_OF_ORDINAL_0 = 1721425


def take(text: str) -> None:
    with contextlib.suppress(BadDate):
        parse(text)


def microseconds(task: Callable[[], object], number: int) -> float:
    return min(timeit.repeat(task, number=number, repeat=5)) / number * 1e6


def corpus_texts(corpora: Path) -> list[str]:
    cases = json.loads((corpora / "edtf-python/cases.json").read_text("utf-8"))
    texts = [example[0] for example in cases["parser.EXAMPLES"]]
    texts += [text for text in cases["parser.BAD_EXAMPLES"] if text is not None]
    texts += json.loads((corpora / "edtf-js/strings.json").read_text("utf-8"))
    return texts


def report_times(name: str, texts: Iterable[str]) -> None:
    times = sorted((microseconds(lambda text=text: take(text), 100), text) for text in texts)
    worst, text = times[-1]
    median = statistics.median(time for time, _ in times)
    print(f"{name}: {len(times)} texts, median {median:.1f} µs, worst {worst:.1f} µs ({text[:40]})")


def disagreements(days: int) -> int:
    source = random.Random(2024)
    last = date.max.toordinal()
    wrong = 0
    for _ in range(days):
        ordinal = source.randint(1, last)
        day = date.fromordinal(ordinal)
        dates = parse(day.isoformat())
        number = ordinal + JDN_OF_ORDINAL_0
        right = dates.start_min == dates.start_max == dates.end_min == dates.end_max == number
        wrong += not (right and dates.year == day.year and dates.day == day.isoformat())
    return wrong


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--days", type=int, default=2_000_000)
    options.add_argument("--corpora", type=Path, default=CORPORA)
    given = options.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    text = "2024-12-05"
    plain = microseconds(lambda: parse(text), 20_000)
    peer = microseconds(lambda: date.fromisoformat(text), 20_000)
    print(f"plain day: {plain:.2f} µs with bounds; date.fromisoformat: {peer:.2f} µs")
    month = parse("2024-12")
    print(f"sentence of a month: {microseconds(lambda: sentence(month), 5_000):.2f} µs")
    report_times("corpora", corpus_texts(given.corpora))
    report_times("made to be slow", SLOW)
    print(f"random days that disagree with datetime: {disagreements(given.days)} of {given.days:,}")


if __name__ == "__main__":
    main()
