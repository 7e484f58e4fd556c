"""The rule behind each kind of value: a function that gives the value back or refuses it.

Every refusal is a `PydanticCustomError` whose type is the reject code that a person sees. Nothing
here needs pydantic itself: a command that only appends a good record never imports it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from timeline import edtf
from timeline.records.core import PydanticCustomError

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64
MAX_LIST = 1_000
MAX_MARKS = 8

SLUG = r"[a-z0-9][a-z0-9_-]{0,119}"
_KIND = r"[a-z][a-z0-9_]{0,29}"
_NOT_SRC = (  # _KIND, but for "src"; the engine that checks these has no look-ahead
    r"(?:[a-rt-z][a-z0-9_]{0,29}|s|sr|s[a-qs-z0-9_][a-z0-9_]{0,28}|sr[abd-z0-9_][a-z0-9_]{0,27}"
    r"|src[a-z0-9_]{1,27})"
)
SUBJECT_ID = rf"^(?:{_KIND}:)?{SLUG}$"
EVENT_ID = rf"^{SLUG}$"
ENTITY_ID = rf"^{_NOT_SRC}:{SLUG}$"
SOURCE_ID = rf"^src:{SLUG}$"
IDS = {
    SUBJECT_ID: "is not an id; use a-z, 0-9, _ and -, as in person:jane-doe",
    EVENT_ID: "is not an event id; use a-z, 0-9, _ and - alone",
    ENTITY_ID: "is not an entity id; write kind:name, as in state:mt",
    SOURCE_ID: "is not a source id; write src:name",
}
"""What is said to one who breaks the form of an id."""

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = frozenset("\u0085\u2028\u2029")


def refuse(rule: str, message: str) -> PydanticCustomError:
    """An error whose code is the reject code; braces in the sentence are kept as they are."""
    return PydanticCustomError(rule, "{sentence}", {"sentence": message})


def text_fault(text: str) -> tuple[str, str] | None:
    """The reject code and sentence for text that no record may hold, or None."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and character not in _BREAKS:
            return "control-character", f"{text[:40]!r} holds U+{ord(character):04X}; take it out"
        if category == "Cs":
            return "bad-unicode", f"{text[:40]!r} holds half a surrogate pair; write the character"
    if not unicodedata.is_normalized("NFC", text):
        return "bad-text", f"{text[:40]!r} is not in Unicode normal form C; write it composed"
    if _longest_run_of_marks(text) > MAX_MARKS:
        return "bad-text", f"{text[:20]!r} stacks more than {MAX_MARKS} marks on a letter"
    return None


def has_bidi_override(text: str) -> bool:
    """Whether the text steers the direction of writing: shown isolated, refused in ids."""
    return any(character in _BIDI for character in text)


def _longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


@lru_cache(maxsize=65_536)
def edtf_text(value: str) -> str:
    try:
        edtf.parse(value)
    except edtf.BadDate as error:
        raise refuse("bad-date", error.message) from None
    return value


def url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise refuse("bad-url", f"{value[:60]!r} is no web address; it must open with https://")
    if parts.username is not None or parts.password is not None:
        raise refuse("bad-url", f"{value[:60]!r} names a user before the host; leave that out")
    return value


def _split(value: str) -> Any:
    if any(character.isspace() or character == "\\" for character in value):
        return None
    try:
        return urlsplit(value)
    except ValueError:
        return None


def plain(value: Any) -> Any:
    _check_plain(value, 1)
    return value


def _check_plain(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise refuse("too-deep", f"values are nested more than {MAX_DEPTH} deep")
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > MAX_INTEGER):
        raise refuse("bad-number", f"{value!r} is not exact in every reader; write it as text")
    if isinstance(value, dict):
        for item in value.values():
            _check_plain(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_plain(item, depth + 1)
    elif not (value is None or isinstance(value, str | int)):
        # What JSON has no word for is written as some other value, which is then to be checked.
        raise refuse("bad-value", f"{value!r} is not plain JSON; write it as text")


def one_of(names: tuple[str, ...], value: Any) -> Any:
    """A mapping that holds at least one of some keys."""
    for name in names:
        if name in value:
            return value
    raise refuse("missing-field", f"needs {' or '.join(names)}")
