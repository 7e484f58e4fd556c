"""Opens files that others wrote: regular ones only, of a bounded size, unpacked as they stream."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from timeline.errors import NotFound, TimelineError

MAX_BYTES: Final = 2 * 1024**3
"""Bytes of an outside file, packed or unpacked, inclusive."""

MAX_RATIO: Final = 100
"""Unpacked bytes per packed byte; real tables stay below 30."""

_FREE = 1024 * 1024  # a tiny file may pack better than any real one
_PACKED_OTHERWISE = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
}


class SourceRefused(TimelineError):
    """An outside file that is not read: no regular file, too large, or packed beyond reason."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of an outside file; what ends in `.gz` is unpacked on the way.

    Raises:
        NotFound: when it is not there.
        SourceRefused: for a link, folder or device, over 2 GB, or a ratio over 100.
    """
    with _regular(path) as file:
        if path.suffix == ".gz":
            with _translated(path):
                yield io.BufferedReader(_Unpacked(path, file), 1 << 16)
        else:
            _refuse_packed(path, file.peek(8)[:8])
            yield file


def read_whole(path: Path) -> bytes:
    """All bytes of an outside file, unpacked."""
    with opened(path) as file:
        return file.read()


@contextmanager
def _regular(path: Path) -> Iterator[io.BufferedReader]:
    # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise NotFound(f"{path}: there is no such file") from None
    except OSError as error:
        if path.is_symlink():
            raise SourceRefused(
                f"{path} is a link; give the file itself", fix=str(path.resolve())
            ) from None
        raise SourceRefused(f"{path}: {error.strerror}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise SourceRefused(f"{path} is not a regular file")
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        if status.st_size > MAX_BYTES:
            raise SourceRefused(f"{path} has {status.st_size:,} bytes; at most {MAX_BYTES:,}")
        yield file


def _refuse_packed(path: Path, head: bytes) -> None:
    for magic, what in _PACKED_OTHERWISE.items():
        if head.startswith(magic):
            raise SourceRefused(f"{path} is {what}; unpack it first")
    if head.startswith(b"\x1f\x8b"):
        raise SourceRefused(f"{path} is packed by gzip; name it {path.name}.gz or unpack it")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceRefused(f"{path} is not a whole gzip file: {error}") from error


class _Unpacked(io.RawIOBase):
    """Bytes out of a gzip file, counted; stops a bomb before it has gone off."""

    def __init__(self, path: Path, packed: BinaryIO) -> None:
        super().__init__()
        self._path = path
        self._limit = min(MAX_BYTES, os.fstat(packed.fileno()).st_size * MAX_RATIO + _FREE)
        self._stream = gzip.GzipFile(fileobj=packed, mode="rb")
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._seen += len(data)
        if self._seen > self._limit:
            raise SourceRefused(
                f"{self._path} unpacks to more than {self._limit:,} bytes; "
                f"at most {MAX_RATIO} times its packed size is read"
            )
        buffer[: len(data)] = data
        return len(data)
