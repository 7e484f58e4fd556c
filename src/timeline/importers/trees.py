"""Reads XML files of a folder, a `.tar.gz` or one file, in the order of their names."""

from __future__ import annotations

import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

from timeline.errors import Problem
from timeline.importers.outside import SourceRefused, opened, read_whole

MAX_XML = 64 * 1024**2
"""Bytes of one XML file, inclusive."""


def trees(
    source: Path, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, ET.Element | Problem]]:
    """(name, root element or why there is none) of each XML file whose name is wanted.

    Raises:
        SourceRefused, NotFound: when the source itself is not to be read.
    """
    for name, data in sorted(_files(source, wanted)):
        yield name, _root(name, data)


def text(element: ET.Element | None) -> str:
    """All text below an element, every run of white space as one space."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _files(source: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    if source.is_dir() and not source.is_symlink():
        for path in sorted(source.rglob("*.xml")):
            name = path.relative_to(source).as_posix()
            if wanted(name):
                yield str(path), read_whole(path)
    elif source.name.endswith(".tar.gz"):
        yield from _archived(source, wanted)
    else:
        yield str(source), read_whole(source)


def _archived(source: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    try:
        with opened(source) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if not (member.isfile() and member.name.endswith(".xml") and wanted(member.name)):
                    continue
                if member.size > MAX_XML:
                    raise SourceRefused(f"{source}: {member.name} has {member.size:,} bytes")
                file = archive.extractfile(member)
                if file is not None:
                    yield f"{source.name}/{member.name}", file.read()
    except tarfile.TarError as error:
        raise SourceRefused(f"{source} is not a whole tar file: {error}") from error


def _root(name: str, data: bytes) -> ET.Element | Problem:
    # A document type can declare entities that grow without end; none of these files has one.
    if b"<!DOCTYPE" in data or len(data) > MAX_XML:
        return Problem(name, 0, "bad-xml", "a document type or over 64 MB; not read")
    try:
        return ET.fromstring(data)
    except ET.ParseError as error:
        return Problem(name, error.position[0], "bad-xml", f"not well-formed: {error}")
