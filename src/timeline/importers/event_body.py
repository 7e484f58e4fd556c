"""Builds what one row tells: an event, a claim about a known event, or that two events are one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from timeline.errors import TimelineError
from timeline.importers.cells import CellFault, date, parts
from timeline.importers.options import Options
from timeline.records import data_types
from timeline.records.slugs import event_slug, slug
from timeline.records.vocabulary import Field, Type

_PLAIN: Final = ("title", "summary", "language", "status", "note")
_CLAIM_PLAIN: Final = ("locator", "claimant", "stance", "likelihood", "hedge", "basis", "note",
                       "extracted_by")  # fmt: skip
_NEEDED: Final = ("when", "type", "title")


@dataclass(slots=True)
class Building:
    """One row on its way to a body; every fault is kept, with the field that it concerns."""

    told: Mapping[str, Any]
    source: str
    options: Options
    faults: list[tuple[str, CellFault]] = field(default_factory=list)

    def event(self) -> dict[str, Any]:
        """The body of an `event` record. Read `faults` before using it."""
        for name in _NEEDED:
            if name not in self.told:
                self._fault(name, CellFault("missing-field", f"the {_word(name)} is empty"))
        body = {name: self.told[name] for name in _PLAIN if name in self.told}
        body.update(kind="event", type=self.told.get("type", ""), when=self.when())
        body["event"] = str(self.told.get("event", "")) or event_slug(
            str(body.get("title", "")), _edtf(body["when"])
        )
        body.update(
            _filled(
                where=self.where(),
                participants=self.participants(),
                topics=[slug(one) for one in self._list("topics")],
                tags=[slug(one) for one in self._list("tags")],
                data=self.data(),
                relations=self.relations(),
                external_ids=self._group("external_ids."),
            )
        )
        body["claims"] = [self.claim()]
        return body

    def claimed(self) -> dict[str, Any]:
        """The body of a `claim` record about the event named by `about`."""
        claim = self.claim()
        spoken = self._list("speaks")
        made: dict[str, Callable[[], Any]] = {
            "when": self.when,
            "where": self.where,
            "participants": self.participants,
            "data": self.data,
            "summary": lambda: self.told.get("summary", ""),
            "title": lambda: self.told.get("title", ""),
        }
        tops = dict.fromkeys(name.partition(".")[0] for name in spoken)
        value = _filled(**{name: made[name]() for name in tops if name in made})
        if spoken:
            claim["fields"] = [f"/{name.replace('.', '/')}" for name in spoken]
        if value:
            claim["value"] = value
        return {"kind": "claim", "event": str(self.told["about"]), "claim": claim}

    def merged(self) -> dict[str, Any]:
        """The body of a `merge` record: `duplicate` becomes an alias of `into`."""
        into = str(self.told.get("into", ""))
        if not into:
            self._fault("into", CellFault("missing-field", "the event that stays is empty"))
        return {"kind": "merge", "duplicate": str(self.told["duplicate"]), "into": into}

    def body(self) -> dict[str, Any]:
        """What the row is. Read `faults` before using it."""
        if "duplicate" in self.told:
            return self.merged()
        return self.claimed() if "about" in self.told else self.event()

    def when(self) -> Any:
        """EDTF text, or with the words of the cell beside it."""
        start, original = self._date("when")
        end, written = self._date("end")
        edtf = f"{start}/{end}" if end else start
        if not original and not written:
            return edtf
        words = " to ".join(word for word in (original or start, written or end) if word)
        return {"edtf": edtf, "original": words}

    def where(self) -> list[dict[str, str]]:
        """Places, then the country where no place is known to lie in one."""
        names = [*self._list("where"), *self._list("where.name")]
        country = str(self.told.get("where.country", ""))
        precision = str(self.told.get("where.precision", "")) or ("" if names else "country")
        places = [self._place(name, precision) for name in names]
        if country and not (places and all("place" in place for place in places)):
            places.append({**self._named(country, "state", "place"), "precision": "country"})
        return places

    def participants(self) -> list[dict[str, str]]:
        """Who took part, as what, for whom."""
        role = str(self.told.get("role", ""))
        people = [self._participant(name, role) for name in self._list("participants")]
        for field_name in self.told:
            if field_name.startswith("participants."):
                named = field_name.removeprefix("participants.")
                people += [self._participant(name, named) for name in self._list(field_name)]
        return _distinct(people)

    def data(self) -> dict[str, Any]:
        """The type's own fields, each read as its type says."""
        kind = self.options.vocabulary.type(str(self.told.get("type", "")))
        return {
            name: self._datum(kind, name, value) for name, value in self._group("data.").items()
        }

    def relations(self) -> list[dict[str, str]]:
        """How the event hangs together with others, given by their ids."""
        told = self._group("relations.")
        return [
            {"relation": name, "to": event}
            for name in told
            for event in self._list(f"relations.{name}")
        ]

    def claim(self) -> dict[str, Any]:
        """The one claim that the row makes."""
        told = self._group("claim.")
        claim: dict[str, Any] = {name: told[name] for name in _CLAIM_PLAIN if name in told}
        claim["source"] = self.source
        if "quote" in told:
            claim["quote"] = {"text": told["quote"]}
        if "credibility" in told:
            claim["credibility"] = self._whole("claim.credibility")
        if "said" in told:
            claim["said"], _ = self._date("claim.said")
        return claim

    # --- one value ------------------------------------------------------------------------------

    @property
    def _separator(self) -> str:
        return self.options.profile.separator

    def _day(self) -> int | None:
        """The first day that the event can mean; None where its date cannot be read."""
        try:
            dates, _ = date(str(self.told.get("when", "")), self.options.dates)
        except CellFault:
            return None
        return dates.start_min

    def _state(self) -> str:
        """Id of the state in the row's country column, or empty."""
        name = str(self.told.get("where.country", ""))
        known = self.options.profile.participants.get(name, {})
        return known.get("entity") or (self.options.resolve(name, "state", self._day(), "") or "")

    def _fault(self, name: str, fault: CellFault) -> None:
        self.faults.append((name, fault))

    def _list(self, name: str) -> list[str]:
        return _listed(self.told.get(name), self._separator)

    def _group(self, start: str) -> dict[str, Any]:
        return {
            name.removeprefix(start): value
            for name, value in self.told.items()
            if name.startswith(start)
        }

    def _date(self, name: str) -> tuple[str, str]:
        text = str(self.told.get(name, ""))
        if not text:
            return "", ""
        try:
            dates, written = date(text, self.options.dates)
        except CellFault as fault:
            self._fault(name, fault)
            return "", ""
        return dates.edtf, written

    def _whole(self, name: str) -> Any:
        value = self.told[name]
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        if not isinstance(value, int):
            words = f"{value} is not a whole number from 1 to 6 (Admiralty code)"
            self._fault(name, CellFault("bad-number", words))
        return value

    def _place(self, name: str, precision: str) -> dict[str, str]:
        place = self._named(name, "place", "place")
        return {**place, "precision": precision} if precision else place

    def _participant(self, name: str, role: str) -> dict[str, str]:
        who = {**self.options.profile.participants.get(name, {}), **self._row_says(name)}
        named = {} if "entity" in who else self._named(name, "", "entity")
        return _filled(**named, **{"role": role, **who})

    def _row_says(self, name: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.told.get("of_participants", {}).get(name, {})
        return found

    def _named(self, name: str, kind: str, key: str) -> dict[str, str]:
        """`{key: id}` where the name is an id or known, `{"name": …}` where it is not."""
        if data_types.ENTITY_ID.fullmatch(name):
            return {key: name}
        known = self.options.profile.participants.get(name)
        if known and kind == "state" and "entity" in known:
            return {key: known["entity"]}
        try:
            found = self.options.resolve(
                name, kind, self._day(), self._state() if key == "place" else ""
            )
        except TimelineError as error:
            self._fault("where" if key == "place" else "participants", _ambiguous(error))
            found = None
        return {key: found} if found else {"name": name}

    def _datum(self, kind: Type | None, name: str, value: Any) -> Any:
        spec = kind.fields.get(name) if kind else None
        if spec is None or not isinstance(value, str):
            return value
        told = self.options.profile.names.get(f"data.{name}", {})
        if spec.type == "entity":
            return self._entity(value, spec, told)
        if spec.of is not None and spec.of.type == "entity":
            inner = spec.of
            return [self._entity(one, inner, told) for one in parts(value, self._separator)]
        try:
            return data_types.read(spec, value)
        except ValueError as error:
            self._fault(f"data.{name}", CellFault("field-value", f"{value}: {error}"))
            return value

    def _entity(self, name: str, spec: Field, told: Mapping[str, str]) -> str:
        return told.get(name) or next(iter(self._named(name, spec.kind, "id").values()))


def _listed(value: Any, separator: str) -> list[str]:
    if value is None:
        return []
    return parts(value, separator) if isinstance(value, str) else [str(one) for one in value]


def _distinct(people: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: set[tuple[str, str]] = set()
    found = []
    for who in people:
        key = (who.get("entity") or who.get("name", ""), who.get("role", ""))
        if key not in seen:
            seen.add(key)
            found.append(who)
    return found


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _edtf(when: Any) -> str:
    return str(when["edtf"] if isinstance(when, dict) else when)


def _word(name: str) -> str:
    return {"when": "date"}.get(name, name)


def _ambiguous(error: TimelineError) -> CellFault:
    return CellFault("ambiguous-name", error.message, error.fix)
