"""When an invoice reached its receiver, and the money that came for it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries
from ..document import Kind
from ..events import Event
from ..models import Invoice, Payment, Receipt

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

LONGEST_KEY = 64


@transaction.atomic
def record_receipt(*, number: str, on: date, today: date, by: "Person") -> Receipt:
    """The day the receiver got the invoice; the due date counts from it (H11, Z13).

    A later call corrects the day; both stand in the trail.
    Raises BadInput for a day before issue or ahead.
    """
    permits.require(by, "invoicing.record_receipt")
    invoice = queries.locked(by, number)
    _check_day(invoice, on, today)
    receipt, _created = Receipt.objects.update_or_create(
        invoice=invoice, defaults={"received_on": on}
    )
    audit.record(Event.RECEIVED, by=by, on=invoice, number=invoice.number, received_on=on)
    return receipt


@transaction.atomic
def record_payment(
    *, number: str, on: date, amount_kr: int | None, today: date, by: "Person", once: str = ""
) -> Payment:
    """Money that came in; without an amount, all that is left to pay.

    once: the key of the form; what is sent again with the same key is not paid twice.
    Raises BadInput for a credit note, a bad day, more than is left to pay, or a form sent again.
    """
    permits.require(by, "invoicing.record_payment")
    invoice = queries.locked(by, number)
    _check_day(invoice, on, today)
    _refuse_replay(once)
    left = queries.left_to_pay_kr(invoice)
    if left <= 0 and invoice.kind != Kind.CREDIT:
        raise BadInput(
            _("Faktura {number} är redan helt betald eller krediterad. Inget har antecknats."),
            number=invoice.number,
        )
    paid = left if amount_kr is None else amount_kr
    if invoice.kind == Kind.CREDIT or not 0 < paid <= left:
        raise BadInput(
            _("På {number} finns {left} kvar att betala, så {paid} kan inte antecknas."),
            number=invoice.number,
            left=kronor(0 if invoice.kind == Kind.CREDIT else max(0, left)),
            paid=kronor(paid),
        )
    payment = Payment.objects.create(invoice=invoice, paid_on=on, amount_kr=paid, once=once or None)
    audit.record(Event.PAID, by=by, on=invoice, number=invoice.number, paid_on=on, amount_kr=paid)
    return payment


def _refuse_replay(once: str) -> None:
    if len(once) > LONGEST_KEY:
        raise BadInput(_("Formuläret går inte att känna igen. Läs in sidan på nytt."))
    earlier = Payment.objects.select_related("invoice").filter(once=once).first() if once else None
    if earlier is not None:
        raise BadInput(
            _("Betalningen på {paid} för {number} är redan antecknad och antecknas inte igen."),
            paid=kronor(earlier.amount_kr),
            number=str(earlier.invoice),
        )


def _check_day(invoice: Invoice, on: date, today: date) -> None:
    if invoice.issued_on is None:
        raise BadInput(
            _("{number} har inte fått något nummer av ekonomisystemet än."), number=str(invoice)
        )
    if not invoice.issued_on <= on <= today:
        raise BadInput(
            _("Dagen {day} ligger inte mellan fakturadagen {issued} och i dag. Rätta dagen."),
            day=on,
            issued=invoice.issued_on,
        )
