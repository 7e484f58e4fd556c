"""Lanes: the events of several persons, states or topics side by side on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from timeline.publish.pictures.axis import AXIS_HEIGHT, Scale, axis, axis_line, padded, ticks
from timeline.publish.pictures.days import range_words
from timeline.publish.pictures.inks import CERTAINTIES, CERTAINTY_INKS
from timeline.publish.pictures.writer import (
    Picture,
    Table,
    element,
    label,
    link,
    number,
    percent,
    shorten,
    text,
)

_ROW, _LINE = 40, 26
_RADIUS = 5
_LONG = 1.5  # per cent of the width from which an event is a bar, not a point
_SHARES = {"confirmed": 1.0, "probable": 0.75, "possible": 0.5, "doubtful": 0.25}
_SIGNS = dict(zip(CERTAINTIES, "●◕◑◔○?", strict=True))


@dataclass(frozen=True, slots=True)
class Mark:
    """One event on a lane, `first_jdn` to `last_jdn` inclusive."""

    first_jdn: int
    last_jdn: int
    label: str
    certainty: str = "unknown"
    href: str = ""

    @property
    def level(self) -> str:
        """The certainty, unknown where it is no word of the scale."""
        return self.certainty if self.certainty in CERTAINTIES else "unknown"


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of events under a name."""

    label: str
    marks: tuple[Mark, ...]
    href: str = ""


def lanes(
    rows: Sequence[Lane],
    *,
    title: str = "Events side by side",
    desc: str | None = None,
    uid: str = "lanes",
) -> Picture:
    """A line for each name, a disc for each event, filled as far as we are sure of it."""
    scale = _scale(rows)
    used = _levels(rows)
    body = element("defs", "".join(_disc(uid, level) for level in used)) if used else ""
    floor = len(rows) * _ROW + 2
    body += axis(ticks(scale), floor, grid_from=0)
    for position, row in enumerate(rows):
        body += _lane(row, position * _ROW, scale, uid)
    below = floor + AXIS_HEIGHT + 6.0
    if used:
        body, below = body + _legend(uid, used, below), below + 20 * -(-len(used) // 3)
    marks = [mark for row in rows for mark in row.marks]
    said = f"{len(marks)} marks on {len(rows)} lines." if desc is None else desc
    linked = any(row.href for row in rows) or any(mark.href for mark in marks)
    return Picture("lanes", uid, title, said, body, below, linked=linked)


def _scale(rows: Sequence[Lane]) -> Scale:
    marks = [mark for row in rows for mark in row.marks]
    first = min((mark.first_jdn for mark in marks), default=0)
    return padded(first, max((mark.last_jdn for mark in marks), default=first))


def _levels(rows: Sequence[Lane]) -> list[str]:
    seen = {mark.level for row in rows for mark in row.marks}
    return [level for level in CERTAINTIES if level in seen]


def _disc(uid: str, level: str) -> str:
    """A disc that is full, or filled clockwise by quarters, or empty, or dashed."""
    share = _SHARES.get(level, 0.0)
    dashes = "2 2" if level == "unknown" else None
    drawn = element("circle", r=str(_RADIUS), class_="tl-ring", stroke_dasharray=dashes)
    if share == 1:
        drawn += element("circle", r=str(_RADIUS), fill="currentColor")
    elif share:
        x, y = _RADIUS * sin(2 * pi * share), -_RADIUS * cos(2 * pi * share)
        arc = f"A{_RADIUS} {_RADIUS} 0 {int(share > 0.5)} 1 {number(x)} {number(y)}"
        drawn += element("path", d=f"M0 0V-{_RADIUS}{arc}z", fill="currentColor")
    return element("g", drawn, id=f"{uid}-{level}", class_=CERTAINTY_INKS[level].colour)


def _lane(row: Lane, top: float, scale: Scale, uid: str) -> str:
    y = number(top + _LINE)
    name = label(shorten(row.label, 60), "0", top + 12, class_="tl-name")
    line = element("line", x2="100%", y1=y, y2=y, class_="tl-rule")
    marks = "".join(_mark(mark, top + _LINE, scale, uid) for mark in row.marks)
    return link(row.href, name) + line + marks


def _mark(mark: Mark, y: float, scale: Scale, uid: str) -> str:
    left, right = scale.share(mark.first_jdn), scale.share(mark.last_jdn + 1)
    words = element("title", text(_sentence(mark)))
    if right - left >= _LONG:
        bar = element(
            "rect",
            x=percent(left),
            y=number(y - 2),
            width=percent(right - left),
            height="4",
            rx="2",
            class_=f"tl-bar {CERTAINTY_INKS[mark.level].colour}",
            fill="currentColor",
        )
    else:
        bar = ""
    x = percent((left + right) / 2)
    disc = element("use", words, href=f"#{uid}-{mark.level}", x=x, y=number(y))
    return link(mark.href, bar + disc)


def _sentence(mark: Mark) -> str:
    dates = range_words(mark.first_jdn, mark.last_jdn)
    return f"{dates}: {shorten(mark.label, 140)} ({mark.level})"


def _legend(uid: str, used: Sequence[str], top: float) -> str:
    parts = []
    for position, level in enumerate(used):
        x, y = position % 3 * 112, top + position // 3 * 20
        disc = element("use", href=f"#{uid}-{level}", x=number(x + 7), y=number(y + 9))
        parts.append(disc + label(level, number(x + 20), y + 13))
    return element("g", "".join(parts), class_="tl-legend")


def lanes_table(rows: Sequence[Lane]) -> Table:
    """A row for each mark: name, dates, event, certainty."""
    listed = [(row, mark) for row in rows for mark in row.marks]
    cells = tuple(
        (row.label, range_words(mark.first_jdn, mark.last_jdn), mark.label, mark.level)
        for row, mark in listed
    )
    return Table(("Who", "When", "Event", "Certainty"), cells, tuple(m.href for _, m in listed))


def lanes_text(rows: Sequence[Lane], *, width: int = 80) -> str:
    """A line of signs for each name over an axis, the legend below."""
    scale = _scale(rows)
    names = max((len(shorten(row.label, 28)) for row in rows), default=0)
    room = max(20, width - names - 1)
    lines = []
    for row in rows:
        cells = ["·"] * room
        # Surest last: where marks share a cell, the surest is seen.
        for mark in sorted(row.marks, key=lambda mark: -CERTAINTIES.index(mark.level)):
            start, end = scale.column(mark.first_jdn, room), scale.column(mark.last_jdn, room)
            cells[start : end + 1] = _SIGNS[mark.level] * (end - start + 1)
        lines.append(f"{shorten(row.label, 28):<{names}} {''.join(cells)}")
    lines.append(f"{'':<{names}} {axis_line(ticks(scale), room)}".rstrip())
    signs = "  ".join(f"{_SIGNS[level]} {level}" for level in _levels(rows))
    return "\n".join([*lines, "", signs]) + "\n"
