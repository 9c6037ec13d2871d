"""Invoices that were issued before the centre took Hamn into use: never issued again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements.models import Agreement
from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, Payment, RunOutcome
from hamn.agreement.invoicing.rules import Outcome
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import BadInput, FaultsInFile

HEADER = "municipality_code,year,number,amount_kr,issued_on,received_on,paid_on,paid_kr"
GOOD = "0117,2026,A-1,84461,2026-01-08,2026-01-09,2026-01-30,84461"
Import = Callable[..., int]


@pytest.fixture
def bring(cast: SimpleNamespace, tmp_path: Path, in_force: Callable[..., Any]) -> Import:
    factories.sign(in_force, ("0117", "0120"))

    def make(*rows: str, header: str = HEADER) -> int:
        path = tmp_path / "invoices.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
        return actions.import_invoices(path=path, today=date(2026, 2, 1), by=cast.controller)

    return make


def test_what_was_invoiced_elsewhere_is_never_invoiced_again(
    bring: Import, run_year: Callable[..., Any]
) -> None:
    assert bring(GOOD) == 1
    run = run_year(2026)
    reason = RunOutcome.objects.get(run=run, code="0117")
    assert (run.issued, reason.outcome) == (1, Outcome.ALREADY_INVOICED)
    assert reason.facts["number"] == "A-1"
    assert factories.numbers() == ["202600001", "A-1"]


def test_receipt_and_payment_come_with_it(bring: Import, cast: SimpleNamespace) -> None:
    bring(GOOD)
    row = queries.invoice(cast.controller, "A-1")
    assert (row.kind, row.origin, queries.left_to_pay_kr(row)) == ("yearly", "elsewhere", 0)
    assert queries.real_due_on(row) == date(2026, 2, 8)
    assert row.explanation[0]["code"] == "elsewhere"


def test_thousands_may_stand_apart(bring: Import, cast: SimpleNamespace) -> None:
    bring("117,2026,A-1,84\u00a0461,2026-01-08,,,", "0120,2026,A-2,70 000,2026-01-08,,,")
    assert queries.invoice(cast.controller, "A-1").amount_kr == 84_461


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("9999,2026,A-2,1,2026-01-08,,,", "9999"),
        ("Värmdö,2026,A-2,1,2026-01-08,,,", "Värmdö"),
        ("0180,2026,A-2,1,2026-01-08,,,", "0180"),
        ("0123,2026,A-2,1,2026-01-08,,,", "inget avtal"),
        ("0120,26,A-2,1,2026-01-08,,,", "26"),
        ("0120,nu,A-2,1,2026-01-08,,,", "nu"),
        ("0120,2026,,1,2026-01-08,,,", "1–30 tecken"),
        ("0120,2026," + "9" * 31 + ",1,2026-01-08,,,", "1–30 tecken"),
        ("0120,2026,A-2,0,2026-01-08,,,", "kan inte stämma"),
        ("0120,2026,A-2,-5,2026-01-08,,,", "-5"),
        ("0120,2026,A-2,99999999999,2026-01-08,,,", "kan inte stämma"),
        ("0120,2026,A-2,tusen,2026-01-08,,,", "tusen"),
        ("0120,2026,A-2,1.5,2026-01-08,,,", "1.5"),
        ("0120,2026,A-2,1,2026-02-30,,,", "2026-02-30"),
        ("0120,2026,A-2,1,2026-02-02,,,", "har inte varit än"),
        ("0120,2026,A-2,1,2026-01-08,2026-01-07,,", "2026-01-07"),
        ("0120,2026,A-2,1,2026-01-08,,2026-01-20,2", "kvar att betala"),
        ("0120,2026,A-2,1,2026-01-08,,,1", "saknar dag"),
        ("0120,2026,A-1,1,2026-01-08,,,", "A-1 står redan på rad 2"),
        ("0117,2026,A-2,1,2026-01-08,,,", "0117 2026 (2024-06-01–) står redan på rad 2"),
        ("0120,2026,202600001,1,2026-01-08,,,", "samma form som Hamns egna"),
        ("0120,2026,203012345,1,2026-01-08,,,", "samma form som Hamns egna"),
    ],
)
def test_one_bad_row_and_nothing_is_stored(bad: str, words: str, bring: Import) -> None:
    with pytest.raises(FaultsInFile) as refusal:
        bring(GOOD, bad)
    faults = [str(fault) for fault in refusal.value.faults]
    assert len(faults) == 1
    assert faults[0].startswith("Rad 3: ") and words in faults[0]
    assert not Invoice.objects.exists() and not Payment.objects.exists()
    assert "invoicing.imported" not in factories.events()


def test_every_fault_is_listed_with_its_row(bring: Import) -> None:
    with pytest.raises(FaultsInFile) as refusal:
        bring("9999,2026,A-1,1,2026-01-08,,,", GOOD, "0120,nu,A-3,1,2026-01-08,,,")
    assert [str(fault)[:6] for fault in refusal.value.faults] == ["Rad 2:", "Rad 4:"]


def test_what_is_imported_already_is_refused_the_second_time(bring: Import) -> None:
    bring(GOOD)
    with pytest.raises(FaultsInFile) as refusal:
        bring(GOOD)
    assert "redan fakturerad för 2026 med A-1" in str(refusal.value.faults[0])


def test_a_number_that_is_taken_is_refused(bring: Import) -> None:
    bring(GOOD)
    with pytest.raises(FaultsInFile) as refusal:
        bring("0120,2026,A-1,1,2026-01-08,,,")
    assert "A-1 finns redan" in str(refusal.value.faults[0])


@pytest.fixture
def two_agreements(bring: Import, in_force: Callable[..., Any], cast: SimpleNamespace) -> list[Any]:
    """Österåker's agreement to 15 January 2026, and the next from 20 January."""
    factories.leave(cast, "0117", date(2025, 12, 15))
    old = Agreement.objects.get(party__municipality="0117")
    return [old, factories.come_back(in_force, "0117", date(2026, 1, 20))]


@pytest.mark.parametrize(
    ("issued_on", "place"),
    [
        pytest.param("2026-01-08", 0, id="while the first held"),
        pytest.param("2026-01-15", 0, id="the first's last day"),
        pytest.param("2026-01-20", 1, id="the second's first day"),
        pytest.param("2026-01-25", 1, id="while the second held"),
    ],
)
def test_of_two_agreements_the_invoice_is_of_the_one_that_held_on_its_day(
    issued_on: str,
    place: int,
    two_agreements: list[Any],
    bring: Import,
    cast: SimpleNamespace,
) -> None:
    bring(f"0117,2026,A-1,1000,{issued_on},,,")
    found = queries.invoice(cast.controller, "A-1")
    assert found.agreement_id == two_agreements[place].pk
    assert found.kind == ("yearly", "first")[place]


def test_each_of_two_agreements_can_have_its_invoice_but_only_one(
    two_agreements: list[Any], bring: Import
) -> None:
    bring("0117,2026,A-1,7000,2026-01-08,,,")
    bring("0117,2026,A-2,70000,2026-01-25,,,")
    charged = Invoice.objects.order_by("number").values_list("agreement", flat=True)
    assert list(charged) == [row.pk for row in two_agreements]
    for issued_on, number in (("2026-01-09", "A-1"), ("2026-01-26", "A-2")):
        with pytest.raises(FaultsInFile) as refusal:
            bring(f"0117,2026,A-3,1,{issued_on},,,")
        assert f"redan fakturerad för 2026 med {number}" in str(refusal.value.faults[0])


def test_a_missing_column_is_named(bring: Import) -> None:
    with pytest.raises(BadInput, match="issued_on"):
        bring("0117,2026,A-1,5", header="municipality_code,year,number,amount_kr")
