"""What a person says of an event, as (field, text) pairs, made into the drafts that record it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from timeline import edtf
from timeline.cli.sourcing import Sources
from timeline.cli.values import ALIASES, FIELDS, LISTS, BadValue, UnknownType, Values, credibility
from timeline.errors import Problem, TimelineError
from timeline.fold.pointer import replaced
from timeline.records.draft import Draft
from timeline.records.slugs import event_slug, unique
from timeline.records.vocabulary_check import advise_event, check_event

CLAIM_FIELDS: Final = (
    "stance", "likelihood", "hedge", "basis", "claimant", "locator", "said",
)  # fmt: skip
"""Fields that go to the claim of every source given."""

REPEATED: Final = frozenset({"source", "quote", *LISTS})
DEFAULT_TYPE: Final = "note.recorded"

Pairs = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Drafted:
    """The drafts, or everything that is wrong; `warnings` stop nothing."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    event: str = ""

    def wrong(self, name: str, message: str, fix: str = "", rule: str = "bad-value") -> None:
        self.problems.append(Problem("", 0, rule, message, field=name, fix=fix))


def draft_event(values: Values, pairs: Pairs) -> Drafted:
    """The records of a new event: its sources where they are new, itself, our grade of it."""
    drafted = Drafted()
    given = dict(pairs)
    type_name = given.get("type") or DEFAULT_TYPE
    _type(values, type_name, drafted)
    values = replace(values, on=_day_of(values, pairs))
    body = _fields(values, pairs, {"kind": "event", "type": type_name}, drafted)
    _require(body, drafted)
    sources = Sources(values.connection)
    body["claims"] = _claims(values, sources, pairs, drafted)
    body["event"] = drafted.event = _event_id(values, given, body, drafted)
    drafted.drafts = [*shipped_drafts(values), *sources.drafts, Draft(body)]
    grade = _grade(given, drafted)
    if grade is not None:
        drafted.drafts.append(
            Draft({"kind": "assessment", "of": body["event"], "credibility": grade})
        )
    _check(values, drafted, body)
    drafted.warnings += _warnings(values, body, sources, grade)
    return drafted


def draft_claim(values: Values, event: str, type_name: str, pairs: Pairs) -> Drafted:
    """The records of one more source's account of an event; its own fields are where it differs."""
    drafted = Drafted(event=event)
    sources = Sources(values.connection)
    own_type = dict(pairs).get("type")
    _type(values, own_type or type_name, drafted)
    value = _fields(values, pairs, {"type": own_type or type_name}, drafted)
    if own_type is None:
        del value["type"]
    for claim in _claims(values, sources, pairs, drafted):
        claim = {**claim, "value": value} if value else claim
        drafted.drafts.append(Draft({"kind": "claim", "event": event, "claim": claim}))
    drafted.drafts[:0] = [*shipped_drafts(values), *sources.drafts]
    _check_lines(drafted)
    return drafted


def refused_by_codec(body: Mapping[str, Any]) -> list[Problem]:
    """What the codec says of a body under a made-up envelope."""
    from timeline.records.codec import BadRecord, encode

    envelope = {
        "id": "00000000-0000-7000-8000-000000000000",
        "v": 1,
        "recorded_at": "2000-01-01T00:00:00.000000Z",
        "recorded_by": "x",
    }
    try:
        encode({**body, **envelope})
    except BadRecord as error:
        return [Problem("", 0, f.rule, f.message, field=f.field) for f in error.faults]
    return []


def _fields(values: Values, pairs: Pairs, body: dict[str, Any], drafted: Drafted) -> dict[str, Any]:
    """`body` with the fields of the event itself; items of lists add up."""
    for name, text in pairs:
        if (
            name in {*CLAIM_FIELDS, "type", "speaks", "source", "quote", "certainty", "event"}
            or not text
        ):
            continue
        try:
            pointer, value = values.of_field(name, text, str(body["type"]))
        except UnknownType:
            continue  # said once, of the field `type`
        except BadValue as error:
            drafted.wrong(name, error.message, error.fix)
            continue
        key = pointer[1:]
        if ALIASES.get(name, name) in LISTS and isinstance(body.get(key), list):
            value = [*body[key], *value]
        body = replaced(body, pointer, value)
    return body


def _day_of(values: Values, pairs: Pairs) -> int | None:
    """A day of the event, for names that held only for a time; None while the date is wrong."""
    for name, text in pairs:
        if ALIASES.get(name, name) == "when" and text and text[0] != "{":
            try:
                return edtf.read(text, today=values.today, order=values.order).start_min
            except edtf.BadDate:
                return None
    return None


def shipped_drafts(values: Values) -> list[Draft]:
    """Records of the shipped states and places that were used for the first time."""
    if not values.shipped:
        return []
    from timeline.records.gazetteer import shipped_records

    bodies = shipped_records()
    wanted: dict[str, None] = {}
    waiting = list(values.shipped)
    while waiting:
        entity = waiting.pop()
        if entity in bodies and entity not in wanted and not values.has_entity(entity):
            wanted[entity] = None
            waiting.append(bodies[entity].get("successor_of", ""))
    return [Draft(bodies[entity]) for entity in reversed(wanted)]


def _type(values: Values, name: str, drafted: Drafted) -> None:
    try:
        values.type(name)
    except BadValue as error:
        drafted.wrong("type", error.message, error.fix, "unknown-type")


def _require(body: Mapping[str, Any], drafted: Drafted) -> None:
    named = {problem.field for problem in drafted.problems}
    if not body.get("title"):
        drafted.wrong("title", "an event needs a title", "timeline add 'What happened' …")
    if "when" not in body and not named & {"when", "date", "day"}:
        drafted.wrong("when", "an event needs a date, as exact as it is known", "-d 2024-12")


def _claims(
    values: Values, sources: Sources, pairs: Pairs, drafted: Drafted
) -> list[dict[str, Any]]:
    quotes = [text for name, text in pairs if name == "quote" and text]
    shared: dict[str, Any] = {name: text for name, text in pairs if name in CLAIM_FIELDS and text}
    if "said" in shared:
        shared["said"] = _said(values, shared["said"], drafted)
    speaks = [_pointer(text) for name, text in pairs if name == "speaks"]
    if speaks:
        shared["fields"] = speaks
    claims: list[dict[str, Any]] = []
    for text in (text for name, text in pairs if name == "source" and text):
        try:
            claim: dict[str, Any] = {"source": sources.find_or_draft(text), **shared}
        except TimelineError as error:
            drafted.wrong("source", error.message, error.fix)
            continue
        if len(claims) < len(quotes):
            claim["quote"] = {"text": quotes[len(claims)]}
        claims.append(claim)
    if not claims and not any(problem.field == "source" for problem in drafted.problems):
        drafted.wrong(
            "source", "who says so? an event needs a source", "-s https://… or -s 'Title'"
        )
    return claims


def _pointer(name: str) -> str:
    """The JSON Pointer of a field by its name; what is no field of events is one of `data`."""
    name = ALIASES.get(name, name)
    own = name in FIELDS or name.startswith("/")
    return f"/{name.lstrip('/')}" if own else f"/data/{name.removeprefix('data.')}"


def _said(values: Values, text: str, drafted: Drafted) -> str:
    try:
        when = values.when(text)
    except BadValue as error:
        drafted.wrong("said", error.message, error.fix)
        return text
    return str(when["edtf"]) if isinstance(when, dict) else str(when)


def _event_id(
    values: Values, given: Mapping[str, str], body: Mapping[str, Any], drafted: Drafted
) -> str:
    taken = {
        row[0]
        for row in values.connection.execute(
            "SELECT id FROM events WHERE id BETWEEN :id AND :id || '~'",
            {"id": given.get("event") or event_slug(str(body.get("title", "")), _edtf(body))},
        )
    }
    if given.get("event"):
        if given["event"] in taken:
            drafted.wrong(
                "event", f"{given['event']} is there already", f"timeline show {given['event']}"
            )
        return given["event"]
    return unique(event_slug(str(body.get("title", "")), _edtf(body)), taken)


def _edtf(body: Mapping[str, Any]) -> str:
    when = body.get("when", "")
    return str(when.get("edtf", "")) if isinstance(when, Mapping) else str(when)


def _grade(given: Mapping[str, str], drafted: Drafted) -> int | None:
    if not given.get("certainty"):
        return None
    try:
        return credibility(given["certainty"])
    except BadValue as error:
        drafted.wrong("certainty", error.message, error.fix)
        return None


def _check(values: Values, drafted: Drafted, body: Mapping[str, Any]) -> None:
    """The rules of the codec and of the vocabulary, where nothing coarser is wrong already."""
    if not drafted.problems:
        for finding in check_event(values.vocabulary, body):
            fix = f"timeline types {body['type']}"
            drafted.wrong(finding.pointer[1:], finding.message, fix, finding.rule)
    _check_lines(drafted)


def _check_lines(drafted: Drafted) -> None:
    if not drafted.problems:
        for draft in drafted.drafts:
            drafted.problems += refused_by_codec(draft.body)


def _warnings(
    values: Values, body: Mapping[str, Any], sources: Sources, grade: int | None
) -> Iterable[str]:
    for finding in advise_event(values.vocabulary, body):
        yield finding.message
    if any(claim.get("likelihood") == "certain" for claim in body["claims"]):
        from timeline.records.hedges import warning

        if doubt := warning(str(body.get("title", "")), str(body.get("summary", "")), "certain"):
            yield doubt
    official = any(claim.get("basis") == "official_record" for claim in body["claims"])
    if grade == 1 and not official and sources.roots({c["source"] for c in body["claims"]}) < 2:
        yield (
            "confirmed asks for two independent sources or an official record, and there is one"
            f"\n  Fix: timeline cite {body['event']} URL"
        )
