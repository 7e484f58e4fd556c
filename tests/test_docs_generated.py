from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = load()


@pytest.mark.parametrize("name", generate.FILES)
def test_a_generated_file_is_current(name: str) -> None:
    fresh = generate.FILES[name]().rstrip() + "\n"

    assert fresh == (ROOT / name).read_text("utf-8"), "run: python tools/generate.py"
