from __future__ import annotations

import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from timeline.archive import Archive
from timeline.cli.serve import free_port, make_datasette
from timeline.errors import Busy
from timeline.publish.settings import SETTINGS

from .commands import add_malta, add_rome, new_archive, process


def address(child: subprocess.Popen[bytes]) -> str:
    """What a server says of its place."""
    assert child.stderr is not None
    line = child.stderr.readline().decode()
    return next(word for word in line.split() if word.startswith("http://"))


def wait_for(url: str) -> bytes:
    """The page, as soon as the server listens."""
    for _ in range(200):
        try:
            with urlopen(url, timeout=10) as page:
                body: bytes = page.read()
                return body
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{url} never answered")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_is_added_shows_at_once_and_a_signal_ends_it(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    child = process(tmp_path, "serve", "-p", "0")
    try:
        url = address(child) + "timeline.json?sql=select+count(*)+n+from+events&_shape=array"
        before = wait_for(url)
        add_rome(tmp_path)
        after = wait_for(url + "&again")
    finally:
        child.send_signal(number)
        _, words = child.communicate(timeout=30)

    assert (b'[{"n": 1}]', b'[{"n": 2}]') == (before.strip(), after.strip())
    assert (code, False) == (child.returncode, b"Traceback" in words)


def test_our_settings_hold_and_an_option_behind_the_dashes_overrides(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)
    datasette = make_datasette(Archive(tmp_path), ["--setting", "default_page_size", "7"])

    assert {**SETTINGS, "default_page_size": 7} == {
        name: datasette.setting(name) for name in SETTINGS
    }


def test_immutable_is_asked_for(tmp_path: Path) -> None:
    new_archive(tmp_path)
    add_malta(tmp_path)

    assert make_datasette(Archive(tmp_path)).databases["timeline"].is_mutable
    assert not make_datasette(Archive(tmp_path), immutable=True).databases["timeline"].is_mutable


def test_a_port_that_is_taken_is_refused() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Busy) as refused:
            free_port("127.0.0.1", taken.getsockname()[1])

    assert "timeline serve -p 0" == refused.value.fix


def test_the_facet_limit_does_not_silently_lose_to_the_query_limit() -> None:
    assert int(SETTINGS["facet_time_limit_ms"]) <= int(SETTINGS["sql_time_limit_ms"])
