"""From rows to a typed document: what the invoice says, in words both parties know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from hamn.core.identifiers import ocr_reference

from . import rules
from .document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceParty,
    Kind,
    PaymentDetails,
    PrecedingInvoice,
    VatTreatment,
    printable_steps,
)
from .rules import Plan

if TYPE_CHECKING:
    from hamn.register.organisations.models import ContactPerson, Party

    from .models import InvoicingProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whom an invoice is for."""

    party: "Party"
    contact: "ContactPerson | None"
    agreement_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who invoices, and how."""

    party: InvoiceParty
    profile: "InvoicingProfile"


def charge(
    plan: Plan, *, number: str, issued_on: date, seller: Seller, buyer: Buyer
) -> InvoiceDocument:
    """The invoice for a planned fee."""
    assert plan.fee and plan.kind and plan.period  # only plans to issue come here
    return _document(
        kind=plan.kind,
        number=number,
        issued_on=issued_on,
        year=plan.fee.year,
        period=plan.period,
        seller=seller,
        buyer=buyer,
        lines=[
            DocumentLine(position=1, text=line_text(plan, seller), amount_kr=plan.fee.amount_kr)
        ],
        steps=[step.as_data() for step in plan.fee.steps],
    )


def line_text(plan: Plan, seller: Seller) -> str:
    """What the row says that the fee is for."""
    assert plan.fee  # only plans to issue come here
    return f"{seller.profile.line_text} {plan.fee.year}, {plan.fee.twelfths}/12"


def credit_note(
    original: InvoiceDocument,
    *,
    number: str,
    issued_on: date,
    lines: Sequence[DocumentLine],
    steps: Sequence[dict[str, object]],
    reason: str,
    seller: Seller,
) -> InvoiceDocument:
    """The credit note that reverses rows of the original; parties stay as they were invoiced."""
    return replace(
        original,
        kind=Kind.CREDIT,
        number=number,
        issued_on=issued_on,
        due_on=rules.due_on(issued_on=issued_on, received_on=None),
        lines=tuple(lines),
        payment=_payment(seller, number),
        paid_kr=0,
        steps=printable_steps(steps),
        preceding=PrecedingInvoice(number=original.number, issued_on=original.issued_on),
        reason=reason,
    )


def invoice_party(party: "Party", contact: "ContactPerson | None", *, bills: bool) -> InvoiceParty:
    """A party as an invoice names it. bills: with its billing address, else its postal address."""
    kind = "billing" if bills else "postal"
    return InvoiceParty(
        name=party.name,
        department=party.department,
        organisation_number=party.organisation_number,
        participant_id=party.participant_id,
        address=Address(
            street=getattr(party, f"{kind}_street"),
            postal_code=getattr(party, f"{kind}_code"),
            city=getattr(party, f"{kind}_city"),
        ),
        contact=contact.title if contact else "",
        phone=contact.phone if contact else "",
        email=contact.email if contact else "",
    )


def _document(
    *,
    kind: Kind,
    number: str,
    issued_on: date,
    year: int,
    period: tuple[date, date],
    seller: Seller,
    buyer: Buyer,
    lines: Sequence[DocumentLine],
    steps: Sequence[dict[str, object]],
) -> InvoiceDocument:
    profile = seller.profile
    return InvoiceDocument(
        kind=kind,
        number=number,
        issued_on=issued_on,
        due_on=rules.due_on(issued_on=issued_on, received_on=None),
        year=year,
        period_from=period[0],
        period_to=period[1],
        seller=seller.party,
        seller_vat_number=profile.vat_number,
        is_f_skatt_approved=profile.is_f_skatt_approved,
        buyer=invoice_party(buyer.party, buyer.contact, bills=True),
        buyer_reference=buyer.party.buyer_reference,
        agreement_reference=buyer.agreement_reference,
        lines=tuple(lines),
        vat=VatTreatment(
            category=profile.vat_category,
            reason=profile.vat_reason,
            reason_code=profile.vat_reason_code,
        ),
        payment=_payment(seller, number),
        paid_kr=0,
        steps=printable_steps(steps),
        is_example=profile.is_example,
    )


def _payment(seller: Seller, number: str) -> PaymentDetails:
    profile = seller.profile
    return PaymentDetails(
        bankgiro=profile.bankgiro,
        plusgiro=profile.plusgiro,
        ocr=ocr_reference(number, with_length=profile.ocr_with_length),
    )
