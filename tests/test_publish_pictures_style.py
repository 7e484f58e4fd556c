"""The colours of pictures: enough contrast in both schemes, and nothing undefined."""

from __future__ import annotations

import re

import pytest

from timeline.publish.pictures.coast import coast
from timeline.publish.pictures.stylesheet import colours, literal_stylesheet, stylesheet

INKS = ("event", "slate", "teal", "ochre", "brick", "violet", "plum", "grey")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["ink", "muted", *INKS])
def test_writing_and_inks_stand_out_from_the_paper(name: str, dark: bool) -> None:
    """WCAG 2.2, 1.4.3 asks 4.5 of writing, 1.4.11 asks 3 of graphics; words stand in solid inks."""
    scheme = colours(dark=dark)

    assert contrast(scheme[f"--tl-{name}"], scheme["--tl-paper"]) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_circles_stand_out_from_the_land(dark: bool) -> None:
    scheme = colours(dark=dark)

    assert contrast(scheme["--tl-event"], scheme["--tl-land"]) >= 3


def test_both_schemes_define_the_same_colours() -> None:
    assert colours(dark=False).keys() == colours(dark=True).keys()
    assert colours(dark=False) != colours(dark=True)


def test_the_style_sheet_loads_nothing_and_uses_no_unknown_colour() -> None:
    assert not re.findall(r"url\(|@import", stylesheet())
    assert set(re.findall(r"var\((--[a-z-]+)", stylesheet())) <= colours(dark=False).keys()
    assert "--tl-" not in literal_stylesheet(dark=True)


def test_the_coasts_fit_their_size_and_are_closed_rings() -> None:
    path = coast()

    assert len(path) <= 38_000
    assert re.fullmatch(r"(M\d+ \d+l-?\d+( \d|-\d|\d)*z)+", path)
