"""The fields of an event, entity or source as they are now, and the change that is asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from timeline import edtf
from timeline.cli.drafting import refused_by_codec
from timeline.cli.values import ALIASES, BadValue, UnknownType, Values, items, shown
from timeline.errors import Problem, UsageRefused
from timeline.fold.pointer import get, replaced
from timeline.readmodel.details import event_picture
from timeline.readmodel.library import Library
from timeline.readmodel.refs import Ref, resolve
from timeline.records.draft import Draft
from timeline.records.model import EntityRecord, SourceRecord
from timeline.records.vocabulary import did_you_mean
from timeline.records.vocabulary_check import check_event

Pairs = Sequence[tuple[str, str]]

_ENVELOPE: Final = frozenset(
    {"id", "v", "kind", "recorded_at", "recorded_by", "batch", "supersedes", "note"}
)


@dataclass(slots=True)
class Changes:
    """JSON Pointer -> {"from": …, "to": …} of what is not so already; or what is wrong."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be corrected.

    Attributes:
        kind: event, entity or source.
        fields: as they are now, in the shape of the record.
    """

    id: str
    kind: str
    fields: Mapping[str, Any]

    @property
    def day(self) -> int | None:
        """First possible day of an event (Julian Day Number); None for anything else."""
        when = self.fields.get("when")
        if when is None:
            return None
        return edtf.parse(when["edtf"] if isinstance(when, Mapping) else when).start_min

    def changes(self, values: Values, pairs: Pairs) -> Changes:
        """What `pairs` would change; an empty text takes a field away."""
        changes = Changes()
        after: Any = dict(self.fields)
        type_name = dict(pairs).get("type") or str(self.fields.get("type", ""))
        for name, text in pairs:
            try:
                pointer, value = self._value(values, name, text, type_name)
            except UnknownType as error:
                changes.problems.append(Problem("", 0, "unknown-type", error.message, "type"))
                continue
            except BadValue as error:
                problem = Problem("", 0, "bad-value", error.message, name, error.fix)
                changes.problems.append(problem)
                continue
            old = get(self.fields, pointer)
            if old != value:
                changes.values[pointer] = {"from": old, "to": value}
                after = replaced(after, pointer, value)
        if changes.values and not changes.problems:
            changes.problems += self._refused(values, after)
        return changes

    def plain_changes(self, pairs: Pairs) -> Changes:
        """What `pairs` would change of an entity or source, without looking at the whole."""
        changes = Changes()
        for name, text in pairs:
            try:
                pointer, value = self._plain(name, text)
            except BadValue as error:
                problem = Problem("", 0, "bad-value", error.message, name, error.fix)
                changes.problems.append(problem)
                continue
            changes.values[pointer] = {"from": get(self.fields, pointer), "to": value}
        return changes

    def form(self, pairs: Pairs) -> str:
        """A form with the present values, and those of `pairs` in their place."""
        given = {ALIASES.get(name, name): text for name, text in pairs}
        lines = [
            f"# {self.id}: change what is wrong, save, and the change is recorded.",
            "# An empty field is taken away. Lines that begin with # are not read.",
        ]
        names = [*self._typed(), *(name for name in given if name not in self._typed())]
        lines += [f"{name}: {given.get(name, self._typed().get(name, ''))}" for name in names]
        return "\n".join(lines) + "\n"

    def changed_pairs(self, pairs: Pairs) -> list[tuple[str, str]]:
        """Those pairs of a form whose text is not the present one; a line left out is empty."""
        before = self._typed()
        given = dict(pairs)
        left_out = [(name, "") for name in before if name not in given]
        return [(n, t) for n, t in given.items() if before.get(n, "") != t] + left_out

    def _typed(self) -> dict[str, str]:
        """Field -> its text, as it would be typed."""
        typed = {
            name: shown(value)
            for name, value in self.fields.items()
            if name not in {"data", "external_ids"}
        }
        for group in ("data", "external_ids"):
            for name, value in self.fields.get(group, {}).items():
                typed[f"{group}.{name}"] = shown(value)
        return typed

    def _value(self, values: Values, name: str, text: str, type_name: str) -> tuple[str, Any]:
        if text == "" and name.startswith(("data.", "external_ids.")):
            return "/" + name.replace(".", "/", 1), None
        if self.kind == "event":
            if text == "":
                return self._emptied(ALIASES.get(name, name)), None
            return values.of_field(name, text, type_name)
        return self._plain(name, text)

    def _emptied(self, name: str) -> str:
        return f"/{name}" if name in self.fields else f"/data/{name}"

    def _plain(self, name: str, text: str) -> tuple[str, Any]:
        """A field of an entity or source: its text, or JSON."""
        shape = EntityRecord if self.kind == "entity" else SourceRecord
        known = [n for n in shape.__annotations__ if n not in {*_ENVELOPE, self.kind}]
        head, _, rest = name.partition(".")
        if head not in known:
            raise BadValue(
                f"{name!r} is no field of {'an entity' if self.kind == 'entity' else 'a source'}"
                f"{did_you_mean(name, known)}"
            )
        pointer = f"/{head}/{rest}" if rest else f"/{head}"
        if text[:1] in {"{", "["}:
            import orjson

            try:
                return pointer, orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise BadValue(f"{name}: not JSON: {error.msg}") from None
        if pointer == "/names" and text:
            return pointer, [self._name(one) for one in items(text)]
        return pointer, text or None

    def _name(self, text: str) -> Any:
        """A name of that text: the one that is there, with its kind and days, else a new one."""
        there = (one for one in self.fields.get("names", ()) if one["text"] == text)
        return next(there, {"text": text})

    def _refused(self, values: Values, after: Mapping[str, Any]) -> list[Problem]:
        """What the codec and the vocabulary say of the subject as it would be."""
        body = {**after, "kind": self.kind, self.kind: self.id}
        found = []
        if self.kind == "event":
            body["claims"] = [{"source": "src:x"}]
            found = [
                Problem("", 0, finding.rule, finding.message, finding.pointer[1:])
                for finding in check_event(values.vocabulary, body)
            ]
        return found or refused_by_codec(body)


def subject_of_ref(connection: sqlite3.Connection, ref: Ref) -> Subject:
    """The event, entity or source that a reference means, as it is now.

    Raises:
        UsageRefused: it means something that has no fields of its own.
    """
    if ref.kind == "event":
        picture, _ = event_picture(connection, ref)
        return Subject(ref.id, "event", picture.state.fields)
    if ref.kind in {"entity", "source"}:
        library = Library(connection)
        find = library.entity_state if ref.kind == "entity" else library.source_state
        state = find(ref.id)
        assert state is not None
        return Subject(ref.id, ref.kind, state.fields)
    if ref.kind == "record":
        (subject,) = connection.execute(
            "SELECT subject FROM records WHERE position = ?", (ref.position,)
        ).fetchone()
        return subject_of_ref(
            connection, resolve(connection, subject, ("event", "entity", "source"))
        )
    raise UsageRefused(f"a {ref.kind} cannot be corrected", fix="timeline help corrections")


def correction(
    subject: str, changes: Mapping[str, Any], reason: str, because: str | None, source: str | None
) -> Draft:
    """The draft of a correction."""
    body: dict[str, Any] = {
        "kind": "correction",
        "of": subject,
        "changes": dict(changes),
        "reason": reason,
    }
    body |= {"note": because} if because else {}
    return Draft(body | ({"source": source} if source else {}))
