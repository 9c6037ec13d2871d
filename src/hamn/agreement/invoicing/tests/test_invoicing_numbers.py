"""Numbers that another system has given are refused, never run into."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.actions.store import NumberTaken
from hamn.agreement.invoicing.models import InvoiceRun, InvoicingProfile
from hamn.agreement.invoicing.tests import factories

State = InvoiceRun.State
Run = Callable[..., InvoiceRun]
InForce = Callable[..., Any]


def series(year: int, count: int) -> list[str]:
    return [f"{year}{place:05d}" for place in range(1, count + 1)]


@pytest.fixture
def number_taken(in_force: InForce, cast: SimpleNamespace, tmp_path: Path) -> None:
    """The series was changed, and its next number stands on another system's invoice."""
    factories.sign(in_force, ("0117", "0120"))
    path = tmp_path / "elsewhere.csv"
    path.write_text(
        "municipality_code,year,number,amount_kr,issued_on\n0120,2025,7202600001,1,2025-01-08\n"
    )
    actions.import_invoices(path=path, today=date(2026, 1, 1), by=cast.controller)
    _begin_series("7", cast)


def _begin_series(prefix: str, cast: SimpleNamespace) -> None:
    row = queries.profile()
    names = [f.name for f in InvoicingProfile._meta.concrete_fields if f.name != "id"]
    present = {name: getattr(row, name) for name in names}
    actions.save_profile(fields={**present, "series_prefix": prefix}, by=cast.controller)


@pytest.mark.usefixtures("number_taken")
def test_a_number_that_another_systems_invoice_has_is_refused_and_nothing_is_issued(
    run_year: Run, cast: SimpleNamespace
) -> None:
    before = factories.stored()
    with pytest.raises(NumberTaken, match=r"7202600001.*series_prefix"):
        run_year(2026)
    assert factories.stored() == before
    assert "invoicing.issued" not in factories.events()
    _begin_series("8", cast)
    assert run_year(2026).issued == 2
    assert factories.numbers() == ["7202600001", "8202600001", "8202600002"]


@pytest.mark.usefixtures("number_taken")
def test_a_credit_note_takes_no_number_of_another_systems_invoice(
    run_year: Run, cast: SimpleNamespace, plain_press: Press
) -> None:
    _begin_series("", cast)
    run_year(2026, only="0117")
    _begin_series("7", cast)
    before = factories.stored()
    with pytest.raises(NumberTaken, match="7202600001"):
        actions.credit(
            number="202600001",
            reason="Fel",
            amount_kr=None,
            today=date(2026, 2, 1),
            by=cast.controller,
            press=plain_press,
        )
    assert factories.stored() == before
