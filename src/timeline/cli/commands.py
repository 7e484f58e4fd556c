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
        "cite": Entry(
            "timeline.cli.cite", "Add one more source's claim; FIELD=VALUE where it differs."
        ),
        "correct": Entry(
            "timeline.cli.correct",
            "Correct fields of an event, entity or source; FIELD= takes one away.",
        ),
        "retract": Entry(
            "timeline.cli.retract",
            "Retract an event, entity, source, record or batch; it stays visible, struck through.",
        ),
        "undo": Entry("timeline.cli.undo", "Withdraw what was appended last, or a whole batch."),
        "entity": Entry(
            "timeline.cli.entity", "List, show, add, name, merge and succeed entities."
        ),
        "source": Entry("timeline.cli.source", "List, show, add and grade sources."),
        "vocabulary": Entry("timeline.cli.vocabulary", "List, show, add and lint vocabularies."),
        "resolve": Entry(
            "timeline.cli.resolve", "List names that stand as text, or say whom one means."
        ),
    },
    "Look": {
        "find": Entry("timeline.cli.find", "Find events."),
        "show": Entry("timeline.cli.show", "Show one event, entity, source, record or batch."),
        "state": Entry(
            "timeline.cli.state",
            "Show where a treaty, office or membership stood, and by whose reading.",
        ),
        "log": Entry("timeline.cli.log", "List what was appended, newest first."),
        "diff": Entry("timeline.cli.diff", "Show what changed in the archive after A, up to B."),
        "chart": Entry(
            "timeline.cli.chart", "Draw events or states: histogram, status, lanes, calendar, map."
        ),
        "sql": Entry("timeline.cli.sql", "Run a SELECT over the read model."),
    },
    "Build and share": {
        "build": Entry("timeline.cli.build", "Build the read model (timeline.db) from the log."),
        "serve": Entry("timeline.cli.serve", "Serve the archive with Datasette."),
        "export": Entry(
            "timeline.cli.export",
            "Write a selection of events to a file: csv, json, ics and more.",
        ),
        "publish": Entry("timeline.cli.publish", "Write the pages and the data as plain files."),
    },
    "Trust": {
        "check": Entry("timeline.cli.check", "Check every rule over the whole log."),
        "seal": Entry("timeline.cli.seal", "Sign everything that is in the log now."),
        "verify": Entry("timeline.cli.verify", "Verify that nothing signed was changed."),
        "witness": Entry("timeline.cli.witness", "Sign the seals of somebody else's archive."),
        "erase": Entry("timeline.cli.erase", "Remove one sealed line on a legal basis."),
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
