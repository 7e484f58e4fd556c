"""Whether two values of a field can both be right: who says less does not contradict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMING = {"/participants": ("entity", "name"), "/where": ("place", "name")}
"""Field -> what tells one item of its list from another."""


def agree(field: str, one: Any, other: Any) -> bool:
    """Whether one value says nothing that the other denies.

    Participants and places agree when they are the same ones, in any order, and whatever both
    values say of one of them (role, office, precision) is equal. Everything else agrees when it
    is equal. Not transitive: two that disagree may both agree with a third that says less.
    """
    if one == other:
        return True
    naming = _NAMING.get(field)
    if naming is None or len(one) != len(other):
        return False
    named = {_name(item, naming): item for item in other}
    return len(named) == len(other) and all(
        (name := _name(item, naming)) in named and _fit(item, named[name]) for item in one
    )


def _name(item: Mapping[str, Any], naming: tuple[str, ...]) -> tuple[str, str]:
    return next((key, item[key]) for key in naming if key in item)


def _fit(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(other.get(key, value) == value for key, value in one.items())
