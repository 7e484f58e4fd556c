"""The way through the house: an import may only point towards the records."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline

ROOT = Path(timeline.__file__).parent
MAY_USE = {
    "errors": set(),
    "edtf": {"errors"},
    "archive": {"errors"},
    "progress": set(),
    "records": {"errors", "edtf", "archive"},
    "log": {"errors", "edtf", "archive", "records"},
    "fold": {"errors", "edtf", "records"},
    "readmodel": {"errors", "edtf", "archive", "progress", "records", "log", "fold"},
    "importers": {"errors", "edtf", "archive", "records", "log", "readmodel"},
    "exporters": {"errors", "edtf", "archive", "records", "fold", "readmodel"},
    "publish": {
        "errors", "edtf", "archive", "progress", "records", "log", "fold", "readmodel", "exporters"
    },
}  # fmt: skip


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if node.module == "timeline" else [node.module]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def stage(module: str) -> str:
    return module.split(".")[1] if module.startswith("timeline.") else ""


@pytest.mark.parametrize("name", sorted(MAY_USE))
def test_a_stage_imports_only_what_stands_before_it(name: str) -> None:
    folder = ROOT / name
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    used = {stage(module) for path in files if path.exists() for module in imports(path)}

    assert set() == used - MAY_USE[name] - {name, "", "__version__"}
