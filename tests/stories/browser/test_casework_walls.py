"""Who meets what at a case not hers; a caseload handed over; the vault closed and opened."""

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.casework import (
    DAY,
    choose,
    entry,
    follow,
    heading_of_case,
    is_told,
    number_of,
    open_case,
    part,
    press,
    write_note,
)
from tests.stories.browser.visiting import Desk, heading, violations, words

pytestmark = [pytest.mark.slow, pytest.mark.once]

SECRET = "Exempel: en hemlig ö."
OUTSIDE = ("kast", "coordinator", "administrator", "controller")
REASON = "Exempel: personen ringer och behöver hjälp innan natten."
NOBODYS = "00000000-0000-4000-8000-000000000000"
# A case that nobody has written in for eight years, in a unit with a head and workers.
OLD = """
from datetime import UTC, datetime
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
import hamn, django
django.setup()
from hamn.guards.access.queries import by_email
from hamn.support.cases import actions
from hamn.support.cases.rules.content import CaseContent
by, now = by_email("mika@centrum.example"), datetime(2019, 3, 4, 9, tzinfo=UTC)
opened = actions.open_case(unit="mika", content=CaseContent(""), by=by, now=now)
actions.write_note(text="Exempel: en gammal rad.", title="", on=now.date(),
    case_id=opened.case.pk, by=by, now=now)
print(opened.case.pk)
"""


@pytest.fixture(scope="module")
def case(site: Desk) -> str:
    """The address of a case of the worker's own, with a note in it."""
    page = site.as_role("worker")
    address = open_case(page, "Påhittad Rönnbär")
    write_note(page, address, SECRET)
    return address


def seen(page: Page, path: str) -> tuple[int, list[str]]:
    """Status, and all that the page says of itself."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status, [words(page.locator("main")), page.title()]


@pytest.mark.parametrize("role", OUTSIDE)
def test_outside_the_unit_a_case_looks_like_one_that_never_was(
    site: Desk, case: str, role: str
) -> None:
    page = site.as_role(role)
    own = case.rsplit("/", 2)[1]
    for part_of in ("", "plan/", "atkomst/", "oppna/", "anteckningar/ny/"):
        there = seen(page, f"{DAY}{own}/{part_of}")
        assert there == seen(page, f"{DAY}{NOBODYS}/{part_of}")
        assert there[0] == 404
        assert there[1][0].startswith("Sidan finns inte")


def test_search_finds_the_chosen_name_in_ones_own_unit_and_nowhere_else(
    site: Desk, case: str
) -> None:
    for role, hits in (("worker", 1), ("kast", 0)):
        page = site.as_role(role)
        page.goto(DAY)
        follow(page, "Sök ärende")
        page.get_by_label("Namn, personnummer eller ärendenummer").fill("rönnbär")
        press(page, "Sök")
        expect(page.get_by_role("link", name="Påhittad Rönnbär")).to_have_count(hits)
        assert "nnb" not in page.url and "nnb" not in page.title()
    is_told(page, "Ingen träff")
    assert not violations(page)


def test_a_colleague_breaks_the_glass_and_the_head_signs_the_review(site: Desk, case: str) -> None:
    number = breaks(site.as_role("colleague"), case)
    owner = site.as_role("worker")
    owner.goto(DAY)
    expect(owner.get_by_role("region", name="Nödöppnat av en kollega")).to_contain_text(number)
    head = site.as_role("head")
    head.goto(DAY)
    follow(head, "Nödöppningar att granska")
    follow(head, number)
    is_told(head, REASON)
    assert SECRET not in head.content()
    head.get_by_label("Rätt", exact=True).check()
    press(head, "Signera")
    is_told(head, "Granskningen är signerad.")
    waiting = head.get_by_role("region", name="Nödöppningar att granska")
    expect(waiting.get_by_role("link", name=number)).to_have_count(0)
    part(owner, case, "Åtkomst")
    is_told(owner, REASON)


def breaks(page: Page, case: str) -> str:
    """A colleague of the unit opens the case with a reason; its number."""
    answer = page.goto(case)
    assert answer is not None and answer.status == 403
    is_told(page, "Ärendet är enhetens men inte ditt. Fråga Socionom A, Mika.")
    assert SECRET not in page.content() and "Rönnbär" not in page.content()
    assert not violations(page)
    page.get_by_role("button", name="Nödöppna ärendet").click()
    page.get_by_label("Personen är här eller hör av sig nu", exact=True).check()
    page.get_by_label("Berätta kort varför det inte kan vänta").fill(REASON)
    press(page, "Öppna i fyra timmar")
    heading_of_case(page)
    expect(entry(page, SECRET)).to_be_visible()
    return number_of(page)


def test_a_month_of_reads_is_judged_and_signed_by_the_head(site: Desk, case: str) -> None:
    head = site.as_role("head")
    head.goto(DAY)
    head.get_by_role("link", name="bedöm och signera").first.click()
    heading(head, "Läsningar i")
    assert not violations(head)
    month = words(head.get_by_role("heading", level=1))
    press(head, "Spara och signera")
    expect(head.get_by_role("alert").first).to_be_visible()
    for radio in head.get_by_label("Rätt", exact=True).all():
        radio.check()
    press(head, "Spara och signera")
    signed = head.get_by_role("region", name="Signerade månader")
    expect(signed).to_contain_text(month.rsplit(" ", 1)[-1])


def test_a_caseload_is_handed_over_when_the_receiver_accepts(site: Desk, case: str) -> None:
    giver, receiver = site.as_role("worker"), site.as_role("colleague")
    own = open_case(giver, "Påhittad Slån")
    giver.goto(DAY)
    follow(giver, "Lämna över ärenden")
    choose(giver, "Vem tar emot?", "Socionom B")
    giver.get_by_label("Alla ärenden, och det som hör till", exact=True).check()
    press(giver, "Fortsätt")
    is_told(giver, "Det gäller när mottagaren har tackat ja.")
    press(giver, "Lämna över")
    is_told(giver, "Frågan är ställd.")
    receiver.goto(DAY)
    follow(receiver, "Ta emot", receiver.get_by_role("region", name="Överlämningar som väntar"))
    press(receiver, "Ta emot")
    is_told(receiver, "Överlämningen gäller.")
    receiver.goto(own)
    heading(receiver, "Påhittad Slån")
    answer = giver.goto(own)
    assert answer is not None and answer.status == 403


def test_a_disposal_list_is_approved_by_another_and_leaves_a_certificate(site: Desk) -> None:
    old = site.centre.run("-c", OLD).split()[-1]
    worker, head = site.as_role("worker"), site.as_role("head")
    address = plans(worker)
    expect(worker.get_by_role("link", name="Granska och godkänn")).to_have_count(0)
    head.goto(address)
    head.get_by_role("button", name="Granska och godkänn").click()
    heading(head, "Godkänn")
    assert not violations(head)
    head.locator("main form button.govuk-button").last.click()
    is_told(head, "Starta gallringen")
    head.get_by_role("button", name="Starta gallringen").click()
    head.locator("main form button.govuk-button").last.click()
    follow(head, "Gallringsbeviset")
    heading(head, "Gallringsbevis")
    answer = worker.goto(f"{DAY}{old}/")
    assert answer is not None and answer.status == 404


def plans(page: Page) -> str:
    """The worker plans the list of what is past its time; its address."""
    page.goto("/desk/gallring/")
    page.get_by_role("link", name="Ta fram en lista").first.click()
    page.locator("main form button.govuk-button").last.click()
    heading(page, "Gallringslista")
    assert not violations(page)
    return page.url


def test_a_closed_vault_says_what_to_do_and_the_head_opens_it(site: Desk) -> None:
    head, worker = site.as_role("head"), site.as_role("worker")
    case = open_case(worker, "Påhittad Hallon")
    closes_vault(head)
    for address in (DAY, case):
        worker.goto(address)
        heading(worker, "Valvet är stängt")
        is_told(worker, "Valvet för Mikamottagningen är stängt")
        expect(worker.get_by_role("button", name="Öppna valvet")).to_have_count(0)
    assert "Hallon" not in worker.content() and not violations(worker)
    head.goto(DAY)
    head.get_by_role("button", name="Öppna valvet").click()
    opens_vault(head, passphrase_of(site))
    worker.goto(DAY)
    heading(worker, "Min dag")


def closes_vault(head: Page) -> None:
    head.goto("/desk/valvet/")
    head.get_by_role("link", name="Stäng Mikamottagningen").click()
    press(head, "Stäng valvet")
    is_told(head, "Valvet för Mikamottagningen är stängt.")


def opens_vault(head: Page, passphrase: str) -> None:
    head.get_by_label("Lösenfras", exact=True).fill("fel lösenfras som är lång")
    press(head, "Öppna valvet")
    expect(head.get_by_role("alert").first).to_be_visible()
    head.get_by_label("Lösenfras", exact=True).fill(passphrase)
    press(head, "Öppna valvet")
    is_told(head, "Valvet för Mikamottagningen är öppet.")


def passphrase_of(site: Desk) -> str:
    """The demo's passphrase, which lies beside its keys."""
    found = next(site.centre.home.rglob("demo-passphrase"))
    return found.read_text(encoding="ascii").strip()
