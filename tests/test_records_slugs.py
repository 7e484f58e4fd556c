from __future__ import annotations

import re

from timeline.records.slugs import event_slug, slug, unique


def test_a_slug_is_plain_lower_case_words() -> None:
    assert "ta-qali-turkiye-1648" == slug("Ta Qali — Türkiye (1648)!")


def test_a_long_slug_ends_between_words() -> None:
    assert "word-" * 15 + "word" == slug("word " * 40)


def test_words_without_latin_letters_still_give_an_id() -> None:
    assert re.fullmatch(r"event-[0-9a-f]{8}-2024", event_slug("会议", "2024-05"))


def test_an_event_is_named_by_title_and_year() -> None:
    assert "blinken-visits-malta-2024" == event_slug(
        "Blinken visits Malta", "2024-12-04/2024-12-05"
    )


def test_a_year_that_stands_in_the_title_is_not_repeated() -> None:
    assert "budget-of-2024" == event_slug("Budget of 2024", "2024-12")


def test_a_taken_id_gets_the_next_number() -> None:
    assert "talks-3" == unique("talks", {"talks", "talks-2"})
