"""A controller runs the year with the real judge and printer, and could send it."""

import io
import time
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from hamn.agreement.invoicing import queries
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, InvoiceFile
from hamn.agreement.invoicing.peppol.validate import validate
from hamn.agreement.invoicing.tests import factories
from hamn.site.demo.build import read_signings


@pytest.fixture
def demo_agreements(in_force: Callable[..., Any]) -> int:
    """The demo's twenty agreements, with their dates and base years."""
    signings = list(read_signings())
    for signing in signings:
        in_force(
            signing.code,
            signing.signed_on,
            start=signing.agreed_start,
            base=signing.index_base_year,
        )
    return len(signings)


def test_the_real_year_is_written_judged_printed_and_stored_in_under_5_seconds(
    demo_agreements: int,
    run_year: Callable[..., Any],
    cast: SimpleNamespace,
    in_force: Callable[..., Any],
) -> None:
    in_force("0980", date(2024, 6, 1))
    run_year(2026, press=Press(), only="0980")  # warm-up: rules compiled, fonts read
    began = time.perf_counter()
    run = run_year(2026, press=Press())
    seconds = time.perf_counter() - began
    assert run.issued == demo_agreements == 20
    assert seconds < 5
    for row in queries.with_documents(cast.controller, year=2026):
        xml, pdf = (bytes(queries.file_of(row, form).content) for form in ("xml", "pdf"))
        assert validate(xml) == []
        with pikepdf.open(io.BytesIO(pdf)) as paper:
            assert len(paper.pages) == 2
            assert paper.attachments["e-faktura.xml"].get_file().read_bytes() == xml
    assert InvoiceFile.objects.count() == 42
    numbers = factories.numbers()
    assert numbers == [f"2026{place:05d}" for place in range(1, 22)]


def test_a_credit_note_passes_the_real_judge(
    in_force: Callable[..., Any], run_year: Callable[..., Any], cast: SimpleNamespace
) -> None:
    from hamn.agreement.invoicing import actions

    row = factories.issued(cast, in_force, run_year)
    for amount_kr in (461, None):
        note = actions.credit(
            number=str(row),
            reason="Mottagningen stängd en tid (avtalet § 10)",
            amount_kr=amount_kr,
            today=date(2026, 3, 1),
            by=cast.controller,
            press=Press(),
        )
        assert validate(bytes(queries.file_of(note, "xml").content)) == []
    assert Invoice.objects.count() == 3
