"""Where the tests find the real data: beside the checkout, or where TIMELINE_CORPORA says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def corpus(name: str) -> Path:
    """The folder of one corpus; the test is skipped, with a word, where it is not there."""
    beside = Path(__file__).resolve().parents[1].parent / "shared" / "corpora"
    folder = Path(os.environ.get("TIMELINE_CORPORA", beside)) / name
    if not folder.is_dir():
        pytest.skip(f"corpus {name} is not here")
    return folder
