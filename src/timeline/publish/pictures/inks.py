"""How doubt and state look: one pattern, one sign and one word for each, never colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from timeline.publish.pictures.writer import element, label, number

CERTAINTIES = ("confirmed", "probable", "possible", "doubtful", "improbable", "unknown")

LEGEND_LINE = 20
_LEGEND_WIDTH = 350  # what a phone of 390 px leaves
_SWATCH = 22
_CHARACTER = 7


@dataclass(frozen=True, slots=True)
class Ink:
    """The look of one value.

    Attributes:
        pattern: SVG elements of one tile; empty for none, `solid` for full ink.
        size: width and height of the tile, pixels.
        colour: the CSS class that gives `color`.
        sign: one character for the terminal.
        word: what a reader is told.
    """

    pattern: str
    size: tuple[float, float]
    colour: str
    sign: str
    word: str


def _bands(ink: float, tile: float) -> tuple[str, tuple[float, float]]:
    # Level bands stay level bands when a histogram is stretched sideways.
    return f'<path d="M0 {number(tile - ink)}h8v{number(ink)}H0z" fill="currentColor"/>', (8, tile)


def _strokes(path: str, width: float, tile: float) -> tuple[str, tuple[float, float]]:
    drawn = f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{number(width)}"/>'
    return drawn, (tile, tile)


_SOLID = ("solid", (8.0, 8.0))
_EMPTY = ("", (8.0, 8.0))
_RISING = "M-1 1l2-2M0 6l6-6M5 7l2-2"
_FALLING = "M-1 5l2 2M0 0l6 6M5-1l2 2"

CERTAINTY_INKS = {
    "confirmed": Ink(*_SOLID, "tl-event", "█", "confirmed"),
    "probable": Ink(*_bands(3, 4), "tl-event", "▓", "probable"),
    "possible": Ink(*_bands(2, 4), "tl-event", "▒", "possible"),
    "doubtful": Ink(*_bands(1, 4), "tl-event", "░", "doubtful"),
    "improbable": Ink(*_bands(1, 8), "tl-event", "-", "improbable"),
    "unknown": Ink(*_EMPTY, "tl-grey", "?", "unknown"),
}

_DOTS = '<circle cx="1.5" cy="1.5" r="1.1" fill="currentColor"/>'
_DOTS += '<circle cx="4.5" cy="4.5" r="1.1" fill="currentColor"/>'
STATE_INKS = {
    "signed": Ink(*_strokes(_RISING, 1, 6), "tl-slate", "/", "signed"),
    "bound": Ink(*_strokes(_RISING, 2.4, 6), "tl-slate", "▒", "bound"),
    "provisional": Ink(*_bands(2, 5), "tl-teal", "=", "provisionally applied"),
    "in_force": Ink(*_SOLID, "tl-teal", "█", "in force"),
    "suspended": Ink(*_strokes("M1.5 0v6", 2, 6), "tl-ochre", "|", "suspended"),
    "withdrawn": Ink(*_strokes(_FALLING, 1.4, 6), "tl-brick", "\\", "withdrawn"),
    "ended": Ink(*_EMPTY, "tl-grey", "·", "ended"),
    "uncertain": Ink(_DOTS, (6, 6), "tl-violet", "?", "uncertain"),
    "contested": Ink(*_strokes(f"{_RISING}{_FALLING}", 1.2, 6), "tl-plum", "x", "contested"),
}
_WORDS = {"provisional": "provisionally applied"}
_OTHER_NAMES = {
    "unclear": "uncertain",
    "provisionally_applied": "provisional",
    "active": "in_force",
}
_SPARE = (
    (_strokes("M0 1.5h6M1.5 0v6", 1, 6), "tl-slate", "#"),
    (_strokes("M0 2l2 2l4-4", 1.4, 6), "tl-teal", "v"),
    (_strokes("M0 3h3", 2, 6), "tl-ochre", ":"),
    (_strokes("M1 1h3v3h-3z", 1, 6), "tl-violet", "o"),
    (_strokes("M3 1v4M1 3h4", 1, 6), "tl-plum", "+"),
    (_strokes("M0 3h6", 1, 6), "tl-brick", "-"),
)


def state_inks(states: Iterable[str]) -> dict[str, Ink]:
    """An ink for each state, in the order of a state's life, then as they first appear.

    States that a vocabulary brings of its own take spare patterns; past six of those, patterns
    recur and the words in the bars tell them apart.
    """
    known: dict[str, Ink] = {}
    others: dict[str, Ink] = {}
    for state in states:
        usual, word = _OTHER_NAMES.get(state, state), state.replace("_", " ")
        if usual in STATE_INKS:
            known[state] = replace(STATE_INKS[usual], word=_WORDS.get(state, word))
        elif state not in others:
            (pattern, size), colour, sign = _SPARE[len(others) % len(_SPARE)]
            others[state] = Ink(pattern, size, colour, sign, word)
    life = list(STATE_INKS)
    by_life = sorted(known, key=lambda name: life.index(_OTHER_NAMES.get(name) or name))
    return {state: known[state] for state in by_life} | others


def definitions(uid: str, inks: Sequence[Ink]) -> str:
    """The `<defs>` of the patterns that `inks` need, their ids prefixed by `uid`."""
    patterns = [
        element(
            "pattern",
            element("path", d=f"M0 0h{number(w)}v{number(h)}H0z", class_="tl-tint") + ink.pattern,
            id=f"{uid}-{position}",
            class_=ink.colour,
            width=number(w),
            height=number(h),
            patternUnits="userSpaceOnUse",
        )
        for position, ink in enumerate(inks)
        if ink.pattern not in ("", "solid")
        for w, h in [ink.size]
    ]
    return element("defs", "".join(patterns)) if patterns else ""


def fill(uid: str, inks: Sequence[Ink], position: int) -> str:
    """The `fill` attribute of the ink at `position` in the list given to `definitions`."""
    match inks[position].pattern:
        case "solid":
            return "currentColor"
        case "":
            return "none"
        case _:
            return f"url(#{uid}-{position})"


def legend(uid: str, inks: Sequence[Ink], top: float) -> tuple[str, float]:
    """Swatches with their words in as many columns as a phone holds, and the height they take."""
    places = legend_places([ink.word for ink in inks])
    parts = []
    for position, (ink, (x, line)) in enumerate(zip(inks, places, strict=True)):
        y = top + line * LEGEND_LINE
        swatch = element(
            "rect",
            class_=f"tl-bar {ink.colour}",
            x=number(x + 0.5),
            y=number(y + 3.5),
            width="15",
            height="11",
            fill=fill(uid, inks, position),
        )
        parts.append(swatch + label(ink.word, number(x + _SWATCH), y + 13))
    height = (places[-1][1] + 1) * LEGEND_LINE if places else 0
    return element("g", "".join(parts), class_="tl-legend"), height


def legend_places(words: Sequence[str]) -> list[tuple[float, int]]:
    """Left edge and line of each entry: three columns, or one after the other if too wide."""
    widths = [_SWATCH + len(word) * _CHARACTER + 13 for word in words]
    column = max(widths, default=1.0)
    if column * 3 <= _LEGEND_WIDTH:
        return [(i % 3 * column, i // 3) for i in range(len(words))]
    places: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for width in widths:
        if x and x + width > _LEGEND_WIDTH:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += width
    return places
