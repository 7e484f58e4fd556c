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
    sources = (Path(__file__).with_name(name).read_bytes() for name in _MADE_OF)
    schema = kept("shape", (VERSION.encode(), *sources), made)
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
