"""What a row tells once the profile has spoken: field -> value, later words over earlier ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from timeline.importers.cells import CellFault
from timeline.importers.columns import LEFT_OUT, Layout, settings
from timeline.importers.options import Options
from timeline.importers.profile import Profile
from timeline.records.vocabulary import Vocabulary, did_you_mean

_NESTED = ("data", "claim", "source", "where", "external_ids", "relations")


def told(layout: Layout, cells: Mapping[str, str], options: Options) -> dict[str, Any]:
    """Field -> value of one row; empty cells say nothing.

    Args:
        cells: header -> clean cell, of every column that is imported.

    Raises:
        CellFault: for a cell of the type column, or one with `values`, that nobody knows; its
            message opens with the column.
    """
    profile = options.profile
    fields = dict(zip(layout.names, layout.fields, strict=True))
    found: dict[str, Any] = {
        fields[name]: cell for name, cell in cells.items() if cell and fields[name] != LEFT_OUT
    }
    found.update(profile.set)
    found.update(_extracted(profile, cells))
    found.update(_valued(profile, cells))
    found.update(_typed(str(found.get("type", "")), profile, options.vocabulary))
    found.update(flat(profile.rows.get(str(found.get("title", "")), {})))
    found.update(settings(options) if options.settings else {})
    return {name: value for name, value in found.items() if value not in ("", None)}


def flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """`{data: {kind: law}}` as `{data.kind: law}`; what is said of participants stays apart."""
    found: dict[str, Any] = {}
    for name, value in entry.items():
        if name == "participants":
            found["of_participants"] = value
        elif name in _NESTED and isinstance(value, Mapping):
            found.update({f"{name}.{inner}": one for inner, one in value.items()})
        else:
            found[name] = value
    return found


def _extracted(profile: Profile, cells: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, rules in profile.extract.items():
        for rule in rules:
            match = re.search(str(rule["pattern"]), cells.get(column, ""))
            if match is not None:
                groups = match.groupdict()
                found |= {name: str(text).format(**groups) for name, text in rule["set"].items()}
    return found


def _valued(profile: Profile, cells: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, meanings in profile.values.items():
        cell = cells.get(column, "")
        if not cell:
            continue
        if cell not in meanings:
            hint = did_you_mean(cell, meanings) or f"; one of {', '.join(meanings)}"
            raise CellFault("bad-choice", f"{column}: {cell} is not known{hint}")
        found.update(flat(meanings[cell]))
    return found


def _typed(cell: str, profile: Profile, vocabulary: Vocabulary) -> dict[str, Any]:
    if cell in profile.types:
        return flat(profile.types[cell])
    if cell and vocabulary.type(cell) is None:
        hint = did_you_mean(cell, (*profile.types, *vocabulary.types()))
        raise CellFault("unknown-type", f"{cell} is not a known type{hint}", "timeline types")
    return {}
