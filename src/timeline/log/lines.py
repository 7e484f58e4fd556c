"""One line of a segment: its bytes, its place, its key in the log's order, its record."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import orjson

from timeline.errors import Problem
from timeline.log.files import reading
from timeline.records.codec import BadRecord, decode
from timeline.records.faults import Fault

if TYPE_CHECKING:
    from timeline.records.model import Record

BOM = b"\xef\xbb\xbf"
Key: TypeAlias = tuple[str, str, bytes]
"""(recorded_at, id, line): the line itself decides between two that claim the same id."""

FIRST: Key = ("", "", b"")
_STAMP = b'"recorded_at":"'
_STAMP_LENGTH = len("2026-11-23T20:41:00.000001Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of whole lines in one segment.

    Attributes:
        path: the file.
        name: its path relative to the archive, with `/`.
        start: offset of the first byte.
        end: offset after the last LF; the bytes behind it (a torn tail) are no line.
        line: 1-based number of the first line.
    """

    path: Path
    name: str
    start: int
    end: int
    line: int = 1


class Line(NamedTuple):
    """One stored line, without its LF, and where it stands."""

    raw: bytes
    name: str
    number: int
    start: int
    end: int


class Decoded(NamedTuple):
    """One line, read: a record with its leaf, or None and what is wrong with the line."""

    line: Line
    record: Record | None
    problems: tuple[Problem, ...]


def lines_of(part: Part) -> Generator[Line, None, None]:
    """The lines of a part in file order; a byte-order mark at a file's start is left out."""
    offset, number, name = part.start, part.line, part.name
    for raw in _whole_lines(part):
        length = len(raw)
        text = raw[:-1]
        if not offset and text.startswith(BOM):
            text = text[3:]
        yield Line(text, name, number, offset, offset + length)
        offset += length
        number += 1


def raw_lines_of(part: Part) -> Generator[bytes, None, None]:
    """As `lines_of`, the bytes alone, at a third of the cost."""
    at_start = not part.start
    for raw in _whole_lines(part):
        yield raw[3:-1] if at_start and raw.startswith(BOM) else raw[:-1]
        at_start = False


def _whole_lines(part: Part) -> Generator[bytes, None, None]:
    """The lines up to the part's end, with their LF."""
    with reading(part.path) as file:
        file.seek(part.start)
        left = part.end - part.start
        for raw in file:
            left -= len(raw)
            if left < 0:
                return
            yield raw


def decoded(line: Line) -> Decoded:
    """Reads one line. CRLF has its own rule: a careless checkout does it to every line."""
    if line.raw.endswith(b"\r"):
        return Decoded(line, None, (_crlf(line),))
    try:
        return Decoded(line, decode(line.raw), ())
    except BadRecord as error:
        return Decoded(line, None, tuple(_placed(fault, line) for fault in error.faults))


def _placed(fault: Fault, line: Line) -> Problem:
    return Problem(line.name, line.number, fault.rule, fault.message, fault.field)


def _crlf(line: Line) -> Problem:
    message = "the line ends in CR LF; the log's lines end in LF alone"
    fix = "git config core.autocrlf false && git checkout -- events"
    return Problem(line.name, line.number, "crlf", message, fix=fix)


def stamp_of(raw: bytes) -> bytes:
    """The top-level `recorded_at` of a line, or nothing where it has none."""
    at = raw.find(_STAMP)
    if at < 0 or raw.find(_STAMP, at + 1) >= 0:
        # Written in another way, or a field of that name deeper inside: ask the parser.
        key = line_key(raw)
        return key[0].encode() if key else b""
    at += len(_STAMP)
    return raw[at : at + _STAMP_LENGTH]


def line_key(raw: bytes) -> Key | None:
    """(recorded_at, id, line) of a line, or None where it is no record at all."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    recorded_at, record_id = value.get("recorded_at"), value.get("id")
    if not isinstance(recorded_at, str) or not isinstance(record_id, str):
        return None
    return recorded_at, record_id, raw
