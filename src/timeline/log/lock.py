"""The one lock of an archive: whoever holds it may write; the kernel frees it when they die."""

from __future__ import annotations

import fcntl
import getpass
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import Busy
from timeline.log.files import closing, make_folder, naming, open_regular

_PAUSE = 0.02


@contextmanager
def locked(archive: Archive, wait: float = 10.0) -> Iterator[None]:
    """Holds `.timeline/lock` for the block.

    Args:
        archive: the archive to write to.
        wait: seconds to wait for another holder.

    Raises:
        Busy: naming the holder, when they still hold it after `wait` seconds.
    """
    make_folder(archive.private)
    path = archive.private / "lock"
    descriptor = open_regular(path, os.O_RDWR | os.O_CREAT)
    with closing(descriptor, path):
        with naming(path):
            _take(descriptor, path, wait)
            _name_holder(descriptor)
        yield


def _take(descriptor: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            # flock, not lockf: a lockf lock is lost when any descriptor of the file is closed.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _busy(descriptor, path, wait) from None
            time.sleep(_PAUSE)


def _busy(descriptor: int, path: Path, wait: float) -> Busy:
    holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip()
    return Busy(
        f"{path}: held by {holder or 'another process'}; waited {wait:g} s",
        fix="wait for it to end, then type the command again",
    )


def _name_holder(descriptor: int) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    holder = f"{_user()} on {os.uname().nodename}, process {os.getpid()}, since {now}\n".encode()
    os.pwrite(descriptor, holder, 0)
    os.ftruncate(descriptor, len(holder))


@cache
def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
