"""What goes over the wire packed: our pages, and Datasette's own."""

from __future__ import annotations

import pytest

from tests.sites import get

addresses = pytest.mark.parametrize(
    "path", ["/", "/timeline/events", "/timeline/events.json", "/timeline/events.csv?_stream=on"]
)


@addresses
def test_whoever_takes_gzip_gets_it_on_our_pages_and_on_datasettes(path: str) -> None:
    answer = get(path, **{"accept-encoding": "gzip"})

    assert "gzip" == answer.headers.get("content-encoding")
    assert "accept-encoding" in answer.headers["vary"].lower()


@addresses
def test_whoever_does_not_take_gzip_gets_the_text_itself(path: str) -> None:
    plain = get(path, **{"accept-encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert len(plain.content) > 1_000
