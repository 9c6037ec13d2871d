"""What cannot be done now, twice, or beside somebody else: seen, and nothing is lost."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.guards.audit.models import Entry

Desk = Callable[..., Client]


@pytest.mark.parametrize(
    ("verb", "status", "says"),
    [
        ("sign", "in_force", "läge är ”gäller” och kan inte bli ”undertecknat av en part”"),
        ("sign", "withdrawn", "läge är ”återkallat utkast”"),
        ("give_notice", "draft", "läge är ”utkast” och kan inte bli ”uppsagt”"),
        ("give_notice", "under_notice", "läge är ”uppsagt”"),
        ("withdraw", "in_force", "kan inte bli ”återkallat utkast”"),
        ("withdraw", "ended", "läge är ”upphört”"),
    ],
)
def test_a_move_that_is_not_open_says_why_and_leads_back(
    cast: SimpleNamespace, desk: Desk, verb: str, status: str, says: str
) -> None:
    agreement = do.in_state(cast, status)
    before = Entry.objects.count()
    answer = desk(cast.steward).get(do.url_of(verb, agreement))
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert reverse("agreements:show", args=[agreement.pk]) in do.page_text(answer)
    assert Entry.objects.count() == before


def test_a_signature_sent_twice_is_stored_once(cast: SimpleNamespace, desk: Desk) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    shown = browser.post(url, do.SIGNATURE | do.fields_of(browser.get(url)))
    once = re.search(r'name="once" value="([^"]*)"', do.page_text(shown))
    assert once
    sent = do.fields_of(shown) | do.CONFIRMED | {"once": once[1]}
    answers = [browser.post(url, sent).status_code for _time in range(3)]
    assert answers == [302, 409, 409]
    assert agreement.signatures.count() == 1


@pytest.mark.parametrize("when", ["before the consequence", "before the confirmation"])
def test_two_who_sign_at_once_see_the_conflict_and_what_was_typed_stays(
    cast: SimpleNamespace, desk: Desk, when: str
) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    sent = do.SIGNATURE | {"side": "provider"} | do.fields_of(browser.get(url))
    if when == "before the confirmation":
        sent = do.fields_of(browser.post(url, sent)) | do.CONFIRMED
    # Without the conflict, this one's signature would put the agreement in force unseen.
    do.sign(cast.first, agreement)
    answer = browser.post(url, sent)
    told = do.page_text(answer)
    assert answer.status_code == 422
    assert "Uppgifterna har ändrats sedan du öppnade sidan." in told
    assert "Undertecknat av kommunen 1 juni 2024." in told
    assert 'value="Socialchef"' in told
    agreement.refresh_from_db()
    assert agreement.status == "signed_by_one"
    again = browser.post(url, do.SIGNATURE | {"side": "provider"} | do.fields_of(answer))
    assert "Avtalet gäller från" in do.page_text(again)


def test_two_who_sign_for_the_same_side_are_told_who_was_first(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    sent = do.SIGNATURE | do.fields_of(browser.get(url)) | do.CONFIRMED
    do.sign(cast.first, agreement)
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert "redan undertecknat av kommunen 2024-06-01" in do.page_text(answer)
    assert agreement.signatures.count() == 1
    assert do.last_entry().event == "access.refused"


def test_a_page_with_a_slip_does_not_hide_that_somebody_else_was_first(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    sent = do.SIGNATURE | {"side": "provider"} | do.fields_of(browser.get(url))
    do.sign(cast.first, agreement)
    slip = browser.post(url, sent | {"title": ""})
    assert "Undertecknarens titel: fyll i fältet" in do.page_text(slip)
    answer = browser.post(url, sent | do.fields_of(slip))
    assert "Uppgifterna har ändrats sedan du öppnade sidan." in do.page_text(answer)


@pytest.mark.parametrize(
    ("verb", "status", "fields", "meanwhile", "says"),
    [
        ("withdraw", "draft", {"reason": "Fel"}, "sign", "Uppgifterna har ändrats"),
        ("withdraw", "draft", {"reason": "Fel"}, "withdraw", "läge är ”återkallat utkast”"),
        ("give_notice", "in_force", do.NOTICE | do.CONFIRMED, "notice", "läge är ”uppsagt”"),
        (
            "sign",
            "signed_by_one",
            do.SIGNATURE | do.CONFIRMED,
            "withdraw",
            "läge är ”återkallat utkast”",
        ),
    ],
)
def test_a_move_after_somebody_elses_is_refused_and_changes_nothing(
    cast: SimpleNamespace,
    desk: Desk,
    verb: str,
    status: str,
    fields: dict[str, str],
    meanwhile: str,
    says: str,
) -> None:
    agreement = do.in_state(cast, status)
    browser, url = desk(cast.steward), do.url_of(verb, agreement)
    sent = fields | do.fields_of(browser.get(url))
    getattr(do, meanwhile)(cast.first, agreement)
    before = do.stored()
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert do.stored() == before
