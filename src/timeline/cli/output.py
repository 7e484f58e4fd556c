"""Prints a result in the form that was asked for; stdout carries nothing but the data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

if TYPE_CHECKING:
    from timeline.exporters.rows import Rows

FORMS = ("json", "nl", "csv", "tsv", "table")
_HELP = {
    "json": "One JSON array.",
    "nl": "One JSON object a line.",
    "csv": "Comma-separated values.",
    "tsv": "Tab-separated values.",
    "table": "Columns for people (the default).",
}
_Function = TypeVar("_Function", bound=Callable[..., Any])


def format_options(function: _Function) -> _Function:
    """Adds --json --nl --csv --tsv --table; the command is given `form`, `table` by default."""
    for form in reversed(FORMS):
        function = click.option(
            f"--{form}",
            "form",
            flag_value=form,
            default="table" if form == "table" else None,
            help=_HELP[form],
        )(function)
    return function


def emit(rows: Rows, form: str) -> int:
    """Prints the rows. Returns their number."""
    if form == "table":
        from timeline.cli.table import print_table

        return print_table(rows)
    from timeline.exporters import exporter

    n: int = exporter(form).write(rows, stdout())
    return n


def stdout() -> BinaryIO:
    """Standard output for bytes, behind whatever was printed as text."""
    sys.stdout.flush()
    return sys.stdout.buffer


def emit_object(value: Any) -> None:
    """Prints one JSON value, indented."""
    import orjson

    stdout().write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
