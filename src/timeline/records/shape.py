"""The validator of records: made from the models once, then read back from the user's cache.

Making it takes pydantic and all shapes 70 ms of every command; reading it back takes less than one.
The cache is keyed by everything that it follows from, so it is never stale, and may be deleted.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from timeline.records.model import Record

_MADE_OF = ("shape.py", "model.py", "fields.py", "rules.py")


def validate(parsed: Mapping[str, Any]) -> Record:
    """The record itself.

    Raises:
        ValidationError: with every finding.
    """
    record: Record = _validating()(parsed, strict=True)
    return record


@cache
def _validating() -> Callable[..., Any]:
    path = _cache_path()
    schema = _read(path)
    if schema is None:
        schema = made()
        _keep(path, schema)
    return SchemaValidator(schema).validate_python


def made() -> Any:
    """The core schema of the models, without what only documentation needs. A shape that is used
    in several places stands in each of them: going to look for it costs a twentieth of a check.
    """
    from timeline.records.model import RECORD

    whole: Any = RECORD.core_schema
    shapes = {shape["ref"]: shape for shape in whole["definitions"]}
    return _bare(whole["schema"], shapes)


def _bare(schema: Any, shapes: Mapping[str, Any]) -> Any:
    if isinstance(schema, dict):
        if schema.get("type") == "definition-ref":
            return _bare(shapes[schema["schema_ref"]], shapes)
        left_out = {"metadata", "ref"} | ({"cls"} if schema.get("type") == "typed-dict" else set())
        return {
            name: _bare(value, shapes) for name, value in schema.items() if name not in left_out
        }
    if isinstance(schema, list | tuple):
        return type(schema)(_bare(value, shapes) for value in schema)
    return schema


def _cache_path() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    made_of = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for name in _MADE_OF:
        made_of.update(Path(__file__).with_name(name).read_bytes())
    return Path(folder) / "timeline" / f"shape-{made_of.hexdigest()[:20]}.pickle"


def _read(path: Path) -> Any:
    """What was kept, if the file is this user's own: a pickle of somebody else is never read."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
            return pickle.load(file)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None


def _keep(path: Path, schema: Any) -> None:
    """Puts it into the cache; without one everything works as well, only slower."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            pickle.dump(schema, file)
        temporary.replace(path)
