"""What a worker types is kept: over a lost connection, an ended session, and in no browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.stories.browser.conftest import CHROMIUM, QUIET
from tests.stories.browser.test_signing_in import enter, fresh_code, send_code
from tests.stories.browser.visiting import PASSWORD, Desk, heading, violations, watched

pytestmark = [pytest.mark.slow, pytest.mark.once]

WORKER = "mika@centrum.example"
WORDS = "Påhittade ord om en blå kanot"
MORE = "och om en åra som flöt iland"
OPEN = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
import hamn, django
django.setup()
from django.urls import reverse
from django.utils import timezone
from hamn.guards.access.queries import by_email
from hamn.support.cases import actions
from hamn.support.cases.rules.content import CaseContent
by = by_email("mika@centrum.example")
opened = actions.open_case(unit="mika", content=CaseContent(""), by=by, now=timezone.now())
print(json.dumps([reverse("cases:write_note", args=[opened.case.pk]), str(opened.case.pk)]))
"""


@pytest.fixture
def note(site: Desk) -> str:
    """The address of the form for a note in a case of its own."""
    path, _case = json.loads(site.centre.run("-c", OPEN).splitlines()[-1])
    return str(path)


@pytest.fixture(scope="module")
def state(site: Desk) -> Any:
    """The worker's session, signed in once."""
    return enter(site, WORKER).context.storage_state()


def status(page: Page) -> Any:
    return page.locator(".hamn-draft__status")


def is_kept(page: Page) -> None:
    expect(status(page)).to_contain_text("Utkast sparat")


def text(page: Page) -> Any:
    return page.get_by_label("Anteckning", exact=True)


def goes_on(page: Page) -> None:
    """She takes up the draft that is offered."""
    expect(page.get_by_text("Du har ett utkast från")).to_be_visible()
    page.get_by_role("link", name="Fortsätt med det").click()
    expect(page.get_by_text("Ett utkast från")).to_be_visible()


def test_what_was_typed_is_offered_in_another_browser_and_thrown_when_she_wants(
    site: Desk, state: Any, note: str
) -> None:
    page = site.visitor(storage_state=state)
    with watched(page, site.address) as complaints:
        page.goto(note)
        text(page).fill(WORDS)
        is_kept(page)
        assert not violations(page)
    page.context.close()
    other = site.visitor(storage_state=state)
    other.goto(note)
    assert text(other).input_value() == ""
    assert not violations(other)
    goes_on(other)
    assert text(other).input_value() == WORDS
    assert not violations(other)
    other.get_by_role("button", name="Kasta utkastet").click()
    heading(other, "Ny anteckning")
    assert text(other).input_value() == ""
    assert not complaints


def test_a_lost_connection_is_told_nothing_is_sent_into_it_and_the_rest_follows_afterwards(
    site: Desk, state: Any, note: str
) -> None:
    page = site.visitor(storage_state=state)
    page.goto(note)
    text(page).fill(WORDS)
    is_kept(page)
    page.context.set_offline(True)
    text(page).fill(f"{WORDS} {MORE}")
    expect(status(page)).to_contain_text("Ingen anslutning: det du skrev efter")
    page.get_by_role("button", name="Spara", exact=True).click()
    heading(page, "Ny anteckning")
    assert text(page).input_value() == f"{WORDS} {MORE}"
    page.context.set_offline(False)
    is_kept(page)
    again = site.visitor(storage_state=state)
    again.goto(note)
    goes_on(again)
    assert text(again).input_value() == f"{WORDS} {MORE}"
    page.wait_for_timeout(1000)  # a button that was just pressed is not pressed twice by mistake
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)
    again.goto(note)
    assert text(again).input_value() == ""
    expect(again.get_by_text("Du har ett utkast från")).to_have_count(0)


def test_what_is_too_long_to_send_stays_on_the_page_to_be_shortened(
    site: Desk, state: Any, note: str
) -> None:
    page = site.visitor(storage_state=state)
    page.goto(note)
    text(page).evaluate("(field) => { field.value = 'x'.repeat(2_600_000); }")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(status(page)).to_contain_text("Texten är för lång")
    heading(page, "Ny anteckning")
    text(page).fill(WORDS)
    page.wait_for_timeout(1000)  # a button that was just pressed is not pressed twice by mistake
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)


@pytest.mark.parametrize(
    "status_code", [503, *(pytest.param(one, marks=pytest.mark.soak) for one in (404, 500))]
)
def test_a_server_that_keeps_no_draft_never_stands_in_the_way_of_the_form(
    site: Desk, state: Any, note: str, status_code: int
) -> None:
    page = site.visitor(storage_state=state)
    page.route("**/utkast/", lambda route: route.fulfill(status=status_code, body="nej"))
    page.goto(note)
    text(page).fill(WORDS)
    expect(status(page)).to_contain_text("Utkastet kunde inte sparas just nu")
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)


@pytest.mark.soak  # it waits for a second factor of the next half minute
def test_an_ended_session_is_told_and_the_writing_goes_on_after_signing_in_in_another_tab(
    site: Desk, note: str
) -> None:
    page = enter(site, WORKER)
    page.goto(note)
    text(page).fill(WORDS)
    is_kept(page)
    page.context.clear_cookies(name="hamn_desk")
    text(page).fill(f"{WORDS} {MORE}")
    expect(status(page)).to_contain_text("Du är utloggad: det du skrev efter")
    tab = page.context.new_page()
    enter(site, WORKER, tab)
    text(page).fill(f"{WORDS} {MORE}!")
    expect(status(page)).to_contain_text("Utkast sparat", timeout=30_000)
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)


def test_a_form_sent_when_the_session_had_ended_comes_back_as_her_draft(
    site: Desk, note: str
) -> None:
    page = enter(site, WORKER)
    page.goto(note)
    text(page).fill(WORDS)
    page.context.clear_cookies(name="hamn_desk")
    page.get_by_role("button", name="Spara", exact=True).click()
    heading(page, "Logga in")
    assert WORDS not in page.content()
    page.get_by_label("E-postadress").fill(WORKER)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    send_code(page, fresh_code(page, site, WORKER))
    heading(page, "Ny anteckning")
    assert text(page).input_value() == WORDS


def test_without_a_script_the_form_simply_works(site: Desk, state: Any, note: str) -> None:
    page = site.visitor(storage_state=state, java_script_enabled=False)
    page.goto(note)
    text(page).fill(WORDS)
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)


STORED = """async () => [
    localStorage.length, sessionStorage.length, JSON.stringify(history.state),
    (await indexedDB.databases()).length, window.caches ? (await caches.keys()).length : 0,
]"""


def test_no_word_of_it_is_left_in_the_browser(
    site: Desk, state: Any, note: str, playwright: Playwright, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=list(QUIET),
        base_url=site.address,
        locale="sv-SE",
    )
    context.add_cookies(state["cookies"])
    page = context.new_page()
    page.goto(note)
    page.get_by_label("Rubrik").fill("Rubrikkanoten")
    text(page).fill("Textkanoten")
    is_kept(page)
    *lengths, history, databases, caches = page.evaluate(STORED)
    assert (lengths, databases, caches) == ([0, 0], 0, 0)
    assert "kanoten" not in history
    page.goto("/desk/oversikt/")
    page.go_back()
    heading(page, "Ny anteckning")
    goes_on(page)
    page.get_by_role("button", name="Spara", exact=True).click()
    page.wait_for_url(lambda url: note not in url)
    page.wait_for_timeout(2000)  # what the browser writes of its session, it writes by and by
    context.close()
    wanted = [word.encode(code) for word in ("kanoten",) for code in ("utf-8", "utf-16-le")]
    found = [
        path
        for path in profile.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in wanted)
    ]
    assert not found
