"""What can go wrong, in two shapes: a refusal stops (exception), a problem is reported (value)."""

from __future__ import annotations

from dataclasses import asdict, dataclass


class TimelineError(Exception):
    """One thing refused, in words for the person who typed the command.

    Args:
        message: what happened, where, and what would be right.
        fix: the command or text that mends it, ready to paste; empty when there is none.
    """

    exit_code = 1

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class UsageRefused(TimelineError):
    """The command was put together wrongly (exit 2)."""

    exit_code = 2


class RowsRejected(TimelineError):
    """Some rows of an import were refused (exit 3)."""

    exit_code = 3


class NotFound(TimelineError):
    """No record, event, entity or file answers to that name (exit 4)."""

    exit_code = 4


class VerificationFailed(TimelineError):
    """The log is not what was signed (exit 5)."""

    exit_code = 5


class Conflict(TimelineError):
    """It is already there, or not what the writer thought it was (exit 6)."""

    exit_code = 6


class Busy(TimelineError):
    """Somebody else is writing to the archive (exit 7)."""

    exit_code = 7


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in data, with its place.

    Attributes:
        path: the file, relative to the archive where it is inside it.
        line: 1-based line (JSON lines) or row (tables) number; 0 for the file as a whole.
        rule: short code of the rule that was broken, such as `bad-date`.
        message: what is wrong and what would be right, one sentence.
        field: the column or JSON Pointer concerned; empty for the whole line.
        fix: the text or command that mends it; empty when there is none.
    """

    path: str
    line: int
    rule: str
    message: str
    field: str = ""
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.message} [{self.rule}]"

    def as_dict(self) -> dict[str, object]:
        """The same facts for `--json` output."""
        return asdict(self)
