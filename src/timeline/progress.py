"""How something long tells how far it has come, whoever may be listening."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as often as one likes; the listener decides what of it is shown."""

    def __call__(self, count: int, total: int | None = None, what: str = "") -> None:
        """Tells of one step.

        Args:
            count: what is done of it.
            total: what there is to do, as far as it can be told; None where nobody knows.
            what: the things that are counted; empty for those that were announced at the start.
        """


def unheard(count: int, total: int | None = None, what: str = "") -> None:
    """Where nobody listens."""
