"""Reads a pack's YAML text into plain values, with the line of every entry.

A subset on purpose: no aliases, no tags, no merge keys, no dates guessed from text; `yes`, `no`,
`on` and `off` stay words. What a person writes is what the pack says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from timeline.errors import Problem
from timeline.records.pack_document import Document, escape

LARGEST: Final = 256 * 1024
"""Bytes that a pack may have, inclusive."""

DEEPEST: Final = 12
"""Levels of nesting that a pack may have."""

_PLAIN = "tag:yaml.org,2002:"
_ALLOWED = frozenset(_PLAIN + name for name in ("map", "seq", "str", "int", "bool", "null"))


# The loader over libyaml, where PyYAML was built with it, reads a pack in a quarter of the time.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """SafeLoader whose plain scalars are text unless a whole number, true, false or null."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,14})", "-+0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(_PLAIN + _tag, re.compile(f"(?:{_pattern})$"), list(_first))


def read_yaml(text: str, path: str) -> tuple[Document | None, list[Problem]]:
    """The document, or None with the problems that stop it from being read."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        message = f"has {size:,} bytes; a pack may have {LARGEST:,}"
        return None, [Problem(path, 0, "pack-too-large", message)]
    try:
        aliases = [
            Problem(path, _line(event), "pack-alias", "aliases (*name) are not read; write it out")
            for event in yaml.parse(text, _Loader)
            if isinstance(event, yaml.AliasEvent)
        ]
        if aliases:
            return None, aliases
        node = yaml.compose(text, _Loader)
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        return None, [_syntax(error, path)]
    if node is None:
        return Document(None, {}), []
    faults = [Problem(path, line, rule, words) for line, rule, words in _faults(node, 1)]
    if faults:
        return None, faults
    return Document(_Loader("").construct_document(node), dict(_lines(node, ""))), []


def _syntax(error: Exception, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or "is not YAML"
    return Problem(path, mark.line + 1 if mark else 0, "pack-syntax", str(words))


def _line(thing: Any) -> int:
    return int(thing.start_mark.line) + 1


def _faults(node: yaml.Node, depth: int) -> Iterator[tuple[int, str, str]]:
    if depth > DEEPEST:
        yield _line(node), "pack-too-deep", f"is nested deeper than {DEEPEST} levels"
        return
    if node.tag not in _ALLOWED:
        yield _line(node), "pack-tag", f"the tag {node.tag} is not read"
        return
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if not isinstance(key, yaml.ScalarNode) or key.tag != _PLAIN + "str":
                yield _line(key), "pack-key", f"the key {name} is not a word; put it in quotes"
            elif name in seen:
                yield _line(key), "pack-key", f"the key {name} is there twice"
            seen.add(name)
            yield from _faults(value, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _faults(item, depth + 1)


def _lines(node: yaml.Node, pointer: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{pointer}/{escape(key.value)}"
            yield below, _line(key)
            yield from _lines(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield f"{pointer}/{index}", _line(item)
            yield from _lines(item, f"{pointer}/{index}")
