"""The kinds of value that a record's fields hold, each with the rule that refuses a wrong one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from timeline.records.rules import (
    ENTITY_ID,
    EVENT_ID,
    SOURCE_ID,
    SUBJECT_ID,
    edtf_text,
    plain,
    url,
)

RecordId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$"
    ),
]
"""UUIDv7, or UUIDv5 from an importer; lower case."""

Instant = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}\.[0-9]{6}Z$"),
]
"""UTC with six digits of a second, so that text order is time order."""

Text = Annotated[str, StringConstraints(min_length=1)]
SubjectId = Annotated[str, StringConstraints(pattern=SUBJECT_ID)]
"""An event's slug, or an id with its kind before it: `person:…`, `src:…`."""

EventId = Annotated[str, StringConstraints(pattern=EVENT_ID)]

EntityId = Annotated[str, StringConstraints(pattern=ENTITY_ID)]
SourceId = Annotated[str, StringConstraints(pattern=SOURCE_ID)]
EdtfText = Annotated[str, AfterValidator(edtf_text)]
Url = Annotated[str, AfterValidator(url)]
Pointer = Annotated[str, StringConstraints(pattern=r"^(/([^/~]|~[01])*)+$")]
"""JSON Pointer, RFC 6901."""

TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
Latitude = Annotated[
    str,
    StringConstraints(pattern=r"^-?(?:[1-8]?[0-9](?:\.[0-9]{1,8})?|90(?:\.0{1,8})?)$"),
]
Longitude = Annotated[
    str,
    StringConstraints(
        pattern=r"^-?(?:(?:1[0-7][0-9]|[1-9]?[0-9])(?:\.[0-9]{1,8})?|180(?:\.0{1,8})?)$"
    ),
]
"""Decimal degrees, WGS 84, as text; both ends of the scale inclusive."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Credibility = Annotated[int, Field(ge=1, le=6)]
"""Admiralty code of the information, 1 (confirmed by other sources) to 6 (cannot be judged)."""

Plain = Annotated[Any, AfterValidator(plain)]
"""Any JSON value without floats and without integers of 2^53 and beyond."""

PlainObject = Annotated[dict[str, Any], AfterValidator(plain)]
