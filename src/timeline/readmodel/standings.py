"""The SELECTs behind `state`: where a treaty, an office or a membership stood."""

from __future__ import annotations

from typing import Any, Final

from timeline.readmodel.selection import Query

COLUMNS: Final = (
    "machine", "subject", "party", "state", "valid_from", "valid_to", "uncertain", "contested",
    "readings", "events", "unordered", "impossible",
)  # fmt: skip


def standings(name: str, *, on: int | None = None, upto: int | None = None) -> Query:
    """States of a subject, or of a party in all its subjects, `COLUMNS` wide.

    Args:
        name: id of an entity, or the text of a name that is not resolved.
        on: Julian Day Number; the whole life without it.
        upto: log position, inclusive: as it was known then; None for now.
    """
    where = ["(subject = :name OR party = :name)"]
    parameters: dict[str, Any] = {"name": name}
    if upto is None:
        where.append("known_to IS NULL")
    else:
        where.append("known_from <= :upto AND (known_to IS NULL OR known_to > :upto)")
        parameters["upto"] = upto
    if on is not None:
        where.append("(valid_from IS NULL OR valid_from <= :day)")
        where.append("(valid_to IS NULL OR valid_to > :day)")
        parameters["day"] = on
    sql = (
        f"SELECT {', '.join(COLUMNS)} FROM states WHERE {' AND '.join(where)}"
        " ORDER BY machine, subject, party, coalesce(valid_from, -1000000000)"
    )
    return Query(sql, parameters)


def has_states(name: str) -> Query:
    """One row if the name has, or ever had, a state."""
    sql = "SELECT 1 FROM states WHERE subject = :name OR party = :name LIMIT 1"
    return Query(sql, {"name": name})
