"""The histogram: how many events when, stacked by how sure we are of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from timeline.publish.pictures.axis import AXIS_HEIGHT, Scale, Tick, axis, round_days, spaced
from timeline.publish.pictures.buckets import Bucket
from timeline.publish.pictures.inks import (
    CERTAINTIES,
    CERTAINTY_INKS,
    Ink,
    definitions,
    fill,
    legend,
)
from timeline.publish.pictures.writer import (
    Picture,
    Table,
    clean,
    counted,
    element,
    haloed,
    label,
    link,
    number,
    percent,
    shorten,
    text,
)

_TOP = 16  # room for the label of the highest grid line
_FEW = 5  # bars that each carry their own label
_EARLY_ROOM = 10.0  # per cent of the width that the name of the first bar needs
_BAR = 10  # units of width in the stretched plot


def histogram(
    buckets: Sequence[Bucket],
    *,
    title: str = "Events over time",
    desc: str | None = None,
    uid: str = "histogram",
    height: int = 140,
    href: Callable[[Bucket], str] | None = None,
    selected: tuple[int, int] | None = None,
) -> Picture:
    """Bars of equal width in the order given.

    Args:
        buckets: the bars; see `buckets_of`.
        title: the accessible name.
        desc: what the picture shows; made from the counts when None.
        uid: prefix of every id, unique on the page.
        height: of the bars alone, pixels.
        href: the address of a bar's events; bars without events have no link.
        selected: first and last day, inclusive, outside of which bars are dimmed.
    """
    used = levels_of(buckets)
    inks = [CERTAINTY_INKS[level] for level in used]
    most = _round_up(max((bucket.total for bucket in buckets), default=0))
    floor = _TOP + height
    lines, numbers = _grid(most, height)
    body = definitions(uid, inks) + lines
    body += _plot(buckets, used, most, height, uid)
    if selected:
        body += _outside(buckets, selected, height)
    body += numbers
    body += _frame(buckets, height, _hits(buckets, height, href or (lambda _: "")))
    body += axis(bucket_ticks(buckets), floor)
    below = floor + AXIS_HEIGHT + 6.0
    if inks:
        drawn, taken = legend(uid, inks, below)
        body, below = body + drawn, below + taken
    said = describe(buckets) if desc is None else desc
    return Picture("histogram", uid, title, said, body, below, linked=href is not None)


def levels_of(buckets: Sequence[Bucket]) -> list[str]:
    """The levels of certainty that occur, surest first."""
    seen = {level for bucket in buckets for level in CERTAINTIES if level_count(bucket, level)}
    return [level for level in CERTAINTIES if level in seen]


def level_count(bucket: Bucket, level: str) -> int:
    """Events of one level; unknown takes what is outside the scale."""
    if level != "unknown":
        return bucket.counts.get(level, 0)
    return bucket.total - sum(bucket.counts.get(name, 0) for name in CERTAINTIES[:-1])


def describe(buckets: Sequence[Bucket]) -> str:
    """`38 events, 1949 to 1991, most in 1962 (9).`"""
    total = sum(bucket.total for bucket in buckets)
    if not total:
        return "No events."
    top = max(buckets, key=lambda bucket: bucket.total)
    where = f"{buckets[0].label} to {buckets[-1].label}, " if len(buckets) > 1 else ""
    return f"{counted(total, 'event')}, {where}most in {top.label} ({top.total:,})."


def sentence(bucket: Bucket) -> str:
    """`1962: 9 events, 7 confirmed, 2 possible`"""
    parts = [f"{level_count(bucket, level):,} {level}" for level in levels_of([bucket])]
    return ", ".join([f"{bucket.label}: {counted(bucket.total, 'event')}", *parts])


def bucket_ticks(buckets: Sequence[Bucket]) -> list[Tick]:
    """Every bar labelled where there are few, otherwise round years or months among the bars."""
    share = 100 / max(1, len(buckets))
    if len(buckets) <= _FEW:
        named = [(share * (i + 0.5), shorten(b.label, 24)) for i, b in enumerate(buckets)]
        return spaced(named)
    # The first bar may stand for a long time before the others.
    starts = [bucket.start_jdn for bucket in buckets[1:]]
    places = []
    for day, words in round_days(Scale(starts[0], buckets[-1].end_jdn)):
        position = bisect_right(starts, day)
        # A year's label stands under its bar, a decade's first year at the bar's left edge.
        shift = 0.5 if buckets[-1].end_jdn - buckets[-1].start_jdn < 366 else 0.0
        places.append((share * (position + shift), words))
    return [*_early(buckets, places), *spaced(places)]


def _early(buckets: Sequence[Bucket], places: Sequence[tuple[float, str]]) -> list[Tick]:
    """What the first bar is called where it is not of the width of the others: `before 1829`."""
    apart = buckets[0].label.startswith("before ")
    room = not places or places[0][0] > _EARLY_ROOM
    return [Tick(0.0, buckets[0].label, False)] if apart and room else []


def _round_up(most: int) -> int:
    """The next round number that halves well."""
    power = 1
    while True:
        for factor in (1, 2, 4, 6, 8):
            if factor * power >= most:
                return max(2, factor * power)
        power *= 10


def _grid(most: int, height: int) -> tuple[str, str]:
    """The lines behind the bars, and their numbers, which stay readable before them."""
    lines, numbers = "", ""
    for value in (most, most // 2):
        y = _TOP + height * (1 - value / most)
        lines += element("line", x2="100%", y1=number(y), y2=number(y), class_="tl-rule")
        numbers += haloed(label(f"{value:,}", "0", y - 4))
    return lines, element("g", numbers, class_="tl-scale")


def _frame(buckets: Sequence[Bucket], height: int, content: str) -> str:
    """`content` stretched to the width of the picture, one bar `_BAR` units."""
    return element(
        "svg",
        content,
        y=str(_TOP),
        width="100%",
        height=str(height),
        viewBox=f"0 0 {max(1, len(buckets)) * _BAR} {height}",
        preserveAspectRatio="none",
    )


def _plot(buckets: Sequence[Bucket], used: Sequence[str], most: int, height: int, uid: str) -> str:
    inks = [CERTAINTY_INKS[level] for level in used]
    paths = [""] * len(used)
    # A bar alone would otherwise be a wall.
    wide = min(0.8 * _BAR, 0.07 * _BAR * len(buckets))
    inset = (_BAR - wide) / 2
    for position, bucket in enumerate(buckets):
        y = float(height)
        for index, level in enumerate(used):
            if count := level_count(bucket, level):
                # A single event stays visible beside a thousand.
                tall = min(y, max(1.0, count * height / most))
                y -= tall
                box = f"h{number(wide)}v{number(tall)}h-{number(wide)}z"
                paths[index] += f"M{number(position * _BAR + inset)} {number(y)}{box}"
    drawn = [_path(path, inks, index, uid) for index, path in enumerate(paths)]
    return _frame(buckets, height, "".join(drawn))


def _path(path: str, inks: Sequence[Ink], index: int, uid: str) -> str:
    return element(
        "path", d=path, class_=f"tl-bar {inks[index].colour}", fill=fill(uid, inks, index)
    )


def _hits(buckets: Sequence[Bucket], height: int, href: Callable[[Bucket], str]) -> str:
    """Invisible columns that carry the words and the link of each bar."""
    parts = []
    for position, bucket in enumerate(buckets):
        if bucket.total:
            words = f"<title>{text(shorten(sentence(bucket), 160))}</title>"
            column = element("path", words, d=f"M{position * _BAR} 0h{_BAR}v{height}h-{_BAR}z")
            parts.append(link(href(bucket), column))
    return element("g", "".join(parts), class_="tl-hits")


def _outside(buckets: Sequence[Bucket], selected: tuple[int, int], height: int) -> str:
    first, last = selected
    before = sum(bucket.end_jdn < first for bucket in buckets)
    after = sum(bucket.start_jdn > last for bucket in buckets)
    unit = 100 / max(1, len(buckets))
    spans = ((0.0, before * unit), (100 - after * unit, after * unit))
    return "".join(
        element(
            "rect",
            class_="tl-outside",
            x=percent(x),
            y=str(_TOP),
            width=percent(width),
            height=str(height),
        )
        for x, width in spans
        if width > 0
    )


def histogram_table(
    buckets: Sequence[Bucket], *, href: Callable[[Bucket], str] | None = None
) -> Table:
    """A row for each bar that has events: when, how many, and how many of each level."""
    used = levels_of(buckets)
    full = [bucket for bucket in buckets if bucket.total]
    rows = tuple(
        (bucket.label, f"{bucket.total:,}", *(f"{level_count(bucket, n):,}" for n in used))
        for bucket in full
    )
    hrefs = tuple(href(bucket) for bucket in full) if href else ()
    return Table(("When", "Events", *(level.capitalize() for level in used)), rows, hrefs)


def histogram_text(buckets: Sequence[Bucket], *, width: int = 80) -> str:
    """A line for each bar, longer runs of empty ones as one sign, the legend below."""
    if not any(bucket.total for bucket in buckets):
        return "No events.\n"
    names = max(len(shorten(bucket.label, 30)) for bucket in buckets)
    top = max(bucket.total for bucket in buckets)
    room = max(8, width - names - len(f"{top:,}") - 3)
    lines: list[str] = []
    empty: list[str] = []
    for bucket in buckets:
        name = f"{shorten(bucket.label, 30):>{names}}"
        if not bucket.total:
            empty.append(name)
            continue
        lines += ["⋮".rjust(names)] if len(empty) > 2 else empty
        empty = []
        lines.append(f"{name} {_cells(bucket, room / top)} {bucket.total:,}")
    signs = "  ".join(f"{CERTAINTY_INKS[n].sign} {clean(n)}" for n in levels_of(buckets))
    return "\n".join([*lines, "", signs]) + "\n"


def _cells(bucket: Bucket, scale: float) -> str:
    bar, seen = "", 0
    for level in levels_of([bucket]):
        seen += level_count(bucket, level)
        bar += CERTAINTY_INKS[level].sign * (max(1, round(seen * scale)) - len(bar))
    return bar
