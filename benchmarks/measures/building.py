"""The full build beside other ways to load the same lines; how cost and memory grow."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from measures.figures import BIN, SCRIPTS, Cost, Line, Run, cost, left_out, ratio
from timeline.archive import Archive

_MOST_INSERTED = 2_000_000
"""Records beyond which the peers take longer than all that is ours."""

_MOST_NORMALISED = 200_000


def building(archive: Archive, size: int, run: Run) -> Iterator[Line]:
    """The full build against four ways to load the same lines with other tools."""
    ours = cost(sys.executable, SCRIPTS / "build.py", archive.root)
    each = archive.database.stat().st_size / size
    yield Line(
        f"full build, {size:,} records",
        f"{ours.cpu:.1f} CPU s, {ours.wall:.1f} s, {size / ours.cpu:,.0f} records/s,"
        f" {each:,.0f} bytes a record",
    )
    yield from growth(ours, size, run)
    lines, peer = run.work / "lines.jsonl", run.work / "peer.db"
    if size <= _MOST_INSERTED:
        one_file(archive, lines)
        yield from inserted(ours, lines, peer)
        lines.unlink()
    else:
        why = "a quarter of an hour and more of the peer alone; see the smaller sizes"
        yield left_out("build / sqlite-utils insert", why)
        yield left_out("build / the same + full text, 2 indexes, analyze", why)
    if size <= _MOST_NORMALISED:
        yield from normalised(archive, ours, peer)
    else:
        yield left_out("build / sqlite-utils into the same tables", "hours; see the smaller sizes")
    if size <= _MOST_INSERTED:
        yield from shell_import(archive, ours, run.work)


def growth(ours: Cost, size: int, run: Run) -> Iterator[Line]:
    """Records a second beside those of the smallest size of this run; peak memory."""
    run.figures["records a second", size] = size / ours.cpu
    least, fastest = run.smallest("records a second")
    yield Line(f"growth: records/s at {size:,} / at {least:,}", f"{size / ours.cpu:,.0f}",
               f"{fastest:,.0f}", ratio(size / ours.cpu, fastest), ">= 0.7")  # fmt: skip
    yield Line(f"peak memory of the build, {size:,}", f"{ours.memory:,.0f} MB", "-", "-",
               "<= 2,500 MB")  # fmt: skip


def inserted(ours: Cost, lines: Path, peer: Path) -> Iterator[Line]:
    """sqlite-utils puts the lines into one table, then full text and two indexes."""
    tool = BIN / "sqlite-utils"
    peer.unlink(missing_ok=True)
    plain = cost(tool, "insert", peer, "records", lines, "--nl", "--pk", "id")
    yield Line("build / sqlite-utils insert", f"{ours.cpu:.1f} s", f"{plain.cpu:.1f} s",
               ratio(ours.cpu, plain.cpu), "<= 1.0")  # fmt: skip
    more = plain.cpu + sum(
        cost(tool, *words).cpu
        for words in (
            ("enable-fts", peer, "records", "title", "summary"),
            ("create-index", peer, "records", "type"),
            ("create-index", peer, "records", "when"),
            ("analyze", peer),
        )
    )
    peer.unlink()
    yield Line("build / the same + full text, 2 indexes, analyze", f"{ours.cpu:.1f} s",
               f"{more:.1f} s", ratio(ours.cpu, more), "<= 0.75")  # fmt: skip


def normalised(archive: Archive, ours: Cost, peer: Path) -> Iterator[Line]:
    peer.unlink(missing_ok=True)
    normal = cost(sys.executable, SCRIPTS / "peer_tables.py", archive.database, peer)
    peer.unlink()
    yield Line("build / sqlite-utils into the same tables", f"{ours.cpu:.1f} s",
               f"{normal.cpu:.1f} s", ratio(ours.cpu, normal.cpu), "<= 0.5")  # fmt: skip


def one_file(archive: Archive, target: Path) -> None:
    """All lines in one file, some with every field first: sqlite-utils takes columns from them."""
    segments = sorted(archive.events.glob("*/*.jsonl"))
    fields: dict[str, object] = {}
    for segment in segments:
        with segment.open("rb") as lines:
            for line in islice(lines, 20_000):
                fields.update(json.loads(line))
    with target.open("wb") as out:
        out.write(json.dumps({**fields, "id": "every-field"}).encode() + b"\n")
        for segment in segments:
            with segment.open("rb") as part:
                shutil.copyfileobj(part, out)


def shell_import(archive: Archive, ours: Cost, work: Path) -> Iterator[Line]:
    """The floor: the sqlite3 shell loads a ready CSV of the events."""
    if not shutil.which("sqlite3"):
        return
    rows, script, peer = work / "events.csv", work / "import.sql", work / "shell.db"
    columns = "id, type, title, summary, status, edtf, start_min, place, actors, topics, certainty"
    with (
        contextlib.closing(sqlite3.connect(archive.database)) as connection,
        rows.open("w", newline="", encoding="utf-8") as out,
    ):
        table = csv.writer(out)
        table.writerow(columns.split(", "))
        table.writerows(connection.execute(f"SELECT {columns} FROM events"))
    script.write_text(
        f".mode csv\n.import {rows} e\n"
        "CREATE INDEX a ON e(id); CREATE INDEX b ON e(type); CREATE INDEX c ON e(start_min);\n"
        "CREATE VIRTUAL TABLE f USING fts5(title, summary, content=e);"
        " INSERT INTO f (f) VALUES ('rebuild');\n"
    )
    peer.unlink(missing_ok=True)
    shell = cost("sqlite3", peer, stdin=script)
    yield Line("build / sqlite3 shell .import + 3 indexes + full text", f"{ours.cpu:.1f} s",
               f"{shell.cpu:.1f} s", ratio(ours.cpu, shell.cpu), "<= 3.5")  # fmt: skip
    for path in (rows, script, peer):
        path.unlink()
