"""Most consultations come by telephone: one is noted in under thirty seconds, by keys alone."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.stories.browser.casework import is_told
from tests.stories.browser.test_by_keyboard import name_of_focus
from tests.stories.browser.visiting import Desk, heading, runs_over, violations

pytestmark = [pytest.mark.slow, pytest.mark.once]

PAGES = "/desk/konsultationer/"
MOST_S = 30
MOST_KEYS = 25  # pressed beside what is typed to choose from two lists
A_KEY_S = 0.28  # keystroke-level model: a skilled typist's, and a second to think at each choice
THINKING_S = 1.35


@pytest.fixture
def worker(site: Desk) -> Page:
    return site.as_role("worker")


def to(page: Page, name: str) -> int:
    """Tab until the focus is on what begins with the name; how many keys that took."""
    for keys in range(1, MOST_KEYS + 1):
        page.keyboard.press("Tab")
        if name_of_focus(page).startswith(name):
            return keys
    raise AssertionError(f"{name} is not reached")


def test_a_consultation_by_phone_is_noted_in_under_thirty_seconds(worker: Page) -> None:
    worker.goto(PAGES)
    began = time.perf_counter()
    worker.keyboard.press("Tab")
    worker.keyboard.press("Enter")  # past the menu
    keys = 2 + to(worker, "Anteckna en konsultation")
    worker.keyboard.press("Enter")
    heading(worker, "Anteckna en konsultation")
    worker.keyboard.press("Tab")
    worker.keyboard.press("Enter")
    keys += 3 + to(worker, "Vem frågade?")
    worker.keyboard.type("nac")
    keys += to(worker, "Vad gällde det?")
    worker.keyboard.type("arb")
    keys += 1 + to(worker, "Spara")
    worker.keyboard.press("Enter")
    is_told(worker, "Konsultationen är antecknad och räknad.")
    took, typed = time.perf_counter() - began, len("nac") + len("arb")
    assert keys <= MOST_KEYS
    assert took < MOST_S
    # What a person needs: every key, and a thought before each of the four acts.
    assert (keys + typed) * A_KEY_S + 4 * THINKING_S < MOST_S
    worker.goto(f"{PAGES}?visa=avslutade")
    rows = worker.locator(".hamn-table tbody tr").filter(has_text="Nacka")
    noted = rows.filter(has_text=timezone.localdate().isoformat())
    expect(noted).to_contain_text(["Arbetssätt och bemötande"])
    expect(noted).to_contain_text(["Socionom A, Mika"])


@pytest.mark.soak
@pytest.mark.parametrize("path", [PAGES, f"{PAGES}ny/", f"{PAGES}antal/"])
def test_axe_finds_nothing_and_nothing_runs_over_a_phones_width(path: str, worker: Page) -> None:
    worker.goto(path)
    assert violations(worker) == []
    worker.set_viewport_size({"width": 320, "height": 640})
    assert runs_over(worker) == []
