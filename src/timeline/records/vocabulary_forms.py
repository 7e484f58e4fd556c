"""What a type looks like to others: JSON Schema for programs, templates for people.

A template is an empty form that `timeline import` and `timeline add` read when it is filled in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from timeline.errors import UsageRefused
from timeline.records import data_types
from timeline.records.vocabulary import EVERYWHERE, Role, Type, did_you_mean

SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: Type) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what this type asks of an event record."""
    required = [field.name for field in kind.fields.values() if field.required and kind.strict]
    data: dict[str, Any] = {
        "type": "object",
        "properties": {name: data_types.schema(field) for name, field in kind.fields.items()},
        "additionalProperties": False,
    }
    if required:
        data["required"] = required
    described = {"description": kind.description} if kind.description else {}
    return {
        "$schema": SCHEMA,
        "title": kind.label,
        **described,
        "type": "object",
        "required": ["type", *(["data"] if required else [])],
        "properties": {
            "type": {"const": kind.name},
            "participants": _participants(kind),
            "data": data,
        },
    }


def template(kind: Type, form: str) -> str:
    """An empty form of the type: `csv`, `json` or `yaml`.

    Raises:
        UsageRefused: for another form.
    """
    if form not in TEMPLATES:
        hint = did_you_mean(form, TEMPLATES) or "; one of " + ", ".join(TEMPLATES)
        raise UsageRefused(f"{form} is not a template format{hint}")
    return TEMPLATES[form](kind)


def _participants(kind: Type) -> dict[str, Any]:
    roles = [*kind.roles, *(name for name in EVERYWHERE if name not in kind.roles)]
    limits = [_limit(role, kind) for role in kind.roles.values()]
    schema: dict[str, Any] = {
        "type": "array",
        "items": {"type": "object", "properties": {"role": {"enum": roles}}},
    }
    wanted = [limit for limit in limits if limit]
    return {**schema, "allOf": wanted} if wanted else schema


def _limit(role: Role, kind: Type) -> dict[str, Any]:
    least = role.least if kind.strict else 0
    if not least and role.most is None:
        return {}
    most = {} if role.most is None else {"maxContains": role.most}
    held = {"properties": {"role": {"const": role.name}}, "required": ["role"]}
    return {"contains": held, "minContains": least, **most}


def _columns(kind: Type) -> dict[str, str]:
    """Column -> sample text, in the order of a form."""
    roles = [role for role in kind.roles.values() if role.least] or list(kind.roles.values())[:1]
    return {
        "when": "2024-12-05",
        "type": kind.name,
        "title": kind.label,
        "where": "place:valletta",
        **{f"participants.{role.name}": "First name; second name" for role in roles},
        **{f"data.{f.name}": data_types.sample(f) for f in kind.fields.values()},
        "source": "https://example.org/",
    }


def _csv(kind: Type) -> str:
    columns = _columns(kind)
    return f"{','.join(columns)}\n{','.join(_cell(text) for text in columns.values())}\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def _example(kind: Type) -> dict[str, Any]:
    roles = [role for role in kind.roles.values() if role.least] or list(kind.roles.values())[:1]
    data = {f.name: data_types.read(f, data_types.sample(f)) for f in kind.fields.values()}
    return {
        "type": kind.name,
        "title": kind.label,
        "when": "2024-12-05",
        "where": [{"place": "place:valletta"}],
        "participants": [
            {"name": f"{role.label} {number + 1}", "role": role.name}
            for role in roles
            for number in range(max(role.least, 1))
        ],
        "data": data,
        "claims": [{"source": "https://example.org/"}],
    }


def _json(kind: Type) -> str:
    return json.dumps(_example(kind), ensure_ascii=False, indent=2) + "\n"


def _yaml(kind: Type) -> str:
    head = f"# {kind.label}: {kind.description}\n" if kind.description else f"# {kind.label}\n"
    return head + _block(_example(kind), 0)


def _block(value: Mapping[str, Any], depth: int) -> str:
    """A mapping as YAML; texts are written as JSON strings, which YAML reads alike."""
    return "".join(f"{'  ' * depth}{name}:{_entry(one, depth)}\n" for name, one in value.items())


def _entry(value: Any, depth: int) -> str:
    if isinstance(value, Mapping) and value:
        return "\n" + _block(value, depth + 1).rstrip("\n")
    return " " + json.dumps(value, ensure_ascii=False)


TEMPLATES: Final[dict[str, Callable[[Type], str]]] = {"csv": _csv, "json": _json, "yaml": _yaml}
