"""The span of an uncertain date: days that it certainly covers, and days that it may."""

from __future__ import annotations

from dataclasses import dataclass

from timeline.publish.pictures.axis import AXIS_HEIGHT, Scale, axis, padded, ticks
from timeline.publish.pictures.days import day_words, range_words
from timeline.publish.pictures.inks import Ink, definitions, fill, legend
from timeline.publish.pictures.writer import Picture, Table, element, number, percent, pinned, text

_TOP, _HEIGHT = 4, 18
_POSSIBLE = Ink(
    '<path d="M-1 1l2-2M0 6l6-6M5 7l2-2" stroke="currentColor" stroke-width="1.2"/>',
    (6, 6),
    "tl-event",
    "/",
    "possible",
)
_CERTAIN = Ink("solid", (6, 6), "tl-event", "█", "certain")


@dataclass(frozen=True, slots=True)
class Span:
    """The four bounds of a date, Julian Day Numbers, all inclusive.

    Attributes:
        start_min: earliest first day; None where the start is open or unknown.
        start_max: latest first day; None likewise.
        end_min: earliest last day; None where only `end_state` is known.
        end_max: latest last day; None likewise.
        end_state: empty, `open` (goes on) or `unknown`.
    """

    start_min: int | None
    start_max: int | None
    end_min: int | None
    end_max: int | None
    end_state: str = ""

    @property
    def certain(self) -> tuple[int, int | None] | None:
        """First and last day of the part that is certain, the last None where it goes on."""
        if self.start_max is None:
            return None
        if self.end_state == "open":
            return self.start_max, None
        if self.end_min is None or self.end_min < self.start_max:
            return None
        return self.start_max, self.end_min

    @property
    def days(self) -> tuple[int, int] | None:
        """The first and last day that is named at all."""
        bounds = (self.start_min, self.start_max, self.end_min, self.end_max)
        known = [bound for bound in bounds if bound is not None]
        return (min(known), max(known)) if known else None


def span(
    dates: Span, *, title: str = "Span of the date", desc: str | None = None, uid: str = "span"
) -> Picture:
    """One bar: certain days solid, possible days hatched, an open end an arrow, an unknown end
    faded. An exact day is a point on its month."""
    said = span_words(dates) if desc is None else desc
    named = dates.days
    if named is None:
        return Picture("span", uid, title, said, "", 0)
    first, last = named
    day = padded(first, last, 0.15) if last - first > 20 else Scale(first - 10, last + 10)
    endless = _endless(dates)
    scale = Scale(day.first, last + 2 * (last - first) + 30) if endless else day
    inks = _used(dates)
    body = definitions(uid, inks) + _fade(uid, dates)
    if first == last and not endless and dates.start_min is not None:
        body += _point(scale.middle(first, last))
    else:
        body += _parts(dates, scale, uid)
    body += axis(ticks(scale), _TOP + _HEIGHT + 6)
    height = _TOP + _HEIGHT + 6.0 + AXIS_HEIGHT
    if first != last or endless:
        drawn, taken = legend(uid, inks, height + 4)
        body, height = body + drawn, height + 4 + taken
    return Picture("span", uid, title, said, body, height)


def _used(dates: Span) -> tuple[Ink, ...]:
    """Which parts are drawn: certain days, possible days that are not certain, or both."""
    if not dates.certain:
        return (_POSSIBLE,)
    start, end = dates.certain
    whole = start == dates.start_min and end == (None if dates.end_state else dates.end_max)
    return (_CERTAIN,) if whole else (_CERTAIN, _POSSIBLE)


def _point(share: float) -> str:
    dot = element("circle", r="6", class_="tl-event", fill="currentColor")
    return pinned(percent(share), _TOP + _HEIGHT / 2 + 2, dot)


def _parts(dates: Span, scale: Scale, uid: str) -> str:
    left = 0.0 if dates.start_min is None else scale.share(dates.start_min)
    right = 100.0 if _endless(dates) else scale.share((dates.end_max or 0) + 1)
    inks = _used(dates)
    parts = []
    if _POSSIBLE in inks:
        parts.append(_bar(left, right, fill(uid, inks, inks.index(_POSSIBLE)), span_words(dates)))
    if dates.certain:
        start, end = dates.certain
        until = 100.0 if end is None else scale.share(end + 1)
        parts.append(_bar(scale.share(start), until, "currentColor", _certain_words(dates)))
    if dates.end_state == "open":
        parts.append(pinned("100%", _TOP, arrow_end(_HEIGHT, "tl-event")))
    elif _endless(dates):
        parts.append(_faded("65%", uid, "out"))
    if dates.start_min is None:
        parts.append(_faded("0%", uid, "in"))
    return "".join(parts)


def _endless(dates: Span) -> bool:
    return dates.end_state != "" or dates.end_max is None


def _bar(left: float, right: float, paint: str, words: str) -> str:
    return element(
        "rect",
        element("title", text(words)),
        class_="tl-bar tl-event",
        x=percent(left),
        y=str(_TOP),
        width=percent(max(0.4, right - left)),
        height=str(_HEIGHT),
        fill=paint,
    )


def arrow_end(height: float, colour: str) -> str:
    """What makes the end of a bar at the right edge a point: corners of paper, two strokes."""
    half = number(height / 2 + 1)
    corners = f"M2-1v{half}h-2l-9-{half}zM2 {number(height + 1)}v-{half}h-2l-9 {half}z"
    strokes = f"M-9 0L0 {number(height / 2)}L-9 {number(height)}"
    return element("path", d=corners, class_="tl-paper") + element(
        "path", d=strokes, class_=f"tl-bar {colour}", fill="none"
    )


def _fade(uid: str, dates: Span) -> str:
    fades = [("in", 1, 0)] if dates.start_min is None else []
    fades += [("out", 0, 1)] if _endless(dates) and dates.end_state != "open" else []
    return "".join(
        element(
            "linearGradient",
            element("stop", class_="tl-stop", stop_opacity=str(start))
            + element("stop", offset="1", class_="tl-stop", stop_opacity=str(end)),
            id=f"{uid}-{name}",
        )
        for name, start, end in fades
    )


def _faded(x: str, uid: str, direction: str) -> str:
    return element(
        "rect",
        x=x,
        y=str(_TOP - 2),
        width="35%",
        height=str(_HEIGHT + 4),
        fill=f"url(#{uid}-{direction})",
    )


def _certain_words(dates: Span) -> str:
    if not dates.certain:
        return "no day is certain"
    start, end = dates.certain
    return f"certain from {day_words(start)} on" if end is None else f"certain {_on(start, end)}"


def _on(first: int, last: int) -> str:
    return f"on {day_words(first)}" if first == last else f"throughout {range_words(first, last)}"


def span_words(dates: Span) -> str:
    """The same in a sentence: possible days, certain days, how it ends."""
    named = dates.days
    if named is None:
        return "No day is known."
    first, last = named
    if dates.end_state == "open":
        possible = f"from {day_words(first)} on, and it goes on"
    elif dates.end_state == "unknown" or dates.end_max is None:
        possible = f"from {day_words(first)} on, its end is not known"
    elif dates.start_min is None:
        possible = f"until {day_words(last)}, its start is not known"
    elif dates.certain == (first, last):
        return f"{range_words(first, last)}."
    else:
        possible = f"possible {range_words(first, last)}"
    return f"{possible[0].upper()}{possible[1:]}; {_certain_words(dates)}."


def span_table(dates: Span) -> Table:
    """The bounds that are known, in words."""
    bounds = (
        ("Earliest start", dates.start_min),
        ("Latest start", dates.start_max),
        ("Earliest end", dates.end_min),
        ("Latest end", dates.end_max),
    )
    rows = [(name, day_words(day)) for name, day in bounds if day is not None]
    if dates.end_state:
        rows.append(("End", {"open": "goes on"}.get(dates.end_state, "not known")))
    return Table(("Bound", "Day"), tuple(rows))
