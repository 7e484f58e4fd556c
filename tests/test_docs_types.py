"""docs/types.md and docs/scales.md say what the code says; `python -m tests.test_docs_types`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from timeline.records import data_types, scales
from timeline.records.pack_file import SHIPPED, shipped
from timeline.records.vocabulary import Field, Machine, Move, Pack, Role, Type

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made by `python -m tests.test_docs_types`; do not edit. -->"
SCALES: dict[str, tuple[str, Mapping[Any, str]]] = {
    "Credibility of the information (Admiralty code)": (
        "credibility",
        {f"{n} {scales.CREDIBILITY[n]}": words for n, words in scales.CREDIBILITY_MEANING.items()},
    ),
    "Reliability of the source (Admiralty code)": (
        "reliability",
        {str(grade): words for grade, words in scales.RELIABILITY.items()},
    ),
    "Basis of a claim": ("basis", scales.BASIS),
    "Stance of a claim": ("stance", scales.STANCE),
    "Status of an event": ("status", scales.STATUS),
    "Precision of a place": ("precision", scales.PRECISION),
    "Relations between events": ("relation", scales.RELATIONS),
    "Reasons for a correction": ("reason", scales.CORRECTION_REASONS),
    "Reasons for a retraction": ("reason", scales.RETRACTION_REASONS),
    "Review": ("review", scales.REVIEW),
}


def types_page() -> str:
    packs = [shipped(name) for name in SHIPPED]
    intro = (
        "Every type of the packs that ship, as the packs declare them. `diplomacy` is in force in "
        "every archive; `court`, `company` and `incident` are there to be added or copied "
        "([how to write a pack](vocabularies.md)). Every type also takes the roles `participant` "
        "and `party`. What is required is asked for, and refused only in a strict type."
    )
    lines = [MADE, "", "# Event types", "", intro, "", "## Types of a field", ""]
    lines += _table(
        ("type", "a value is"), [(f"`{n}`", t.meaning) for n, t in data_types.TYPES.items()]
    )
    for pack in packs:
        lines += _pack(pack)
    return "\n".join(lines) + "\n"


def scales_page() -> str:
    lines = [MADE, "", "# Scales", ""]
    lines += [
        "Likelihood is what a claimant says of the event. Credibility is how far we believe a "
        "piece of information, reliability how far we trust a source. They are never mixed.",
        "",
        "## Likelihood of a claim (ICD 203; number of STIX 2.1)",
        "",
    ]
    rows = [
        (f"`{word}`", _percent(word, number), scales.LIKELIHOOD_MEANING[word])
        for word, number in scales.LIKELIHOOD.items()
    ]
    lines += _table(("likelihood", "percent", "meaning"), rows)
    for title, (name, meanings) in SCALES.items():
        lines += ["", f"## {title}", ""]
        lines += _table((name, "meaning"), [(f"`{w}`", text) for w, text in meanings.items()])
    return "\n".join(lines) + "\n"


def _percent(word: scales.Likelihood, number: int | None) -> str:
    bounds = scales.LIKELIHOOD_RANGE[word]
    between = f" ({bounds[0]} to {bounds[1]})" if bounds else ""
    return "" if number is None else f"{number}{between}"


def _pack(pack: Pack) -> Iterator[str]:
    yield from ("", f"## {pack.title} (`{pack.name}`, version {pack.version})", "")
    yield pack.description
    if pack.sources:
        yield from ("", "Codes:", "")
        yield from (f"- **{scheme}**: {text}" for scheme, text in pack.sources.items())
    if pack.topics:
        yield from ("", "Topics: " + ", ".join(f"`{t}`" for t in pack.topics) + ".")
    common = _common(pack)
    if common.roles or common.fields:
        yield from ("", "What every type of this pack may have besides its own:", "")
        yield from _table(("name", "what", "meaning"), _rows(common))
    for kind in pack.types.values():
        yield from _type(kind, common)
    for machine in pack.machines.values():
        yield from _machine(machine)


def _common(pack: Pack) -> Type:
    """The roles and fields that all types of the pack share."""
    first, *others = pack.types.values()
    return Type(
        name="",
        label="",
        roles={n: r for n, r in first.roles.items() if all(t.roles.get(n) == r for t in others)},
        fields={n: f for n, f in first.fields.items() if all(n in t.fields for t in others)},
    )


def _type(kind: Type, common: Type) -> Iterator[str]:
    yield from ("", f"### `{kind.name}`: {kind.label}", "")
    if kind.description:
        yield from (kind.description, "")
    own = Type(
        name=kind.name,
        label=kind.label,
        roles={name: role for name, role in kind.roles.items() if name not in common.roles},
        fields={n: f for n, f in kind.fields.items() if f != common.fields.get(n)},
    )
    rows = _rows(own)
    if rows:
        yield from _table(("name", "what", "meaning"), rows)
    if kind.codes:
        codes = "; ".join(f"{scheme} {code}" for scheme, code in kind.codes.items())
        yield from ("", f"Codes: {codes}.")


def _rows(kind: Type) -> list[tuple[str, ...]]:
    return [
        *((f"`{role.name}`", "role", _role(role)) for role in kind.roles.values()),
        *((f"`data.{field.name}`", field.type, _field(field)) for field in kind.fields.values()),
    ]


def _role(role: Role) -> str:
    least = f", {role.least} or more asked for" if role.least else ""
    most = "" if role.most is None else f", at most {role.most}"
    return role.label + least + most


def _field(field: Field) -> str:
    inner = field.of or field
    words = f"{field.label}{'; required' if field.required else ''}"
    if field.of is not None:
        words += f"; each {inner.type}"
    if inner.kind:
        words += f" ({inner.kind})"
    if inner.choices:
        words += ": " + ", ".join(f"`{choice}`" for choice in inner.choices)
    return f"{words}. {field.description}" if field.description else words


def _machine(machine: Machine) -> Iterator[str]:
    yield from ("", f"### State `{machine.name}`: {machine.label}", "")
    key = ", ".join(f"`{path}`" for path in machine.key)
    held = f" Holds `{machine.value}`." if machine.value else ""
    yield from (f"Of {key}; from `{'` or `'.join(machine.effective)}`.{held}", "")
    yield from _table(
        ("event", "leads to", "from"), [_move(move, machine) for move in machine.moves]
    )


def _move(move: Move, machine: Machine) -> tuple[str, str, str]:
    where = ", ".join(f"`{path}` is `{value}`" for path, value in move.where.items())
    event = f"`{move.event}`" + (f" where {where}" if where else "")
    sources = ", ".join(machine.states.get(state, "nothing") for state in move.sources)
    return event, machine.states.get(move.to, "nothing"), sources or "any"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)


PAGES = {"types.md": types_page, "scales.md": scales_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str) -> None:
    assert PAGES[name]() == (DOCS / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for page, text in PAGES.items():
        (DOCS / page).write_text(text(), encoding="utf-8")
