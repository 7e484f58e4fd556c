"""Prints every figure of the performance goals with its peer from the same run.

    python benchmarks/run.py [--sizes 10000,100000,1000000] [--work DIR] [--out FILE.md]

Costs are CPU seconds of whole processes (user + system), so that a busy machine disturbs less;
pages are wall milliseconds. A peer that is not installed is left out and said so.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archives import write
from timeline.archive import Archive
from timeline.log import writer
from timeline.readmodel.catchup import catch_up
from timeline.readmodel.facets import Filters, choose, counts, histogram, page

BIN = Path(sys.executable).parent
PAGE = ("type", "actor", "topic", "place", "certainty", "precision")


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: what it is, our figure, the peer's, and the goal in words."""

    measure: str
    ours: str
    peer: str
    ratio: str
    goal: str


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--work", type=Path, default=None)
    options.add_argument("--out", type=Path, default=None)
    options.add_argument("--only", default=",".join(MEASURES), help="some of these")
    given = options.parse_args()
    work = given.work or Path(tempfile.mkdtemp(prefix="timeline-benchmark-"))
    found: list[Line] = []
    for size in map(int, given.sizes.split(",")):
        archive = archive_of(work, size)
        for name in given.only.split(","):
            for line in MEASURES[name](archive, size, work):
                found.append(line)
                print(f"{size:>10,} | " + " | ".join(cells(line)), flush=True)
    if given.out:
        given.out.write_text(table(found), "utf-8")


def cells(line: Line) -> list[str]:
    return [line.measure, line.ours, line.peer, line.ratio, line.goal]


def table(lines: list[Line]) -> str:
    head = (
        f"Machine: {machine()}\n\n| measure | ours | peer | ratio | goal |\n|---|---|---|---|---|\n"
    )
    return head + "".join(f"| {' | '.join(cells(line))} |\n" for line in lines)


def machine() -> str:
    model = "unknown processor"
    with contextlib.suppress(OSError):
        for row in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if row.startswith("model name"):
                model = row.partition(":")[2].strip()
    return (
        f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load"
        f" {os.getloadavg()[0]:.1f} at the end of the run"
    )


def archive_of(work: Path, size: int) -> Archive:
    """The generated archive of this size; made once for a work folder."""
    folder = work / f"{size}"
    if not folder.exists():
        write(folder, size)
    return Archive(folder)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: CPU and wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


def cost(*command: str | Path, stdin: Path | None = None) -> Cost:
    """Runs a command to its end, its output thrown away."""
    began = time.perf_counter()
    with (stdin or Path(os.devnull)).open("rb") as given:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=given, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {command}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)


def ratio(ours: float, peer: float) -> str:
    return f"{ours / peer:.2f}"


def building(archive: Archive, size: int, work: Path) -> Iterator[Line]:
    """The full build against four ways to load the same lines with other tools."""
    ours = cost(sys.executable, Path(__file__).with_name("build.py"), archive.root)
    each = archive.database.stat().st_size / size
    yield Line(
        f"full build, {size:,} records",
        f"{ours.cpu:.1f} CPU s, {ours.wall:.1f} s, {size / ours.cpu:,.0f} records/s,"
        f" {ours.memory:,.0f} MB, {each:,.0f} bytes a record",
        "-", "-", "<= 2,500 MB",
    )  # fmt: skip
    lines, peer = work / "lines.jsonl", work / "peer.db"
    one_file(archive, lines)
    tool = BIN / "sqlite-utils"
    peer.unlink(missing_ok=True)
    plain = cost(tool, "insert", peer, "records", lines, "--nl", "--pk", "id")
    yield Line("build / sqlite-utils insert", f"{ours.cpu:.1f} s", f"{plain.cpu:.1f} s",
               ratio(ours.cpu, plain.cpu), "<= 1.0")  # fmt: skip
    more = (
        cost(tool, "enable-fts", peer, "records", "title", "summary").cpu
        + cost(tool, "create-index", peer, "records", "type").cpu
        + cost(tool, "create-index", peer, "records", "when").cpu
        + cost(tool, "analyze", peer).cpu
        + plain.cpu
    )
    yield Line("build / the same + full text, 2 indexes, analyze", f"{ours.cpu:.1f} s",
               f"{more:.1f} s", ratio(ours.cpu, more), "<= 0.75")  # fmt: skip
    peer.unlink()
    normal = cost(
        sys.executable, Path(__file__).with_name("peer_tables.py"), archive.database, peer
    )
    yield Line("build / sqlite-utils into the same tables", f"{ours.cpu:.1f} s",
               f"{normal.cpu:.1f} s", ratio(ours.cpu, normal.cpu), "<= 0.5")  # fmt: skip
    peer.unlink()
    yield from shell_import(archive, ours, work)
    lines.unlink()


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


def kinds(connection: sqlite3.Connection) -> dict[str, Filters]:
    """One filter of every kind that a page offers."""

    def ranked(dimension: str, share: float) -> str:
        (total,) = connection.execute("SELECT count(*) FROM events").fetchone()
        return str(connection.execute(
            "SELECT value FROM facet_values WHERE past = 0 AND dimension = ?"
            " ORDER BY abs(n_all - ?) LIMIT 1", (dimension, total * share),
        ).fetchone()[0])  # fmt: skip

    def seen(word: str) -> int:
        return int(connection.execute(
            "SELECT count(*) FROM events_fts WHERE events_fts MATCH ?", (f'"{word}"*',)
        ).fetchone()[0])  # fmt: skip

    (last,) = connection.execute("SELECT max(position) FROM records").fetchone()
    (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
    rare = min(("galdu", "vertoka", "ashmi", "linporne", "solashka"),
               key=lambda word: abs(seen(word) - events * 0.015))  # fmt: skip
    twenty = {"first": 2_437_666, "last": 2_444_970}
    kind = {"type": [ranked("type", 1)]}
    topic = {"topic": [ranked("topic", 1)]}
    return {
        "none": Filters(),
        "top topic": Filters(any_of=topic),
        "middling topic (1.3 %)": Filters(any_of={"topic": [ranked("topic", 0.013)]}),
        "top actor": Filters(any_of={"actor": [ranked("actor", 1)]}),
        "two actors": Filters(all_of={"actor": [ranked("actor", 1), ranked("actor", 0.01)]}),
        "20 years, possibly": Filters(**twenty),
        "20 years, certainly": Filters(**twenty, certain=True),
        "11 odd days": Filters(first=2_459_988, last=2_459_998),
        "type and certainty": Filters(any_of={**kind, "certainty": ["probable"]}),
        f"text, {seen(rare) / events:.1%} of events": Filters(text=rare),
        f"text, {seen('ka') / events:.0%} of events": Filters(text="ka"),
        "as of the middle": Filters(as_of=last // 2),
        "as of the middle, top topic": Filters(
            any_of={"topic": [ranked("topic", 1)]}, as_of=last // 2
        ),
    }


def whole_page(connection: sqlite3.Connection, filters: Filters) -> None:
    """What a page of the timeline needs: count, six facets, histogram, 50 rows."""
    chosen = choose(connection, filters)
    for dimension in PAGE:
        counts(chosen, dimension)
    histogram(chosen)
    page(chosen, limit=50)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of several runs: of CPU, and on the clock at the middle and at worst."""

    cpu: float
    p50: float
    p95: float


def timed(work: Callable[[], object], times: int) -> Times:
    """Runs it, the first time not counted."""
    work()
    walls, used = [], []
    for _ in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - cpu) * 1000)
    walls.sort()
    return Times(statistics.median(used), statistics.median(walls), walls[int(times * 0.95)])


def pages(archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    goal = "p95 <= 50 ms at 1 M, 250 ms at 10 M"
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        for name, filters in kinds(connection).items():
            runs = timed(lambda filters=filters: whole_page(connection, filters), 15)
            total = choose(connection, filters).total
            yield Line(f"faceted page, {size:,}: {name} ({total:,} events)",
                       f"{runs.cpu:.1f} ms CPU; p50 {runs.p50:.1f}, p95 {runs.p95:.1f} ms",
                       "-", "-",
                       goal)  # fmt: skip


def grouping(archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    """Facet counts against SQL with the indexes that suit it."""
    standing = "retracted = 0 AND merged_into IS NULL"
    sql = {
        ("none", "type"): f"SELECT type, count(*) n FROM events WHERE {standing} GROUP BY 1",
        ("top topic", "actor"): (
            "SELECT p.entity, count(DISTINCT p.event) n FROM event_topics t JOIN participants p"
            " ON p.event = t.event JOIN events e ON e.number = t.event"
            f" WHERE t.topic = :topic AND {standing} GROUP BY 1"
        ),
        ("20 years, possibly", "type"): (
            "SELECT type, count(*) n FROM events WHERE coalesce(start_min, :last) <= :last"
            f" AND coalesce(end_max, :first) >= :first AND {standing} GROUP BY 1"
        ),
    }
    with contextlib.closing(sqlite3.connect(archive.database)) as connection:
        found = kinds(connection)
        for (name, dimension), query in sql.items():
            filters = found[name]
            topic = (filters.any_of.get("topic") or [None])[0]
            bound = {"topic": topic, "first": filters.first, "last": filters.last}
            full = f"{query} ORDER BY n DESC, 1 LIMIT 30"
            ours = timed(lambda f=filters, d=dimension: counts(choose(connection, f), d), 5)
            peer = timed(lambda q=full, b=bound: connection.execute(q, b).fetchall(), 3)
            expected = connection.execute(full, bound).fetchall()
            assert expected == counts(choose(connection, filters), dimension), name
            yield Line(f"facet {dimension}, {size:,}: {name}, against SQL group by",
                       f"{ours.cpu:.2f} ms CPU", f"{peer.cpu:.1f} ms CPU",
                       f"{peer.cpu / ours.cpu:.0f}x", ">= 20x")  # fmt: skip


def stock_page(archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    """Datasette's own table page with four facets, with our facet classes and without."""
    script = Path(__file__).with_name("stock_page.py")
    out = {}
    for mode in ("ours", "stock"):
        done = subprocess.run(
            [sys.executable, script, archive.database, mode], capture_output=True, check=True
        )
        out[mode] = json.loads(done.stdout)
    for name in out["ours"]:
        ours, peer = out["ours"][name], out["stock"][name]
        late = f", {peer['missing']} of {peer['asked']} timed out" if peer["missing"] else ""
        yield Line(f"Datasette's page, {size:,}: {name}",
                   f"{ours['ms']:.0f} ms, {ours['missing']} timed out",
                   f"{peer['ms']:.0f} ms{late}",
                   f"{peer['ms'] / ours['ms']:.1f}x", ">= 4x, none timed out")  # fmt: skip


def appending(archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    """One record into the log and the read model, process warm; the archive grows by it."""
    copy = Archive(archive.root.with_name(f"{archive.root.name}-appending"))
    shutil.rmtree(copy.root, ignore_errors=True)
    shutil.copytree(archive.root, copy.root)
    catch_up(copy)
    cpu, wall = [], []
    for n in range(12):
        record = {
            "id": f"ffffffff-0000-7000-8000-{n:012x}", "v": 1, "kind": "event",
            "recorded_by": "ana", "event": f"appended-{n}", "type": "meeting.held",
            "title": f"One more meeting {n}", "when": "2026-01-05",
            "participants": [{"entity": "person:ka-0"}], "topics": ["t-ka"],
            "claims": [{"source": "src:paper-1"}],
        }  # fmt: skip
        writer.append(copy, [record])
        began, used = time.perf_counter(), time.process_time()
        catch_up(copy)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    shutil.rmtree(copy.root)
    yield Line(f"one record caught up into {size:,}",
               f"{statistics.median(cpu):.1f} ms CPU, {statistics.median(wall):.1f} ms", "-", "-",
               "<= 3 ms CPU; visible <= 20 ms")  # fmt: skip


def exporting(archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    command = (BIN / "timeline", "-C", archive.root, "export")
    ours = cost(*command, "csv", "-o", os.devnull)
    peer = cost(BIN / "sqlite-utils", "rows", archive.database, "events", "--csv")
    yield Line(f"CSV export, {size:,}", f"{ours.cpu:.1f} s, {ours.memory:.0f} MB",
               f"{peer.cpu:.1f} s", f"{peer.cpu / ours.cpu:.2f}x as fast", ">= 1.3")  # fmt: skip
    if shutil.which("sqlite3"):
        lines = cost(*command, "nl", "-o", os.devnull)
        shell = cost("sqlite3", "-csv", archive.database, "SELECT * FROM events")
        yield Line(f"NDJSON export, {size:,}", f"{lines.cpu:.1f} s, {lines.memory:.0f} MB",
                   f"{shell.cpu:.1f} s", f"{shell.cpu / lines.cpu:.2f}x as fast",
                   ">= 0.8")  # fmt: skip


def starting(_archive: Archive, size: int, _work: Path) -> Iterator[Line]:
    """`timeline add` in a small archive against a tool that only says its version."""
    if size > 10_000:
        return
    with tempfile.TemporaryDirectory() as folder:
        cost(BIN / "timeline", "init", folder)
        add = [BIN / "timeline", "-C", folder, "add", "-d", "2026-01-05", "-t", "meeting.held",
               "-s", "https://example.org/a"]  # fmt: skip
        # As after any installation: with bytecode on the disk, which some environments switch off.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = [
            (cost(*add, f"Talk {n}").cpu, cost(BIN / "sqlite-utils", "--version").cpu)
            for n in range(15)
        ]
    ours, peer = (min(costs) for costs in zip(*runs, strict=True))
    yield Line("timeline add / sqlite-utils --version", f"{ours * 1000:.0f} ms",
               f"{peer * 1000:.0f} ms", ratio(ours, peer), "<= 0.5")  # fmt: skip


MEASURES: dict[str, Callable[[Archive, int, Path], Iterator[Line]]] = {
    "building": building,
    "pages": pages,
    "grouping": grouping,
    "stock": stock_page,
    "appending": appending,
    "exporting": exporting,
    "starting": starting,
}
"""Measure -> what makes its lines; those after `building` need its read model."""


if __name__ == "__main__":
    main()
