"""A real browser keeps nothing of a case: its whole profile is searched when it has been closed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Playwright

from tests.stories.browser.conftest import CHROMIUM, QUIET
from tests.stories.browser.test_signing_in import enter
from tests.stories.browser.visiting import Desk, heading
from tests.stories.planting import Words, files_with, picture

pytestmark = [pytest.mark.slow, pytest.mark.once]

WORKER = "mika@centrum.example"
OPEN = "an address"


@pytest.fixture(scope="module")
def state(site: Desk) -> Any:
    """The worker's session, signed in once."""
    return enter(site, WORKER).context.storage_state()


def save(page: Page, name: str = "Spara") -> None:
    """Press the button, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def open_case(page: Page, words: Words) -> str:
    """A case of a person who wants to be called something; its address."""
    page.goto("/desk/arenden/nytt/")
    page.get_by_label("kallar sig något annat").check()
    page.get_by_label("Vad personen vill kallas").fill(words.new("what she is called"))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/nytt/" not in url)
    return page.url


def write_note(page: Page, case: str, words: Words) -> None:
    """A note, refused once, kept as a draft while it was typed, then saved."""
    page.goto(f"{case}anteckningar/ny/")
    page.get_by_label("Rubrik").fill(words.new("a title"))
    save(page)
    heading(page, "Ny anteckning")
    page.get_by_label("Anteckning", exact=True).fill(words.new("a note"))
    page.locator(".hamn-draft__status").get_by_text("Utkast sparat").wait_for()
    page.goto(case)
    page.go_back()
    page.wait_for_timeout(1000)
    save(page)


def attach_and_fetch(page: Page, case: str, words: Words) -> None:
    """A file with a telling name, attached and saved again."""
    page.goto(f"{case}filer/ny/")
    name = f"{words.new('a file name')}.png"
    data = picture(words.new("a picture's metadata"))
    file = FilePayload(name=name, mimeType="image/png", buffer=data)
    page.get_by_label("Fil", exact=True).set_input_files(files=[file])
    save(page, "Bifoga")
    with page.expect_download():
        page.locator("main a[href*='/filer/']").filter(has_text="ämta").first.click()


def search(page: Page, words: Words) -> None:
    """A name that nobody has, in the box for searching."""
    page.goto("/desk/arenden/sok/")
    page.locator("main input[type=text]").fill(words.new("a search"))
    save(page, "Sök")


def test_the_browsers_profile_holds_no_word_of_a_case(
    site: Desk, state: Any, playwright: Playwright, tmp_path: Path
) -> None:
    words, profile = Words(), tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=list(QUIET),
        base_url=site.address,
        locale="sv-SE",
    )
    context.add_cookies(state["cookies"])
    page = context.new_page()
    case = open_case(page, words)
    write_note(page, case, words)
    attach_and_fetch(page, case, words)
    search(page, words)
    for part in ("plan/", "remisser/", "barn/", "filer/", "uppgifter/", "atkomst/", ""):
        page.goto(case + part)
    page.go_back()
    page.goto(f"/desk/hjalp/?fraga={words.new(OPEN)}")
    page.wait_for_timeout(2000)  # what the browser writes of its session, it writes by and by
    context.close()
    found = files_with(words, [profile])
    assert [one for one in found if one.typed != OPEN] == []
    # The same search finds what a browser does remember: an address.
    assert [one for one in found if one.typed == OPEN]
