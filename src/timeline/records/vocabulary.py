"""What a pack declares: event types, their roles and fields, topics and state machines.

Packs come from YAML files (`pack_file`) or from `vocabulary` records of the log; the vocabulary in
force is the fold of those records over the shipped default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

Named: TypeAlias = Mapping[str, str]

EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})

EVERYWHERE: Final = ("participant", "party")
"""Roles that every type allows: outside data often name who took part and not as what."""

VACANT: Final = ""
"""The state before the first move and after a closing one."""

BESIDE: Final = "beside"
"""Of a machine with a value: a move to it adds a holder beside those who hold it."""


@dataclass(frozen=True, slots=True)
class Role:
    """As what somebody takes part.

    Attributes:
        least: how many the type asks for; fewer is advice, or an error in a strict type.
        most: how many it allows, inclusive; None for any number.
        kinds: entity kinds that may fill it; empty for any.
    """

    name: str
    label: str
    least: int = 0
    most: int | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of an event's `data`.

    Attributes:
        type: a key of `data_types.TYPES`.
        kind: for `entity`, the kind of entity; empty for any.
        choices: for `choice`, the words in their order, each with its label.
        of: for `list`, what its items are.
        least, most: for `integer` and `number`, both inclusive.
    """

    name: str
    label: str
    type: str
    required: bool = False
    description: str = ""
    kind: str = ""
    choices: Named = field(default_factory=lambda: EMPTY)
    of: Field | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """An event type: `subject.past-verb`.

    Attributes:
        strict: whether a missing required role or field is an error rather than advice.
        codes: scheme -> code, such as `{"cameo": "042"}`; schemes are explained by the pack.
    """

    name: str
    label: str
    description: str = ""
    strict: bool = False
    roles: Mapping[str, Role] = field(default_factory=lambda: EMPTY)
    fields: Mapping[str, Field] = field(default_factory=lambda: EMPTY)
    codes: Named = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Move:
    """What an event of a type does to a state.

    Attributes:
        to: the state that it leads to; `VACANT` closes.
        sources: states that it can start from; empty for any.
        where: path -> value that the event must have, such as `{"data.change": "imposed"}`.
        rank: order among moves of one day; the order of the pack.
    """

    event: str
    to: str
    sources: tuple[str, ...] = ()
    where: Named = field(default_factory=lambda: EMPTY)
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """How a state is folded from events (nothing ever writes a state).

    Attributes:
        key: paths whose values say whose state it is, such as `data.treaty`.
        value: path whose value the state holds (who holds the office); empty for named states.
        effective: paths to the date that counts, first found wins.
        exclusive: with `value`: whether a new value takes the place of the old one.
        all_when: path -> value that makes an event move every key that shares the first part.
        succession: whether the state of a key's last part goes over to who continues it.
        states: state -> label, in the order of a life.
    """

    name: str
    label: str
    key: tuple[str, ...]
    moves: tuple[Move, ...]
    value: str = ""
    effective: tuple[str, ...] = ("data.effective", "when")
    exclusive: bool = True
    all_when: Named = field(default_factory=lambda: EMPTY)
    succession: bool = False
    states: Named = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Pack:
    """One domain's vocabulary in one version.

    Attributes:
        sources: scheme of codes -> where the scheme is published.
        topics: topic -> label; a topic that is not listed is allowed.
    """

    name: str
    version: int
    title: str
    description: str = ""
    types: Mapping[str, Type] = field(default_factory=lambda: EMPTY)
    topics: Named = field(default_factory=lambda: EMPTY)
    machines: Mapping[str, Machine] = field(default_factory=lambda: EMPTY)
    sources: Named = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Packs in force at one place of the log, by name, in the order in which they came."""

    packs: Mapping[str, Pack]

    def plus(self, pack: Pack) -> Vocabulary:
        """The vocabulary with this pack in the place of its earlier version."""
        return Vocabulary({**self.packs, pack.name: pack})

    def type(self, name: str) -> Type | None:
        """The type of that name; where two packs have it, that of the earlier pack."""
        for pack in self.packs.values():
            if name in pack.types:
                return pack.types[name]
        return None

    def types(self) -> dict[str, Type]:
        """Every type, pack by pack, as each pack orders them."""
        found: dict[str, Type] = {}
        for pack in self.packs.values():
            for name, kind in pack.types.items():
                found.setdefault(name, kind)
        return found

    def machines(self) -> dict[str, Machine]:
        """Every state machine; of two with one name, that of the earlier pack."""
        found: dict[str, Machine] = {}
        for pack in self.packs.values():
            for name, machine in pack.machines.items():
                found.setdefault(name, machine)
        return found

    def topics(self) -> dict[str, str]:
        """Every listed topic with its label."""
        return {t: label for pack in self.packs.values() for t, label in pack.topics.items()}


def standing(default: Iterable[Pack], packs: Iterable[Pack]) -> Vocabulary:
    """The vocabulary in force: the default, then the log's packs, a later one over an earlier.

    Args:
        default: what ships and holds where the log says nothing of a pack.
        packs: from effective `vocabulary` records, in log order.
    """
    vocabulary = Vocabulary({pack.name: pack for pack in default})
    for pack in packs:
        vocabulary = vocabulary.plus(pack)
    return vocabulary


def nearest(word: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """Up to `count` known words that look most like this one, best first."""
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=count, cutoff=0.3)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean a, b or c?`, or nothing where no known word is like it."""
    near = nearest(word, known)
    if not near:
        return ""
    words = " or ".join([", ".join(near[:-1]), near[-1]] if near[1:] else near)
    return f"; did you mean {words}?"
