"""How an invoice stands, in the words that people use about it."""

from enum import StrEnum

from hamn.core.errors import _


class InvoiceState(StrEnum):
    """How an invoice stands on a day; the first that fits, in this order."""

    CREDIT_NOTE = "credit_note"
    WAITING = "waiting"  # the ledger has not numbered it yet
    CREDITED = "credited"  # all of it
    PAID = "paid"  # what is not credited
    OVERDUE = "overdue"  # past its due date with something left to pay
    PART_PAID = "part_paid"
    UNPAID = "unpaid"


INVOICE_STATE_NAMES: dict[InvoiceState, str] = {
    InvoiceState.CREDIT_NOTE: _("kreditfaktura"),
    InvoiceState.WAITING: _("väntar på nummer"),
    InvoiceState.CREDITED: _("krediterad"),
    InvoiceState.PAID: _("betald"),
    InvoiceState.OVERDUE: _("förfallen"),
    InvoiceState.PART_PAID: _("delvis betald"),
    InvoiceState.UNPAID: _("obetald"),
}
