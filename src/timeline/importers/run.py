"""Plans an import and carries it out: read everything, refuse or append everything.

`plan_import` writes nothing; `run_import` appends one batch, named after the bytes of the files, so
that one `timeline undo` withdraws it. Records that the log holds already are left out.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from timeline.archive import Archive
from timeline.errors import NotFound, Problem, RowsRejected, UsageRefused
from timeline.importers import IMPORTERS
from timeline.importers.known import Known, known
from timeline.importers.naming import archive_names
from timeline.importers.options import Advice, Options, Unchanged
from timeline.importers.outside import opened
from timeline.importers.revisions import Revisions
from timeline.log.writer import append, system_clock
from timeline.records.draft import Draft, enveloped, imported_id
from timeline.records.gazetteer import shipped_records
from timeline.records.slugs import unique
from timeline.records.vocabulary import did_you_mean

OUTCOMES: Final = {
    "new": "new",
    "corrected": "corrected",
    "returned": "returned",
    "already": "already recorded",
    "repeated": "repeated",
    "left_out": "left out",
    "rejected": "rejected",
}
"""What becomes of a row -> the words for it."""

_SKIPPED: Final = {"repeated-row": "repeated", "not-taken-up": "left_out"}
"""Rule of an advice that tells why an entry makes no record -> what became of it."""

_OUTCOME: Final = {"correction": "corrected", "retraction": "returned"}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        batch: first 12 hexadecimal digits of the SHA-256 of the files' bytes.
        drafts: (record id, draft) of what is new, in the order of appending.
        problems: why rows are rejected.
        warnings: what a person should know; rejects nothing.
        rows: rows (or entries) read, by what became of them: the words of `OUTCOMES`.
        kinds: kind of record -> how many are new.
    """

    batch: str
    drafts: tuple[tuple[str, Draft], ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Advice, ...]
    rows: Mapping[str, int]
    kinds: Mapping[str, int]

    def records(self, by: str) -> list[dict[str, Any]]:
        """The records to append, without `recorded_at`."""
        return [
            enveloped(draft, record_id=record_id, by=by, batch=self.batch)
            for record_id, draft in self.drafts
        ]

    def summary(self) -> str:
        """The sum in one line: `470 rows: 456 new, 14 already recorded`; what is 0 is left out."""
        parts = [f"{count:,} {OUTCOMES[word]}" for word, count in self.rows.items() if count]
        total = sum(self.rows.values())
        return f"{total:,} row{'' if total == 1 else 's'}: {', '.join(parts) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: ids appended, rows that were there already, rows rejected."""

    batch: str
    appended: tuple[str, ...]
    already: int
    rejected: int
    warnings: tuple[str, ...] = ()


def plan_import(
    archive: Archive, files: Sequence[Path], options: Options, *, importer: str = "csv"
) -> ImportPlan:
    """Reads the files whole and says what would be appended.

    Raises:
        UsageRefused: for an importer that does not exist.
        NotFound, SourceRefused: for files that are not to be read.
    """
    if importer not in IMPORTERS:
        raise UsageRefused(f"{importer} is not a format{did_you_mean(importer, IMPORTERS)}")
    held = known(archive)
    options = replace(
        options,
        sources={**held.addresses, **options.sources},
        records=tuple(held.records.values()),
        resolve=archive_names(one for one in held.records.values() if one["kind"] == "entity"),
    )
    batch = batch_id(files)
    planning = _Planning(importer, held, batch, Revisions(importer, held))
    module = import_module(IMPORTERS[importer])
    for file in files:
        for item in module.read(file, options):
            planning.take(item)
    return planning.plan()


def run_import(
    plan: ImportPlan,
    archive: Archive,
    *,
    by: str,
    good_rows: bool = False,
    now: Callable[[], datetime] = system_clock,
) -> ImportResult:
    """Appends what was planned, as one batch: all of it or nothing.

    Raises:
        RowsRejected: when rows were rejected and `good_rows` is not given; nothing is written.
    """
    if plan.problems and not good_rows:
        count = plan.rows["rejected"] or len(plan.problems)
        raise RowsRejected(
            f"{count:,} rows are rejected, nothing was appended",
            fix="mend the file, or import the rest with --good-rows",
        )
    receipt = append(archive, plan.records(by), now=now) if plan.drafts else None
    records = receipt.records if receipt else ()
    return ImportResult(
        plan.batch,
        tuple(record.id for record in records if record.new),
        plan.rows["already"],
        plan.rows["rejected"],
        receipt.warnings if receipt else (),
    )


def batch_id(files: Iterable[Path]) -> str:
    """First 12 hexadecimal digits of the SHA-256 of the files' bytes, in order of their names."""
    digest = hashlib.sha256()
    for file in files:
        for path in _within(file):
            with opened(path) as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()[:12]


def _within(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(inner for inner in path.rglob("*") if inner.is_file() and not inner.is_symlink())
    if not found:
        raise NotFound(f"{path}: the folder holds no files")
    return found


@dataclass(slots=True)
class _Planning:
    """Items taken one by one; the sums at the end add up."""

    importer: str
    held: Known
    batch: str
    revisions: Revisions
    drafts: dict[str, Draft] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Advice] = field(default_factory=list)
    rows: dict[tuple[str, int], str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def take(self, item: Draft | Problem) -> None:
        """Sorts one item: advice, problem, known record or new one."""
        if isinstance(item, Draft):
            self._draft(item)
        elif isinstance(item, Unchanged):
            self._count(item.path, item.line, "already")
        elif isinstance(item, Advice):
            self.warnings.append(item)
            if item.rule in _SKIPPED:
                self._count(item.path, item.line, _SKIPPED[item.rule])
        else:
            self.problems.append(item)
            if item.line > 1 or self.importer != "csv":
                self._count(item.path, item.line, "rejected")

    def _count(self, path: str, line: int, outcome: str) -> None:
        if line:
            self.rows[path, line] = outcome

    def _draft(self, draft: Draft) -> None:
        body = dict(draft.body)
        kind = str(body["kind"])
        record_id = imported_id(self.importer, draft.key)
        aside = kind in {"source", "entity"}
        if record_id in self.held.records or (aside and body[kind] in self.held.subjects):
            if not aside:
                self._revise(record_id, draft)
            return
        if not aside:
            self._count(draft.path, draft.line, _OUTCOME.get(kind, "new"))
        if kind == "event":
            self._name(body)
        elif kind == "claim" and draft.path and not draft.line:
            # What is said of the event just before it, in the same file, follows that event's name.
            body["event"] = self.renamed.get(body["event"], body["event"])
        self.drafts.setdefault(record_id, replace(draft, body=body))

    def _revise(self, record_id: str, draft: Draft) -> None:
        """A known row: nothing, or a correction where other bytes say something else of it."""
        known_bytes = self.batch in self.held.batches
        correction = None if known_bytes else self.revisions.correction(record_id, draft)
        if correction is None:
            self._count(draft.path, draft.line, "already")
        else:
            self._count(draft.path, draft.line, "corrected")
            self.drafts[imported_id(self.importer, correction.key)] = correction

    def _name(self, body: dict[str, Any]) -> None:
        """Gives an event a free id; relations to events of the same import follow theirs."""
        self.renamed[body["event"]] = body["event"] = self._free(body["event"])
        if "relations" in body:
            body["relations"] = [
                {**one, "to": self.renamed.get(one["to"], one["to"])} for one in body["relations"]
            ]

    def _free(self, event: str) -> str:
        name = event
        if event in self.held.subjects or event in self.taken:
            name = unique(event, self.taken | self.held.subjects.keys())
        self.taken.add(name)
        return name

    def plan(self) -> ImportPlan:
        """The plan of everything taken."""
        self._refuse_what_is_of_nothing()
        self._complete_entities()
        counts = Counter(self.rows.values())
        kinds = Counter(str(draft.body["kind"]) for draft in self.drafts.values())
        if counts["already"] and not self.drafts and self.batch in self.held.withdrawn():
            self.warnings.append(self._undone())
        return ImportPlan(
            self.batch,
            tuple(sorted(self.drafts.items(), key=_rank)),
            tuple(self.problems),
            tuple(self.warnings),
            {word: counts[word] for word in OUTCOMES},
            dict(kinds),
        )

    def _refuse_what_is_of_nothing(self) -> None:
        """What is said of an event must be of one of the archive or of this import."""
        events = self.taken | {name for name in self.held.subjects if ":" not in name}
        for record_id, draft in list(self.drafts.items()):
            for column, event in _spoken_of(draft.body):
                if event not in events:
                    self.drafts.pop(record_id, None)
                    words = f"there is no event {event}{did_you_mean(event, events)}"
                    problem = Problem(draft.path, draft.line, "unknown-event", words, column)
                    self.problems.append(problem)
                    self._count(draft.path, draft.line, "rejected")

    def _complete_entities(self) -> None:
        """Adds the shipped entities that entities of this import name, such as a place's state."""
        shipped = shipped_records()
        given = {*self.held.subjects}
        waiting = [draft.body for draft in self.drafts.values() if draft.body["kind"] == "entity"]
        given.update(body["entity"] for body in waiting)
        while waiting:
            body = waiting.pop()
            for name in (body.get(key, "") for key in ("country", "parent", "successor_of")):
                if name in shipped and name not in given:
                    given.add(name)
                    waiting.append(shipped[name])
                    draft = Draft(shipped[name], key=f"entity:{name}")
                    self.drafts[imported_id(self.importer, draft.key)] = draft

    def _undone(self) -> Advice:
        words = f"batch {self.batch} was withdrawn; take the withdrawal back to have it again"
        fix = f"timeline retract {self.held.withdrawn()[self.batch]} -r other"
        return Advice("", 0, "withdrawn-batch", words, fix=fix)


def _rank(item: tuple[str, Draft]) -> int:
    """What others point at comes first: sources and entities, events, then what is said of them."""
    return {"source": 0, "entity": 0, "event": 1}.get(str(item[1].body["kind"]), 2)


def _spoken_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(column, event) of the events that a claim or a merge of events names."""
    if body["kind"] == "claim":
        return [("about", body["event"])]
    return [(name, body[name]) for name in ("duplicate", "into")] if body["kind"] == "merge" else []
