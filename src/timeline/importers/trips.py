"""One trip of the Office of the Historian's travel records, and the event that it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

from timeline import edtf
from timeline.errors import Problem
from timeline.importers.naming import AmbiguousName, Resolve
from timeline.importers.trees import text, trees
from timeline.records.slugs import fingerprint, slug

OFFICES: Final = {
    "president": ("office:us-president", "President of the United States"),
    "secretary": ("office:us-secretary-of-state", "United States Secretary of State"),
}
HOME: Final = "state:us"

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ONE_PLACE = ("Mexico, D.F.",)
_COMMA = "\ue000"  # private use: stands for a comma inside a name while a list is cut


class Facts(NamedTuple):
    """What a trip says, apart from ids, wording of names and editing fields.

    Attributes:
        host: entity id of the host, or the country's name.
        places: the places in the source's words, in its order.
    """

    office: str
    visitor: str
    when: str
    host: str
    places: tuple[str, ...]

    def mark(self) -> str:
        """Fingerprint of the facts."""
        return fingerprint("\x1f".join((*self[:4], *self.places)))


class Country(NamedTuple):
    """A country id of the source on a day; the name as a sentence has it, `the` included."""

    entity: str
    name: str

    @property
    def plain(self) -> str:
        """The name without its article."""
        return self.name.removeprefix("the ")


@dataclass(frozen=True, slots=True)
class Trip:
    """One `trip` element.

    Attributes:
        who: the source's id of the traveller.
        start, end: days, ISO 8601; the end may stand before the start, as the source has it.
        country, label: id and label of the country.
        locale: places, separated by commas.
        path, number: file and 1-based place of the trip in it.
    """

    id: str
    role: str
    who: str
    name: str
    start: str
    end: str
    country: str
    label: str
    locale: str
    remarks: str
    path: str
    number: int

    @property
    def facts(self) -> Facts:
        """What the trip says."""
        host = country_on(self.country, self.label, self.start)
        office = OFFICES[self.role][0]
        return Facts(
            office, person(self.who, self.name)["entity"], self.when, host.entity or host.plain,
            self.places,
        )  # fmt: skip

    @property
    def when(self) -> str:
        """EDTF; uncertain where the source lets the trip end before it begins."""
        if self.end < self.start:
            return f"{self.start}?"
        return self.start if self.start == self.end else f"{self.start}/{self.end}"

    @property
    def places(self) -> tuple[str, ...]:
        """Places of the locale, in order, each once; the host in brackets is no part of one."""
        host = country_on(self.country, self.label, self.start).plain
        words = self.locale
        for name in _ONE_PLACE:
            words = words.replace(name, name.replace(",", _COMMA))
        parts = (re.sub(r"^and ", "", part.strip()) for part in words.split(","))
        parts = (part.removesuffix(f" ({host})") for part in parts)
        return tuple(dict.fromkeys(part.replace(_COMMA, ",") for part in parts if part))

    def body(self, resolve: Resolve) -> dict[str, Any]:
        """The event without its claims."""
        host = country_on(self.country, self.label, self.start)
        visitor = person(self.who, self.name)
        office = OFFICES[self.role][0]
        day = edtf.parse(self.start).start_min
        return {
            "kind": "event",
            "event": f"{_family(visitor['entity'])}-{slug(host.plain)}-{self.start[:4]}",
            "type": "visit.made",
            "title": _title(visitor["title"], host, self.places),
            "language": "en",
            "when": self._dated(),
            "where": _where([_place(name, host, day, resolve) for name in self.places], host),
            "participants": [
                {"entity": visitor["entity"], "as": office, "for": HOME, "role": "visitor"},
                {**_named(host), "role": "host"},
            ],
        }

    def _dated(self) -> Any:
        if self.end >= self.start:
            return self.when
        note = "the source lets it end before it begins"
        return {"edtf": self.when, "original": f"{self.start} to {self.end}", "note": note}


def read_trips(source: Path) -> Iterator[Trip | Problem]:
    """Every trip of a folder, archive or file; what cannot be used comes as a problem."""
    for name, root in trees(source, lambda path: "-travels/" in f"/{path}"):
        if isinstance(root, Problem):
            yield root
            continue
        for number, element in enumerate(root.iter("trip"), start=1):
            fields = {child.tag: text(child) for child in element}
            country = element.find("country")
            trip = Trip(
                id=fields.get("id", ""),
                role=element.get("role") or fields.get("role", ""),
                who=element.get("who", ""),
                name=fields.get("name", ""),
                start=fields.get("start-date", ""),
                end=fields.get("end-date", ""),
                country=country.get("id", "") if country is not None else "",
                label=fields.get("country", ""),
                locale=fields.get("locale", ""),
                remarks=fields.get("remarks", ""),
                path=name,
                number=number,
            )
            yield _fault(trip) or trip


def newest_change(source: Path) -> str:
    """The latest day on which a trip was written or changed; empty when none is told."""
    days: list[str] = []
    for _, root in trees(source, lambda path: "-travels/" in f"/{path}"):
        if not isinstance(root, Problem):
            for tag in ("created-datetime", "last-modified-datetime"):
                days += [text(element)[:10] for element in root.iter(tag)]
    return max((day for day in days if _DAY.fullmatch(day)), default="")


def facts_of(body: Mapping[str, Any]) -> Facts:
    """The facts that an event of this importer holds."""
    visitor, host = body["participants"][:2]
    when = body["when"]
    return Facts(
        visitor["as"],
        visitor["entity"],
        when["edtf"] if isinstance(when, Mapping) else when,
        host.get("entity") or host["name"],
        tuple(place["name"] for place in body["where"] if place.get("precision") != "country"),
    )


def person(who: str, name: str) -> dict[str, str]:
    """`entity`, `title` (the name for titles) and `names` (separated by `;`) of a traveller."""
    known = _people().get(who)
    if known is not None:
        return known
    family, _, given = who.partition("-")
    return {"entity": f"person:{slug(f'{given} {family}')}", "title": name, "names": ""}


def country_on(country: str, label: str, day: str) -> Country:
    """The host that a country id means on a day; the label where the id is not known."""
    for row in _countries().get(country, ()):
        if row["from"] <= day and (not row["to"] or day <= row["to"]):
            return Country(row["entity"], row["name"])
    return Country("", label)


def _fault(trip: Trip) -> Problem | None:
    for name, day in (("start-date", trip.start), ("end-date", trip.end)):
        try:
            edtf.parse(day if _DAY.fullmatch(day) else "")
        except edtf.BadDate:
            return Problem(trip.path, trip.number, "bad-date", f"{day!r} is not a day", name)
    if trip.role not in OFFICES:
        words = f"{trip.role!r} is neither president nor secretary"
        return Problem(trip.path, trip.number, "bad-choice", words, "role")
    if not trip.who or not (trip.country or trip.label):
        words = "names no traveller or no country"
        return Problem(trip.path, trip.number, "missing-field", words)
    return None


def _title(visitor: str, host: Country, places: tuple[str, ...]) -> str:
    within = f" ({', '.join(places)})" if places and places != (host.plain,) else ""
    return f"{visitor} visits {host.name}{within}"


def _family(entity: str) -> str:
    return entity.rpartition("-")[2] if "-" in entity else entity.partition(":")[2]


def _place(name: str, host: Country, day: int | None, resolve: Resolve) -> dict[str, str]:
    try:
        found = resolve(name, "place", day, host.entity)
    except AmbiguousName:
        found = None
    return {"place": found, "name": name} if found else {"name": name}


def _where(places: list[dict[str, str]], host: Country) -> list[dict[str, str]]:
    """The places, and the country where not every place is known to lie in one."""
    if places and all("place" in place for place in places):
        return places
    country = {"place": host.entity} if host.entity else {"name": host.plain}
    return [*places, {**country, "precision": "country"}]


def _named(host: Country) -> dict[str, str]:
    return {"entity": host.entity} if host.entity else {"name": host.plain}


def _table(name: str) -> list[dict[str, str]]:
    file = resources.files("timeline.importers").joinpath("tables", f"{name}.csv")
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@cache
def _people() -> dict[str, dict[str, str]]:
    return {row["who"]: row for row in _table("travellers")}


@cache
def _countries() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in _table("travel_countries"):
        found.setdefault(row["country"], []).append(row)
    return found
