"""Where an archive's files are: the folder that holds `events/`, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from timeline.errors import NotFound


@dataclass(frozen=True, slots=True)
class Archive:
    """The folder of one archive. Paths only: nothing is opened or created here."""

    root: Path

    @property
    def events(self) -> Path:
        """The log: the only folder that must be kept."""
        return self.root / "events"

    @property
    def seal(self) -> Path:
        """Leaves and checkpoints."""
        return self.events / "seal"

    @property
    def database(self) -> Path:
        """The read model; may be deleted at any time."""
        return self.root / "timeline.db"

    @property
    def metadata(self) -> Path:
        """Datasette's metadata: title, licence, source, settings under `plugins: timeline:`."""
        return self.root / "metadata.yml"

    @property
    def private(self) -> Path:
        """Lock, writer name, torn tails, drafts; never committed."""
        return self.root / ".timeline"


def find_archive(start: Path) -> Archive:
    """The nearest folder from `start` upward that holds `events/`.

    Raises:
        NotFound: when no folder up to the root has one.
    """
    for folder in (start, *start.parents):
        if (folder / "events").is_dir():
            return Archive(folder)
    raise NotFound(f"{start}: no archive here or above (no events/ folder)", fix="timeline init")
