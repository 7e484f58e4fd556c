"""The one codec: a line of the log to a record and back, with every reject code in one place.

The writer's form is fixed (sorted keys, no spaces, U+0085, U+2028 and U+2029 escaped); a reader
takes any JSON object that says the same, and hashes are over the bytes as they are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from timeline.errors import TimelineError
from timeline.records.core import ValidationError
from timeline.records.faults import Fault, faults_of
from timeline.records.rules import MAX_DEPTH, text_fault
from timeline.records.shape import validate

if TYPE_CHECKING:
    from timeline.records.model import Record

MAX_LINE = 65_535
"""Bytes of a line without its LF; C2SP tlog-tiles gives an entry two bytes for its length."""

_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_ESCAPED = {
    b"\xc2\x85": b"\\u0085",
    b"\xe2\x80\xa8": b"\\u2028",
    b"\xe2\x80\xa9": b"\\u2029",
}


class BadRecord(TimelineError):
    """A line, or a record about to become one, that breaks rules; `faults` holds every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def decode(line: bytes) -> Record:
    """The record of one line, given without its LF.

    Raises:
        BadRecord: with every fault found.
    """
    parsed = _object(line)
    if _dump(parsed) != line:
        _refuse_duplicate_keys(line)
    return _checked(parsed, line)


def encode(record: Mapping[str, Any]) -> bytes:
    """The line of a record, without its LF, in the writer's form.

    Raises:
        BadRecord: with every fault found; what comes out is always readable by `decode`.
    """
    try:
        line = _raw(record)
    except (TypeError, ValueError) as error:
        raise _bad(*_encoding_fault(record, error)) from None
    if _simple(line):
        # The record's own values may do for a check. Where they do not, that proves nothing: a
        # value that only its line makes plain (a tuple, a UUID) is checked there, as all others.
        try:
            validate(record)
        except ValidationError:
            pass
        else:
            return line
    line = _escaped(line)
    _checked(_object(line), line)
    return line


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise _bad(
            "too-long", f"the line has {len(line):,} bytes; at most {MAX_LINE:,} are allowed"
        )
    parsed = _parse(line)
    if _brackets(line) > MAX_DEPTH and _depth(parsed) > MAX_DEPTH:
        raise _bad("too-deep", f"values are nested more than {MAX_DEPTH} deep")
    if not isinstance(parsed, dict):
        raise _bad("not-object", "a record is a JSON object: {…}")
    return parsed


def leaf_hash(line: bytes) -> bytes:
    """RFC 9162 section 2.1.1: SHA-256(0x00 ‖ line), over the stored bytes without the LF."""
    return sha256(b"\x00" + line).digest()


def _bad(rule: str, message: str) -> BadRecord:
    return BadRecord([Fault(rule, "", message)])


def _dump(value: Any) -> bytes:
    return _escaped(_raw(value))


def _raw(value: Any) -> bytes:
    # A slice, so a copy: orjson's own bytes keep a page each, and a batch is thousands of them.
    return orjson.dumps(value, option=_SORTED)[:-1]


def _escaped(line: bytes) -> bytes:
    if not line.isascii():
        for raw, escaped in _ESCAPED.items():
            line = line.replace(raw, escaped)
    return line


def _parse(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _bad(*_parse_fault(line, error)) from None


def _parse_fault(line: bytes, error: orjson.JSONDecodeError) -> tuple[str, str]:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as fault:
        return "bad-utf8", f"byte {fault.start + 1} is not UTF-8; save the file as UTF-8"
    if b"\r" in line:
        return "bad-json", "the line ends in CR LF; a log line ends in LF alone"
    if any(byte < 0x20 for byte in line):
        return "control-character", "a control character stands in the line; take it out"
    if "surrogate" in str(error):
        return "bad-unicode", "half a surrogate pair; write the character itself"
    return "bad-json", f"not JSON: {error.msg} at column {error.colno}"


def _encoding_fault(record: Any, error: Exception) -> tuple[str, str]:
    if "surrogate" in str(error) or "UTF-8" in str(error):
        return "bad-unicode", "half a surrogate pair; write the character itself"
    if "53" in str(error) or "64-bit" in str(error):
        return "bad-number", "an integer beyond 2^53; write it as text"
    if "ecursion" in str(error):
        return "too-deep", f"values are nested more than {MAX_DEPTH} deep"
    return "bad-json", f"{type(record).__name__} cannot be written as JSON: {error}"


def _refuse_duplicate_keys(line: bytes) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                raise _bad("duplicate-key", f"{key!r} stands twice; a key stands once")
        return dict(pairs)

    import json

    json.loads(line, object_pairs_hook=once)


def _plain(line: bytes) -> bool:
    """Whether no text of the line can break a rule of text: ASCII, and nothing escaped."""
    return line.isascii() and b"\\" not in line


def _simple(line: bytes) -> bool:
    """Whether there is nothing to check but the values: plain, not too long, not too deep."""
    return (  # said here once more, for every line comes by and a call costs as much as a test
        line.isascii()
        and b"\\" not in line
        and len(line) <= MAX_LINE
        and line.count(b"{") + line.count(b"[") <= MAX_DEPTH
    )


def _brackets(line: bytes) -> int:
    """At least as many as there are levels."""
    return line.count(b"{") + line.count(b"[")


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0


def _checked(parsed: dict[str, Any], line: bytes) -> Record:
    faults = [] if _plain(line) else list(_text_faults(parsed, ""))
    try:
        record: Record = validate(parsed)
    except ValidationError as error:
        raise BadRecord([*faults, *faults_of(error, parsed)]) from None
    if faults:
        raise BadRecord(faults)
    return record


def _text_faults(value: Any, pointer: str) -> Any:
    if isinstance(value, str):
        if fault := text_fault(value):
            yield Fault(fault[0], pointer, fault[1])
    elif isinstance(value, dict):
        for key, item in value.items():
            if fault := text_fault(key):
                yield Fault(fault[0], pointer, fault[1])
            yield from _text_faults(item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _text_faults(item, f"{pointer}/{index}")
