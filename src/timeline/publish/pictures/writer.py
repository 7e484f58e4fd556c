"""Writes SVG as text: escaped elements, links that cannot run code, and the frame of a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from timeline.publish.pictures.stylesheet import literal_stylesheet

SVG = "http://www.w3.org/2000/svg"

HEADING = 20  # height of the title line in a file

_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
# XML 1.0 section 2.2 has no place for these, and a terminal would obey some of them.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"(https?://|/(?![/\\])|[?#.])[^\s\\]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The text twin of a picture: the same facts for readers who do not see it.

    Attributes:
        headers: one heading a column.
        rows: cells as plain text, not escaped, as many in a row as there are headings.
        hrefs: one address a row, empty where the row has none.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished drawing; horizontal places are percentages, so it fits any width unscaled.

    Attributes:
        kind: `histogram`, `span`, `status`, `lanes`, `calendar` or `map`; part of the CSS class.
        uid: unique on its page; the prefix of every id inside.
        title: the accessible name.
        desc: one or two sentences that say what the picture shows; may be empty.
        body: SVG elements.
        height: CSS pixels, whatever the width; of a map, those at a width of 912.
        linked: whether any part is a link.
    """

    kind: str
    uid: str
    title: str
    desc: str
    body: str = field(repr=False)
    height: float
    linked: bool = False

    def __html__(self) -> str:
        """For templates that escape what they print: the inline form is safe as it is."""
        return self.inline()

    def inline(self) -> str:
        """The `<svg>` element for a page that loads `static/pictures.css`."""
        return self._element(self.body, "100%", self.height)

    def file(self, *, dark: bool = False) -> str:
        """A file of its own, 960 pixels wide, headed, colours written out for any viewer."""
        head = 28 + HEADING
        drawing = element(
            "svg", self.body, x="24", y=str(head), width="912", height=number(self.height)
        )
        parts = (
            element("style", literal_stylesheet(dark=dark), raw=True),
            element("rect", class_="tl-sheet", width="100%", height="100%"),
            label(shorten(self.title, 110), "24", HEADING + 12, class_="tl-heading"),
            drawing,
        )
        return self._element("".join(parts), "960", head + self.height + 20) + "\n"

    def _element(self, content: str, width: str, height: float) -> str:
        # An image may not hold links (ARIA "children presentational"), a group may.
        names = element("title", text(self.title), id=f"{self.uid}-t")
        if self.desc:
            names += element("desc", text(self.desc), id=f"{self.uid}-d")
        return element(
            "svg",
            names + content,
            xmlns=SVG,
            class_=f"tl-picture tl-{self.kind}",
            width=width,
            height=number(height),
            role="group" if self.linked else "img",
            aria_labelledby=f"{self.uid}-t",
            aria_describedby=f"{self.uid}-d" if self.desc else None,
        )


def element(name: str, content: str = "", /, *, raw: bool = False, **attributes: str | None) -> str:
    """One element; `content` is markup already, attribute values are escaped, None is left out.

    Attribute names: `class_` is class, an underscore elsewhere is a hyphen. `raw` puts the content
    into a CDATA section.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            parts.append(f'{key.rstrip("_").replace("_", "-")}="{text(value)}"')
    if raw:
        content = f"<![CDATA[{content}]]>"
    return f"<{' '.join(parts)}>{content}</{name}>" if content else f"<{' '.join(parts)}/>"


def text(value: str) -> str:
    """`value` cleaned and escaped, for content and for attributes."""
    return escape(clean(value))


def clean(value: str) -> str:
    """One line that shows what it holds: no control characters, no change of writing direction."""
    return _NOT_TEXT.sub("\ufffd", _BIDI_CONTROLS.sub("", _SPACES.sub(" ", value)))


def shorten(value: str, length: int) -> str:
    """`value` cleaned, at most `length` characters, the last an ellipsis where some were cut."""
    whole = clean(value[: 4 * length + 4])
    return whole if len(whole) <= length else whole[: length - 1].rstrip() + "…"


def number(value: float) -> str:
    """`value` with one decimal at most."""
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def percent(value: float) -> str:
    """A share of the width, 0 to 100; two decimals, a tenth of a pixel on a wide screen."""
    return f"{round(value, 2):g}%"


def label(
    content: str, x: str, y: float, *, class_: str | None = None, anchor: str | None = None
) -> str:
    """A line of writing; `x` is a number or a percentage, `y` the base line."""
    return element("text", text(content), x=x, y=number(y), class_=class_, text_anchor=anchor)


def haloed(words: str) -> str:
    """A `<text>` element over a rim of paper, to be read on any pattern.

    The rim is a text of its own: not every drawing program knows `paint-order`.
    """
    rim = words.replace("<text", '<text aria-hidden="true"', 1)
    return element("g", rim, class_="tl-rim") + words


def is_address(href: str) -> bool:
    """Whether `href` may stand in a link: http, https or a place on this site, nothing else."""
    return _ADDRESS.fullmatch(href) is not None


def link(href: str, content: str) -> str:
    """`content` as a link, or alone where `href` is empty or no plain address.

    Left out of the tab order: each link has its like in the table beside the picture, where it is
    large enough to be hit and named in words.
    """
    return element("a", content, href=href, tabindex="-1") if is_address(href) else content


def pinned(x: str, y: float, content: str) -> str:
    """`content` drawn in pixels around a point whose `x` is a percentage."""
    return element("svg", content, x=x, y=number(y), class_="tl-pin", overflow="visible")


def counted(count: int, singular: str, plural: str = "") -> str:
    """`1 event`, `2 events`, `1,234 events`."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"
