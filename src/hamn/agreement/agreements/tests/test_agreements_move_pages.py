"""The moves on screen: written, shown with what they lead to, confirmed."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.register.organisations.models import Party

Desk = Callable[..., Client]


# Signing ----------------------------------------------------------------------------------------


def test_a_first_signature_is_stored_only_when_confirmed(cast: SimpleNamespace, desk: Desk) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    seen = do.fields_of(browser.get(url))
    shown = browser.post(url, do.SIGNATURE | seen)
    assert (shown.status_code, agreement.signatures.count()) == (200, 0)
    assert "Avtalet börjar inte gälla än" in do.page_text(shown)
    assert "när anordnaren också har undertecknat" in do.page_text(shown)
    answer = browser.post(url, do.fields_of(shown) | do.CONFIRMED, follow=True)
    agreement.refresh_from_db()
    assert agreement.status == "signed_by_one"
    kept = agreement.signatures.get()
    assert (kept.side, kept.signed_on, kept.title, kept.method) == (
        "municipality",
        date(2024, 5, 20),
        "Socialchef",
        "digital",
    )
    assert "Nu fattas den andra partens." in do.page_text(answer)


@pytest.mark.parametrize(
    ("signed_on", "agreed", "says"),
    [
        ("2024-06-01", "", ("gäller från 1 juni 2024", "7/12 av 2024 = 47 356 kr")),
        ("2024-05-15", "", ("gäller från 20 maj 2024", "7/12 av 2024 = 47 356 kr")),
        ("2024-06-16", "", ("gäller från 16 juni 2024", "6/12 av 2024 = 40 591 kr")),
        ("2024-06-16", "2025-01-01", ("gäller från 1 januari 2025", "12/12 av 2025 = 82 805 kr")),
        ("2024-12-20", "", ("Första året kostar inget: 0/12 av 2024", "2025 blir 82 805 kr")),
    ],
)
def test_the_second_signature_shows_the_start_and_the_first_fee_before_it_is_confirmed(
    cast: SimpleNamespace, desk: Desk, signed_on: str, agreed: str, says: tuple[str, ...]
) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward), signed_on=date(2024, 5, 20))
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    given = do.SIGNATURE | {"side": "provider", "signed_on": signed_on, "agreed_start": agreed}
    shown = browser.post(url, given | do.fields_of(browser.get(url)))
    for part in says:
        assert part in do.page_text(shown)
    assert "Räknades det från" in do.page_text(shown)
    agreement.refresh_from_db()
    assert agreement.status == "signed_by_one"
    answer = browser.post(url, do.fields_of(shown) | do.CONFIRMED, follow=True)
    agreement.refresh_from_db()
    assert agreement.status == "in_force"
    assert "Nästa steg är den första fakturan." in do.page_text(answer)


def test_the_page_after_the_second_signature_offers_the_first_invoice(
    cast: SimpleNamespace, desk: Desk
) -> None:
    today = date.today()  # noqa: DTZ011 the page asks the clock too
    start = date(today.year, 1, 2)
    agreement = do.sign(cast.steward, do.draft(cast.steward), signed_on=start)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    given = do.SIGNATURE | {"side": "provider", "signed_on": start.isoformat()}
    shown = browser.post(url, given | do.fields_of(browser.get(url)))
    answer = browser.post(url, do.fields_of(shown) | do.CONFIRMED, follow=True)
    way = f"{reverse('invoicing:prepare', args=[today.year])}?kommun=0117"
    assert f'href="{way}"' in do.page_text(answer)


def test_what_the_first_invoice_will_lack_is_told_before_the_agreement_is_in_force(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward))
    Party.objects.filter(municipality="0117").update(participant_id="")
    shown = desk(cast.steward).post(
        do.url_of("sign", agreement), do.SIGNATURE | {"side": "provider"}
    )
    assert "Före den första fakturan saknas: Peppol-id." in do.page_text(shown)


def test_somebody_who_wants_to_mend_gets_back_what_was_written(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("sign", agreement)
    shown = browser.post(url, do.SIGNATURE | do.fields_of(browser.get(url)))
    again = browser.post(url, do.fields_of(shown) | {"steg": "andra"})
    assert again.status_code == 200
    told = do.page_text(again)
    assert 'value="2024"' in told and 'value="Socialchef"' in told
    assert not agreement.signatures.exists()


def test_a_confirmation_is_judged_again_and_never_trusted(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    ahead = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 the page asks the clock
    given = do.SIGNATURE | do.CONFIRMED | {"signed_on": ahead}
    answer = desk(cast.steward).post(do.url_of("sign", agreement), given)
    assert (answer.status_code, agreement.signatures.count()) == (422, 0)
    assert "som inte har varit än" in do.page_text(answer)


@pytest.mark.parametrize("confirmed", [{}, do.CONFIRMED], ids=["asked", "confirmed"])
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"side": ""}, "Vem har undertecknat: välj något"),
        ({"side": "both"}, "Vem har undertecknat: välj något i listan"),
        ({"signed_on": ""}, "Undertecknat: fyll i fältet"),
        ({"signed_on": "2024-02-30"}, "är inget datum"),
        ({"signed_on": "2020-01-01"}, "före taxan som gäller från 2021-01-01"),
        ({"signed_on": "2999-01-01"}, "som inte har varit än"),
        ({"title": ""}, "Undertecknarens titel: fyll i fältet"),
        ({"title": "x" * 121}, "Undertecknarens titel: texten är för lång"),
        ({"title": "a\x00b"}, "Null-tecken"),
        ({"method": "fax"}, "välj något i listan"),
        ({"agreed_start_ar": "i morgon"}, "är inget datum"),
        ({"agreed_start_ar": "2024", "agreed_start_dag": "1"}, "är inget datum"),
        ({"reason": "x" * 301}, "Skäl: texten är för lång"),
    ],
)
def test_a_signature_that_cannot_be_is_refused_with_what_to_mend(
    cast: SimpleNamespace,
    desk: Desk,
    changed: dict[str, str],
    says: str,
    confirmed: dict[str, str],
) -> None:
    agreement = do.draft(cast.steward)
    before = do.stored()
    answer = desk(cast.steward).post(
        do.url_of("sign", agreement), do.SIGNATURE | confirmed | changed
    )
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert do.stored() == before and not agreement.signatures.exists()


def test_an_incomplete_party_is_refused_before_anything_is_confirmed(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    Party.objects.filter(municipality="0117").update(department="")
    answer = desk(cast.steward).post(do.url_of("sign", agreement), do.SIGNATURE)
    assert answer.status_code == 422
    told = do.page_text(answer)
    assert "saknar: avdelning eller enhet. Komplettera kommunens uppgifter" in told
    assert "hamn party" not in told


def test_a_form_in_another_encoding_is_read_or_refused_and_never_breaks_the_page(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward)
    body = b"side=municipality&signed_on=2024-05-20&method=digital&title=%E5%FF%FE&reason=%C3"
    answer = desk(cast.steward).post(
        do.url_of("sign", agreement), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (200, 422)
    assert not agreement.signatures.exists()


# Notice -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "last", "year"),
    [
        ("2024-09-10", "10 oktober 2024", "2024"),
        ("2025-01-31", "28 februari 2025", "2025"),
        ("2025-12-15", "15 januari 2026", "2026"),
    ],
)
def test_a_notice_shows_the_last_day_before_it_is_confirmed(
    cast: SimpleNamespace, desk: Desk, received: str, last: str, year: str
) -> None:
    agreement = do.in_state(cast, "in_force")
    browser, url = desk(cast.steward), do.url_of("give_notice", agreement)
    seen = do.fields_of(browser.get(url))
    shown = browser.post(url, do.NOTICE | seen | {"received": received})
    told = do.page_text(shown)
    assert f"Sista dagen blir {last}" in told
    assert f"Är {year} inte fakturerat än" in told
    agreement.refresh_from_db()
    assert agreement.status == "in_force"
    answer = browser.post(url, do.fields_of(shown) | do.CONFIRMED, follow=True)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.notice_by) == ("under_notice", "municipality")
    assert f"Sista dagen är {last}." in do.page_text(answer)
    assert "Beslut SN 2024/9" in do.last_entry().facts


def test_a_notice_before_the_start_says_that_it_never_begins(
    cast: SimpleNamespace, desk: Desk
) -> None:
    agreement = do.draft(cast.steward, agreed_start=date(2030, 1, 1))
    for side in (do.MUNICIPALITY, do.PROVIDER):
        agreement = do.sign(cast.steward, agreement, side)
    shown = desk(cast.steward).post(do.url_of("give_notice", agreement), do.NOTICE)
    assert "Avtalet upphör innan det har börjat gälla." in do.page_text(shown)


@pytest.mark.parametrize("confirmed", [{}, do.CONFIRMED], ids=["asked", "confirmed"])
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"received": ""}, "Uppsägningen kom fram: fyll i fältet"),
        ({"received": "2024-05-31"}, "innan avtalet undertecknades"),
        ({"received": "2999-01-01"}, "som inte har varit än"),
        ({"received": "", "received_ar": "-1", "received_dag": "²"}, "är inget datum"),
        ({"from_side": ""}, "Vem säger upp avtalet: välj något"),
        ({"reason": "x" * 301}, "Skäl: texten är för lång"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_with_what_to_mend(
    cast: SimpleNamespace,
    desk: Desk,
    changed: dict[str, str],
    says: str,
    confirmed: dict[str, str],
) -> None:
    agreement = do.in_state(cast, "in_force")
    before = do.stored()
    answer = desk(cast.steward).post(
        do.url_of("give_notice", agreement), do.NOTICE | confirmed | changed
    )
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert do.stored() == before


# Withdrawing ------------------------------------------------------------------------------------


def test_a_draft_is_withdrawn_with_its_reason(cast: SimpleNamespace, desk: Desk) -> None:
    agreement = do.draft(cast.steward)
    browser, url = desk(cast.steward), do.url_of("withdraw", agreement)
    seen = do.fields_of(browser.get(url))
    answer = browser.post(url, seen | {"reason": "Fel kommun"}, follow=True)
    agreement.refresh_from_db()
    assert agreement.status == "withdrawn"
    assert "Utkastet är återkallat." in do.page_text(answer)
    assert "skäl: Fel kommun" in do.page_text(answer)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_draft_is_never_withdrawn_without_a_reason_that_fits(
    cast: SimpleNamespace, desk: Desk, reason: str
) -> None:
    agreement = do.draft(cast.steward)
    answer = desk(cast.steward).post(do.url_of("withdraw", agreement), {"reason": reason})
    agreement.refresh_from_db()
    assert (answer.status_code, agreement.status) == (422, "draft")
