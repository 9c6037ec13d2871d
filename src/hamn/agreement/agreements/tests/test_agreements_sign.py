"""Signing: two sides, dates that can be true, and a party that is complete."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from hamn.agreement.agreements import queries
from hamn.agreement.agreements.models import Agreement, Signature
from hamn.agreement.agreements.rules import NotComplete, WrongState
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.core.errors import BadInput
from hamn.register.organisations.models import Party


@pytest.mark.parametrize(
    ("first", "second", "agreed", "starts"),
    [
        ("2024-05-20", "2024-05-28", None, "2024-05-28"),
        ("2024-05-28", "2024-05-20", None, "2024-05-28"),
        ("2024-05-20", "2024-05-28", "2024-06-01", "2024-06-01"),
        ("2024-05-20", "2024-06-03", "2024-06-01", "2024-06-03"),
        ("2024-05-20", "2024-05-28", "2030-01-01", "2030-01-01"),
    ],
)
@pytest.mark.parametrize("order", [(do.MUNICIPALITY, do.PROVIDER), (do.PROVIDER, do.MUNICIPALITY)])
def test_the_second_signature_puts_it_in_force_from_the_later_date(
    cast: SimpleNamespace, first: str, second: str, agreed: str | None, starts: str, order: tuple
) -> None:
    agreed_start = date.fromisoformat(agreed) if agreed else None
    agreement = do.draft(cast.steward, agreed_start=agreed_start)
    agreement = do.sign(cast.steward, agreement, order[0], signed_on=date.fromisoformat(first))
    assert (agreement.status, agreement.starts_on) == ("signed_by_one", None)
    agreement = do.sign(cast.steward, agreement, order[1], signed_on=date.fromisoformat(second))
    agreement.refresh_from_db()
    assert (agreement.status, agreement.starts_on) == ("in_force", date.fromisoformat(starts))
    assert Signature.objects.filter(agreement=agreement).count() == 2


def test_a_start_agreed_when_signing_replaces_the_draft_s(cast: SimpleNamespace) -> None:
    agreement = do.draft(cast.steward, agreed_start=date(2024, 9, 1))
    do.sign(cast.steward, agreement, agreed_start=date(2024, 10, 1))
    assert do.sign(cast.steward, agreement, do.PROVIDER).starts_on == date(2024, 10, 1)


def test_the_trail_tells_side_date_and_start(cast: SimpleNamespace) -> None:
    do.in_state(cast, "in_force")
    assert json.loads(do.last_entry().facts) == {
        "side": "provider",
        "signed_on": "2024-06-01",
        "method": "digital",
        "starts_on": "2024-06-01",
        "reason": "",
    }


@pytest.mark.parametrize("side", [do.MUNICIPALITY, do.PROVIDER])
def test_the_same_side_never_signs_twice(cast: SimpleNamespace, side: str) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward), side)
    with pytest.raises(WrongState, match=r"är redan undertecknat av (kommunen|anordnaren) 2024"):
        do.sign(cast.steward, agreement, side)
    assert agreement.signatures.count() == 1


@pytest.mark.parametrize(
    ("signed_on", "says"),
    [
        (date(2026, 3, 2), "daterad 2026-03-02, som inte har varit än"),
        (date(2020, 12, 31), "daterad 2020-12-31, före taxan som gäller från 2021-01-01"),
        (date(1, 1, 1), "före taxan"),
    ],
)
def test_a_signature_on_a_day_that_cannot_be_is_refused(
    cast: SimpleNamespace, signed_on: date, says: str
) -> None:
    agreement = do.draft(cast.steward)
    with pytest.raises(BadInput, match=says):
        do.sign(cast.steward, agreement, signed_on=signed_on)
    agreement.refresh_from_db()
    assert agreement.status == "draft" and not agreement.signatures.exists()


@pytest.mark.parametrize("signed_on", [date(2021, 1, 1), do.TODAY], ids=["first day", "today"])
def test_a_signature_on_the_first_or_last_day_that_can_be_is_kept(
    cast: SimpleNamespace, signed_on: date
) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward), signed_on=signed_on)
    assert agreement.signatures.get().signed_on == signed_on


def test_an_incomplete_party_is_told_which_fields_are_missing(cast: SimpleNamespace) -> None:
    Party.objects.filter(municipality="0117").update(department="", postal_code="")
    agreement = do.draft(cast.steward)
    agreement.party.contacts.all().delete()
    with pytest.raises(NotComplete) as refused:
        do.sign(cast.steward, agreement)
    assert str(refused.value).startswith(
        "Österåkers kommun saknar: avdelning eller enhet, postadress, postnummer, kontaktperson."
    )
    assert not agreement.signatures.exists()


def test_a_contact_who_has_left_is_no_contact(cast: SimpleNamespace) -> None:
    agreement = do.draft(cast.steward)
    agreement.party.contacts.update(valid_until=date(2026, 2, 28))
    with pytest.raises(NotComplete, match="saknar: kontaktperson"):
        do.sign(cast.steward, agreement)


def test_an_agreement_tells_what_is_missing_before_invoicing(cast: SimpleNamespace) -> None:
    party = Party.objects.get(municipality="0117")
    assert queries.missing_before_invoicing(party) == []
    party.billing_street = party.participant_id = party.buyer_reference = ""
    assert [item.name for item in queries.missing_before_invoicing(party)] == [
        "faktureringsadress, gata eller box",
        "Peppol-id",
        "er referens (beställarreferens)",
    ]


def test_a_base_year_after_the_first_year_stops_the_last_signature(cast: SimpleNamespace) -> None:
    agreement = do.sign(cast.steward, do.draft(cast.steward, index_base_year=2025))
    with pytest.raises(BadInput, match="Basåret för index kan inte vara 2025"):
        do.sign(cast.steward, agreement, do.PROVIDER)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.signatures.count()) == ("signed_by_one", 1)


def test_a_new_agreement_never_begins_before_the_last_one_has_ended(cast: SimpleNamespace) -> None:
    before = do.in_state(cast, "ended")
    assert before.ends_on == date(2024, 10, 10)
    agreement = do.sign(cast.steward, do.draft(cast.steward), signed_on=date(2024, 10, 10))
    with pytest.raises(BadInput, match="men det förra gäller till och med 2024-10-10"):
        do.sign(cast.steward, agreement, do.PROVIDER, signed_on=date(2024, 10, 10))
    signed = do.sign(cast.steward, agreement, do.PROVIDER, signed_on=date(2024, 10, 11))
    assert signed.starts_on == date(2024, 10, 11)
    assert Agreement.objects.count() == 2


def test_a_title_too_long_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="Undertecknarens titel är längre än 120 tecken"):
        do.sign(cast.steward, do.draft(cast.steward), title="x" * 121)
