"""Which column of a table is which of our fields, and what is wrong with a header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from timeline.errors import Problem, UsageRefused
from timeline.importers.options import Options
from timeline.records.model import Claim, SourceRecord
from timeline.records.vocabulary import did_you_mean

LEFT_OUT: Final = "-"
"""Field of a column that is not imported."""

BOOKKEEPING: Final = ("_line", "_error")
"""Columns that an errors file adds; ignored when it is imported again."""

_EVENT = (
    "when", "end", "type", "title", "summary", "language", "status", "event", "id", "participants",
    "topics", "tags", "note", "where", "where.name", "where.country", "where.precision", "source",
    "about", "speaks", "duplicate", "into",
)  # fmt: skip
_CLAIM = tuple(
    f"claim.{name}" for name in Claim.__annotations__ if name not in {"source", "fields", "value"}
)
_ENVELOPE = {"id", "v", "kind", "recorded_at", "recorded_by", "batch", "supersedes", "note"}
_SOURCE = tuple(f"source.{n}" for n in SourceRecord.__annotations__ if n not in _ENVELOPE)
FIELDS: Final = (*_EVENT, *_CLAIM, *(name for name in _SOURCE if name != "source.source"))

_OPEN = re.compile(r"(data|participants|external_ids|relations)\.[a-z0-9][a-z0-9_-]*")

SYNONYMS: Final = {
    "date": "when", "day": "when", "dated": "when", "start": "when", "start_date": "when",
    "date_start": "when", "date_edtf": "when", "edtf": "when",
    "end_date": "end", "date_end": "end", "until": "end",
    "kind": "type", "category": "type", "event_type": "type",
    "name": "title", "headline": "title", "event_title": "title",
    "description": "summary", "abstract": "summary", "details": "summary",
    "place": "where", "location": "where", "venue": "where", "city": "where",
    "country": "where.country",
    "people": "participants", "who": "participants", "actors": "participants",
    "persons": "participants", "participant": "participants",
    "topic": "topics", "subjects": "topics", "keywords": "tags", "tag": "tags",
    "lang": "language", "notes": "note", "identifier": "id",
    "url": "source.url", "link": "source.url", "source_url": "source.url",
    "source_title": "source.title", "publisher": "source.publisher",
    "source_publisher": "source.publisher", "author": "source.author",
    "source_author": "source.author", "source_date": "source.published",
    "published": "source.published", "source_accessed": "source.retrieved_at",
    "accessed": "source.retrieved_at", "archived_url": "source.archived_url",
    "quote": "claim.quote", "source_quote": "claim.quote", "quotation": "claim.quote",
    "page": "claim.locator",
    **{name.removeprefix("claim."): name for name in _CLAIM if name != "claim.note"},
}  # fmt: skip
"""Header, in lower case with underscores -> field."""

_NEEDED: Final = {
    "when": ("date", "--map COLUMN=when"),
    "type": ("type", "--set type=meeting.held"),
    "title": ("title", "--map COLUMN=title"),
    "source": ("source", "--set source=https://…"),
}


_ELSEWHERE: Final = frozenset({"about", "duplicate"})
"""Fields of rows that are no event of their own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of one table.

    Attributes:
        names: the headers as they stand.
        fields: field of each column; `-` for those left out.
    """

    names: tuple[str, ...]
    fields: tuple[str, ...]

    def column(self, field: str) -> str:
        """The header of the column that a field comes from, else the field itself."""
        for wanted in (field, field.partition(".")[0], f"{field}.name"):
            for name, known in zip(self.names, self.fields, strict=True):
                if known == wanted:
                    return name
        return field

    def cells(self, cells: Sequence[str]) -> dict[str, str]:
        """Header -> cell of the columns that are imported."""
        pairs = zip(self.names, self.fields, cells, strict=True)
        return {name: cell for name, field, cell in pairs if field != LEFT_OUT}


def is_field(name: str) -> bool:
    """Whether a column can be mapped onto this."""
    return name in FIELDS or name == LEFT_OUT or _OPEN.fullmatch(name) is not None


def layout(path: str, header: Sequence[str], options: Options) -> tuple[Layout, list[Problem]]:
    """The layout of a header row and every problem that it has.

    Raises:
        UsageRefused: when `--map` or `--set` name a column or field that does not exist.
    """
    names = tuple(name.strip() for name in header)
    _check_options(names, options)
    found = Layout(names, tuple(_field(name, options) for name in names))
    return found, [*_header_problems(path, found), *_missing(path, found, options)]


def _field(name: str, options: Options) -> str:
    if name in BOOKKEEPING or name in options.profile.ignore:
        return options.mapping.get(name, LEFT_OUT)
    given = options.mapping.get(name) or options.profile.columns.get(name)
    if given:
        return given
    plain = re.sub(r"[\s-]+", "_", name.strip().lower())
    return plain if is_field(plain) else SYNONYMS.get(plain, "")


def _check_options(names: Sequence[str], options: Options) -> None:
    for column, field in options.mapping.items():
        if column not in names:
            raise UsageRefused(f"--map: there is no column {column}{did_you_mean(column, names)}")
        _check_field("--map", field)
    for field in options.settings:
        _check_field("--set", field)


def _check_field(option: str, field: str) -> None:
    if not is_field(field):
        raise UsageRefused(
            f"{option}: {field} is not a field{did_you_mean(field, FIELDS)}",
            fix="timeline help formats",
        )


def _header_problems(path: str, found: Layout) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for place, (name, field) in enumerate(zip(found.names, found.fields, strict=True), start=1):
        if field == LEFT_OUT:
            continue
        if not name:
            yield Problem(path, 1, "unknown-column", f"column {place} has no name")
        elif not field:
            hint = did_you_mean(name, (*FIELDS, *SYNONYMS))
            words = f"column {name} is none of our fields{hint}"
            yield Problem(path, 1, "unknown-column", words, name, f"--map '{name}=-' leaves it out")
        elif field in seen:
            words = f"columns {seen[field]} and {name} are both {field}"
            yield Problem(path, 1, "twice", words, name, f"--map '{name}=-' leaves it out")
        else:
            seen[field] = name


def _missing(path: str, found: Layout, options: Options) -> Iterator[Problem]:
    given = {*found.fields, *options.profile.set, *options.settings}
    for field, (word, fix) in _NEEDED.items():
        if field == "source" and {"source.url", "source.title"} & given:
            continue
        if field not in given and not _ELSEWHERE & given:
            yield Problem(path, 1, "missing-column", f"no column says the {word}", field, fix)


def settings(options: Options) -> Mapping[str, str]:
    """What is set for every row; the command line over the profile."""
    return {**options.profile.set, **options.settings}
