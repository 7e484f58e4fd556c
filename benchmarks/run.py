"""Prints every figure of the performance goals with its peer from the same run.

    python benchmarks/run.py [--sizes 10000,100000,1000000] [--measures pages,stock]
        [--work DIR] [--out FILE.md]

Costs are CPU seconds of whole processes (user + system), so that a busy machine disturbs less;
pages are wall milliseconds. A peer that is not installed, or that would take hours, is left out
and said so.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measures import MEASURES
from measures.figures import Line, Run, table


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", default="10000,100000,1000000", help="records, smallest first")
    options.add_argument("--measures", default=",".join(MEASURES), help="some of these")
    options.add_argument("--work", type=Path, default=None, help="keeps the archives")
    options.add_argument("--out", type=Path, default=None, help="the table as Markdown")
    given = options.parse_args()
    run = Run(given.work or Path(tempfile.mkdtemp(prefix="timeline-benchmark-")))
    run.work.mkdir(parents=True, exist_ok=True)
    found: list[Line] = []
    for size in sorted(map(int, given.sizes.split(","))):
        archive = run.archive(size)
        for name in given.measures.split(","):
            for line in MEASURES[name](archive, size, run):
                found.append(line)
                print(f"{size:>10,} | " + " | ".join(line.cells()), flush=True)
                if given.out:
                    given.out.write_text(table(found), "utf-8")


if __name__ == "__main__":
    main()
