"""A disk that keeps only what was flushed: replays a trace and rebuilds what a power cut leaves.

Bytes are safe once their file was fsynced, names once their folder was. What was not flushed may
be gone, or there in part: both are asked for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

DETAIL = ("-y", "-xx", "-s", "1000000")
"""What strace must be told for its lines to be replayed."""

_LINE = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(<[^>]*>)?")
_HEX = re.compile(r"(?:\\x[0-9a-f]{2})+")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR = re.compile(r"^(\d+)<([^>]*)>")


@dataclass(slots=True)
class File:
    """Bytes as programs see them, and as the disk has them."""

    live: bytes = b""
    safe: bytes = b""


@dataclass(slots=True)
class Opened:
    """One descriptor: where it writes next."""

    file: File
    position: int = 0
    append: bool = False


@dataclass(slots=True)
class Disk:
    """Everything below one folder, twice: as it is seen, and as a power cut would leave it."""

    root: Path
    files: dict[Path, File] = field(default_factory=dict)
    safe_files: dict[Path, File] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    safe_folders: set[Path] = field(default_factory=set)
    opened: dict[int, Opened] = field(default_factory=dict)

    @classmethod
    def settled(cls, root: Path) -> Disk:
        """The disk after everything was flushed."""
        disk = cls(root, folders={root}, safe_folders={root})
        for path in root.rglob("*"):
            if path.is_dir():
                disk.folders.add(path)
                disk.safe_folders.add(path)
            else:
                data = path.read_bytes()
                disk.files[path] = disk.safe_files[path] = File(data, data)
        return disk

    def copy(self) -> Disk:
        """The same disk, to be cut at another moment."""
        twins = {id(file): File(file.live, file.safe) for file in self._all_files()}
        return Disk(
            self.root,
            {path: twins[id(file)] for path, file in self.files.items()},
            {path: twins[id(file)] for path, file in self.safe_files.items()},
            set(self.folders),
            set(self.safe_folders),
        )

    def _all_files(self) -> list[File]:
        return [*self.files.values(), *self.safe_files.values()]

    def replay(self, trace: Iterable[str]) -> None:
        """Does what the calls of one process did."""
        self.opened.clear()
        for line in trace:
            match = _LINE.match(line)
            if match and not match[3].startswith(("-", "?")):
                act = _CALLS.get(match[1])
                if act is not None:
                    act(self, match[2], int(match[3]))

    def leave(self, folder: Path, chance: random.Random | None = None) -> None:
        """Writes to a folder what a power cut leaves: see `after_cut`."""
        self.after_cut(chance)._write(folder)

    def after_cut(self, chance: random.Random | None = None) -> Disk:
        """The disk when the power is back: what is safe, and nothing else.

        With `chance`, of the rest whatever the disk came to: any of the names, and of the bytes of
        a file the old, the new, or a beginning, with or without zeros after it.
        """
        names, folders = dict(self.safe_files), set(self.safe_folders)
        if chance is not None:
            folders |= {path for path in sorted(self.folders) if chance.random() < 0.5}
            for path in sorted({*self.files, *self.safe_files}):
                if self.files.get(path) is not names.get(path) and chance.random() < 0.5:
                    if path in self.files:
                        names[path] = self.files[path]
                    else:
                        del names[path]
        folders = {path for path in folders if self._reached(path, folders)}
        kept = {
            path: file.safe if chance is None else _some(file, chance)
            for path, file in names.items()
            if path.parent in folders
        }
        files = {path: File(data, data) for path, data in kept.items()}
        return Disk(self.root, files, dict(files), folders, set(folders))

    def _reached(self, path: Path, folders: set[Path]) -> bool:
        return all(parent in folders for parent in path.parents if parent >= self.root)

    def _write(self, folder: Path) -> None:
        for path in sorted(self.folders):
            (folder / path.relative_to(self.root)).mkdir(parents=True, exist_ok=True)
        for path, file in self.files.items():
            (folder / path.relative_to(self.root)).write_bytes(file.live)

    # --- calls

    def open(self, words: str, result: int) -> None:
        path = _path(words)
        if path in self.folders or not path.is_relative_to(self.root):
            self.opened.pop(result, None)
            return
        file = self.files.get(path)
        if file is None:
            file = self.files[path] = File()
        if "O_TRUNC" in words:
            file.live = b""
        self.opened[result] = Opened(file, append="O_APPEND" in words)

    def write(self, words: str, result: int) -> None:
        opened = self.opened.get(_number(words))
        if opened is not None:
            at = len(opened.file.live) if opened.append else opened.position
            opened.file.live = put(opened.file.live, at, _text(words)[:result])
            opened.position = at + result

    def write_at(self, words: str, result: int) -> None:
        opened = self.opened.get(_number(words))
        if opened is not None:
            at = int(words.rsplit(", ", 1)[1])
            opened.file.live = put(opened.file.live, at, _text(words)[:result])

    def flush(self, words: str, _: int) -> None:
        match = _DESCRIPTOR.match(words)
        assert match is not None
        path = Path(_unhex(match[2]).decode())
        if path in self.folders:
            self.flush_names(path)
        elif int(match[1]) in self.opened:
            file = self.opened[int(match[1])].file
            file.safe = file.live

    def flush_names(self, folder: Path) -> None:
        """Makes the names in a folder safe, and not what they stand for."""
        for path in [path for path in self.safe_files if path.parent == folder]:
            del self.safe_files[path]
        self.safe_files |= {p: file for p, file in self.files.items() if p.parent == folder}
        self.safe_folders |= {path for path in self.folders if path.parent == folder}

    def cut_open(self, words: str, _: int) -> None:
        opened = self.opened.get(_number(words))
        if opened is not None:
            opened.file.live = opened.file.live[: int(words.rsplit(", ", 1)[1])]

    def cut(self, words: str, _: int) -> None:
        file = self.files[_path(words)]
        file.live = file.live[: int(words.rsplit(", ", 1)[1])]

    def rename(self, words: str, _: int) -> None:
        old, new = (Path(_unhex(text).decode()) for text in _TEXT.findall(words))
        self.files[new] = self.files.pop(old)

    def unlink(self, words: str, _: int) -> None:
        self.files.pop(_path(words), None)

    def make_folder(self, words: str, _: int) -> None:
        self.folders.add(_path(words))


_CALLS: dict[str, Callable[[Disk, str, int], None]] = {
    "open": Disk.open,
    "openat": Disk.open,
    "write": Disk.write,
    "pwrite64": Disk.write_at,
    "fsync": Disk.flush,
    "fdatasync": Disk.flush,
    "ftruncate": Disk.cut_open,
    "truncate": Disk.cut,
    "rename": Disk.rename,
    "renameat": Disk.rename,
    "unlink": Disk.unlink,
    "unlinkat": Disk.unlink,
    "mkdir": Disk.make_folder,
    "mkdirat": Disk.make_folder,
}


def _some(file: File, chance: random.Random) -> bytes:
    if file.live == file.safe:
        return file.safe
    kept = chance.randint(0, len(file.live))
    beginning = file.live[:kept]
    if file.live.startswith(file.safe):  # an append does not touch what was there before
        beginning = file.live[: max(kept, len(file.safe))]
    zeros = bytes(len(file.live) - len(beginning))
    return chance.choice((file.safe, file.live, beginning, beginning + zeros))


def put(data: bytes, at: int, piece: bytes) -> bytes:
    """Bytes with a piece written over them, zeros before it where they are too short."""
    return data[:at].ljust(at, b"\0") + piece + data[at + len(piece) :]


def _path(words: str) -> Path:
    """The last path in a call's arguments (the first may be the folder it starts from)."""
    return Path(_unhex(_TEXT.findall(words)[0]).decode())


def _number(words: str) -> int:
    match = _DESCRIPTOR.match(words)
    assert match is not None
    return int(match[1])


def _text(words: str) -> bytes:
    return _unhex(_TEXT.findall(words)[0])


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
