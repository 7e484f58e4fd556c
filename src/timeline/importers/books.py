"""Sources and entities that the rows of one import name: each becomes one draft, the first time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from timeline.importers.options import Options
from timeline.importers.profile import Profile
from timeline.records.draft import Draft
from timeline.records.gazetteer import shipped_records
from timeline.records.slugs import fingerprint, slug


@dataclass(slots=True)
class SourceBook:
    """Sources seen so far: address or title -> (id, fields of its record)."""

    options: Options
    seen: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def find(self, told: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """(id of the source that a row tells of, its record where that is still to be made);
        the id is empty where the row tells of none.

        Args:
            told: fields of the row; `source` is an id, an address or a title, `source.*` are
                fields of its record.
        """
        body = _described(told, self.options.profile)
        key = body.get("url") or body.get("source") or body.get("title", "")
        if not key:
            return "", None
        if key in self.seen:
            return self.seen[key][0], None
        known = self.options.sources.get(body.get("url", ""))
        if known:
            return known, None
        name = body.pop("source", "") or _source_id(body)
        if not body.get("title"):
            return name, None
        return name, {"kind": "source", "source": name, **body}

    def keep(self, body: Mapping[str, Any]) -> list[Draft]:
        """The drafts of a source that `find` gave, after that of a root that the profile tells of
        and that had none before; from now on it is known.
        """
        key = body.get("url") or body["source"]
        self.seen[key] = (body["source"], dict(body))
        self.seen.setdefault(body["title"], self.seen[key])
        drafts = [Draft(body, key=f"source:{body['source']}")]
        root = body.get("root", "")
        if root in self.options.profile.roots and root not in self.seen:
            described = {"kind": "source", "source": root, **self.options.profile.roots[root]}
            self.seen[root] = (root, described)
            drafts.insert(0, Draft(described, key=f"source:{root}"))
        return drafts

    def differs(self, told: Mapping[str, Any]) -> str:
        """A sentence where a known source is described otherwise here than where it came first."""
        body = _described(told, self.options.profile)
        _, before = self.seen.get(body.get("url", ""), ("", {}))
        for name, value in body.items():
            if name in before and before[name] != value:
                return f"this source came before with {name} “{before[name]}”; that was kept"
        return ""


def _described(told: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    body = {
        name.removeprefix("source."): value
        for name, value in told.items()
        if name.startswith("source.") and value not in ("", None)
    }
    given = str(told.get("source") or "")
    if given.startswith("src:"):
        body["source"] = given
    elif "://" in given or given.startswith(("javascript:", "data:")):
        body.setdefault("url", given)
    elif given:
        body.setdefault("title", given)
    if "url" in body:
        body.setdefault("title", body["url"])
    return {**body, **_graded(body, profile)}


def _graded(body: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    """What the profile says of sources whose address or publisher begins so; longest wins."""
    told: dict[str, str] = {}
    for start, fields in sorted(profile.sources.items(), key=lambda item: len(item[0])):
        if str(body.get("url", "")).startswith(start) or str(body.get("publisher", "")).startswith(
            start
        ):
            told.update(fields)
    return told


def _source_id(body: Mapping[str, Any]) -> str:
    title = str(body.get("title", ""))
    url = str(body.get("url", ""))
    if title == url:
        parts = urlsplit(url)
        title = f"{parts.hostname or ''} {parts.path}"
    words = slug(title, longest=48) or "source"
    return f"src:{words}-{fingerprint(url or title, length=6)}"


@dataclass(slots=True)
class EntityBook:
    """Entities that ship or that the profile knows, and which of them have had their draft."""

    profile: Profile
    given: set[str] = field(default_factory=set)
    _names: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, who in self.profile.participants.items():
            if "entity" in who:
                self._names.setdefault(who["entity"], []).append(name)
        for ids in self.profile.names.values():
            for name, entity in ids.items():
                self._names.setdefault(entity, []).append(name)

    def drafts(self, ids: Iterable[str]) -> list[Draft]:
        """Drafts of those of the ids that the profile names and that had none before."""
        fresh = [one for one in dict.fromkeys(ids) if one not in self.given and self._known(one)]
        self.given.update(fresh)
        return [Draft(self._body(one), key=f"entity:{one}") for one in fresh]

    def _known(self, entity: str) -> bool:
        told = (self.profile.entities, self._names, shipped_records())
        return any(entity in names for names in told)

    def _body(self, entity: str) -> dict[str, Any]:
        if entity in shipped_records():
            return shipped_records()[entity]
        told = dict(self.profile.entities.get(entity, {}))
        texts = [*told.pop("names", ()), *self._names.get(entity, ())]
        names = [name if isinstance(name, Mapping) else {"text": name} for name in texts]
        return {"kind": "entity", "entity": entity, "names": _once(names), **told}


def _once(names: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return list({name["text"]: dict(name) for name in reversed(list(names))}.values())[::-1]
