"""The files of the log and their names: `events/2026/2026-11.ana-laptop.jsonl`."""

from __future__ import annotations

import getpass
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timeline.archive import Archive
from timeline.errors import UsageRefused
from timeline.log.files import make_folder, naming, replace_durably

SEGMENT_BYTES = 8 * 1024 * 1024
"""A segment at or over this size gets no further batch; the next one opens a new file."""

_WRITER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NAME = re.compile(
    rf"([0-9]{{4,}}-[0-9]{{2}})\.({_WRITER.pattern})(?:\.([2-9]|[1-9][0-9]+))?\.jsonl"
)


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """What a segment's name says.

    Attributes:
        month: `YYYY-MM`, UTC, of every `recorded_at` in it.
        writer: the clone that appends to it.
        number: 1, then 2 and on when a month grows over SEGMENT_BYTES.
    """

    month: str
    writer: str
    number: int = 1

    @property
    def path(self) -> str:
        """Relative to `events/`, with `/`."""
        number = f".{self.number}" if self.number > 1 else ""
        return f"{self.month[:-3]}/{self.month}.{self.writer}{number}.jsonl"


def parse_segment(path: Path) -> Segment | None:
    """The segment that a file's name and folder stand for, or None where they follow no pattern."""
    return _parse(path.name, path.parent.name)


def _parse(name: str, folder: str) -> Segment | None:
    match = _NAME.fullmatch(name)
    if match is None or match[1][:-3] != folder:
        return None
    return Segment(match[1], match[2], int(match[3] or 1))


def segment_files(archive: Archive) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every `.jsonl` file one folder below `events/`, in no order: (name of its folder, file).

    Misnamed ones are there too (the check names them): their lines count all the same.
    """
    with naming(archive.events), os.scandir(archive.events) as years:
        for year in years:
            if year.is_dir():
                with os.scandir(year) as files:
                    for file in files:
                        if file.name.endswith(".jsonl"):
                            yield year.name, file


def segment_paths(archive: Archive) -> list[Path]:
    """The paths of `segment_files` by year, month, writer and number."""
    found = (
        (year, _parse(file.name, year) or Segment(file.name, ""), file.path)
        for year, file in segment_files(archive)
    )
    return [Path(path) for _, _, path in sorted(found)]


def segments_by_writer(archive: Archive) -> list[list[tuple[Segment, str]]]:
    """The segments of every writer with their paths, the newest first."""
    found: dict[str, list[tuple[Segment, str]]] = {}
    for year, file in segment_files(archive):
        segment = _parse(file.name, year)
        if segment is not None:
            found.setdefault(segment.writer, []).append((segment, file.path))
    return [sorted(segments, reverse=True) for segments in found.values()]


def writer_name(archive: Archive) -> str:
    """The name under which this clone appends: TIMELINE_WRITER, or one made once and kept.

    Raises:
        UsageRefused: when TIMELINE_WRITER has other characters than a-z, 0-9 and `-`.
    """
    given = os.environ.get("TIMELINE_WRITER", "")
    if given:
        if not _WRITER.fullmatch(given):
            raise UsageRefused(
                f"TIMELINE_WRITER={given!r}: only a-z, 0-9 and '-' make a writer's name",
                fix=f"export TIMELINE_WRITER={_slug(given)}",
            )
        return given
    kept = archive.private / "writer"
    with naming(kept):
        text = kept.read_bytes().decode("utf-8", "replace").strip() if kept.is_file() else ""
    if _WRITER.fullmatch(text):
        return text
    name = _fresh_name()
    make_folder(archive.private)
    replace_durably(kept, f"{name}\n".encode())
    return name


def _fresh_name() -> str:
    """User and host for the reader's eye, four random letters so that two clones never share it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = "writer"
    return f"{_slug(user)}-{_slug(os.uname().nodename.split('.')[0])}-{os.urandom(2).hex()}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:24] or "x"
