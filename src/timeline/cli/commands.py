"""The list of commands: where each lives and its line in the help, read without importing any."""

from __future__ import annotations

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One command.

    Attributes:
        module: where its `command` is.
        help: its line in the list of commands; a test proves it equal to the command's own.
    """

    module: str
    help: str


SECTIONS: Final[dict[str, dict[str, Entry]]] = {
    "Write (every write appends, nothing is edited)": {
        "init": Entry("timeline.cli.init", "Make a new archive."),
        "add": Entry("timeline.cli.add", "Append one event."),
        "import": Entry("timeline.cli.import_files", "Import files of others."),
    },
    "Look": {
        "find": Entry("timeline.cli.find", "Find events."),
        "log": Entry("timeline.cli.log", "List what was appended, newest first."),
    },
    "Build and share": {
        "build": Entry("timeline.cli.build", "Build the read model (timeline.db) from the log."),
        "serve": Entry("timeline.cli.serve", "Serve the archive with Datasette."),
        "export": Entry(
            "timeline.cli.export", "Write a selection of events to a file: csv, tsv, json, nl."
        ),
    },
    "Trust": {
        "check": Entry("timeline.cli.check", "Check every rule over the whole log."),
    },
    "Help": {
        "types": Entry("timeline.cli.types", "List the event types, or explain one."),
        "completion": Entry("timeline.cli.completion", "Print the completion script of a shell."),
        "help": Entry("timeline.cli.help", "Explain a topic, or a command."),
    },
}

COMMANDS: Final[dict[str, Entry]] = {
    name: entry for section in SECTIONS.values() for name, entry in section.items()
}

INSTEAD: Final = {
    "amend": "correct",
    "cancel": "retract",
    "change": "correct",
    "commit": "add",
    "create": "add",
    "delete": "retract",
    "dump": "export",
    "edit": "correct",
    "facts": "show",
    "fix": "correct",
    "get": "show",
    "history": "log",
    "list": "find",
    "load": "import",
    "ls": "find",
    "new": "add",
    "query": "sql",
    "remove": "retract",
    "revert": "undo",
    "rm": "retract",
    "search": "find",
    "status": "check",
    "update": "correct",
    "view": "show",
}
"""Words of other tools, and the command here that does what they mean."""
