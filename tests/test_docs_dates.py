"""The table of docs/dates.md is what the code says; `python -m tests.test_docs_dates` writes it."""

from __future__ import annotations

from pathlib import Path

from timeline.edtf import iso, parse, sentence

PAGE = Path(__file__).parents[1] / "docs" / "dates.md"
MARK = "do not edit below this line -->\n"
EXAMPLES = (
    "2024-12-05",
    "2024-12",
    "2024-21",
    "2024-34",
    "2024",
    "202X",
    "20XX",
    "1985-XX-31",
    "156X-12-25",
    "XXXX-02-29",
    "-0043-03-15",
    "1950~",
    "2024-12?",
    "2004?-06-~11",
    "1950S2",
    "Y-17E7",
    "2004-01-01T10:10:10Z",
    "2024-12-04/2024-12-05",
    "2024-11/2024-12",
    "2024-12-04/2024-12",
    "1985/",
    "1985/..",
    "/1985",
    "../1985",
    "[2024-12-04,2024-12-06]",
    "[1667,1668,1670..1672]",
    "[..1949]",
    "[1951..]",
    "{1960,1961-12}",
    "{2024-12-04..2024-12-06}",
    "{2024-12-04..}",
)


def table() -> str:
    rows = [
        "| EDTF | In words | Starts | Ends | Precision |",
        "|---|---|---|---|---|",
    ]
    for text in EXAMPLES:
        dates = parse(text)
        start = between(dates.start_min, dates.start_max)
        end = between(dates.end_min, dates.end_max)
        if dates.end_state and dates.end_min is None and dates.end_max is None:
            end = dates.end_state
        rows.append(f"| `{text}` | {sentence(dates)} | {start} | {end} | {dates.precision} |")
    return "\n".join(rows) + "\n"


def between(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "unknown or open"
    if low == high and low is not None:
        return iso(low)
    if low is None or high is None:
        return f"{'…' if low is None else iso(low)} to {'…' if high is None else iso(high)}"
    return f"{iso(low)} to {iso(high)}"


def test_the_table_of_dates_is_current() -> None:
    _, _, written = PAGE.read_text("utf-8").partition(MARK)

    assert "\n" + table() == written


def main() -> None:
    text, mark, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(f"{text}{mark}\n{table()}", "utf-8")


if __name__ == "__main__":
    main()
