"""An invoice as its receiver meets it: typed, complete, free of database rows.

Both the e-invoice and the PDF are written from this and nothing else, so they cannot differ.
Amounts are whole kronor. Nothing about a client has a field here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an invoice is for."""

    FIRST = "first"  # the remaining twelfths of the year of signing
    YEARLY = "yearly"  # a later calendar year
    CREDIT = "credit"  # reverses rows of an earlier invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address."""

    street: str
    postal_code: str  # five digits, no space
    city: str
    country_code: str = "SE"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceParty:
    """Seller or buyer as it stood when the invoice was issued."""

    name: str
    department: str
    organisation_number: str  # ten digits
    participant_id: str  # Peppol, "0007:2120000142"; empty when none is known
    address: Address
    contact: str  # an official's title or name; may be empty
    phone: str  # E.164; may be empty
    email: str  # may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTreatment:
    """Why no value added tax is charged (finance: `O` outside its scope, `E` exempt)."""

    category: str  # "O" or "E"
    reason: str  # the sentence that stands on the invoice
    reason_code: str = ""  # "VATEX-EU-O" or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDetails:
    """Where and how to pay; exactly one of bankgiro and plusgiro is filled in."""

    bankgiro: str  # digits only, or empty
    plusgiro: str  # digits only, or empty
    ocr: str  # digits, the last one a check digit


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One row. On a credit note the amount is positive too; the kind says that it is owed back."""

    position: int  # from 1
    text: str
    amount_kr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationStep:
    """One step from population to amount.

    code: `population`, `share`, `annex_amount`, `index`, `twelfths`, `amount`, …
    label, value: Swedish, ready to print ("Kommunens folkmängd …", "44 831 invånare").
    clause: where the step stands ("avtalet § 6"); may be empty.
    """

    code: str
    label: str
    value: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """The invoice that a credit note reverses."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """A whole invoice or credit note."""

    kind: Kind
    number: str
    issued_on: date
    due_on: date
    year: int  # the calendar year the fee is for
    period_from: date
    period_to: date
    seller: InvoiceParty
    seller_vat_number: str  # "SE212000014201"; empty when category is O
    is_f_skatt_approved: bool
    buyer: InvoiceParty
    buyer_reference: str
    agreement_reference: str  # what both parties call the agreement; may be empty
    lines: tuple[DocumentLine, ...]
    vat: VatTreatment
    payment: PaymentDetails
    paid_kr: int  # already paid; 0 on a new invoice
    steps: tuple[ExplanationStep, ...]  # the PDF's second page
    preceding: PrecedingInvoice | None = None  # for a credit note
    reason: str = ""  # why it is credited; may be empty on an invoice
    is_example: bool = False  # the demo: said on the page

    @property
    def total_kr(self) -> int:
        """The sum of the rows."""
        return sum(line.amount_kr for line in self.lines)

    @property
    def payable_kr(self) -> int:
        """What is left to pay: the total less what is paid."""
        return self.total_kr - self.paid_kr


def as_data(document: InvoiceDocument) -> dict[str, Any]:
    """The document as JSON data, without its steps, which are stored beside it."""
    data = asdict(document)
    del data["steps"]
    return data


def from_data(data: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> InvoiceDocument:
    """The document that `as_data` took apart; JSON has turned its dates into text."""
    fields = dict(data)
    for name in ("issued_on", "due_on", "period_from", "period_to"):
        fields[name] = _date(fields[name])
    preceding = fields["preceding"]
    return InvoiceDocument(
        **{
            **fields,
            "kind": Kind(fields["kind"]),
            "seller": _party(fields["seller"]),
            "buyer": _party(fields["buyer"]),
            "lines": tuple(DocumentLine(**line) for line in fields["lines"]),
            "vat": VatTreatment(**fields["vat"]),
            "payment": PaymentDetails(**fields["payment"]),
            "preceding": preceding
            and PrecedingInvoice(
                number=preceding["number"], issued_on=_date(preceding["issued_on"])
            ),
            "steps": printable_steps(steps),
        }
    )


def printable_steps(steps: Sequence[Mapping[str, Any]]) -> tuple[ExplanationStep, ...]:
    """The stored explanation as the paper prints it."""
    return tuple(
        ExplanationStep(code=s["code"], label=s["label"], value=s["value"], clause=s["clause"])
        for s in steps
    )


def _party(data: Mapping[str, Any]) -> InvoiceParty:
    return InvoiceParty(**{**data, "address": Address(**data["address"])})


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
