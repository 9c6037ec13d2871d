"""The typed invoice: exactly these fields, the same after storing, and nothing about a client."""

import json
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

from hamn.agreement.invoicing.actions.store import _plain
from hamn.agreement.invoicing.document import ExplanationStep, InvoiceDocument, as_data, from_data
from hamn.agreement.invoicing.tests.peppol_documents import SHAPES, invoice

STEP = ExplanationStep(code="amount", label="Belopp", value="44 831 kr", clause="avtalet § 6")

# What an invoice may say. A field that is added here must be about the agreement, never a client.
FIELDS = {
    "InvoiceDocument": "kind number issued_on due_on year period_from period_to seller "
    "seller_vat_number is_f_skatt_approved buyer buyer_reference agreement_reference lines vat "
    "payment paid_kr steps preceding reason is_example",
    "InvoiceParty": "name department organisation_number participant_id address contact phone "
    "email",
    "Address": "street postal_code city country_code",
    "DocumentLine": "position text amount_kr",
    "VatTreatment": "category reason reason_code",
    "PaymentDetails": "bankgiro plusgiro ocr",
    "ExplanationStep": "code label value clause",
    "PrecedingInvoice": "number issued_on",
}


def classes_in(root: type) -> set[type]:
    found = {root}
    for hint in get_type_hints(root).values():
        parts = get_args(hint) if get_args(hint) or isinstance(hint, UnionType) else (hint,)
        for part in parts:
            if isinstance(part, type) and is_dataclass(part) and part not in found:
                found |= classes_in(part)
    return found


def test_an_invoice_has_exactly_these_fields_so_nothing_about_a_client_can_reach_it() -> None:
    found = {
        one.__name__: {field.name for field in fields(one)} for one in classes_in(InvoiceDocument)
    }
    assert found == {name: set(names.split()) for name, names in FIELDS.items()}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stored_document_comes_back_equal(shape: str) -> None:
    document = invoice(steps=(STEP,)) if shape == "partly paid" else SHAPES[shape]
    stored = json.loads(json.dumps(_plain(document)))
    steps: list[dict[str, Any]] = [
        {"code": s.code, "label": s.label, "value": s.value, "clause": s.clause, "facts": {}}
        for s in document.steps
    ]
    assert from_data(stored, steps) == document
    assert "steps" not in as_data(document)
