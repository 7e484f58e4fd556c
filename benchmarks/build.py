"""Builds the read model of one archive in a process of its own, for `run.py` to measure."""

from __future__ import annotations

import sys
from pathlib import Path

from timeline.archive import Archive
from timeline.readmodel.build import build

build(Archive(Path(sys.argv[1])))
