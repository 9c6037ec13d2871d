"""Signing in as people do: password, code, passkey and recovery code; invited, left, expired.

A code is used once, so that who signs in again waits for the next one, as people do.
"""

import email
import email.policy
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.stories.browser.visiting import (
    PASSWORD,
    PEOPLE,
    Desk,
    fact,
    heading,
    is_in,
    violations,
    words,
)

pytestmark = [pytest.mark.slow, pytest.mark.once]

OWN_PASSWORD = "sju sjösjuka sjömän sköljdes"
WRONG = "Adressen eller lösenordet stämmer inte."
PERIOD_S = 30
# A key of the computer itself, whose owner has shown her finger.
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_used: set[tuple[str, str, str]] = set()


def send_password(page: Page, address: str, password: str = PASSWORD) -> None:
    page.goto("/desk/")
    page.get_by_label("E-postadress").fill(address)
    page.get_by_label("Lösenord", exact=True).fill(password)
    page.get_by_role("button", name="Logga in", exact=True).click()


def fresh_code(page: Page, site: Desk, address: str) -> str:
    """The code on the page for the second step, once it is one that has not been used."""
    heading(page, "Andra steget")
    while (used := (site.address, address, words(page.locator("#demokod")))) in _used:
        time.sleep(1)
        page.reload()
    _used.add(used)
    return used[2]


def send_code(page: Page, code: str) -> None:
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Logga in", exact=True).click()


def enter(site: Desk, address: str, page: Page | None = None) -> Page:
    """A browser signed in anew, by password and code."""
    page = page or site.visitor()
    send_password(page, address)
    send_code(page, fresh_code(page, site, address))
    is_in(page)
    return page


def is_out(page: Page) -> bool:
    """Whether the browser is sent to sign in, or to go on with that, instead of the overview."""
    page.goto("/desk/oversikt/")
    return urlsplit(page.url).path in ("/desk/konto/logga-in/", "/desk/konto/andra-steget/")


def letter_to(site: Desk, address: str) -> str:
    """The link in the letter that the worker has sent, in the demo a file."""
    for _attempt in range(200):
        for path in sorted((site.centre.home / "mail").glob("*"), reverse=True):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body()
            found = re.search(r"http://\S+", body.get_content()) if body else None
            if letter["To"] == address and found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError("no letter")


def invite(site: Desk, address: str, title: str, role: str) -> str:
    """The administrator invites a person; the link that she gets."""
    page = site.as_role("administrator")
    page.goto("/desk/personer/")
    page.get_by_role("button", name="Bjud in en person").click()
    page.get_by_label("E-postadress").fill(address)
    page.get_by_label("Namn eller befattning").fill(title)
    page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="Skicka inbjudan").click()
    expect(page.get_by_text(f"{title} är inbjuden. Länken gäller i tre dagar.")).to_be_visible()
    return letter_to(site, address)


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    heading(page, "Välj ett lösenord")
    # The key of the link is gone from the address bar.
    assert page.url != link
    page.get_by_label("Nytt lösenord", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Nytt lösenord en gång till").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Spara lösenordet").click()
    expect(page.get_by_text("Lösenordet är valt. Logga in med det.")).to_be_visible()


def add_app(page: Page) -> None:
    """The secret that the page shows goes into an app, whose code opens the desk."""
    heading(page, "Lägg till en app")
    assert not violations(page)
    secret = words(page.locator(".hamn-secret")).replace(" ", "")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_S))
    page.get_by_label("Kod från appen").fill(code)
    page.get_by_role("button", name="Lägg till appen").click()
    heading(page, "Reservkoder")
    page.get_by_role("link", name="Jag har sparat dem, fortsätt").click()
    heading(page, "Översikt")


def join(site: Desk, address: str, title: str, role: str) -> Page:
    """A person who was invited and has come in, in her browser."""
    page = site.visitor()
    choose_password(page, invite(site, address, title, role))
    send_password(page, address, OWN_PASSWORD)
    add_app(page)
    return page


def test_a_wrong_password_is_answered_alike_for_an_address_that_is_known_and_one_that_is_not(
    site: Desk,
) -> None:
    answers = []
    for address in (PEOPLE["reader"], "ingen@centrum.example"):
        page = site.visitor()
        send_password(page, address, "något helt annat")
        expect(page.get_by_role("alert").first).to_contain_text(WRONG)
        assert page.get_by_label("E-postadress").input_value() == address
        assert page.get_by_label("Lösenord", exact=True).input_value() == ""
        assert not violations(page)
        answers.append((page.url, page.title(), words(page.locator("body"))))
    assert answers[0] == answers[1]


def test_a_code_opens_the_desk_once_and_never_again(site: Desk) -> None:
    first, second = site.visitor(), site.visitor()
    send_password(first, PEOPLE["steward"])
    send_password(second, PEOPLE["steward"])
    code = fresh_code(first, site, PEOPLE["steward"])
    send_code(first, code)
    heading(first, "Översikt")
    send_code(second, code)
    expect(second.get_by_role("alert").first).to_contain_text("har redan använts")
    assert is_out(second)


def test_a_passkey_is_added_and_then_opens_the_desk_alone(site: Desk) -> None:
    page = enter(site, PEOPLE["controller"])
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.get_by_role("link", name="Controller", exact=True).click()
    page.get_by_role("link", name="Lägg till en nyckel").click()
    page.get_by_label("Vad vill du kalla nyckeln?").fill("jobbdatorn")
    page.get_by_label("Logga in med bara nyckeln").check()
    page.get_by_role("button", name="Lägg till nyckeln").click()
    expect(page.get_by_text("Nyckeln är tillagd.")).to_be_visible()
    page.goto("/desk/konto/")
    assert "jobbdatorn" in fact(page, "Nyckel")
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_text("Du är utloggad.")).to_be_visible()
    assert is_out(page)
    page.get_by_role("button", name="Logga in med nyckel").click()
    heading(page, "Översikt")
    expect(page.get_by_role("link", name="Controller", exact=True)).to_be_visible()


def test_a_recovery_code_opens_the_desk_once(site: Desk) -> None:
    page = enter(site, PEOPLE["reader"])
    page.goto("/desk/konto/")
    page.get_by_role("link", name="Gör nya reservkoder").click()
    page.get_by_role("button", name="Gör nya reservkoder").click()
    heading(page, "Reservkoder")
    codes = [words(one) for one in page.locator(".hamn-secret li").all()]
    assert len(codes) == len(set(codes)) == 10
    first, second = site.visitor(), site.visitor()
    send_password(first, PEOPLE["reader"])
    send_code(first, codes[0])
    heading(first, "Översikt")
    send_password(second, PEOPLE["reader"])
    send_code(second, codes[0])
    expect(second.get_by_role("alert").first).to_contain_text("har redan använts")
    assert is_out(second)
    page.goto("/desk/konto/")
    assert fact(page, "Reservkoder") == "9 kvar"


def test_a_session_that_is_ended_from_another_browser_is_over_there(site: Desk) -> None:
    here = join(site, "tva@centrum.example", "Registrator", "läsare")
    there = site.visitor()
    send_password(there, "tva@centrum.example", OWN_PASSWORD)
    here.goto("/desk/konto/reservkoder/")
    send_code(there, words(here.locator(".hamn-secret li").first))
    heading(there, "Översikt")
    here.goto("/desk/konto/inloggningar/")
    assert here.locator(".hamn-card").count() == 2
    here.get_by_role("button", name=re.compile(r"^Avsluta inloggningen")).click()
    expect(here.get_by_text("Inloggningen är avslutad.")).to_be_visible()
    assert here.locator(".hamn-card").count() == 1
    assert is_out(there)
    assert not is_out(here)


def test_who_has_signed_out_is_shown_nothing_by_going_back(site: Desk) -> None:
    page = enter(site, PEOPLE["reader"])
    page.goto("/desk/fakturor/202600001/")
    heading(page, "Faktura 202600001")
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_text("Du är utloggad.")).to_be_visible()
    page.go_back()
    heading(page, "Logga in")
    assert "Botkyrka" not in words(page.locator("body"))
    page.go_forward()
    heading(page, "Logga in")


def test_what_was_typed_when_the_session_expired_is_kept_for_its_owner_and_nobody_else(
    site: Desk,
) -> None:
    page = enter(site, PEOPLE["steward"])
    page.goto("/desk/kommuner/0187/uppgifter/")
    page.get_by_label("Avdelning eller enhet").fill("Stöd och omsorg")
    page.get_by_label("Er referens").fill("VAX-77")
    page.context.clear_cookies(name="hamn_desk")
    page.get_by_role("button", name="Spara").click()
    heading(page, "Logga in")
    # Signing in goes on where she was.
    page.get_by_label("E-postadress").fill(PEOPLE["steward"])
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    send_code(page, fresh_code(page, site, PEOPLE["steward"]))
    heading(page, "Uppgifter om Vaxholm")
    expect(page.get_by_text("Din inloggning hade gått ut. Det du skrev är kvar")).to_be_visible()
    assert page.get_by_label("Avdelning eller enhet").input_value() == "Stöd och omsorg"
    assert page.get_by_label("Er referens").input_value() == "VAX-77"
    assert not violations(page)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    assert fact(page, "Avdelning eller enhet") == "Stöd och omsorg"
    # The same at a browser where somebody else signs in next: she sees what is saved.
    page.goto("/desk/kommuner/0187/uppgifter/")
    page.get_by_label("Er referens").fill("NÅGON ANNANS")
    page.context.clear_cookies(name="hamn_desk")
    page.get_by_role("button", name="Spara").click()
    enter(site, PEOPLE["controller"], page)
    page.goto("/desk/kommuner/0187/uppgifter/")
    assert page.get_by_label("Er referens").input_value() == "VAX-77"


def test_who_is_invited_chooses_a_password_and_meets_nothing_before_a_second_factor(
    site: Desk,
) -> None:
    link = invite(site, "ny@centrum.example", "Ekonom, avdelning stöd", "controller")
    page = site.visitor()
    choose_password(page, link)
    send_password(page, "ny@centrum.example", OWN_PASSWORD)
    for path in ("/desk/oversikt/", "/desk/fakturor/", "/desk/konto/", "/desk/konto/inloggningar/"):
        page.goto(path)
        heading(page, "Lägg till en app")
        assert page.get_by_role("navigation", name="Meny").count() == 0
    add_app(page)
    menu = page.get_by_role("navigation", name="Meny")
    expect(menu.get_by_role("link", name="Årets fakturering")).to_be_visible()
    again = site.visitor()
    again.goto(link)
    heading(again, "Länken gäller inte längre")
    assert not violations(again)


def test_who_has_left_is_out_at_once_and_cannot_come_in_again(site: Desk) -> None:
    page = join(site, "slutar@centrum.example", "Vikarie", "läsare")
    administrator = site.as_role("administrator")
    administrator.goto("/desk/personer/")
    administrator.get_by_role("link", name="Vikarie").click()
    administrator.get_by_role("link", name="Personen har slutat").click()
    heading(administrator, "Vikarie har slutat")
    administrator.get_by_role("button", name="Stäng kontot").click()
    expect(administrator.get_by_text("Kontot är stängt.")).to_be_visible()
    page.get_by_role("link", name="Fakturor", exact=True).click()
    heading(page, "Logga in")
    send_password(page, "slutar@centrum.example", OWN_PASSWORD)
    expect(page.get_by_role("alert").first).to_contain_text(WRONG)


def propose(site: Desk, title: str, place: str) -> None:
    """The administrator proposes somebody to Mikamottagningen."""
    page = site.as_role("administrator")
    page.goto("/desk/personer/")
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("link", name="Föreslå till en enhet").click()
    page.get_by_label("Enhet", exact=True).select_option("Mikamottagningen")
    page.get_by_label(place, exact=True).check()
    page.get_by_role("button", name="Föreslå").click()
    expect(page.get_by_text("Förslaget väntar nu på enhetens chef.")).to_be_visible()


def test_a_person_belongs_to_a_unit_only_when_its_head_signed_in_has_said_so(site: Desk) -> None:
    propose(site, "Avtalshandläggare", "Medarbetare")
    head = enter(site, PEOPLE["head"])
    head.get_by_role("link", name="Min enhet").click()
    head.get_by_role("link", name="Besluta Avtalshandläggare").click()
    decision = head.url
    administrator = site.as_role("administrator")
    administrator.goto(decision)
    heading(administrator, "Sidan finns inte")
    heading(head, "Besluta att Avtalshandläggare hör till Mikamottagningen")
    assert standing(site) == "väntar på beslut"
    head.get_by_role("button", name="Besluta").click()
    expect(head.get_by_text("Beslutet gäller nu.")).to_be_visible()
    assert standing(site) == "hör till enheten"


def standing(site: Desk) -> str:
    """How the agreement administrator stands to the unit, as the administrator sees it."""
    page = site.as_role("administrator")
    page.goto("/desk/personer/")
    page.get_by_role("link", name="Avtalshandläggare", exact=True).click()
    return fact(page, "Mikamottagningen")
