"""Every rule over the whole log: all that is wrong, in one reading, with file and line.

`FILE_RULES` look at a segment's bytes, `RECORD_RULES` at one record after the other in log order,
`LAST_RULES` at what was gathered on the way. A new rule is a function and its place in a tuple.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from timeline.archive import Archive
from timeline.errors import Problem
from timeline.log.ends import instant
from timeline.log.files import reading
from timeline.log.lines import BOM, Part, lines_of, stamp_of
from timeline.log.reader import Entry, read, whole
from timeline.log.segments import parse_segment, segment_paths
from timeline.records.pack_file import BadPack, pack_of_record, shipped
from timeline.records.vocabulary import Vocabulary, standing
from timeline.records.vocabulary_check import check_event


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        problems: what must be mended.
        notes: what harms nothing, such as lines that a merge left out of order.
        counts: records by kind, and `records`, `sealed`, `segments`, `duplicates`.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    counts: dict[str, int]


@dataclass(slots=True)
class Seen:
    """What the records before this one said; the rules write here what later rules need."""

    vocabulary: Vocabulary = field(default_factory=lambda: standing([shipped("diplomacy")], []))
    leaves: dict[str, bytes] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    batches: set[str] = field(default_factory=set)
    wanted: dict[str, tuple[Entry, str]] = field(default_factory=dict)
    duplicates: int = 0


def check(archive: Archive) -> Report:
    """Reads everything once and reports everything; nothing is written.

    Raises:
        FileRefused: when a segment cannot be read at all.
        LeavesBroken: when the sealed order cannot be read.
    """
    segments = [whole(archive, path) for path in segment_paths(archive)]
    problems = [found for part in segments for rule in FILE_RULES for found in rule(part)]
    notes = [found for part in segments for found in disorder(part)]
    seen, counts = Seen(), Counter({"segments": len(segments)})
    for item in read(archive):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        counts.update(("records", item.record["kind"], *(("sealed",) if item.sealed else ())))
        problems.extend(found for rule in RECORD_RULES for found in rule(item, seen))
    problems.extend(found for rule in LAST_RULES for found in rule(seen))
    counts["duplicates"] = seen.duplicates
    return Report(tuple(sorted(problems, key=_place)), tuple(notes), dict(counts))


def _place(problem: Problem) -> tuple[str, int]:
    return problem.path, problem.line


# --- segments -------------------------------------------------------------------------------------


def name(part: Part) -> Iterator[Problem]:
    """A segment is called `YYYY-MM.writer.jsonl` in the folder of its year."""
    if parse_segment(part.path) is None:
        yield Problem(
            part.name,
            0,
            "bad-name",
            "not named YYYY-MM.writer.jsonl or YYYY-MM.writer.N.jsonl in the folder of its year",
            fix=f"git mv {part.name} {part.path.parent.name}-01.recovered.jsonl",
        )


def month(part: Part) -> Iterator[Problem]:
    """Every record of a segment was written down in its month, UTC."""
    segment = parse_segment(part.path)
    if segment is None:
        return
    wanted = segment.month.encode()
    for line in lines_of(part):
        stamp = stamp_of(line.raw)
        if stamp and not stamp.startswith(wanted):
            message = f"recorded at {stamp.decode('ascii', 'replace')}, not in {segment.month}"
            yield Problem(part.name, line.number, "wrong-month", message, field="recorded_at")


def byte_order_mark(part: Part) -> Iterator[Problem]:
    """A segment begins with `{`."""
    with reading(part.path, buffering=0) as file:
        if file.read(len(BOM)) == BOM:
            message = "a byte-order mark stands before the first line; an editor has put it there"
            yield Problem(part.name, 1, "byte-order-mark", message, fix=_checkout(part))


def torn_tail(part: Part) -> Iterator[Problem]:
    """A segment ends in LF."""
    size = part.path.stat().st_size
    if size > part.end:
        message = (
            f"{size - part.end:,} bytes behind the last line end are no record: "
            "an append that never finished, or a line end that an editor took away"
        )
        fix = "the next append sets them aside in .timeline/torn/"
        yield Problem(part.name, _line_count(part) + 1, "torn-tail", message, fix=fix)


def disorder(part: Part) -> Iterator[Problem]:
    """Git's union merge may leave lines out of order; readers sort them, so this is only a note."""
    last = b""
    for line in lines_of(part):
        stamp = stamp_of(line.raw)
        if stamp and stamp < last:
            message = f"recorded at {stamp.decode()}, before the line above it; a merge does this"
            yield Problem(part.name, line.number, "out-of-order", message, field="recorded_at")
            return
        last = stamp or last


def _line_count(part: Part) -> int:
    return sum(1 for _ in lines_of(part))


def _checkout(part: Part) -> str:
    return f"git checkout -- {part.name}"


# --- records, in log order ------------------------------------------------------------------------


def real_instant(entry: Entry, _: Seen) -> Iterator[Problem]:
    """`recorded_at` is a moment that exists."""
    if instant(entry.record["recorded_at"]) is None:
        yield _problem(entry, "bad-instant", "there is no such moment", "/recorded_at")


def one_id_one_content(entry: Entry, seen: Seen) -> Iterator[Problem]:
    """An id stands for one line; the very same line again is inert."""
    before = seen.leaves.setdefault(entry.record["id"], entry.leaf)
    if before is not entry.leaf:
        seen.duplicates += 1
        if before != entry.leaf:
            message = f"id {entry.record['id']} stands before this line with other content"
            yield _problem(entry, "id-reused", message, "/id")


def targets_stand_before(entry: Entry, seen: Seen) -> Iterator[Problem]:
    """What a record corrects, retracts, supersedes, merges or grades stands earlier in the log."""
    record: dict[str, Any] = dict(entry.record)
    for pointer, target in _targets(record):
        if target not in seen.leaves and target not in seen.subjects:
            yield _problem(entry, "dangling", f"{target} is not in the log before it", pointer)
    batch = record.get("batch_of")
    if batch is not None and batch not in seen.batches:
        yield _problem(entry, "dangling", f"no batch {batch} stands before it", "/batch_of")


def words_of_the_vocabulary(entry: Entry, seen: Seen) -> Iterator[Problem]:
    """An event keeps to the vocabulary that is in force at its place in the log."""
    if entry.record["kind"] == "event":
        for found in check_event(seen.vocabulary, entry.record):
            yield _problem(entry, found.rule, found.message, found.pointer)
    elif entry.record["kind"] == "vocabulary":
        try:
            seen.vocabulary = seen.vocabulary.plus(pack_of_record(entry.record))
        except BadPack as error:
            for problem in error.problems:
                yield _problem(entry, problem.rule, problem.message, problem.field)


def remember(entry: Entry, seen: Seen) -> Iterator[Problem]:
    """Gathers what is defined and what is referred to; finds nothing itself."""
    record: dict[str, Any] = dict(entry.record)
    seen.batches.add(record.get("batch", ""))
    kind = record["kind"]
    if kind in ("event", "source", "entity"):
        seen.subjects.add(record[kind])
    for pointer, name in _references(record):
        if name not in seen.subjects:
            seen.wanted.setdefault(name, (entry, pointer))
    return iter(())


def everything_referred_to_exists(seen: Seen) -> Iterator[Problem]:
    """Sources, entities and events that are referred to have a record somewhere in the log."""
    for name, (entry, pointer) in seen.wanted.items():
        if name not in seen.subjects:
            what = "source" if name.startswith("src:") else "entity" if ":" in name else "event"
            yield _problem(entry, f"unknown-{what}", f"no record states {name}", pointer)


def _targets(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(JSON Pointer, record id or subject) of everything that a record acts on."""
    for index, target in enumerate(record.get("supersedes", ())):
        yield f"/supersedes/{index}", target
    for key in _TARGETS.get(record["kind"], ()):
        if key in record:
            yield f"/{key}", record[key]


_TARGETS = {
    "claim": ("event",),
    "correction": ("of",),
    "retraction": ("of",),
    "merge": ("duplicate", "into"),
    "assessment": ("of",),
}


_REFERENCES = ("root", "parent", "successor_of", "source", "duplicate_of", "from", "to")


def _references(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(JSON Pointer, id) of the sources, entities and events that a record names."""
    for key in _REFERENCES:
        if key in record and record["kind"] not in (key, "seal"):
            yield f"/{key}", record[key]
    for index, relation in enumerate(record.get("relations", ())):
        yield f"/relations/{index}/to", relation["to"]
    yield from _of_event(record, "")
    claims = record.get("claims", ())
    for index, claim in enumerate(claims):
        yield from _of_claim(claim, f"/claims/{index}")
    if record["kind"] == "claim":
        yield from _of_claim(record["claim"], "/claim")


def _of_claim(claim: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    yield f"{pointer}/source", claim["source"]
    yield from _of_event(claim.get("value", {}), f"{pointer}/value")


def _of_event(fields: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    for name, key in (("participants", "entity"), ("where", "place")):
        for index, item in enumerate(fields.get(name, ())):
            if key in item:
                yield f"{pointer}/{name}/{index}/{key}", item[key]


def _problem(entry: Entry, rule: str, message: str, pointer: str) -> Problem:
    return Problem(entry.path, entry.line, rule, message, field=pointer)


FILE_RULES: tuple[Callable[[Part], Iterable[Problem]], ...] = (
    name,
    month,
    byte_order_mark,
    torn_tail,
)
RECORD_RULES: tuple[Callable[[Entry, Seen], Iterable[Problem]], ...] = (
    real_instant,
    one_id_one_content,
    targets_stand_before,
    words_of_the_vocabulary,
    remember,
)
LAST_RULES: tuple[Callable[[Seen], Iterable[Problem]], ...] = (everything_referred_to_exists,)
