"""The few file operations the log rests on: safe opening, durable flushing, named errors."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from timeline.errors import TimelineError

_FULL_FSYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)


class FileRefused(TimelineError):
    """The operating system refused a file, or the file is not an ordinary one."""


class DurabilityUnknown(TimelineError):
    """fsync failed: the bytes may or may not survive a power cut, and nobody can tell."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turns an OSError into one sentence with the path and the system's reason."""
    try:
        yield
    except OSError as error:
        raise refused(path, error) from error


def refused(path: Path | str, error: OSError) -> FileRefused:
    """The sentence for what the system refused."""
    number = f" (errno {error.errno})" if error.errno else ""
    return FileRefused(f"{path}: {error.strerror or error}{number}")


@contextmanager
def closing(descriptor: int, path: Path) -> Iterator[None]:
    """Closes a descriptor at the end; where even that fails, it names the path."""
    try:
        yield
    finally:
        close(descriptor, path)


def close(descriptor: int, path: Path) -> None:
    """Closes a descriptor; where even that fails, it names the path."""
    try:
        os.close(descriptor)
    except OSError as error:
        raise refused(path, error) from error


def open_regular(path: Path, flags: int) -> int:
    """A descriptor of an ordinary file; links, folders and devices are refused.

    Raises:
        FileRefused: with the path and the reason.
    """
    return opened(path, flags)[0]


def opened(path: Path, flags: int) -> tuple[int, os.stat_result]:
    """`open_regular`, and what `fstat` says of the file."""
    try:
        # Non-blocking, or opening a named pipe would wait for its other end.
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
        status = os.fstat(descriptor)
    except OSError as error:
        raise refused(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise FileRefused(f"{path}: not an ordinary file")
    return descriptor, status


@contextmanager
def reading(path: Path, buffering: int = 256 * 1024) -> Iterator[BinaryIO]:
    """An ordinary file open for reading; what goes wrong inside names its path."""
    descriptor = open_regular(path, os.O_RDONLY)
    with naming(path), os.fdopen(descriptor, "rb", buffering) as file:
        yield file


def flush(descriptor: int, path: Path) -> None:
    """Waits until the bytes of an open file are on the disk itself.

    Raises:
        DurabilityUnknown: when the disk says no. Never to be retried: after a failed fsync the
            kernel may drop the dirty pages, and a second call would report a false success.
    """
    _flush(descriptor, path, os.fsync)


def flush_in_place(descriptor: int, path: Path) -> None:
    """`flush` for bytes that were written over others: the file's size and name were safe before,
    so that its times alone need not be waited for.

    Raises:
        DurabilityUnknown: as `flush`.
    """
    _flush(descriptor, path, getattr(os, "fdatasync", os.fsync))


def _flush(descriptor: int, path: Path, call: Callable[[int], None]) -> None:
    try:
        if _FULL_FSYNC is not None:  # macOS: fsync alone leaves the drive's cache
            fcntl.fcntl(descriptor, _FULL_FSYNC)
        else:
            call(descriptor)
    except OSError as error:
        raise DurabilityUnknown(
            f"{path}: durability unknown, the disk refused to flush: "
            f"{error.strerror} (errno {error.errno})",
            fix="check the disk, then timeline check, before you write again",
        ) from error


def flush_file(path: Path) -> None:
    """Flushes what anybody wrote to an ordinary file."""
    descriptor = open_regular(path, os.O_RDONLY)
    with closing(descriptor, path):
        flush(descriptor, path)


def flush_folder(folder: Path) -> None:
    """Makes the names in a folder durable: a new file is lost in a power cut without this."""
    with naming(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    with closing(descriptor, folder):
        flush(descriptor, folder)


def write_all(descriptor: int, data: bytes) -> None:
    """Writes every byte, however many calls the system takes for it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def replace_durably(path: Path, data: bytes) -> None:
    """Puts a whole file in place: after a crash it is the old one or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with naming(temporary):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        with closing(descriptor, temporary):
            with naming(temporary):
                write_all(descriptor, data)
            flush(descriptor, temporary)  # before the rename, or the name could outlive the bytes
        with naming(path):
            temporary.replace(path)
    except BaseException:
        with suppress(OSError):  # the first error is the one to report
            temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)  # the rename itself


def clear_leftovers(folder: Path) -> None:
    """Takes away what `replace_durably` left below a folder when it was killed; lock held."""
    for path in folder.rglob(".*.tmp"):
        with naming(path):
            path.unlink()


def make_folder(folder: Path) -> None:
    """Makes a folder and its parents, each one durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with naming(folder):
        folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)
