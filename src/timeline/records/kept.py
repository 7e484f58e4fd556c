"""What takes long to make and follows from the package alone, kept in the user's cache.

The name of a file is a hash of everything that it is made of, so it is never stale; the folder may
be deleted at any time, and without one everything works as well, only slower.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def kept(name: str, made_of: Iterable[bytes], make: Callable[[], Any]) -> Any:
    """The value that was kept under this name, else what `make` gives, which is kept then.

    Args:
        name: what the file is called after.
        made_of: all that the value follows from, beside the version of Python.
        make: makes it; plain values that pickle without naming a class.
    """
    path = _path(name, made_of)
    value = _read(path)
    if value is None:
        value = make()
        _keep(path, value)
    return value


def _path(name: str, made_of: Iterable[bytes]) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    print_of = sha256(sys.version.encode())
    for part in made_of:
        print_of.update(part)
    return folder / "timeline" / f"{name}-{print_of.hexdigest()[:20]}.pickle"


def _read(path: Path) -> Any:
    """What was kept, if the file is this user's own: a pickle of somebody else is never read."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.getuid() or status.st_mode & _OTHERS_MAY_WRITE:
                return None
            return pickle.load(file)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None


def _keep(path: Path, value: Any) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            pickle.dump(value, file)
        temporary.replace(path)
