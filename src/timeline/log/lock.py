"""The one lock of an archive: whoever holds it may write; the kernel frees it when they die."""

from __future__ import annotations

import fcntl
import getpass
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, lru_cache
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import Busy
from timeline.log.files import FileRefused, close, make_folder, open_regular, refused

_PAUSE = 0.02


class Lock:
    """`.timeline/lock` of an archive, to be held again and again."""

    def __init__(self, archive: Archive) -> None:
        self._path = archive.private / "lock"

    @contextmanager
    def held(self, wait: float = 10.0) -> Iterator[None]:
        """Holds the lock for the block.

        Args:
            wait: seconds to wait for another holder.

        Raises:
            Busy: naming the holder, when they still hold it after `wait` seconds.
        """
        # Opened anew each time: a descriptor that is kept would be shared with every fork and
        # thread of the process, and its lock with it.
        descriptor = self._opened()
        try:
            try:
                _take(descriptor, self._path, wait)
                _name_holder(descriptor)
            except OSError as error:
                raise refused(self._path, error) from error
            yield
        finally:
            close(descriptor, self._path)

    def _opened(self) -> int:
        try:
            return open_regular(self._path, os.O_RDWR | os.O_CREAT)
        except FileRefused:
            if self._path.parent.is_dir():
                raise
        make_folder(self._path.parent)
        return open_regular(self._path, os.O_RDWR | os.O_CREAT)


def locked(archive: Archive, wait: float = 10.0) -> AbstractContextManager[None]:
    """`Lock.held`, for those who write once."""
    return Lock(archive).held(wait)


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
    text = os.pread(descriptor, 400, 0).decode("utf-8", "replace")
    holder = text.partition("\n")[0].strip()
    return Busy(
        f"{path}: held by {holder or 'another process'}; waited {wait:g} s",
        fix="wait for it to end, then type the command again",
    )


def _name_holder(descriptor: int) -> None:
    holder = _holder(os.getpid(), int(time.time()))
    # Not twice in a second: a file that has changed is one more for the next flush to take along.
    if os.pread(descriptor, len(holder), 0) != holder:
        os.pwrite(descriptor, holder, 0)


@lru_cache(maxsize=1)
def _holder(process: int, second: int) -> bytes:
    """One line. What a longer one left behind it is not read."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
    return f"{_who()}, process {process}, since {since}\n".encode()


@cache
def _who() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = str(os.getuid())
    return f"{user} on {os.uname().nodename}"
