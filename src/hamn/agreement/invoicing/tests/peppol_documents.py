"""Invoice documents to write and judge: one for each shape that a municipality can meet.

Every party is invented, with numbers that no legal form uses (first digit 4), except the city.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from hamn.agreement.invoicing.document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceParty,
    Kind,
    PaymentDetails,
    PrecedingInvoice,
    VatTreatment,
)

OUTSIDE_VAT = VatTreatment(category="O", reason="Myndighetsutövning, utanför momslagen")
OUTSIDE_VAT_BY_CODE = replace(OUTSIDE_VAT, reason_code="VATEX-EU-O")
EXEMPT = VatTreatment(category="E", reason="Undantag från skatteplikt för social omsorg")
BY_BANKGIRO = PaymentDetails(bankgiro="99999997", plusgiro="", ocr="2025000114")
BY_PLUSGIRO = PaymentDetails(bankgiro="", plusgiro="9999996", ocr="2025000114")

CITY = InvoiceParty(
    name="Stockholms kommun",
    department="Socialförvaltningen",
    organisation_number="2120000142",
    participant_id="0007:2120000142",
    address=Address(street="Provgatan 1", postal_code="11111", city="Stockholm"),
    contact="Ekonomienheten",
    phone="+46846500400",
    email="ekonomi@stad.example",
)
MUNICIPALITY = InvoiceParty(
    name="Björkhamns kommun",
    department="Socialnämnden",
    organisation_number="4400000008",
    participant_id="0007:4400000008",
    address=Address(street="Torget 2", postal_code="22222", city="Björkhamn"),
    contact="Fakturagruppen",
    phone="",
    email="faktura@bjorkhamn.example",
)


def invoice(**changes: Any) -> InvoiceDocument:
    """A yearly invoice outside VAT, to be paid by bankgiro, with the given fields changed."""
    return replace(_YEARLY, **changes)


def credit_note(**changes: Any) -> InvoiceDocument:
    """A credit note for that invoice, with the given fields changed."""
    return replace(
        _YEARLY,
        **{
            "kind": Kind.CREDIT,
            "number": "2025-0002",
            "preceding": PrecedingInvoice(number="2025-0001", issued_on=date(2025, 1, 15)),
            "reason": "Kommunen fakturerades för fel år.",
            **changes,
        },
    )


_YEARLY = InvoiceDocument(
    kind=Kind.YEARLY,
    number="2025-0001",
    issued_on=date(2025, 1, 15),
    due_on=date(2025, 2, 14),
    year=2025,
    period_from=date(2025, 1, 1),
    period_to=date(2025, 12, 31),
    seller=CITY,
    seller_vat_number="",
    is_f_skatt_approved=False,
    buyer=MUNICIPALITY,
    buyer_reference="BJ-4711",
    agreement_reference="SOC 2024/117",
    lines=(DocumentLine(position=1, text="Avgift för anslutning 2025", amount_kr=44831),),
    vat=OUTSIDE_VAT,
    payment=BY_BANKGIRO,
    paid_kr=0,
    steps=(),
)

SHAPES: dict[str, InvoiceDocument] = {
    "outside VAT, bankgiro": invoice(),
    "outside VAT, by code": invoice(vat=OUTSIDE_VAT_BY_CODE),
    "exempt, plusgiro": invoice(
        vat=EXEMPT, payment=BY_PLUSGIRO, seller_vat_number="SE212000014201"
    ),
    "approved for F-skatt": invoice(is_f_skatt_approved=True),
    "credit note": credit_note(),
    "credit note, exempt": credit_note(
        vat=EXEMPT, payment=BY_PLUSGIRO, seller_vat_number="SE212000014201"
    ),
    "partly paid": invoice(paid_kr=10000),
}
