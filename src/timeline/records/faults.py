"""What is wrong with one record, in words: pydantic's findings turned into our reject codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timeline.records.rules import IDS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

_RULES = {
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "union_tag_invalid": "unknown-kind",
    "union_tag_not_found": "missing-field",
    "literal_error": "bad-choice",
    "too_long": "too-many",
    "too_short": "missing-field",
    "string_pattern_mismatch": "bad-form",
    "string_too_short": "empty",
    "int_type": "bad-number",
    "greater_than_equal": "bad-number",
    "less_than_equal": "bad-number",
}
_FORMS = {
    "id": "a UUID of version 5 or 7 in lower case",
    "recorded_at": "UTC as 2026-11-23T09:14:05.123456Z",
    "type": "subject.past-verb, as in meeting.held",
    "latitude": "decimal degrees from -90 to 90, as in 35.89",
    "longitude": "decimal degrees from -180 to 180, as in 14.51",
    "language": "a BCP 47 tag, as in en or pt-BR",
    "sha256": "64 hexadecimal digits in lower case",
    "role": "a word of a-z, 0-9, _ and -",
    "topics": "words of a-z, 0-9, _ and -",
    "tags": "words of a-z, 0-9, _ and -",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule broken: reject code, JSON Pointer of the field ('' = the line), sentence."""

    rule: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def nearest(word: str, known: Sequence[str], *, count: int = 3) -> str:
    """`; did you mean a, b or c?`, or nothing when no known word is near."""
    import difflib

    near = difflib.get_close_matches(word, known, n=count, cutoff=0.55)
    if not near:
        return ""
    *first, last = near
    return f"; did you mean {', '.join(first)}{' or ' if first else ''}{last}?"


def faults_of(error: ValidationError, record: dict[str, Any]) -> list[Fault]:
    """Every finding of pydantic about `record`, one a field."""
    return list(_once(_fault(detail, record) for detail in error.errors(include_url=False)))


def _once(faults: Iterator[Fault]) -> Iterator[Fault]:
    seen: set[str] = set()
    for fault in faults:
        if fault.field not in seen:
            yield fault
        seen.add(fault.field)


def _fault(detail: ErrorDetails, record: dict[str, Any]) -> Fault:
    steps = _steps(detail["loc"], record)
    pointer = "".join(f"/{step}" for step in steps)
    code = detail["type"]
    rule = "bad-id" if _pattern(detail) in IDS else _RULES.get(code, _own(code))
    return Fault(rule, pointer, _sentence(detail, steps, record))


def _own(code: str) -> str:
    return code if "-" in code else "bad-value"


def _steps(location: tuple[int | str, ...], record: dict[str, Any]) -> list[int | str]:
    """The path inside the record, without pydantic's names for the branches of unions."""
    steps: list[int | str] = []
    value: Any = record
    for index, step in enumerate(location[1:], start=2):
        last = index == len(location)
        if isinstance(value, dict) and (step in value or (last and isinstance(step, str))):
            if step in value or _is_field(step):
                steps.append(step)
                value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            steps.append(step)
            value = value[step]
    return steps


def _is_field(step: int | str) -> bool:
    from timeline.records import model

    return str(step).isidentifier() and str(step) not in model.KINDS and not str(step)[0].isupper()


def _sentence(detail: ErrorDetails, steps: list[int | str], record: dict[str, Any]) -> str:
    from timeline.records import model

    code, given = detail["type"], detail.get("input")
    name = str(next((step for step in reversed(steps) if isinstance(step, str)), "record"))
    if code in {"missing", "union_tag_not_found"}:
        return f"{'kind' if code == 'union_tag_not_found' else name} is missing"
    if code == "union_tag_invalid":
        kind = str(record.get("kind"))
        return f"{kind!r} is no kind of record{nearest(kind, model.KINDS)}"
    if code == "extra_forbidden":
        return f"{name!r} is no field here{nearest(name, _known_fields())}"
    if code == "literal_error":
        choices = [word.strip(" '") for word in _expected(detail).replace(" or ", ",").split(",")]
        return f"{given!r} is not one of {', '.join(choices)}{nearest(str(given), choices)}"
    if (pattern := _pattern(detail)) in IDS:
        return f"{given!r} {IDS[pattern]}"
    if code == "string_pattern_mismatch":
        return f"{_short(given)} is not {_FORMS.get(name, 'in the right form')}"
    if code == "string_too_short":
        return "is empty; leave it out or fill it in"
    if code in _RULES or "-" not in code:
        return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, got {_short(given)}"
    return str(detail["msg"])


def _pattern(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("pattern", ""))


def _expected(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("expected", ""))


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _known_fields() -> list[str]:
    from timeline.records import model

    shapes = (
        model.EventRecord, model.Claim, model.SourceRecord, model.EntityRecord,
        model.CorrectionRecord, model.Participant, model.Where, model.When,
    )  # fmt: skip
    return sorted({name for shape in shapes for name in shape.__annotations__})
