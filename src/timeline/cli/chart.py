"""`timeline chart`: pictures of events and states, as SVG, PNG or characters."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from timeline.cli.as_of import as_of_option
from timeline.cli.find import run, selection, selection_options
from timeline.cli.session import Session, today
from timeline.errors import NotFound, UsageRefused

if TYPE_CHECKING:
    from timeline.publish.pictures import Picture, Table
    from timeline.readmodel.selection import Selection


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A picture with its drawing in characters; the table where it has none."""

    picture: Picture
    text: str


@click.command()
@click.argument("kind", type=click.Choice(["histogram", "status", "lanes", "calendar", "map"]))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@click.option("--on", metavar="DAY", help="A day to mark, for status.")
@click.option("--dark", is_flag=True, help="Colours for a dark ground.")
@as_of_option
@click.option("--width", type=click.IntRange(40, 400), default=80, show_default=True)
@selection_options
@click.pass_obj
def command(
    session: Session,
    /,
    kind: str,
    output: Path | None,
    on: str | None,
    dark: bool,
    as_of: str | None,
    width: int,
    **filters: Any,
) -> None:
    """Draw events or states: histogram, status, lanes, calendar, map."""
    from timeline.cli.model import open_model

    connection = open_model(session)
    # For lanes and status the words name entities; for all others they are searched for.
    words = tuple(filters["text"] or ())
    if kind in {"status", "lanes"}:
        filters["text"] = ()
    chosen = selection(connection, filters, as_of)
    drawn = _KINDS[kind](_Asked(connection, chosen, words, on, width))
    if output is None:
        click.echo(drawn.text, nl=False)
    else:
        _write(output, drawn, dark=dark)
        session.say(f"{drawn.picture.title}, in {output}")


@dataclass(frozen=True, slots=True)
class _Asked:
    connection: sqlite3.Connection
    chosen: Selection
    words: Sequence[str]
    on: str | None
    width: int


def _write(path: Path, drawn: _Drawn, *, dark: bool) -> None:
    """The file in the form that its name says.

    Raises:
        UsageRefused: a form that is none, or PNG without what converts to it.
    """
    match path.suffix:
        case ".svg":
            path.write_text(drawn.picture.file(dark=dark), "utf-8")
        case ".txt":
            path.write_text(drawn.text, "utf-8")
        case ".png":
            path.write_bytes(_png(drawn.picture.file(dark=dark)))
        case other:
            raise UsageRefused(f"{other or path.name}: write to .svg, .png or .txt")


def _png(svg: str) -> bytes:
    try:
        import cairosvg
    except (ImportError, OSError):  # OSError: the package is there, the cairo library is not
        raise UsageRefused(
            "PNG needs cairosvg and the cairo library, which are not installed",
            fix="pip install 'timeline[png]' (and, on Debian, apt-get install libcairo2)",
        ) from None
    made: bytes = cairosvg.svg2png(bytestring=svg.encode(), scale=2)
    return made


def _histogram(asked: _Asked) -> _Drawn:
    from timeline.publish.pictures import buckets_of, histogram, histogram_text
    from timeline.readmodel.facets import settled
    from timeline.readmodel.page_queries import days

    found = run(asked.connection, days(settled(asked.connection, asked.chosen)))
    buckets = buckets_of([(row["day"], row["certainty"], row["n"]) for row in found])
    return _Drawn(histogram(buckets), histogram_text(buckets, width=asked.width))


def _calendar(asked: _Asked) -> _Drawn:
    """The year that was asked for, else the year with most events."""
    from timeline import edtf
    from timeline.publish.pictures import calendar_strip, calendar_text
    from timeline.readmodel.facets import settled
    from timeline.readmodel.page_queries import days

    counts: Counter[int] = Counter()
    years: Counter[int] = Counter()
    for row in run(asked.connection, days(settled(asked.connection, asked.chosen))):
        counts[row["day"]] += row["n"]
        years[edtf.civil(row["day"])[0]] += row["n"]
    if not years:
        raise NotFound("no event to draw")
    year = years.most_common(1)[0][0]
    return _Drawn(calendar_strip(year, counts), calendar_text(year, counts))


def _map(asked: _Asked) -> _Drawn:
    from timeline.publish.pictures import Place, coast_map, map_table
    from timeline.readmodel.facets import choose_selection
    from timeline.readmodel.placed import located

    found = located(choose_selection(asked.connection, asked.chosen))
    spots = [Place(one.latitude, one.longitude, one.n, one.label) for one in found]
    return _Drawn(coast_map(spots), _columns(map_table(spots)))


def _columns(table: Table) -> str:
    """A table of text with columns of equal width."""
    rows = [table.headers, *table.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.headers))]
    lines = ("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _lanes(asked: _Asked) -> _Drawn:
    """A lane for each entity named."""
    from dataclasses import replace

    from timeline.publish.pictures import Lane, Mark, lanes, lanes_text
    from timeline.readmodel.page_queries import labels, page_of_events

    if not asked.words:
        raise UsageRefused("lanes need whom to draw", fix="timeline chart lanes person:…")
    drawn = []
    for name in (_resolved(asked.connection, word) for word in asked.words):
        one = replace(asked.chosen, who=(*asked.chosen.who, name))
        query = page_of_events(one, limit=10_000, offset=0, newest=False)
        found = [row for row in run(asked.connection, query) if row["start_min"] is not None]
        marks = [
            Mark(r["start_min"], r["end_max"] or r["start_min"], r["title"], r["certainty"])
            for r in found
        ]
        label = run(asked.connection, labels(f'["{name}"]')).fetchone()
        drawn.append(Lane(label["label"] if label else name, tuple(marks)))
    return _Drawn(lanes(drawn), lanes_text(drawn, width=asked.width))


def _status(asked: _Asked) -> _Drawn:
    """The status of a treaty for each party."""
    from timeline import edtf
    from timeline.publish.links import Links
    from timeline.publish.pages.states import day_asked
    from timeline.publish.pages.treaty import status_rows
    from timeline.publish.pictures import status_bars, status_text
    from timeline.publish.site import Ask, AsOf, Site

    if len(asked.words) != 1:
        raise UsageRefused("status needs one treaty", fix="timeline chart status treaty:…")
    name = _resolved(asked.connection, asked.words[0])
    moment = asked.chosen.as_of
    known = None if moment is None else AsOf("", moment, "")
    query = (("on", asked.on),) if asked.on else ()
    ask = Ask(asked.connection, Site(), Links(), query=query, as_of=known, today=today())
    rows = [row for row in status_rows(ask, name) if row.bars]
    if not rows:
        raise NotFound(f"{name}: no event moves its status")
    day, wrong = day_asked(ask)
    if wrong:
        raise UsageRefused(wrong)
    now = edtf.jdn(ask.today.year, ask.today.month, ask.today.day)
    drawn = status_bars(rows, marker=day if asked.on else None, last_jdn=max(day, now))
    return _Drawn(drawn, status_text(rows, width=asked.width))


def _resolved(connection: sqlite3.Connection, word: str) -> str:
    from timeline.readmodel.refs import resolve

    return resolve(connection, word).id


_KINDS: Final[dict[str, Callable[[_Asked], _Drawn]]] = {
    "histogram": _histogram,
    "status": _status,
    "lanes": _lanes,
    "calendar": _calendar,
    "map": _map,
}
