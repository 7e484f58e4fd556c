"""Rows of `events` and of the tables that hang on an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from timeline import edtf
from timeline.fold.claims import CERTAINTY, Weight
from timeline.fold.history import Change, EntityFacts, Picture
from timeline.records.scales import LIKELIHOOD

COMPARED = (
    "id", "type", "title", "summary", "status", "date", "edtf", "start_min", "start_max", "end_min",
    "end_max", "end_state", "day", "year", "precision", "place", "country", "latitude", "longitude",
    "actors", "topics", "certainty", "likelihood", "n_claims", "n_sources", "n_roots",
    "best_reliability", "contested", "disputed", "conflicts", "retracted", "merged_into", "review",
    "language", "data", "places", "roots", "names", "quotes",
)  # fmt: skip
"""Columns of `event_row`, in order: what makes two pictures two versions."""

Row = tuple[Any, ...]
_NOTHING: dict[str, Any] = {}


def json_text(value: Any) -> str:
    """JSON with sorted keys, as every JSON column holds it."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def event_row(picture: Picture) -> Row:
    """The values of `COMPARED` for one picture of an event."""
    state, weight = picture.state, picture.weight
    fields = state.fields
    where = _first_place(picture)
    return (
        state.id,
        fields["type"],
        fields["title"],
        fields.get("summary"),
        fields.get("status", "held"),
        *date_columns(when_text(fields["when"])),
        *where,
        json_text(_actors(picture)),
        json_text(fields.get("topics", [])),
        *weight_columns(weight),
        len(state.conflicts),
        int(state.retracted),
        state.merged_into,
        state.review,
        fields.get("language"),
        json_text(fields["data"]) if "data" in fields else None,
        json_text(_places(picture)),
        json_text(weight.roots),
        _names(picture),
        _quotes(picture),
    )


def weight_columns(weight: Weight) -> Row:
    """From `certainty` to `disputed`."""
    return (
        CERTAINTY[weight.certainty - 1],
        weight.likelihood,
        weight.n_claims,
        weight.n_sources,
        len(weight.roots),
        weight.best_reliability,
        json_text(weight.contested),
        int(weight.disputed),
    )


def when_text(when: Any) -> str:
    """The EDTF text of a `when`, short or long form."""
    return str(when["edtf"] if isinstance(when, dict) else when)


@lru_cache(maxsize=100_000)
def date_columns(text: str) -> Row:
    """From `date` to `precision`. Days repeat: a century has 36,525 of them."""
    dates = edtf.parse(text)
    return (
        edtf.sentence(dates),
        dates.edtf,
        dates.start_min,
        dates.start_max,
        dates.end_min,
        dates.end_max,
        dates.end_state,
        dates.day,
        dates.year,
        dates.precision,
    )


def _first_place(picture: Picture) -> Row:
    where = picture.state.fields.get("where", [])
    if not where:
        return (None, None, None, None)
    facts = picture.places[0]
    located = next((place for place in picture.places if place and place.latitude), None)
    return (
        facts.id if facts else where[0]["name"],
        facts.country if facts else None,
        float(located.latitude) if located and located.latitude else None,
        float(located.longitude) if located and located.longitude else None,
    )


def _actors(picture: Picture) -> list[str]:
    return list(dict.fromkeys(entity.id or entity.label for entity in picture.entities))


def _places(picture: Picture) -> list[str]:
    places = zip(picture.places, picture.state.fields.get("where", ()), strict=True)
    return list(dict.fromkeys(facts.id if facts else place["name"] for facts, place in places))


def _names(picture: Picture) -> str:
    places = zip(picture.places, picture.state.fields.get("where", ()), strict=True)
    labels = [entity.label for entity in picture.entities]
    labels += [facts.label if facts else place["name"] for facts, place in places]
    return "; ".join(dict.fromkeys(labels))


def _quotes(picture: Picture) -> str:
    quotes = (
        held.claim["quote"] for held in picture.claims if held.standing and "quote" in held.claim
    )
    return quoted(quotes)


def quoted(quotes: Iterable[Any]) -> str:
    """The column `quotes`."""
    return "\n".join(text for quote in quotes for text in _texts(quote))


def _texts(quote: Any) -> Iterator[str]:
    yield quote["text"]
    if "translation" in quote:
        yield quote["translation"]


def participant_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `participants`."""
    for n, item in enumerate(picture.state.fields.get("participants", ())):
        entity = picture.entities[n].id or None
        yield (
            number, n, entity, None if entity else item["name"],
            item.get("role"), item.get("as"), item.get("for"),
        )  # fmt: skip


def place_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `event_places`."""
    for n, item in enumerate(picture.state.fields.get("where", ())):
        facts: EntityFacts | None = picture.places[n]
        name = None if facts else item["name"]
        yield (number, n, facts.id if facts else None, name, item.get("precision"))


def topic_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `event_topics`; a topic named twice counts once."""
    for topic in dict.fromkeys(picture.state.fields.get("topics", ())):
        yield (topic, number)


def relation_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `relations`."""
    for relation in dict.fromkeys(picture.relations):
        yield (number, relation.relation, relation.target, relation.position)


def claim_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `claims`, withdrawn ones too."""
    for n, held in enumerate(picture.claims):
        yield claim_row(number, n, held.position, held.claim, standing=held.standing)


def claim_row(
    number: int, n: int, position: int, claim: Mapping[str, Any], *, standing: bool
) -> Row:
    """One row of `claims`."""
    get = claim.get
    quote, likelihood = get("quote", _NOTHING), get("likelihood", "unstated")
    return (
        number, n, position, claim["source"], get("claimant"), get("stance", "asserts"),
        likelihood, LIKELIHOOD[likelihood], get("hedge"), get("basis", "unstated"),
        get("credibility"), get("said"), get("locator"), quote.get("text"),
        quote.get("language"), quote.get("translation"),
        json_text(claim["fields"]) if "fields" in claim else None,
        json_text(claim["value"]) if "value" in claim else None,
        get("note"), int(standing),
    )  # fmt: skip


def field_rows(number: int, picture: Picture) -> Iterator[Row]:
    """Rows of `claim_fields`."""
    for row in picture.rows:
        yield (number, row.field, row.claim, json_text(row.value), int(row.affirms))


def change_rows(number: int, changes: Sequence[Change]) -> Iterator[Row]:
    """Rows of `event_changes`."""
    n = 0
    for index, change in enumerate(changes):
        n = n + 1 if index and changes[index - 1].position == change.position else 0
        old = None if change.old is None else json_text(change.old)
        new = None if change.new is None else json_text(change.new)
        yield (number, change.position, n, change.what, change.field, old, new, change.reason)


LINKED = (
    ("participants", participant_rows),
    ("event_topics", topic_rows),
    ("event_places", place_rows),
    ("relations", relation_rows),
    ("claims", claim_rows),
    ("claim_fields", field_rows),
)
"""Table and rows: what hangs on an event in its current version."""
