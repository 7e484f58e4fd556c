"""One record more: into the read model, and until a running Datasette shows it."""

from __future__ import annotations

import contextlib
import http.client
import secrets
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from measures.figures import BIN, Line, Run, ratio
from timeline.archive import Archive
from timeline.log import writer
from timeline.readmodel.catchup import catch_up

_PORT = 8918
_TIMES = 15
_MOST_COPIED = 2_000_000


def appending(archive: Archive, size: int, run: Run) -> Iterator[Line]:
    """The archive grows by one record after the other, while a Datasette serves it."""
    with _copied(archive, size) as copy:
        catch_up(copy)
        with _serving(copy):
            cpu, wall = _caught_up(copy)
            seen = [_until_seen(copy) for _ in range(_TIMES)]
    yield Line(f"one record caught up into {size:,}",
               f"{cpu:.1f} ms CPU, {wall:.1f} ms", goal="<= 3 ms CPU")  # fmt: skip
    yield Line(f"written to the log until a running Datasette shows it, {size:,}",
               f"{statistics.median(seen):.1f} ms", goal="<= 20 ms")  # fmt: skip
    run.figures["caught up", size] = cpu
    least, fastest = run.smallest("caught up")
    yield Line(f"one record at {size:,} / at {least:,}", f"{cpu:.1f} ms", f"{fastest:.1f} ms",
               ratio(cpu, fastest), "<= 1.5")  # fmt: skip


@contextlib.contextmanager
def _copied(archive: Archive, size: int) -> Iterator[Archive]:
    """A copy that may grow; the archive itself, where a copy would fill the disk."""
    if size > _MOST_COPIED:
        yield archive
        return
    copy = Archive(archive.root.with_name(f"{archive.root.name}-appending"))
    shutil.rmtree(copy.root, ignore_errors=True)
    try:
        shutil.copytree(archive.root, copy.root)
        yield copy
    finally:
        shutil.rmtree(copy.root)


@contextlib.contextmanager
def _serving(archive: Archive) -> Iterator[None]:
    server = subprocess.Popen(
        [BIN / "timeline", "-C", archive.root, "serve", "-p", str(_PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                _get("/timeline.json")
                break
            time.sleep(0.5)
        yield
    finally:
        server.terminate()
        server.wait()


def _get(path: str) -> bytes:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", _PORT, timeout=60)) as asked:
        asked.request("GET", path)
        return asked.getresponse().read()


def _caught_up(archive: Archive) -> tuple[float, float]:
    """Milliseconds of CPU and on the clock, medians."""
    cpu, wall = [], []
    for _ in range(_TIMES):
        writer.append(archive, [_record()])
        began, used = time.perf_counter(), time.process_time()
        catch_up(archive)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def _until_seen(archive: Archive) -> float:
    """Milliseconds from the record in the log to the row that Datasette answers with."""
    record = _record()
    event: str = record["event"]
    asked = urlencode({"sql": "SELECT id FROM events WHERE id = :id", "id": event})
    writer.append(archive, [record])
    began = time.perf_counter()
    catch_up(archive)
    while f'"{event}"'.encode() not in _get(f"/timeline.json?_shape=arrays&{asked}"):
        pass
    return (time.perf_counter() - began) * 1000


def _record() -> dict[str, Any]:
    moment = f"{time.time_ns() // 1_000_000:012x}"
    number = f"{moment[:8]}-{moment[8:]}-7000-8000-{secrets.token_hex(6)}"
    return {
        "id": number, "v": 1, "kind": "event",
        "recorded_by": "ana", "event": f"more-{number}", "type": "meeting.held",
        "title": "One more meeting", "when": "2026-01-05",
        "participants": [{"entity": "person:ka-0"}], "topics": ["t-ka"],
        "claims": [{"source": "src:paper-1"}],
    }  # fmt: skip
