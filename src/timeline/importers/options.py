"""What an import is told besides its file, and what an importer yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from timeline.errors import Problem
from timeline.importers.naming import Resolve, shipped_names
from timeline.importers.profile import NO_PROFILE, Profile
from timeline.records.draft import Draft
from timeline.records.pack_file import DEFAULT, shipped
from timeline.records.vocabulary import Vocabulary, standing

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Advice(Problem):
    """A problem that rejects nothing: the row is imported and the person is told."""


class Unchanged(Advice):
    """An entry that the archive holds already, as it is."""


Item: TypeAlias = Draft | Problem


def default_vocabulary() -> Vocabulary:
    """The vocabulary of an archive whose log says nothing of one."""
    return standing([shipped(DEFAULT)], [])


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of one import.

    Attributes:
        profile: how a known file's columns and cells map onto our fields.
        mapping: column -> field; `-` leaves the column out.
        settings: field -> value for every row.
        dates: `dmy` or `mdy` for dates such as 05/12/2024; empty refuses them.
        encoding: of a text file; empty means UTF-8.
        with_remarks: keep a source's free text as a quotation of the claim.
        published: day on which this version of the source came out; empty asks the source.
        vocabulary: types in force.
        resolve: finds the entity of a name; `plan_import` gives the archive's own.
        sources: address -> id of the sources that the archive knows; by `plan_import`.
        records: the archive's log, for sources that come in versions; by `plan_import`.
    """

    profile: Profile = NO_PROFILE
    mapping: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    settings: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    dates: str = ""
    encoding: str = ""
    with_remarks: bool = False
    published: str = ""
    vocabulary: Vocabulary = field(default_factory=default_vocabulary)
    resolve: Resolve = field(default_factory=shipped_names)
    sources: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    records: Sequence[Mapping[str, Any]] = ()
