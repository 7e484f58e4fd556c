"""A running archive and a real browser. Without Chromium these tests are skipped, loudly; in CI
(`CI=true`) they must run."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from tests.sites import METADATA, make_archive, records

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for one file of tests: while Playwright runs, nothing else can run asyncio."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        reason = "no Chromium here: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `timeline serve` serves a small archive."""
    archive = make_archive(tmp_path_factory.mktemp("served"), records())
    archive.metadata.write_text(yaml.safe_dump(METADATA), "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "from timeline.cli import main; main()"
    command = [sys.executable, "-c", code, "-C", str(archive.root), "serve", "-p", str(port)]
    environment = {**os.environ, "TIMELINE_TODAY": "2026-11-24"}
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL, env=environment) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/about", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str, server: Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within two minutes")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a wide window; every error of its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert [] == errors


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which is not part of this project (MPL-2.0)."""
    named = os.environ.get("TIMELINE_AXE")
    places = [Path(named)] if named else [Path("node_modules/axe-core/axe.min.js")]
    for path in places:
        if path.is_file():
            return path.read_text("utf-8")
    reason = "no axe-core here: npm install --no-save axe-core, or name axe.min.js in TIMELINE_AXE"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
