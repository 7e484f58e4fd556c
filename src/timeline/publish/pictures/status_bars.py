"""Status bars: where a treaty, office or membership stood for each party, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timeline.publish.pictures.axis import AXIS_HEIGHT, Scale, axis, axis_line, padded, ticks
from timeline.publish.pictures.days import day_words
from timeline.publish.pictures.inks import Ink, definitions, fill, legend, state_inks
from timeline.publish.pictures.span import arrow_end
from timeline.publish.pictures.writer import (
    Picture,
    Table,
    element,
    haloed,
    label,
    link,
    number,
    percent,
    pinned,
    shorten,
    text,
)

_ROW, _BAR_TOP, _BAR = 42, 17, 16
_CHARACTER = 6.4
_FILE, _PHONE = 9.12, 3.4  # pixels of one per cent of the width


@dataclass(frozen=True, slots=True)
class StatusBar:
    """One state that held for a while.

    Attributes:
        from_jdn: first day; None where it began before anything the archive knows.
        to_jdn: the day it ended, exclusive; None while it goes on.
        state: the vocabulary's word, such as `in_force`.
        note: whose reading this is, or why it is uncertain; may be empty.
        href: the address of the event that began it; may be empty.
    """

    from_jdn: int | None
    to_jdn: int | None
    state: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A party (or a reading of it) and its bars in order of time."""

    label: str
    bars: tuple[StatusBar, ...]
    href: str = ""


def status_bars(
    rows: Sequence[StatusRow],
    *,
    title: str = "Status over time",
    desc: str | None = None,
    uid: str = "status",
    marker: int | None = None,
    first_jdn: int | None = None,
    last_jdn: int | None = None,
) -> Picture:
    """A row for each party; each state has its own pattern and, where there is room, its word.

    Args:
        rows: from top to bottom.
        title: the accessible name.
        desc: what the picture shows; made from the rows when None.
        uid: prefix of every id, unique on the page.
        marker: a day that is looked at, drawn as an upright line.
        first_jdn: first day to show, when not that of the first bar.
        last_jdn: last day to show, when not that of the last bar or the marker; give today.
    """
    scale = scale_of(rows, marker, first_jdn, last_jdn)
    inks = inks_of(rows)
    top = 20 if marker is not None else 0
    body = definitions(uid, list(inks.values()))
    floor = top + len(rows) * _ROW + 2
    # Behind the bars, so that the lines of the months and years do not cut them.
    body += axis(ticks(scale), floor, grid_from=top)
    for position, row in enumerate(rows):
        body += _row(row, top + position * _ROW, scale, inks, uid)
    if marker is not None:
        body += _marker(marker, scale, floor)
    below = floor + AXIS_HEIGHT + 6.0
    if inks:
        drawn, taken = legend(uid, list(inks.values()), below)
        body, below = body + drawn, below + taken
    said = f"{len(rows)} rows of states over time." if desc is None else desc
    linked = any(row.href or any(bar.href for bar in row.bars) for row in rows)
    return Picture("status", uid, title, said, body, below, linked=linked)


def inks_of(rows: Sequence[StatusRow]) -> dict[str, Ink]:
    """The ink of each state that occurs."""
    return state_inks(bar.state for row in rows for bar in row.bars)


def scale_of(
    rows: Sequence[StatusRow], marker: int | None, first: int | None, last: int | None
) -> Scale:
    """From the first to the last day that any bar or the marker names."""
    bars = [bar for row in rows for bar in row.bars]
    named = [day for bar in bars for day in (bar.from_jdn, bar.to_jdn) if day is not None]
    named += [day for day in (marker, first, last) if day is not None]
    if not named:
        named = [0]
    scale = padded(min(named), max(named))
    begin = scale.first if first is None else first
    end = scale.last if last is None else last
    return Scale(begin, max(begin, end))


def _row(row: StatusRow, top: float, scale: Scale, inks: dict[str, Ink], uid: str) -> str:
    name = label(shorten(row.label, 60), "0", top + 12, class_="tl-name")
    bars = "".join(_bar(bar, top + _BAR_TOP, scale, inks, uid) for bar in row.bars)
    return link(row.href, name) + bars


def _bar(bar: StatusBar, top: float, scale: Scale, inks: dict[str, Ink], uid: str) -> str:
    left = 0.0 if bar.from_jdn is None else scale.share(bar.from_jdn)
    right = 100.0 if bar.to_jdn is None else scale.share(bar.to_jdn)
    ink = inks[bar.state]
    width = max(0.4, right - left)
    drawn = element(
        "rect",
        element("title", text(bar_words(bar, ink))),
        class_=f"tl-bar {ink.colour}",
        x=percent(min(left, 99.6)),
        y=number(top),
        width=percent(width),
        height=str(_BAR),
        fill=fill(uid, list(inks.values()), list(inks).index(bar.state)),
    )
    end = pinned("100%", top, arrow_end(_BAR, ink.colour)) if bar.to_jdn is None else ""
    return link(bar.href, drawn + _word(ink, left, width, top)) + end


def _word(ink: Ink, left: float, width: float, top: float) -> str:
    """The state's word inside its bar, where it fits; on a phone only where it fits there."""
    need = len(ink.word) * _CHARACTER + 14
    if width * _FILE < need:
        return ""
    words = label(ink.word, "7", 12, class_="tl-word")
    drawn = element("g", words, class_="tl-on") if ink.pattern == "solid" else haloed(words)
    narrow = element("g", drawn, class_="tl-wide") if width * _PHONE < need else drawn
    return pinned(percent(left), top, narrow)


def _marker(day: int, scale: Scale, floor: float) -> str:
    share = scale.middle(day, day)
    anchor = "start" if share < 12 else "end" if share > 88 else "middle"
    line = element(
        "line", x1=percent(share), x2=percent(share), y1="18", y2=number(floor), class_="tl-line"
    )
    words = label(day_words(day), percent(share), 12, anchor=anchor)
    return element("g", line + words, class_="tl-marker")


def bar_words(bar: StatusBar, ink: Ink) -> str:
    """`in force, 5 February 2011 – 21 February 2023; by Russia's reading`"""
    start = "" if bar.from_jdn is None else day_words(bar.from_jdn)
    end = "" if bar.to_jdn is None else day_words(bar.to_jdn)
    dates = f"{start} – {end}" if start and end else f"from {start}" if start else f"until {end}"
    parts = [ink.word, dates if start or end else "throughout"]
    return ", ".join(parts) + (f"; {shorten(bar.note, 200)}" if bar.note else "")


def status_table(rows: Sequence[StatusRow]) -> Table:
    """A row for each bar: party, state, first day, the day it ended, note."""
    inks = inks_of(rows)
    listed = [(row, bar) for row in rows for bar in row.bars]
    cells = tuple(
        (
            row.label,
            inks[bar.state].word,
            "not known" if bar.from_jdn is None else day_words(bar.from_jdn),
            "goes on" if bar.to_jdn is None else day_words(bar.to_jdn),
            bar.note,
        )
        for row, bar in listed
    )
    hrefs = tuple(bar.href or row.href for row, bar in listed)
    return Table(("Party", "State", "From", "Until", "Note"), cells, hrefs)


def status_text(
    rows: Sequence[StatusRow],
    *,
    width: int = 80,
    marker: int | None = None,
    first_jdn: int | None = None,
    last_jdn: int | None = None,
) -> str:
    """A line of signs for each party over an axis, the legend below."""
    scale = scale_of(rows, marker, first_jdn, last_jdn)
    inks = inks_of(rows)
    names = max((len(shorten(row.label, 28)) for row in rows), default=0)
    room = max(20, width - names - 1)
    lines = []
    if marker is not None:
        lines.append(" " * (names + 1 + scale.column(marker, room)) + f"▼ {day_words(marker)}")
    for row in rows:
        cells = [" "] * room
        for bar in row.bars:
            start = 0 if bar.from_jdn is None else scale.column(bar.from_jdn, room)
            end = room if bar.to_jdn is None else scale.column(bar.to_jdn, room)
            end = max(end, start + 1)
            cells[start:end] = inks[bar.state].sign * (end - start)
        lines.append(f"{shorten(row.label, 28):<{names}} {''.join(cells)}".rstrip())
    lines.append(f"{'':<{names}} {axis_line(ticks(scale), room)}")
    signs = "  ".join(f"{ink.sign} {ink.word}" for ink in inks.values())
    return "\n".join([*lines, "", signs]) + "\n"
