"""`timeline find`: events, by words, time, type, people, place, topic and certainty."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from timeline.cli.as_of import as_of_option
from timeline.cli.output import emit, format_options
from timeline.cli.session import Session, today
from timeline.cli.words import one_of
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from timeline.exporters.rows import Rows
    from timeline.readmodel.selection import Query, Selection

_Function = TypeVar("_Function", bound=Callable[..., Any])

SHOWN = ("date", "title", "type", "certainty", "id")
"""Columns of the table for people; other formats carry them all."""


def selection_options(function: _Function) -> _Function:
    """Adds the filters of `find`; the command is given them as one mapping for `selection`."""
    for option in reversed(
        (
            click.argument("text", nargs=-1),
            click.option("--from", "first", metavar="DATE", help="Not over before this."),
            click.option("--to", "last", metavar="DATE", help="Not begun after this."),
            click.option("-t", "--type", "types", multiple=True, metavar="TYPE", help="Kind."),
            click.option("-w", "--who", multiple=True, metavar="REF", help="Who took part; all."),
            click.option("-p", "--place", "places", multiple=True, metavar="PLACE", help="Where."),
            click.option("--topic", "topics", multiple=True, metavar="T", help="About what."),
            click.option("-c", "--certainty", multiple=True, metavar="WORD", help="How sure."),
            click.option("--status", multiple=True, metavar="WORD", help="held, scheduled, …"),
        )
    ):
        function = option(function)
    return function


@click.command()
@selection_options
@as_of_option
@click.option("--sort", default="date", help="date, -date, title, certainty, recorded, -recorded.")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True)
@click.option("--facet", metavar="FIELD", help="Count by a field instead of listing.")
@click.option("--count", "only_count", is_flag=True, help="Print how many there are.")
@format_options
@click.pass_obj
def command(
    session: Session,
    /,
    as_of: str | None,
    sort: str,
    limit: int,
    facet: str | None,
    only_count: bool,
    form: str,
    **filters: Any,
) -> None:
    """Find events."""
    from timeline.cli.model import open_model
    from timeline.readmodel import selection as queries
    from timeline.readmodel.facets import settled

    connection = open_model(session)
    chosen = selection(connection, filters, as_of)
    if facet is not None and not only_count:
        emit(counted(connection, chosen, facet), form)
        return
    chosen = settled(connection, chosen)
    if only_count:
        click.echo(run(connection, queries.count(chosen)).fetchone()[0])
    else:
        found = rows(connection, queries.events(chosen, sort=sort, limit=limit))
        n = emit(for_people(found) if form == "table" else found, form)
        _tell(session, connection, chosen, n, limit)


def selection(
    connection: sqlite3.Connection, filters: Mapping[str, Any], as_of: str | None
) -> Selection:
    """The selection that the filters of the command line mean.

    Raises:
        UsageRefused: a word that is none of its scale, a date that is none.
        NotFound: a type that the vocabulary lacks.
    """
    from timeline.cli.as_of import as_of_position
    from timeline.readmodel.selection import Selection
    from timeline.records.scales import CREDIBILITY_OF, STATUS

    return Selection(
        text=" ".join(filters["text"]),
        first=_day(filters.get("first"), last=False),
        last=_day(filters.get("last"), last=True),
        types=_types(connection, filters["types"]),
        who=tuple(_entity(connection, name) for name in filters["who"]),
        places=tuple(_entity(connection, name) for name in filters["places"]),
        topics=tuple(filters["topics"]),
        certainty=_words("--certainty", filters["certainty"], CREDIBILITY_OF),
        status=_words("--status", filters["status"], STATUS),
        as_of=as_of_position(connection, as_of),
    )


def run(connection: sqlite3.Connection, query: Query) -> sqlite3.Cursor:
    """The cursor of a query."""
    return connection.execute(query.sql, query.parameters)


def rows(connection: sqlite3.Connection, query: Query) -> Rows:
    """The result of a query, as it streams by."""
    from timeline.exporters.rows import Rows

    cursor = run(connection, query)
    return Rows(tuple(column[0] for column in cursor.description), cursor)


def counted(connection: sqlite3.Connection, chosen: Selection, field: str) -> Rows:
    """The commonest values of a field."""
    from timeline.exporters.rows import Rows
    from timeline.readmodel import facets
    from timeline.readmodel.selection import facet

    if field not in facets.FIELDS:
        return rows(connection, facet(chosen, field))
    found = facets.choose_selection(connection, chosen)
    return Rows((field, "n"), iter(facets.counts(found, facets.FIELDS[field])))


def for_people(found: Rows) -> Rows:
    """The few columns of the table, with `?` behind a certainty that somebody disputes."""
    from timeline.exporters.rows import Rows

    places = [found.columns.index(name) for name in SHOWN]
    disputed, certainty = found.columns.index("disputed"), SHOWN.index("certainty")

    def row(values: Sequence[Any]) -> list[Any]:
        cells = [values[place] for place in places]
        if values[disputed]:
            cells[certainty] += " (disputed)"
        return cells

    return Rows(SHOWN, (row(values) for values in found.values))


def _tell(
    session: Session, connection: sqlite3.Connection, chosen: Selection, n: int, limit: int
) -> None:
    """What the list does not show, in words: the rest of it, or how to get a first hit."""
    from timeline.cli.as_of import provisional
    from timeline.readmodel.selection import count

    if n == 0:
        session.say("nothing found")
    elif n == limit:
        total = run(connection, count(chosen)).fetchone()[0]
        if total > n:
            session.say(f"{n} of {total:,}; --limit {total} shows all")
    if chosen.as_of is not None:
        session.say(f"as the archive was at #{chosen.as_of}{provisional(connection, chosen.as_of)}")


def _day(text: str | None, *, last: bool) -> int | None:
    from timeline import edtf

    if text is None:
        return None
    dates = edtf.read(text, today=today())
    day = dates.end_max if last else dates.start_min
    if day is None:
        raise UsageRefused(f"{text!r} has no {'last' if last else 'first'} day to search by")
    return day


def _types(connection: sqlite3.Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The types, checked; `treaty.` means all that open so."""
    if not names:
        return ()
    from timeline.cli.model import vocabulary_in_force

    known = {
        *vocabulary_in_force(connection).types(),
        *(row[0] for row in connection.execute("SELECT DISTINCT type FROM events")),
    }
    found: list[str] = []
    for name in names:
        family = [kind for kind in known if name.endswith(".") and kind.startswith(name)]
        found += family or [one_of("--type", name, known)]
    return tuple(found)


def _entity(connection: sqlite3.Connection, name: str) -> str:
    """An entity's id where the name means one, else the name, as events that know no id have it."""
    from timeline.readmodel.refs import resolve

    try:
        return resolve(connection, name, ("entity",)).id
    except NotFound:
        if ":" in name:
            raise
        return name


def _words(option: str, words: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    scale = list(known)
    return tuple(one_of(option, word, scale) for word in words)
