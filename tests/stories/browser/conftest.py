"""A real desk for a real browser: the demo's centre, `hamn serve`, its worker, Chromium."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tools.centres import Centre

from tests.stories.browser.visiting import Desk

# With a profile on disk, as a person has it; the other stories use the same browser without the
# part that draws windows, which takes half the time.
CHROMIUM = "/usr/bin/chromium"
SHELL = "/usr/bin/chromium-headless-shell"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium, which looks nobody up."""
    return {**browser_type_launch_args, "executable_path": SHELL, "args": list(QUIET)}


@pytest.fixture(scope="module")
def site(
    demo: Centre, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A served desk for one module, gone with its database afterwards."""
    with _served(demo, browser, tmp_path_factory) as desk:
        yield desk


@pytest.fixture(scope="session")
def untouched(
    demo: Centre, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A served desk for all modules that only look: what they meet is as the demo was built."""
    with _served(demo, browser, tmp_path_factory) as desk:
        yield desk


@contextmanager
def _served(
    demo: Centre, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    centre = demo.copy(tmp_path_factory.mktemp("site") / "home")
    centre.environment["HAMN_DEMO"] = "1"
    port = _free_port()
    log = (centre.home / "served.log").open("w")
    command = ("-m", "hamn.site.cli.main", "serve", "--face", "desk", "--port", str(port))
    # What several processes do together is proved by test_serve.
    command += ("--workers", "1")
    process = subprocess.Popen(
        [sys.executable, *command], env=centre.environment, stdout=log, stderr=log
    )
    try:
        desk = Desk(f"http://localhost:{port}", browser, centre)
        _wait_for(desk, process, Path(log.name))
        yield desk
        desk.close()
    finally:
        process.terminate()
        process.wait(60)
        log.close()
        centre.remove()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(desk: Desk, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(900):
        assert process.poll() is None, log.read_text()
        try:
            for path in ("/halsa/", "/"):
                # The desk itself, and the door behind it.
                with urllib.request.urlopen(f"{desk.address}{path}") as answer:
                    assert answer.status == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())
