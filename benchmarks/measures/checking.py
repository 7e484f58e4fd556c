"""Verifying a sealed log beside SHA-256 of the same bytes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import verifying

from measures.figures import Line, Run, left_out, ratio
from timeline.archive import Archive
from timeline.log.checkpoint import new_signer
from timeline.log.seal import seal

_MOST = 2_000_000


def checking(archive: Archive, size: int, run: Run) -> Iterator[Line]:
    """A copy of the archive is sealed, then verified; each in processes of their own."""
    if size > _MOST:
        why = "a second copy of the log; the cost follows its bytes, see the smaller sizes"
        yield left_out(f"verify / sha256 of the files, {size:,}", why)
        return
    copy = Archive(run.work / f"{size}-sealed")
    shutil.rmtree(copy.root, ignore_errors=True)
    shutil.copytree(archive.events, copy.events)
    # Its own memory of seals: the log of another size, under the same name, would be a fork.
    state = run.work / f"{size}-state"
    shutil.rmtree(state, ignore_errors=True)
    os.environ["XDG_STATE_HOME"] = str(state)
    seal(copy, new_signer("example.org/benchmark"), by="benchmark")
    peer, ours, held = verifying.compared(copy)
    shutil.rmtree(copy.root)
    shutil.rmtree(state)
    yield Line(f"verify / sha256 of the files, {size:,}", f"{ours:.2f} s, {held:.0f} MB",
               f"{peer:.2f} s", ratio(ours, peer), "<= 3.5, <= 30 MB")  # fmt: skip
