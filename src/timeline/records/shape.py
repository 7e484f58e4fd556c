"""The validator of records: made from the models once, then read back from the user's cache.

Making it takes pydantic and all shapes 70 ms of every command; reading it back takes less than one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.records.core import VERSION, SchemaValidator
from timeline.records.kept import kept

if TYPE_CHECKING:
    from timeline.records.model import Record

_MADE_OF = ("model.py", "fields.py", "rules.py")


def validate(parsed: dict[str, Any]) -> Record:
    """The record itself.

    Raises:
        ValidationError: with every finding.
    """
    record: Record = _validator().validate_python(parsed, strict=True)
    return record


@cache
def _validator() -> SchemaValidator:
    sources = (Path(__file__).with_name(name).read_bytes() for name in _MADE_OF)
    return SchemaValidator(kept("shape", (VERSION.encode(), *sources), made))


def made() -> Any:
    """The core schema of the models, without what only documentation needs."""
    from timeline.records.model import RECORD

    return _bare(RECORD.core_schema)


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        left_out = {"metadata", "cls"} if schema.get("type") == "typed-dict" else {"metadata"}
        return {name: _bare(value) for name, value in schema.items() if name not in left_out}
    if isinstance(schema, list):
        return [_bare(value) for value in schema]
    return tuple(map(_bare, schema)) if isinstance(schema, tuple) else schema
