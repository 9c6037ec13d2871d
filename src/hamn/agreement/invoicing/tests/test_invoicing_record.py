"""Receipt and payment: the real due date, and never more money than is left."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, Payment, Receipt
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import BadInput, NotVisible

TODAY = date(2026, 3, 1)
NUMBER = "202600001"


@pytest.fixture
def invoice(
    cast: SimpleNamespace, in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> Invoice:
    return factories.issued(cast, in_force, run_year)


@pytest.fixture
def receive(cast: SimpleNamespace) -> Callable[..., Receipt]:
    def make(on: date, number: str = NUMBER) -> Receipt:
        return actions.record_receipt(number=number, on=on, today=TODAY, by=cast.controller)

    return make


@pytest.fixture
def pay(cast: SimpleNamespace) -> Callable[..., Payment]:
    def make(
        amount_kr: int | None,
        on: date = date(2026, 2, 10),
        number: str = NUMBER,
        once: str = "",
    ) -> Payment:
        return actions.record_payment(
            number=number, on=on, amount_kr=amount_kr, today=TODAY, by=cast.controller, once=once
        )

    return make


def due_on(cast: SimpleNamespace) -> date | None:
    return queries.real_due_on(queries.invoice(cast.controller, NUMBER))


def left(cast: SimpleNamespace) -> int:
    return queries.left_to_pay_kr(queries.invoice(cast.controller, NUMBER))


def test_until_receipt_is_known_the_printed_due_date_holds(
    invoice: Invoice, cast: SimpleNamespace
) -> None:
    assert due_on(cast) == invoice.due_on == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 15), date(2026, 2, 14)),
        (date(2026, 1, 20), date(2026, 2, 19)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_receipt_moves_the_due_date_but_not_the_printed_one(
    received: date,
    due: date,
    invoice: Invoice,
    receive: Callable[..., Receipt],
    cast: SimpleNamespace,
) -> None:
    receive(received)
    assert due_on(cast) == due
    invoice.refresh_from_db()
    assert invoice.due_on == date(2026, 2, 14)


def test_a_corrected_receipt_replaces_the_day_and_both_stand_in_the_trail(
    invoice: Invoice, receive: Callable[..., Receipt], cast: SimpleNamespace
) -> None:
    receive(date(2026, 1, 20))
    receive(date(2026, 1, 22))
    assert due_on(cast) == date(2026, 2, 21)
    assert factories.events("invoicing.received") == ["invoicing.received"] * 2


@pytest.mark.parametrize("day", [date(2026, 1, 14), date(2026, 3, 2), date(2027, 1, 15)])
def test_a_day_before_issue_or_ahead_is_refused(
    day: date,
    invoice: Invoice,
    receive: Callable[..., Receipt],
    pay: Callable[..., Payment],
) -> None:
    with pytest.raises(BadInput, match=str(day)):
        receive(day)
    with pytest.raises(BadInput, match=str(day)):
        pay(None, on=day)
    assert not Receipt.objects.exists() and not Payment.objects.exists()


def test_payment_without_amount_is_all_that_is_left(
    invoice: Invoice, pay: Callable[..., Payment], cast: SimpleNamespace
) -> None:
    assert pay(10_000).amount_kr == 10_000
    assert left(cast) == 74_461
    assert pay(None).amount_kr == 74_461
    assert left(cast) == 0


@pytest.mark.parametrize("amount_kr", [0, -5, 84_462, 10**15])
def test_no_payment_is_recorded_but_from_one_krona_to_what_is_left(
    amount_kr: int, invoice: Invoice, pay: Callable[..., Payment], cast: SimpleNamespace
) -> None:
    with pytest.raises(BadInput, match="kvar att betala"):
        pay(amount_kr)
    assert left(cast) == 84_461


def test_nothing_more_can_be_paid_on_a_paid_invoice(
    invoice: Invoice, pay: Callable[..., Payment]
) -> None:
    pay(None)
    for amount_kr in (None, 1, 0):
        with pytest.raises(BadInput, match="redan helt betald eller krediterad"):
            pay(amount_kr)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("paid_kr", [0, 461])
def test_nothing_more_can_be_paid_on_what_is_credited(
    paid_kr: int,
    invoice: Invoice,
    pay: Callable[..., Payment],
    cast: SimpleNamespace,
    plain_press: Any,
) -> None:
    if paid_kr:
        pay(paid_kr)
    actions.credit(
        number=NUMBER,
        reason="Fel",
        amount_kr=None,
        today=TODAY,
        by=cast.controller,
        press=plain_press,
    )
    assert left(cast) == -paid_kr
    with pytest.raises(BadInput, match="redan helt betald eller krediterad"):
        pay(None)
    with pytest.raises(BadInput, match="redan helt betald eller krediterad"):
        pay(1)


def test_a_form_that_is_sent_again_pays_once(
    invoice: Invoice, pay: Callable[..., Payment], cast: SimpleNamespace
) -> None:
    pay(1_000, once="form-1")
    for amount_kr in (1_000, 5, None):
        with pytest.raises(BadInput, match=f"för {NUMBER} är redan antecknad"):
            pay(amount_kr, once="form-1")
    pay(1_000, once="form-2")
    pay(1_000)
    pay(1_000)  # without a key, a payment of the same size is another payment
    assert left(cast) == 84_461 - 4_000
    assert Payment.objects.filter(once=None).count() == 2


def test_the_database_holds_one_payment_for_a_form(
    invoice: Invoice, pay: Callable[..., Payment]
) -> None:
    pay(1_000, once="form-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(invoice=invoice, paid_on=TODAY, amount_kr=1, once="form-1")


def test_a_form_whose_key_is_too_long_is_not_ours(
    invoice: Invoice, pay: Callable[..., Payment]
) -> None:
    pay(1, once="x" * 64)
    with pytest.raises(BadInput, match="Läs in sidan på nytt"):
        pay(1, once="x" * 65)


def test_what_is_credited_need_not_be_paid(
    invoice: Invoice, pay: Callable[..., Payment], cast: SimpleNamespace, plain_press: Any
) -> None:
    actions.credit(
        number=NUMBER,
        reason="Fel",
        amount_kr=4_461,
        today=TODAY,
        by=cast.controller,
        press=plain_press,
    )
    with pytest.raises(BadInput, match="kvar att betala"):
        pay(80_001)
    assert pay(None).amount_kr == 80_000
    with pytest.raises(BadInput, match="202600002"):
        pay(None, number="202600002", on=TODAY)


def test_the_years_totals_are_invoiced_less_credited_and_paid(
    invoice: Invoice, pay: Callable[..., Payment], cast: SimpleNamespace, plain_press: Any
) -> None:
    pay(1_000)
    pay(2_000)
    for amount_kr in (10, 20):
        actions.credit(
            number=NUMBER,
            reason="Fel",
            amount_kr=amount_kr,
            today=TODAY,
            by=cast.controller,
            press=plain_press,
        )
    totals = queries.year_totals(cast.controller, 2026)
    assert totals == {"count": 1, "invoiced_kr": 84_431, "paid_kr": 3_000}
    assert left(cast) == 84_461 - 3_030


def test_an_unknown_number_is_refused_and_nothing_is_recorded(
    receive: Callable[..., Receipt], pay: Callable[..., Payment]
) -> None:
    with pytest.raises(NotVisible, match="202699999"):
        receive(TODAY, number="202699999")
    with pytest.raises(NotVisible, match="202699999"):
        pay(5, number="202699999")
    assert not Receipt.objects.exists()


def test_what_waits_for_the_ledgers_number_can_be_neither_received_nor_paid(
    in_force: Callable[..., Any],
    run_year: Callable[..., Any],
    receive: Callable[..., Receipt],
    pay: Callable[..., Payment],
) -> None:
    in_force("0117", date(2024, 6, 1))
    run_year(2026, hands_over=True)
    reference = Invoice.objects.get().reference
    for refused in (lambda: receive(TODAY, reference), lambda: pay(5, number=reference)):
        with pytest.raises(BadInput, match="ekonomisystemet"):
            refused()
