"""The shape of every record, as the line in the log has it: TypedDicts that pydantic checks.

A record is read straight into the dict of its own line, so what is validated, folded and shown
is one shape. `RECORD` is the only door: it forbids unknown fields and tells the kinds apart.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal, NotRequired, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict  # typing's own will do from Python 3.12 on

from timeline.records.fields import (
    Credibility,
    EdtfText,
    EntityId,
    EventId,
    Instant,
    Language,
    Latitude,
    Longitude,
    Plain,
    PlainObject,
    Pointer,
    RecordId,
    Sha256,
    Slug,
    SourceId,
    SubjectId,
    Text,
    TypeName,
    Url,
)
from timeline.records.rules import MAX_LIST, one_of
from timeline.records.scales import (
    Basis,
    CorrectionReason,
    Likelihood,
    Precision,
    RelationKind,
    Reliability,
    RetractionReason,
    Stance,
    Status,
)

Texts = dict[str, Text]


def _one_of(*names: str) -> AfterValidator:
    return AfterValidator(partial(one_of, names))


class When(TypedDict):
    """A date with what its source wrote; `edtf` is proleptic Gregorian, in the event's own day."""

    edtf: EdtfText
    original: NotRequired[Text]
    calendar: NotRequired[Literal["gregorian", "julian"]]
    tz: NotRequired[Text]
    time: NotRequired[Text]
    note: NotRequired[Text]


class Where(TypedDict):
    """A place: an entity, or a name that has not been resolved."""

    place: NotRequired[EntityId]
    name: NotRequired[Text]
    precision: NotRequired[Precision]


Participant = TypedDict(
    "Participant",
    {
        "entity": NotRequired[EntityId],
        "name": NotRequired[Text],
        "role": NotRequired[Slug],
        "as": NotRequired[Text],
        "for": NotRequired[Text],
    },
)
"""Who took part: `as` names the office held, `for` the state or organization spoken for."""


class Quote(TypedDict):
    """Words of the source, with their language and a translation."""

    text: Text
    language: NotRequired[Language]
    translation: NotRequired[Text]


WhenValue = EdtfText | When
Places = Annotated[list[Annotated[Where, _one_of("place", "name")]], Field(max_length=MAX_LIST)]
Participants = Annotated[
    list[Annotated[Participant, _one_of("entity", "name")]],
    Field(max_length=MAX_LIST),
]
Topics = Annotated[list[Slug], Field(max_length=MAX_LIST)]


class EventValue(TypedDict, total=False):
    """The fields of an event in which a claim differs, in the event's own shape."""

    type: TypeName
    title: Text
    summary: Text
    when: WhenValue
    where: Places
    participants: Participants
    topics: Topics
    status: Status
    data: PlainObject


class Claim(TypedDict):
    """What one source says of an event; `fields` default to all, `value` is where it differs."""

    source: SourceId
    locator: NotRequired[Text]
    quote: NotRequired[Quote]
    claimant: NotRequired[Text]
    stance: NotRequired[Stance]
    likelihood: NotRequired[Likelihood]
    hedge: NotRequired[Text]
    basis: NotRequired[Basis]
    fields: NotRequired[list[Pointer]]
    value: NotRequired[EventValue]
    said: NotRequired[EdtfText]
    credibility: NotRequired[Credibility]
    extracted_by: NotRequired[Text]
    note: NotRequired[Text]


class EventRelation(TypedDict):
    """How the event that holds it hangs together with another."""

    relation: RelationKind
    to: SubjectId


Change = TypedDict("Change", {"from": Plain, "to": Plain})
"""Old and new whole value; null stands for a field that is absent."""

Name = TypedDict(
    "Name",
    {
        "text": Text,
        "lang": NotRequired[Language],
        "kind": NotRequired[Literal["official", "short", "alias", "former", "native", "code"]],
        "from": NotRequired[EdtfText],
        "to": NotRequired[EdtfText],
    },
)
"""One name of an entity, valid from and to (both inclusive, EDTF; absent = no limit)."""


class Envelope(TypedDict):
    """What every record carries. `recorded_at` is set by the writer, never by a person."""

    id: RecordId
    v: Literal[1]
    recorded_at: Instant
    recorded_by: Text
    batch: NotRequired[Text]
    supersedes: NotRequired[list[RecordId]]
    note: NotRequired[Text]


class EventRecord(Envelope):
    """An event, first record, with at least one claim."""

    kind: Literal["event"]
    event: EventId
    type: TypeName
    title: Text
    when: WhenValue
    claims: Annotated[list[Claim], Field(min_length=1, max_length=MAX_LIST)]
    summary: NotRequired[Text]
    language: NotRequired[Language]
    where: NotRequired[Places]
    participants: NotRequired[Participants]
    topics: NotRequired[Topics]
    status: NotRequired[Status]
    data: NotRequired[PlainObject]
    relations: NotRequired[list[EventRelation]]
    external_ids: NotRequired[Texts]
    tags: NotRequired[Topics]


class ClaimRecord(Envelope):
    """One more source's account of a known event."""

    kind: Literal["claim"]
    event: EventId
    claim: Claim


class CorrectionRecord(Envelope):
    """That fields of a subject were wrong or changed; `of` is the subject's or a record's id."""

    kind: Literal["correction"]
    of: SubjectId
    changes: Annotated[dict[Pointer, Change], Field(min_length=1)]
    reason: CorrectionReason
    source: NotRequired[SourceId]


class RetractionRecord(Envelope):
    """That an earlier record, or every record of a batch, no longer stands."""

    kind: Literal["retraction"]
    reason: RetractionReason
    of: NotRequired[SubjectId]
    batch_of: NotRequired[Text]
    duplicate_of: NotRequired[SubjectId]


class MergeRecord(Envelope):
    """That two events, or two entities, are one: `duplicate` becomes an alias of `into`."""

    kind: Literal["merge"]
    duplicate: SubjectId
    into: SubjectId


RelationRecord = TypedDict(
    "RelationRecord",
    {
        "id": RecordId,
        "v": Literal[1],
        "recorded_at": Instant,
        "recorded_by": Text,
        "batch": NotRequired[Text],
        "supersedes": NotRequired[list[RecordId]],
        "note": NotRequired[Text],
        "kind": Literal["relation"],
        "from": SubjectId,
        "relation": RelationKind,
        "to": SubjectId,
    },
)
"""How two events hang together."""


class EntityRecord(Envelope):
    """A person, organization, state, treaty, place, office, topic, mission, case."""

    kind: Literal["entity"]
    entity: EntityId
    names: Annotated[list[Name], Field(min_length=1, max_length=MAX_LIST)]
    external_ids: NotRequired[Texts]
    valid: NotRequired[EdtfText]
    latitude: NotRequired[Latitude]
    longitude: NotRequired[Longitude]
    country: NotRequired[Text]
    parent: NotRequired[EntityId]
    successor_of: NotRequired[EntityId]
    data: NotRequired[PlainObject]


class SourceRecord(Envelope):
    """A document or page; `root` is the source that it copies."""

    kind: Literal["source"]
    source: SourceId
    type: NotRequired[Slug]
    title: Text
    publisher: NotRequired[Text]
    author: NotRequired[Text]
    published: NotRequired[EdtfText]
    url: NotRequired[Url]
    archived_url: NotRequired[Url]
    sha256: NotRequired[Sha256]
    retrieved_at: NotRequired[EdtfText]
    language: NotRequired[Language]
    root: NotRequired[SourceId]
    reliability: NotRequired[Reliability]


class AssessmentRecord(Envelope):
    """Our grade of a source, a claim (by its record's id) or an event."""

    kind: Literal["assessment"]
    of: SubjectId
    reliability: NotRequired[Reliability]
    credibility: NotRequired[Credibility]
    review: NotRequired[Literal["draft", "checked"]]


class VocabularyRecord(Envelope):
    """The types, topics and state machines of a domain, as they stand from here on."""

    kind: Literal["vocabulary"]
    pack: Slug
    version: Annotated[int, Field(ge=1)]
    definition: PlainObject


class SealRecord(Envelope):
    """That the log up to here was signed: `size` leaves, `root` in base64, by the key `key`."""

    kind: Literal["seal"]
    origin: Text
    size: Annotated[int, Field(ge=0)]
    root: Text
    key: NotRequired[Text]
    predecessor: NotRequired[list[str]]
    message: NotRequired[Text]


class ErasureRecord(Envelope):
    """That a line was removed on a legal basis; its leaf (base64) stays in the tree."""

    kind: Literal["erasure"]
    leaf: Text
    basis: Text


Record: TypeAlias = (
    EventRecord
    | ClaimRecord
    | CorrectionRecord
    | RetractionRecord
    | MergeRecord
    | RelationRecord
    | EntityRecord
    | SourceRecord
    | AssessmentRecord
    | VocabularyRecord
    | SealRecord
    | ErasureRecord
)
KINDS = (
    "event", "claim", "correction", "retraction", "merge", "relation", "entity", "source",
    "assessment", "vocabulary", "seal", "erasure",
)  # fmt: skip

RECORD: TypeAdapter[Record] = TypeAdapter(
    Annotated[Record, Field(discriminator="kind")], config=ConfigDict(extra="forbid")
)
