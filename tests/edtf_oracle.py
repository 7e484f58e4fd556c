"""A slow second opinion on EDTF: it writes days out and compares their text with the mask.

It shares no code with the parser; it knows neither Julian Day Numbers nor bounds, only ISO texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASONS = {
    code: ends
    for codes, ends in (
        ("21 25 31", ("03-01", "05-31")),
        ("22 26 32", ("06-01", "08-31")),
        ("23 27 29", ("09-01", "11-30")),
        ("33", ("01-01", "03-31")),
        ("34", ("04-01", "06-30")),
        ("35", ("07-01", "09-30")),
        ("36", ("10-01", "12-31")),
        ("37", ("01-01", "04-30")),
        ("38", ("05-01", "08-31")),
        ("39", ("09-01", "12-31")),
        ("40", ("01-01", "06-30")),
        ("41", ("07-01", "12-31")),
    )
    for code in codes.split()
}
_WINTERS = ("24", "28", "30")

Ends = tuple[str | None, str | None]


def first_and_last(text: str) -> Ends:
    """ISO text of the first and the last day that a valid EDTF text can mean; None: open."""
    text = re.sub(r"[?~%\s]", "", text)
    if text[0] in "[{":
        members = [_member(part) for part in text[1:-1].split(",")]
        lows, highs = [low for low, _ in members], [high for _, high in members]
        return (
            None if None in lows else min(filter(None, lows), key=_order),
            None if None in highs else max(filter(None, highs), key=_order),
        )
    if "/" in text:
        start, end = text.split("/")
        return (
            None if start in ("", "..") else _single(start)[0],
            None if end in ("", "..") else _single(end)[1],
        )
    return _single(text.split("T")[0])


def _member(text: str) -> Ends:
    start, dots, end = text.partition("..")
    if not dots:
        return _single(text)
    return (_single(start)[0] if start else None, _single(end)[1] if end else None)


def _single(text: str) -> tuple[str, str]:
    if "E" in text or "S" in text or "Y" in text:
        return _long(text)
    parts = re.fullmatch(r"(-?[0-9X]{4})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?", text)
    assert parts, text
    years = [f"{year:05d}" if year < 0 else f"{year:04d}" for year in _years(parts[1])]
    if parts[2] and "X" not in parts[2] and parts[2] > "12":
        return _season(years[0], years[-1], parts[2])
    mask = _pattern(f"{parts[2] or 'XX'}-{parts[3] or 'XX'}")
    # Whatever the mask, ten candidate years hold a leap year if any of them is one.
    found = [
        f"{year}-{day}"
        for year in (*years[:10], *years[-10:])
        for day in _days_of(int(year))
        if mask.fullmatch(day)
    ]
    return found[0], found[-1]


def _years(mask: str) -> list[int]:
    pattern = _pattern(mask.removeprefix("-"))
    sizes = [size for size in range(10_000) if pattern.fullmatch(f"{size:04d}")]
    return [-size for size in reversed(sizes) if size] if mask.startswith("-") else sizes


def _pattern(mask: str) -> re.Pattern[str]:
    return re.compile(mask.replace("X", "[0-9]"))


def _days_of(year: int) -> Iterator[str]:
    leap = year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)
    for month, length in enumerate(_LENGTHS, start=1):
        for day in range(1, length + (leap and month == 2) + 1):
            yield f"{month:02d}-{day:02d}"


def _season(first: str, last: str, code: str) -> tuple[str, str]:
    if code not in _WINTERS:
        begin, end = _SEASONS[code]
        return f"{first}-{begin}", f"{last}-{end}"
    after = int(last) + 1
    end = [day for day in _days_of(after) if day.startswith("02")][-1]
    return f"{first}-12-01", f"{after:05d}-{end}" if after < 0 else f"{after:04d}-{end}"


def _long(text: str) -> tuple[str, str]:
    number, _, significant = text.removeprefix("Y").partition("S")
    digits, _, zeros = number.removeprefix("-").partition("E")
    whole = str(int(digits)) + "0" * int(zeros or 0)
    known = int(significant or len(whole))
    low, high = (whole[:known] + fill * (len(whole) - known) for fill in "09")
    if number.startswith("-"):
        return f"-{high:0>4}-01-01", f"-{low:0>4}-12-31"
    return f"{low:0>4}-01-01", f"{high:0>4}-12-31"


def _order(day: str) -> tuple[int, int, int]:
    year, month, number = day.rsplit("-", 2)
    return int(year), int(month), int(number)
