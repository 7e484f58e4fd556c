"""Compares a pack with its earlier version: adding is always allowed, narrowing is a new version.

Old records are read with the version that stood when they were written, so a new version breaks
none of them; the rule is there so that nobody narrows a vocabulary without noticing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from timeline.errors import Problem
from timeline.records.vocabulary import Field, Machine, Pack, Role, Type


def lint(pack: Pack, previous: Pack | None = None, path: str = "pack.yml") -> list[Problem]:
    """What a reviewer of this pack should know, in the order of the pack.

    A narrowing under the same version number is the problem `pack-narrowed`; the rules
    `pack-version`, `pack-stage` and `pack-unused` speak of the number, of names and of machines.
    """
    found = list(_machines(pack))
    if previous is not None:
        found += _versions(pack, previous)
        if pack.version == previous.version:
            fix = f"version: {pack.version + 1}"
            found += [("pack-narrowed", words, at, fix) for at, words in narrowed(pack, previous)]
    return [Problem(path, 0, rule, words, at, fix) for rule, words, at, fix in found]


def narrowed(pack: Pack, previous: Pack) -> list[tuple[str, str]]:
    """(JSON Pointer, sentence) of everything that was allowed before and no longer is."""
    found: list[tuple[str, str]] = []
    for name, before in previous.types.items():
        at = f"/types/{name}"
        if name not in pack.types:
            found.append((at, f"the type {name} is gone"))
        else:
            found += [(at + below, words) for below, words in _type(pack.types[name], before)]
    return found


def _versions(pack: Pack, previous: Pack) -> Iterator[tuple[str, str, str, str]]:
    if pack.name != previous.name:
        words = f"this is the pack {pack.name}, the earlier one is {previous.name}"
        yield "pack-version", words, "/pack", ""
    if pack.version < previous.version:
        words = f"version {pack.version} is older than {previous.version}, which stands"
        yield "pack-version", words, "/version", f"version: {previous.version + 1}"


def _machines(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    for machine in pack.machines.values():
        yield from _states(machine)
        for path in (*machine.key, machine.value, *machine.all_when):
            if path and not _reachable(pack, machine, path):
                words = f"{machine.name} reads {path}, which none of its types has"
                yield "pack-unused", words, f"/states/{machine.name}", ""


def _states(machine: Machine) -> Iterator[tuple[str, str, str, str]]:
    reached = {move.to for move in machine.moves}
    for move in machine.moves:
        for state in {move.to, *move.sources} - set(machine.states) - {""}:
            words = f"{machine.name} has no state {state}"
            yield "pack-stage", words, f"/states/{machine.name}/moves", ""
    for state in machine.states:
        if state not in reached:
            words = f"no move of {machine.name} leads to {state}"
            yield "pack-stage", words, f"/states/{machine.name}/states", ""


def _reachable(pack: Pack, machine: Machine, path: str) -> bool:
    home, _, names = path.partition(".")
    kinds = [pack.types[move.event] for move in machine.moves if move.event in pack.types]
    if home == "data":
        return any(names in kind.fields for kind in kinds)
    return any(name in kind.roles for kind in kinds for name in names.split("|"))


def _type(now: Type, before: Type) -> Iterator[tuple[str, str]]:
    if now.strict and not before.strict:
        yield "/strict", "is strict now"
    for name, role in before.roles.items():
        yield from _role(now.roles.get(name), role, f"/roles/{name}")
    for name, role in now.roles.items():
        if name not in before.roles and role.least:
            yield f"/roles/{name}", f"the new role {name} is asked for"
    for name, field in before.fields.items():
        yield from _field(now.fields.get(name), field, f"/data/{name}")
    for name, field in now.fields.items():
        if name not in before.fields and field.required:
            yield f"/data/{name}", f"the new field {name} is required"


def _role(now: Role | None, before: Role, at: str) -> Iterator[tuple[str, str]]:
    if now is None:
        yield at, f"the role {before.name} is gone"
        return
    if now.least > before.least:
        yield f"{at}/min", f"min rose from {before.least} to {now.least}"
    if now.most is not None and (before.most is None or now.most < before.most):
        yield f"{at}/max", f"max fell to {now.most}"
    if now.kinds and (not before.kinds or set(before.kinds) - set(now.kinds)):
        yield f"{at}/kinds", "fewer kinds are allowed"


def _field(now: Field | None, before: Field, at: str) -> Iterator[tuple[str, str]]:
    if now is None:
        yield at, f"the field {before.name} is gone"
        return
    if now.type != before.type:
        yield f"{at}/type", f"the type changed from {before.type} to {now.type}"
    if now.required and not before.required:
        yield f"{at}/required", "is required now"
    for word in _missing(now.choices, before.choices):
        yield f"{at}/choices", f"the choice {word} is gone"
    if now.kind and now.kind != before.kind:
        yield f"{at}/kind", f"only {now.kind} is allowed now"
    if _tighter(now.least, before.least, 1) or _tighter(now.most, before.most, -1):
        yield at, "the range is narrower"
    if before.of is not None:
        yield from _field(now.of, before.of, f"{at}/of")


def _missing(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    return [word for word in before if word not in now]


def _tighter(now: int | None, before: int | None, sign: int) -> bool:
    if now is None:
        return False
    return before is None or now * sign > before * sign
