"""An ordinary invoice is told its page numbers, so it must fill exactly two pages."""

import io
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamn.agreement.invoicing.document import DocumentLine, ExplanationStep, InvoiceDocument
from hamn.agreement.invoicing.paper import invoice_pdf, is_ordinary

from .peppol_documents import invoice

WIDE = st.text(alphabet="WMÅÖ mw", min_size=1, max_size=160).map(lambda text: f"W{text}W"[:160])


def pages(document: InvoiceDocument) -> int:
    with pikepdf.open(io.BytesIO(invoice_pdf(document, b"<xml/>"))) as pdf:
        return len(pdf.pages)


def with_texts(
    name: str, department: str, lines: list[str], labels: list[str], reason: str
) -> InvoiceDocument:
    document = invoice()
    return replace(
        document,
        buyer=replace(document.buyer, name=name, department=department),
        lines=tuple(
            DocumentLine(position=place, text=text, amount_kr=1_000)
            for place, text in enumerate(lines, 1)
        ),
        steps=tuple(
            ExplanationStep(code="amount", label=text, value="1 000 kr", clause="avtalet § 6")
            for text in labels
        ),
        reason=reason,
    )


def test_an_invoice_of_the_real_year_is_ordinary() -> None:
    labels = ["Kommunens folkmängd 31 december 2018"] * 6
    document = with_texts(
        "Österåkers kommun", "Socialförvaltningen", ["Del av kostnaden"], labels, ""
    )
    assert is_ordinary(document)
    assert pages(document) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.builds(
        with_texts,
        WIDE,
        WIDE,
        st.lists(WIDE, min_size=1, max_size=4),
        st.lists(WIDE, min_size=1, max_size=9),
        WIDE,
    ).filter(is_ordinary)
)
def test_what_counts_as_ordinary_fills_exactly_two_pages(document: InvoiceDocument) -> None:
    assert pages(document) == 2


@pytest.mark.parametrize("many", [5, 60])
def test_a_long_invoice_counts_its_own_pages(many: int) -> None:
    document = with_texts("A", "B", ["rad"] * many, ["steg"] * 12, "")
    assert not is_ordinary(document)
    assert pages(document) >= 2
