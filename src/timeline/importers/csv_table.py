"""Imports any CSV or TSV table: a header mapped onto our fields, an event (or a claim) a row.

The importer of `timeline import FILE.csv`. White space inside a cell, line breaks too, becomes one
space. A row is known again by what it says, or by its `id` column where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from timeline.errors import Problem
from timeline.importers.books import EntityBook, SourceBook
from timeline.importers.cells import CellFault, clean
from timeline.importers.checking import faults
from timeline.importers.columns import LEFT_OUT, Layout, layout
from timeline.importers.event_body import Building
from timeline.importers.options import Advice, Item, Options
from timeline.importers.table import Row, rows
from timeline.importers.telling import told
from timeline.records.draft import Draft
from timeline.records.faults import Fault
from timeline.records.hedges import warning
from timeline.records.slugs import fingerprint


def read(source: Path, options: Options) -> Iterator[Item]:
    """Every row as its drafts (entities, source, event or claim) or as its problems."""
    table: _Table | None = None
    for row in rows(source, options.encoding):
        if isinstance(row, Problem):
            yield row
        elif table is None:
            found, problems = layout(str(source), row.cells, options)
            yield from problems
            if problems:
                return
            table = _Table(source, options, found, SourceBook(options), EntityBook(options.profile))
        else:
            yield from table.items(row)


@dataclass(slots=True)
class _Table:
    """One file being read: its header and what its rows have named so far."""

    source: Path
    options: Options
    layout: Layout
    sources: SourceBook
    entities: EntityBook
    keys: dict[str, int] = field(default_factory=dict)

    def items(self, row: Row) -> Iterable[Item]:
        """Drafts and advice of a good row, or the problems of a bad one."""
        try:
            return list(self._good(row, self._cells(row)))
        except _Rejected as rejected:
            return [self._problem(row, at, fault) for at, fault in rejected.faults]

    def _cells(self, row: Row) -> dict[str, str]:
        """Header -> clean cell of the columns that are imported or looked into."""
        wanted, given = len(self.layout.names), len(row.cells)
        if given != wanted:
            words = f"{given} cells where the header has {wanted}; quote a cell that holds a comma"
            raise _Rejected([("", CellFault("cell-count", words))])
        found: dict[str, str] = {}
        wrong: list[tuple[str, CellFault]] = []
        columns = zip(self.layout.names, self.layout.fields, row.cells, strict=True)
        for name, known_as, cell in columns:
            if known_as == LEFT_OUT and name not in self.options.profile.extract:
                continue
            try:
                found[name] = clean(cell)
            except CellFault as fault:
                wrong.append((known_as, fault))
        if wrong:
            raise _Rejected(wrong)
        return found

    def _good(self, row: Row, cells: Mapping[str, str]) -> Iterator[Item]:
        try:
            fields = told(self.layout, cells, self.options)
        except CellFault as fault:
            raise _Rejected([(_field_of(fault), fault)]) from None
        key = self._key(fields, cells)
        if key in self.keys:
            words = f"says the same as row {self.keys[key]}; imported once"
            yield Advice(str(self.source), row.number, "repeated-row", words)
            return
        source_id, described = self.sources.find(fields)
        if not source_id and "duplicate" not in fields:
            raise _Rejected([("source", CellFault("missing-field", "the source is empty"))])
        drafts = self._drafts(row, Building(fields, source_id, self.options), key, described)
        self.keys[key] = row.number
        if described is not None:
            yield from self.sources.keep(described)
        yield from self._advice(row, fields)
        yield from self.entities.drafts(_entities(drafts[-1].body))
        yield drafts[-1]

    def _drafts(
        self,
        row: Row,
        building: Building,
        key: str,
        described: dict[str, Any] | None,
    ) -> list[Draft]:
        body = building.body()
        wrong = list(building.faults)
        path = str(self.source)
        drafts = [Draft(body, key, path, row.number, self._original(row))]
        if described is not None:
            drafts.insert(0, Draft(described))
        if not wrong:
            wrong = [
                (self._field(draft.body, fault), CellFault(fault.rule, fault.message))
                for draft in drafts
                for fault in faults(draft, self.options.vocabulary)
            ]
        if wrong:
            raise _Rejected(wrong)
        return drafts

    def _advice(self, row: Row, fields: Mapping[str, Any]) -> Iterator[Advice]:
        place = str(self.source), row.number
        if words := self.sources.differs(fields):
            yield Advice(*place, "source-differs", words, self.layout.column("source.title"))
        title, summary = str(fields.get("title", "")), str(fields.get("summary", ""))
        if hedged := warning(title, summary, fields.get("claim.likelihood")):
            yield Advice(*place, "hedged", hedged, self.layout.column("title"))

    def _key(self, fields: Mapping[str, Any], cells: Mapping[str, str]) -> str:
        if "id" in fields:
            stem = self.options.profile.name or self.source.name.partition(".")[0]
            return f"id:{stem}:{fields['id']}"
        says = {name: cell for name, cell in cells.items() if cell}
        return f"row:{fingerprint(orjson.dumps(says, option=orjson.OPT_SORT_KEYS).decode())}"

    def _original(self, row: Row) -> dict[str, str]:
        return dict(zip(self.layout.names, row.cells, strict=True))

    def _field(self, body: Mapping[str, Any], fault: Fault) -> str:
        name = _pointer_field(fault.field)
        return f"source.{name}" if body["kind"] == "source" else name

    def _problem(self, row: Row, at: str, fault: CellFault) -> Problem:
        column = self.layout.column(at) if at else ""
        return Problem(str(self.source), row.number, fault.rule, fault.message, column, fault.fix)


class _Rejected(Exception):
    """A row that is not imported: (field, fault) of everything that is wrong with it."""

    def __init__(self, found: list[tuple[str, CellFault]]) -> None:
        super().__init__()
        self.faults = found


def _field_of(fault: CellFault) -> str:
    return "type" if fault.rule == "unknown-type" else fault.message.partition(":")[0]


def _pointer_field(pointer: str) -> str:
    steps = pointer.strip("/").split("/")
    if steps[:2] == ["claims", "0"] or steps[:1] == ["claim"]:
        inner = steps[2:3] if steps[0] == "claims" else steps[1:2]
        return f"claim.{inner[0]}" if inner and inner[0] != "source" else "source"
    return f"data.{steps[1]}" if steps[0] == "data" and steps[1:] else steps[0]


def _entities(body: Mapping[str, Any]) -> Iterator[str]:
    for who in body.get("participants", ()):
        yield from (who[key] for key in ("entity", "for") if key in who)
    yield from (place["place"] for place in body.get("where", ()) if "place" in place)
    for value in body.get("data", {}).values():
        yield from (one for one in (value if isinstance(value, list) else [value]) if _is_id(one))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ":" in value
