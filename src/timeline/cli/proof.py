"""Proofs for outsiders, as commands print them: which records a REF means, and their proofs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import click

from timeline.archive import Archive
from timeline.errors import UsageRefused

if TYPE_CHECKING:
    from timeline.readmodel.refs import Ref


def positions_of(connection: sqlite3.Connection, ref: Ref) -> list[int]:
    """The log positions of the records that speak of what a REF means, ascending.

    Raises:
        UsageRefused: for a seal, which is no record.
    """
    if ref.position is not None:
        return [ref.position]
    if ref.kind == "seal":
        raise UsageRefused("a seal is not proved by another", fix=f"timeline verify seal/{ref.id}")
    return [row[0] for row in connection.execute(_POSITIONS[ref.kind], {"id": ref.id})]


def _defined_in(table: str) -> str:
    """The first record of a thing, and all that speak of it later; both by an index."""
    return (
        f"SELECT first_position FROM {table} WHERE id = :id"
        " UNION SELECT position FROM subjects WHERE subject = :id ORDER BY 1"
    )


_POSITIONS = {
    "event": _defined_in("events"),
    "entity": _defined_in("entities"),
    "source": _defined_in("sources"),
    "batch": "SELECT position FROM records WHERE batch = :id ORDER BY 1",
}


def emit_proof(archive: Archive, position: int, *, as_json: bool) -> None:
    """Prints the proof that a record is sealed: a .tlog-proof, or its JSON twin.

    Raises:
        NotSealed: when no seal covers it.
    """
    from timeline.log.proofs import inclusion_json, inclusion_text, json_text, prove_inclusion

    proof = prove_inclusion(archive, position)
    text = json_text(inclusion_json(proof)) if as_json else inclusion_text(proof)
    click.echo(text.decode(), nl=False)
