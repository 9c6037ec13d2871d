"""The information officer mends a public text: written, seen as the public would, published."""

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.casework import is_told
from tests.stories.browser.visiting import Desk, heading, runs_over, violations

pytestmark = [pytest.mark.slow, pytest.mark.once]

TEXTS = "/desk/texter/"
KAST = f"{TEXTS}ar/service:kast/"


@pytest.fixture
def officer(site: Desk) -> Page:
    return site.as_role("officer")


def test_a_text_is_changed_seen_and_published(officer: Page) -> None:
    officer.goto(TEXTS)
    officer.get_by_role("link", name="Engelska", exact=True).click()
    officer.get_by_role("link", name="Dölj dina spår", exact=True).click()
    officer.get_by_role("link", name="Skriv ett utkast", exact=True).click()
    expect(officer.get_by_label("Rubrik")).to_have_value("Cover your tracks")
    officer.get_by_label("Text", exact=True).fill("## Short\n- one\n[Write](/kontakt/)")
    officer.get_by_role("button", name="Fortsätt").click()
    preview = officer.locator(".hamn-preview")
    expect(preview.get_by_role("heading", name="Short")).to_be_visible()
    expect(preview.get_by_role("link", name="Write")).to_have_attribute("href", "/kontakt/")
    officer.get_by_role("button", name="Spara utkastet").click()
    is_told(officer, "Utkastet är sparat. Det visas först när det publiceras.")
    officer.get_by_role("link", name="Publicera utkastet").click()
    # Another language than Swedish is read by somebody whose own it is.
    officer.get_by_role("button", name="Publicera").click()
    heading(officer, "Publicera Dölj dina spår")
    officer.get_by_label("Granskat av").fill("Påhittad översättare")
    officer.get_by_role("button", name="Publicera").click()
    is_told(officer, "Texten är publicerad.")
    heading(officer, "Dölj dina spår")


@pytest.mark.soak
@pytest.mark.parametrize(
    "path",
    [
        *(TEXTS, f"{TEXTS}ar/", f"{TEXTS}ar/godkann/", f"{TEXTS}ar/dolj/"),
        *(KAST, f"{KAST}skriv/", f"{KAST}avpublicera/", f"{KAST}version/1/"),
    ],
)
def test_axe_finds_nothing_and_nothing_runs_over_a_phones_width(path: str, officer: Page) -> None:
    officer.goto(path)
    assert violations(officer) == []
    officer.set_viewport_size({"width": 320, "height": 640})
    assert runs_over(officer) == []
