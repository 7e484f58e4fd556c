"""The one style sheet of the pictures, and its colours written out for files of their own."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_VARIABLE = re.compile(r"(--tl-[a-z-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--tl-[a-z-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Everything for screens of one kind stands at the end, after this line.
_MEDIA = "@media"
_DARK = "@media (prefers-color-scheme: dark)"


@cache
def stylesheet() -> str:
    """`static/pictures.css` as it is served."""
    folder = resources.files("timeline.publish") / "static"
    return (folder / "pictures.css").read_text("utf-8")


@cache
def colours(*, dark: bool) -> dict[str, str]:
    """Every `--tl-` variable and its value in one of the two schemes."""
    sheet = _COMMENT.sub("", stylesheet())
    values = dict(_VARIABLE.findall(sheet[: sheet.index(_MEDIA)]))
    if dark:
        block = sheet[sheet.index(_DARK) + len(_DARK) :]
        values |= _VARIABLE.findall(block[: block.index("}")])
    return values


@cache
def literal_stylesheet(*, dark: bool) -> str:
    """The rules with values in place of variables, without those for one kind of screen.

    Drawing programs and converters to PNG know neither CSS variables nor media queries.
    """
    sheet = _COMMENT.sub("", stylesheet())
    rules = _VARIABLE.sub("", sheet[: sheet.index(_MEDIA)])
    values = colours(dark=dark)
    return _USE.sub(lambda use: values[use[1]], re.sub(r"\n\s*", "\n", rules)).strip()
