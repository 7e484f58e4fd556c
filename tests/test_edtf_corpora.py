"""Every example of two other libraries: read to the right bounds, or named here with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.corpora import corpus
from tests.edtf_oracle import first_and_last
from timeline.edtf import BadDate, Dates, iso, parse, sentence

NO_YEARS_INVENTED = "an unknown end or start stays unknown; edtf adds ten years"
WINTER_GOES_ON = "a winter ends with February of the next year; edtf stops on 31 December"
WHOLE_RANGE = "S2 says that two digits are known; edtf keeps the estimate as the strict bound"

PYTHON_DIFFERENCES = {
    "/2006": NO_YEARS_INVENTED,
    "2004-06-01/": NO_YEARS_INVENTED,
    "1984-06-02?/": NO_YEARS_INVENTED,
    "2010-24": WINTER_GOES_ON,
    "1950S2": WHOLE_RANGE,
    "1953S2": WHOLE_RANGE,
    "1953S3": WHOLE_RANGE,
    "Y17101E4S3": WHOLE_RANGE,
    "Y3388E2S3": WHOLE_RANGE,
    "Y171010000S3": WHOLE_RANGE,
}

JS_REFUSED_BY_BOTH = {
    "no EDTF: patterns, bit masks, zones and numbers of the tests themselves": """
        +00:00 +02:00 -XYXY -YXXX -YYXX -YYYX -YYYY-XX XXXY XXYX XXYY XYXX XYXY XYYX XYYY YXXX
        YXXX-XX YXXY YXYX YXYY YYXX YYXX-SS YYXY YYYX YYYX-SS YYYY-XX YYYYXXXX 2014XXXX XXXX02XX
        XXXX05XX XXXX06XX XXXX0X XXXX0XXX XXXX1X XXXX1XXX XXXXXX2X XXXXXX31 XXXXXX3X XXXXXXXX
        01 02 03 04 09 10 11 12 13 17 20 30 31 198 800""",
    "the words of other notations": """
        1/1/2017 1/2017 12/2017 12/31/2017 2/29/2016 3/1999 4/1/2014 4/2014 5/9/2017 6/15/2017
        6/2017 9/2017 9/6/2017""",
    "the year 0 has no sign": "-0000 -00 -000",
    "years beyond four digits have a Y, others none": "12345 20000 Y-00001 Y-9999 Y00001 Y9999",
    "there is no such month": "2016-00 2016-13 2016-13-XX 15XX-2X-25",
    "there is no such day": """
        2016-02-30 2016-02-31 2016-04-31 2016-05-00 2016-05-32 2016-06-31 2016-09-31 2016-11-31
        156X-09-31 156X-11-31 15XX-02-3X""",
    "there is no such time": "2016-05-02T00:61:00 2016-05-02T01:01:60 2016-05-02T24:00:01",
    "there is no such zone": """
        2016-05-02T12:00:00+1401 2016-05-02T12:00:00+14:01 2016-05-02T12:00:00+15
        2016-05-02T12:00:00-00 2016-05-02T12:00:00-0000 2016-05-02T12:00:00-00:00
        2016-05-02T12:00:00-1201 2016-05-02T12:00:00-12:01 2016-05-02T12:00:00-13
        2016-05-02T12:00:00-1300 2016-05-02T12:00:00-13:00 2016-05-02T12:00:00-14
        2016-05-02T12:00:00-1400 2016-05-02T12:00:00-14:00 2016-05-02T12:00:00-2000""",
    "the end is before the start": "2018-21/2017-01-01",
    "a set ends with its own bracket": "[1999 [1999} {1999 {1999]",
}
JS_REFUSED_BY_US = {
    "two digits are no date: half of a year or a century? 19XX says it": """
        00 19 -04 -09 -19 19% 19? 19~""",
    "three digits are no date: a year or ten years? 193X says it": """
        000 009 019 099 193 -009 -019 -193 197% 197? 197~ 198? 198~""",
    "24:00 is another name of the next day, and would date an event one day early": """
        -0001-12-31T24:00:00Z 1899-12-31T24:00:00Z 1899-12-31T24:00Z 1999-12-31T24:00:00Z
        2016-05-02T24:00:00""",
}
JS_REFUSED_BY_THEM = {
    "an interval may mix years, months, days and seasons": """
        2018/2018-23 2018-01?/2018-23 2018-21/2018-23 2012-21/2012-22 1980-21/1980-24""",
}


def examples(name: str) -> list[Any]:
    found = json.loads((corpus("edtf-python") / "cases.json").read_text("utf-8"))[name]
    assert isinstance(found, list)
    return found


def js_strings() -> list[str]:
    found = json.loads((corpus("edtf-js") / "strings.json").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def ends(dates: Dates) -> tuple[str | None, str | None]:
    low, high = dates.start_min, dates.end_max
    return None if low is None else iso(low), None if high is None else iso(high)


def test_every_example_of_edtf_has_its_bounds_or_a_reason() -> None:
    differing = []
    for text, expected in examples("parser.EXAMPLES"):
        # One day, or first and last; two more are its fuzzy bounds, which we do not have.
        strict = expected[:1] * 2 if len(expected) % 2 else expected[:2]
        if ends(parse(text)) != tuple(None if "inf" in day else day for day in strict):
            differing.append(text)

    assert set(PYTHON_DIFFERENCES) == set(differing)


def test_significant_digits_give_the_range_that_edtf_calls_fuzzy() -> None:
    rounded = [(text, days) for text, days in examples("parser.EXAMPLES") if "S" in text]

    assert 6 == len(rounded)
    for text, days in rounded:
        assert tuple(days[2:]) == ends(parse(text))


def test_every_example_of_edtf_has_its_qualifiers() -> None:
    for text, (uncertain, approximate, both) in examples("parser.APPROXIMATE_UNCERTAIN_EXAMPLES"):
        dates = parse(text)

        assert (uncertain or both, approximate or both) == (dates.uncertain, dates.approximate)


def test_every_bad_example_of_edtf_is_refused() -> None:
    bad = [text for text in examples("parser.BAD_EXAMPLES") if text is not None]

    assert 16 == len(bad)
    for text in bad:
        with pytest.raises(BadDate):
            parse(text)


def test_every_string_of_edtf_js_that_is_refused_has_its_reason() -> None:
    refused = []
    for text in js_strings():
        try:
            parse(text)
        except BadDate:
            refused.append(text)
    named = [*JS_REFUSED_BY_BOTH.values(), *JS_REFUSED_BY_US.values()]

    assert {"XXX 6, 2017", *" ".join(named).split()} == set(refused)


def test_intervals_that_edtf_js_refuses_are_read() -> None:
    for texts in JS_REFUSED_BY_THEM.values():
        for text in texts.split():
            assert "interval" == parse(text).precision


def test_every_string_of_edtf_js_that_is_accepted_has_the_bounds_of_the_oracle() -> None:
    accepted = 0
    for text in js_strings():
        try:
            dates = parse(text)
        except BadDate:
            continue
        accepted += 1

        assert first_and_last(text) == ends(dates), text

    assert 329 == accepted


def test_every_example_has_a_sentence() -> None:
    for text, _ in examples("parser.EXAMPLES"):
        assert sentence(parse(text)).isprintable()
