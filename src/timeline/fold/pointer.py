"""Values inside a record by JSON Pointer (RFC 6901), read and set without touching the original."""

from __future__ import annotations

from typing import Any


def steps(pointer: str) -> list[str]:
    """The reference tokens of a pointer, unescaped."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def get(value: Any, pointer: str) -> Any:
    """The value at `pointer`, or None where there is none."""
    for step in steps(pointer):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def replaced(value: Any, pointer: str, new: Any) -> Any:
    """A copy of `value` with `new` at `pointer`; None removes what is there."""
    return _replaced(value, steps(pointer), new)


def _replaced(value: Any, path: list[str], new: Any) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return _in_list(value, step, rest, new)
    copy = dict(value) if isinstance(value, dict) else {}
    item = _replaced(copy.get(step), rest, new)
    if item is None:
        copy.pop(step, None)
    else:
        copy[step] = item
    return copy


def _in_list(value: list[Any], step: str, rest: list[str], new: Any) -> list[Any]:
    copy = list(value)
    index = len(copy) if step == "-" else int(step) if step.isdecimal() else -1
    if index == len(copy):
        item = _replaced(None, rest, new)
        return copy if item is None else [*copy, item]
    if 0 <= index < len(copy):
        item = _replaced(copy[index], rest, new)
        copy[index : index + 1] = [] if item is None else [item]
    return copy
