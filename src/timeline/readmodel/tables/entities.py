"""Rows of `entities`, `names` and `sources`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from timeline.fold.entities import SubjectState
from timeline.readmodel.tables.events import Row, json_text
from timeline.records.names import folded


def country_code(country: str | None) -> str | None:
    """`mt` for `MT`, `mt` or `state:mt`."""
    return country.removeprefix("state:").lower() if country else None


def entity_row(state: SubjectState, merged_into: str | None) -> Row:
    """The values of `entities`."""
    fields = state.fields
    return (
        state.id, state.id.partition(":")[0], state.label, fields.get("valid"),
        country_code(fields.get("country")), _number(fields.get("latitude")),
        _number(fields.get("longitude")), fields.get("parent"), fields.get("successor_of"),
        _json(fields.get("external_ids")), _json(fields.get("data")), int(state.retracted),
        merged_into, state.first_position, state.last_position,
    )  # fmt: skip


def name_rows(state: SubjectState) -> Iterator[Row]:
    """Rows of `names`."""
    for n, name in enumerate(state.fields["names"]):
        yield (
            state.id, n, name["text"], folded(name["text"]), name.get("lang"), name.get("kind"),
            name.get("from"), name.get("to"),
        )  # fmt: skip


def source_row(state: SubjectState, root: str) -> Row:
    """The values of `sources`; `root` is the end of its chain."""
    fields = state.fields
    return (
        state.id, fields.get("type"), fields["title"], fields.get("publisher"),
        fields.get("author"), fields.get("published"), fields.get("url"),
        fields.get("archived_url"), fields.get("sha256"),
        fields.get("retrieved_at"), fields.get("language"), fields.get("root"), root,
        fields.get("reliability"), int(state.retracted), state.first_position, state.last_position,
    )  # fmt: skip


def _json(value: Any) -> str | None:
    return None if value is None else json_text(value)


def _number(value: str | None) -> float | None:
    return None if value is None else float(value)
