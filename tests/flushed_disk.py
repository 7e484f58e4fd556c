"""A file system that forgets at a power cut what was not flushed, mounted for tests (Linux, FUSE).

`python -m tests.flushed_disk FOLDER` serves it. Its bytes and names are those of
`tests.power_cut.Disk`; the file `.power` in it takes the commands of `Mounted`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.power_cut import Disk, File, put

POWER = "/.power"
_ROOT = Path("/")


def libfuse() -> str:
    """The name of the library, or nothing where it is not installed."""
    for name in ("libfuse3.so.4", "libfuse3.so.3"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return name
    return ""


needs_fuse = pytest.mark.skipif(
    not Path("/dev/fuse").exists() or not libfuse(),
    reason="/dev/fuse or libfuse3 is not here: NO POWER WAS CUT ON A MOUNTED DISK (apt: fuse3)",
)


class Mounted:
    """The mounted file system, as a test handles it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._power = Path(f"{folder}{POWER}")

    def settle(self) -> None:
        """Everything that is there is safe from now on; calls are counted from here."""
        self._say("settle")

    def cut(self, seed: int = 0) -> None:
        """The power fails and comes back. With a seed, of what was not flushed some is there."""
        self._say(f"cut {seed}")

    def off_after(self, changes: int) -> None:
        """So many more calls that change something; then every call fails until `cut`."""
        self._say(f"off {changes}")

    def changes(self) -> int:
        """Calls since `settle` that changed something or flushed it."""
        return int(self._power.read_text())

    def _say(self, command: str) -> None:
        descriptor = os.open(self._power, os.O_WRONLY)
        os.write(descriptor, command.encode())
        os.close(descriptor)


@contextmanager
def mounted(folder: Path) -> Iterator[Mounted]:
    """Serves the file system on an empty folder while the block runs."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.flushed_disk", str(folder)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as server:
        deadline = time.monotonic() + 60
        while not os.path.ismount(folder):
            assert server.poll() is None, "the file system could not be mounted"
            assert time.monotonic() < deadline, "the file system was not mounted in time"
            time.sleep(0.02)
        try:
            yield Mounted(folder)
        finally:
            subprocess.run(["fusermount3", "-u", str(folder)], check=True)  # and the server ends


def serve(folder: str) -> None:
    """Serves until the folder is unmounted."""
    # mfusepy asks for "fuse" first. For a library that is not there `find_library` runs
    # `ld -o /dev/null`, and when root runs that, it takes /dev/null away.
    ctypes.util.find_library = lambda name: libfuse() if name == "fuse3" else None
    import mfusepy

    class Operations(mfusepy.Operations):  # type: ignore[misc]
        """The calls of FUSE, on a `Disk`."""

        use_ns = True

        def __init__(self) -> None:
            self.disk = Disk(_ROOT, folders={_ROOT}, safe_folders={_ROOT})
            self.handles: dict[int, File] = {}
            self.changed: dict[Path, int] = {}
            self.changes = 0
            self.left: int | None = None

        def _change(self, *paths: Path) -> None:
            """Counts a call; without power it fails."""
            self._ask()
            if self.left is not None:
                self.left -= 1
                self._ask()
            self.changes += 1
            for path in paths:
                self.changed[path] = time.time_ns()

        def _ask(self) -> None:
            if self.left is not None and self.left < 0:
                raise mfusepy.FuseOSError(errno.EIO)

        def _command(self, text: str) -> None:
            word, _, number = text.partition(" ")
            if word == "off":
                self.left = int(number)
                return
            if word == "settle":
                for file in self.disk.files.values():
                    file.safe = file.live
                self.changes = 0
            chance = random.Random(int(number)) if number not in ("", "0") else None
            if word == "settle":
                self.disk.safe_files = dict(self.disk.files)
                self.disk.safe_folders = set(self.disk.folders)
            else:
                self.disk = self.disk.after_cut(chance)
                self.changed = dict.fromkeys({*self.disk.folders, *self.disk.files}, time.time_ns())
            self.left = None

        def getattr(self, name: str, fh: int | None = None) -> dict[str, Any]:
            path = Path(name)
            if name == POWER:
                return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 20}
            self._ask()
            times = dict.fromkeys(("st_mtime", "st_ctime"), self.changed.get(path, 0))
            if path in self.disk.folders:
                return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, **times}
            file = self.handles.get(fh) if fh else self.disk.files.get(path)
            if file is None:
                raise mfusepy.FuseOSError(errno.ENOENT)
            size = len(file.live)
            return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": size, **times}

        def readdir(self, name: str, _: int) -> list[str]:
            self._ask()
            path = Path(name)
            inside = [one.name for one in {*self.disk.files, *self.disk.folders} if one != _ROOT
                      and one.parent == path]  # fmt: skip
            return [".", "..", *sorted(inside)]

        def create(self, name: str, mode: int, fi: object = None) -> int:
            path = Path(name)
            self._change(path, path.parent)
            self.disk.files[path] = File()
            return self._opened(self.disk.files[path])

        def open(self, name: str, flags: int) -> int:
            if name == POWER:
                return 1
            self._ask()
            file = self.disk.files.get(Path(name))
            if file is None:
                raise mfusepy.FuseOSError(errno.ENOENT)
            if flags & os.O_TRUNC:
                self._change(Path(name))
                file.live = b""
            return self._opened(file)

        def _opened(self, file: File) -> int:
            handle = max(self.handles, default=1) + 1
            self.handles[handle] = file
            return handle

        def release(self, name: str, fh: int) -> int:
            self.handles.pop(fh, None)
            return 0

        def read(self, name: str, size: int, offset: int, fh: int) -> bytes:
            if name == POWER:
                return str(self.changes).encode()[offset : offset + size]
            self._ask()
            return self.handles[fh].live[offset : offset + size]

        def write(self, name: str, data: bytes, offset: int, fh: int) -> int:
            if name == POWER:
                self._command(bytes(data).decode())
            else:
                self._change(Path(name))
                self.handles[fh].live = put(self.handles[fh].live, offset, bytes(data))
            return len(data)

        def truncate(self, name: str, length: int, fh: int | None = None) -> int:
            self._change(Path(name))
            file = self.handles[fh] if fh else self.disk.files[Path(name)]
            file.live = file.live[:length].ljust(length, b"\0")
            return 0

        def fsync(self, name: str, datasync: int, fh: int) -> int:
            self._change()
            self.handles[fh].safe = self.handles[fh].live
            return 0

        def fsyncdir(self, name: str, datasync: int, fh: int) -> int:
            self._change()
            self.disk.flush_names(Path(name))
            return 0

        def mkdir(self, name: str, mode: int) -> int:
            path = Path(name)
            self._change(path, path.parent)
            self.disk.folders.add(path)
            return 0

        def rmdir(self, name: str) -> int:
            self._change(Path(name).parent)
            self.disk.folders.discard(Path(name))
            return 0

        def unlink(self, name: str) -> int:
            self._change(Path(name).parent)
            del self.disk.files[Path(name)]
            return 0

        def rename(self, old: str, new: str) -> int:
            self._change(Path(old).parent, Path(new), Path(new).parent)
            self.disk.files[Path(new)] = self.disk.files.pop(Path(old))
            return 0

        def chmod(self, name: str, mode: int) -> int:
            return 0

        def utimens(self, name: str, times: tuple[int, int] | None = None) -> int:
            self.changed[Path(name)] = times[1] if times else time.time_ns()
            return 0

    mfusepy.FUSE(
        Operations(), folder, foreground=True, nothreads=True, fsname="flushed_disk",
        direct_io=True, attr_timeout=0, entry_timeout=0, negative_timeout=0,
    )  # fmt: skip


if __name__ == "__main__":
    serve(sys.argv[1])
