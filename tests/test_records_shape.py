from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic_core import SchemaValidator

from timeline.records import shape
from timeline.records.model import RECORD

from .logs import event

CODE = """
import sys
from timeline.records.codec import decode, encode
line = encode({line!r})
decode(line)
print("pydantic" in sys.modules)
"""


def imports_pydantic(cache: Path) -> bool:
    """Whether a fresh process that encodes a record imports pydantic."""
    ended = subprocess.run(
        [sys.executable, "-c", CODE.format(line=event(1, "malta"))],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout == "True\n"


def test_the_second_process_needs_no_pydantic(tmp_path: Path) -> None:
    assert [True, False] == [imports_pydantic(tmp_path), imports_pydantic(tmp_path)]


def test_a_cache_that_others_can_write_is_not_read(tmp_path: Path) -> None:
    imports_pydantic(tmp_path)
    (kept,) = (tmp_path / "timeline").iterdir()
    kept.chmod(0o666)

    assert imports_pydantic(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_broken_cache_is_made_again(tmp_path: Path, content: bytes) -> None:
    imports_pydantic(tmp_path)
    (kept,) = (tmp_path / "timeline").iterdir()
    kept.write_bytes(content)

    assert [True, False] == [imports_pydantic(tmp_path), imports_pydantic(tmp_path)]


def test_without_a_cache_everything_works(tmp_path: Path) -> None:
    (tmp_path / "timeline").write_text("a file where a folder should be")

    assert imports_pydantic(tmp_path)


def test_the_bare_schema_judges_as_the_models_do() -> None:
    bare = SchemaValidator(shape.made())
    good, bad = event(1, "malta"), {**event(1, "malta"), "when": "2024-13", "nonsense": 1}

    assert RECORD.validate_python(good, strict=True) == bare.validate_python(good, strict=True)
    with pytest.raises(ValueError, match="3 validation errors"):
        bare.validate_python(bad, strict=True)
