"""Verifying a sealed log beside SHA-256 of the same bytes: CPU seconds, and memory.

    python benchmarks/verifying.py [--records 1000000] [--folder DIR]

Makes an archive (`archives.py`) and seals it, then measures three times in turn, each in a process
of its own, and keeps the smallest: `hashlib.sha256` over the segments, `timeline.log.verify.verify`
of the archive. Memory is what the process holds at its peak above what it held after its imports.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from archives import write
from timeline.archive import Archive
from timeline.log.checkpoint import new_signer
from timeline.log.seal import seal

_PEER = """
import hashlib, sys
from pathlib import Path
def work():
    for path in sorted(Path(sys.argv[1]).glob("events/*/*.jsonl")):
        state = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                state.update(block)
"""
_OURS = """
import sys
from pathlib import Path
from timeline.archive import Archive
from timeline.log.verify import verify
def work():
    result = verify(Archive(Path(sys.argv[1])))
    assert result.exit_code == 0, result.problems[:3]
"""
_MEASURE = """
import time
def peak():  # ru_maxrss would begin with the peak of the process that started this one
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
before, start = peak(), time.process_time()
work()
print(time.process_time() - start, peak() - before)
"""


def measured(code: str, folder: Path) -> tuple[float, float]:
    """CPU seconds, and megabytes above the imports."""
    ended = subprocess.run(
        [sys.executable, "-c", code + _MEASURE, str(folder)],
        capture_output=True,
        check=True,
        text=True,
    )
    seconds, kilobytes = ended.stdout.split()
    return float(seconds), float(kilobytes) / 1024


def made(folder: Path, records: int) -> Archive:
    """A sealed archive; what the sealer remembers stays in the folder too."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    archive = Archive(folder / "archive")
    if not archive.events.exists():
        write(archive.root, records)
        seal(archive, new_signer("example.org/benchmark"), by="benchmark")
    return archive


def compared(archive: Archive) -> tuple[float, float, float]:
    """CPU seconds of SHA-256 and of `verify`, the least of three; megabytes of `verify`."""
    runs = [(measured(_PEER, archive.root), measured(_OURS, archive.root)) for _ in range(3)]
    peer = min(peer for (peer, _), _ in runs)
    ours = min(ours for _, (ours, _) in runs)
    return peer, ours, max(memory for _, (_, memory) in runs)


def run(folder: Path, records: int) -> None:
    archive = made(folder, records)
    size = sum(path.stat().st_size for path in archive.events.glob("*/*.jsonl"))
    theirs, own, memory = compared(archive)
    print(f"{records:,} records, {size / records:,.0f} bytes each")
    print(f"  SHA-256 of the files: {theirs:.2f} s CPU")
    print(f"  verify: {own:.2f} s CPU, {memory:.1f} MB above imports")
    print(f"  ratio {own / theirs:.2f} (goal: at most 3.5, 30 MB)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    if given.folder is not None:
        run(given.folder, given.records)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            run(Path(temporary), given.records)
