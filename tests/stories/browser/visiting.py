"""How stories move about in the desk: sign in as a role, look at a page, judge it."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tools.centres import Centre

# A shared machine may be slow; nothing here measures speed.
expect.set_options(timeout=20_000)

PASSWORD = "hamn-demonstration"
PEOPLE = {
    "steward": "avtal@centrum.example",
    "controller": "controller@centrum.example",
    "head": "enhetschef@centrum.example",
    "reader": "lasare@centrum.example",
    "officer": "information@centrum.example",
    "administrator": "system@centrum.example",
    "worker": "mika@centrum.example",
    "colleague": "mika2@centrum.example",
    "kast": "kast@centrum.example",
    "coordinator": "koordinator.vuxna@centrum.example",
    "child_coordinator": "koordinator.barn@centrum.example",
}
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass
class Desk:
    """A served desk, and the browsers that are signed in to it."""

    address: str
    browser: Browser
    centre: Centre
    # Second factors work once each half minute, so a role signs in once.
    _states: dict[str, Any] = field(default_factory=dict)
    _open: list[BrowserContext] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return self.address + path

    def visitor(self, **more: Any) -> Page:
        """A page that nobody is signed in with."""
        context = self.browser.new_context(locale="sv-SE", base_url=self.address, **more)
        self._open.append(context)
        return context.new_page()

    def as_role(self, role: str, **more: Any) -> Page:
        """A page signed in as the demo's person of the role."""
        if role not in self._states:
            page = self.visitor()
            sign_in(page, PEOPLE[role])
            self._states[role] = page.context.storage_state()
        return self.visitor(storage_state=self._states[role], **more)

    def close(self) -> None:
        """Every browser is closed."""
        for context in self._open:
            context.close()


def sign_in(page: Page, email: str) -> None:
    """Password, then the code that the demonstration shows."""
    page.goto("/desk/")
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    code = page.locator("#demokod").inner_text().replace(" ", "")
    page.get_by_label("Kod").fill(code)
    page.keyboard.press("Enter")
    is_in(page)


def is_in(page: Page) -> None:
    """Wait until the desk has let somebody in."""
    page.wait_for_url(lambda url: "/konto/" not in url)


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice: rule and the places."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]


def runs_over(page: Page) -> list[str]:
    """What is wider than the window."""
    script = """() => {
        const most = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= most) return [];
        return [...document.querySelectorAll('main *, header *, nav *, footer *')]
            .filter(e => e.getBoundingClientRect().right > most + 1)
            .map(e => `${e.tagName}.${e.className} ${(e.textContent || '').trim().slice(0, 40)}`)
            .slice(0, 5);
    }"""
    wide: list[str] = page.evaluate(script)
    return wide


@contextmanager
def watched(page: Page, address: str) -> Iterator[list[str]]:
    """What the browser complains of meanwhile: errors, refused parts, requests to other hosts."""
    complaints: list[str] = []
    own = urlsplit(address).netloc

    def on_console(message: Any) -> None:
        # A page that answers 404 on purpose is told as an error too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def on_request(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != own:
            complaints.append(f"asked another host: {request.url}")

    def on_error(error: Any) -> None:
        complaints.append(str(error))

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", on_error)
    yield complaints
    page.remove_listener("console", on_console)
    page.remove_listener("request", on_request)
    page.remove_listener("pageerror", on_error)


def words(place: Any) -> str:
    """The text of a place on a page, with single spaces between its words."""
    return " ".join(place.inner_text().split())


def row_of(page: Page, name: str) -> Any:
    """The first row of a table on the page that tells of that name."""
    return page.get_by_role("row").filter(has_text=name).first


def fill_day(page: Page, name: str, day: date) -> None:
    """The three boxes of a date."""
    boxes = page.get_by_role("group", name=name)
    for label, part in (("År", day.year), ("Månad", day.month), ("Dag", day.day)):
        boxes.get_by_label(label, exact=True).fill(str(part))


def fact(page: Page, name: str) -> str:
    """The value of a row in the page's summary list."""
    rows = page.locator(".govuk-summary-list__row")
    key = page.locator(".govuk-summary-list__key").get_by_text(name, exact=True)
    return words(rows.filter(has=key).first.locator(".govuk-summary-list__value"))


def card(page: Page, name: str) -> str:
    """The figure on the card with that name."""
    label = page.locator(".hamn-card__label").get_by_text(name, exact=True)
    cards = page.locator(".hamn-card")
    return words(cards.filter(has=label).locator(".hamn-card__value"))


def heading(page: Page, text: str) -> None:
    """Wait until the page is the one with that heading."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def workers_of(site: Desk) -> list[int]:
    """The processes that do this centre's background work."""
    home = f"HAMN_HOME={site.centre.home}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            surroundings = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"worker" in command and home in surroundings:
            found.append(int(process.name))
    return found


@contextmanager
def paused_worker(site: Desk) -> Iterator[None]:
    """Meanwhile nobody works on what is queued, as on a busy day."""
    found = workers_of(site)
    assert found
    _stop(found)
    while _is_database_held(site):  # stopped in the midst of writing
        _go_on(found)
        time.sleep(0.05)
        _stop(found)
    try:
        yield
    finally:
        _go_on(found)


def _stop(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)


def _go_on(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def _is_database_held(site: Desk) -> bool:
    """Whether somebody is in the midst of writing, so that others would wait."""
    if site.centre.database:
        with psycopg.connect(site.centre.environment["HAMN_DATABASE"]) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND state <> 'idle' AND pid <> pg_backend_pid()"
            )
            return found.fetchone() is not None
    path = site.centre.home / "hamn.sqlite3"
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False
