"""The basis for the provider's own ledger, and what the ledger gives back."""

import csv
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, InvoicingProfile, Payment, Receipt
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import BadInput, FaultsInFile

pytestmark = pytest.mark.slow

TODAY = date(2026, 2, 20)
HandOver = Callable[..., list[dict[str, str]]]
TakeBack = Callable[..., int]


@pytest.fixture
def profile(cast: SimpleNamespace) -> Callable[..., None]:
    """A function that changes how the ledger wants it, as someone with the right to it would."""

    def change(**changes: Any) -> None:
        row = queries.profile()
        names = [f.name for f in InvoicingProfile._meta.concrete_fields if f.name != "id"]
        present = {name: getattr(row, name) for name in names}
        actions.save_profile(fields={**present, **changes}, by=cast.controller)

    change(uses_ledger=True, ledger_account="3110")
    return change


@pytest.fixture
def waiting(
    profile: Callable[..., None], in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> list[str]:
    """The references of two invoices that wait for their numbers."""
    factories.sign(in_force, ("0117", "0120"))
    run_year(2026)
    return [row.reference for row in Invoice.objects.order_by("pk")]


@pytest.fixture
def hand_over(cast: SimpleNamespace, tmp_path: Path) -> HandOver:
    def make(name: str = "basis.csv", year: int = 2026) -> list[dict[str, str]]:
        path = tmp_path / name
        count = actions.hand_over(path=path, year=year, today=date(2026, 1, 15), by=cast.controller)
        if not count:
            return []
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len(rows) == count
        return rows

    return make


@pytest.fixture
def take_back(cast: SimpleNamespace, tmp_path: Path) -> TakeBack:
    def make(*rows: str) -> int:
        path = tmp_path / "ledger.csv"
        header = "reference,number,issued_on,received_on,paid_on,paid_kr"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return actions.take_back(path=path, today=TODAY, by=cast.controller)

    return make


def test_the_ledger_numbers_so_hamn_makes_no_number_and_no_document(waiting: list[str]) -> None:
    assert factories.numbers() == []
    assert factories.stored() == {"Invoice": 2, "InvoiceLine": 2, "InvoiceFile": 0, "series": 0}
    assert factories.events("invoicing.handed_over") == ["invoicing.handed_over"] * 2


def test_the_basis_has_what_a_ledger_needs(waiting: list[str], hand_over: HandOver) -> None:
    row = hand_over()[0]
    assert row == {
        "reference": waiting[0],
        "kind": "yearly",
        "municipality_code": "0117",
        "name": "Österåkers kommun",
        "counterparty": "4020117026",
        "account": "3110",
        "period": "202601",
        "amount_kr": "84461",
        "text": row["text"],
        "buyer_reference": "EX0117-SOC",
        "credits": "",
    }
    assert row["text"].endswith("2026, 12/12")


@pytest.mark.parametrize(
    ("setting", "value", "column", "expected"),
    [
        ("ledger_account", "40-99", "account", "40-99"),
        ("ledger_counterparty", "municipality_code", "counterparty", "0117"),
        ("ledger_counterparty", "organisation_number", "counterparty", "4020117026"),
        ("ledger_period", "%Y-%m-%d", "period", "2026-01-15"),
        ("ledger_period", "%y%m", "period", "2601"),
    ],
)
def test_account_counterparty_and_period_are_as_configured(
    setting: str,
    value: str,
    column: str,
    expected: str,
    waiting: list[str],
    profile: Callable[..., None],
    hand_over: HandOver,
) -> None:
    profile(**{setting: value})
    assert hand_over()[0][column] == expected


def test_handing_over_again_gives_the_same_rows_until_numbers_come(
    waiting: list[str], hand_over: HandOver, take_back: TakeBack, run_year: Callable[..., Any]
) -> None:
    first = hand_over()
    run_year(2026)
    assert hand_over("again.csv") == first
    take_back(f"{waiting[0]},L-1,2026-01-20,,,")
    assert [row["reference"] for row in hand_over("rest.csv")] == waiting[1:]


def test_with_nothing_waiting_nothing_is_written_and_the_trail_is_silent(
    waiting: list[str], hand_over: HandOver, take_back: TakeBack, tmp_path: Path
) -> None:
    hand_over()
    before = (tmp_path / "basis.csv").read_bytes()
    take_back(f"{waiting[0]},L-1,2026-01-20,,,", f"{waiting[1]},L-2,2026-01-20,,,")
    trail = factories.events()
    assert hand_over() == []
    assert hand_over("new/basis.csv") == []
    assert (tmp_path / "basis.csv").read_bytes() == before
    assert not (tmp_path / "new").exists()
    assert factories.events() == trail


def test_a_basis_has_only_its_own_year(
    waiting: list[str], hand_over: HandOver, run_year: Callable[..., Any]
) -> None:
    run_year(2025, today=date(2026, 1, 16), only="0117")
    old = Invoice.objects.get(year=2025).reference
    assert [row["reference"] for row in hand_over(year=2025)] == [old]
    assert [row["reference"] for row in hand_over(year=2026)] == waiting
    assert hand_over(year=2024) == []


def test_a_power_cut_while_writing_leaves_the_earlier_basis_whole(
    waiting: list[str], hand_over: HandOver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over()
    before = (tmp_path / "basis.csv").read_bytes()

    def pull_the_plug(columns: Any, rows: Any, stream: Any) -> None:
        stream.write("half a ro")
        stream.flush()
        raise factories.PowerCut

    trail = factories.events()
    written_by = sys.modules[actions.hand_over.__module__]
    monkeypatch.setattr(written_by, "to_csv", pull_the_plug)
    with pytest.raises(factories.PowerCut):
        hand_over()
    assert (tmp_path / "basis.csv").read_bytes() == before
    assert factories.events() == trail


def test_a_folder_that_cannot_be_made_is_refused_in_words(
    waiting: list[str], hand_over: HandOver, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="välj en annan"):
        hand_over("file/basis.csv")


def test_number_date_receipt_and_payment_come_back(
    waiting: list[str], take_back: TakeBack, cast: SimpleNamespace
) -> None:
    taken = take_back(
        f"{waiting[0]},L-1,2026-01-20,2026-01-22,2026-02-10,84461",
        f"{waiting[1].lower()},L-2,2026-01-20,,2026-02-11,",
    )
    first, second = (queries.invoice(cast.controller, number) for number in ("L-1", "L-2"))
    assert taken == 2
    assert (first.issued_on, first.due_on) == (date(2026, 1, 20), date(2026, 2, 19))
    assert queries.real_due_on(first) == date(2026, 2, 21)
    assert (queries.left_to_pay_kr(first), queries.left_to_pay_kr(second)) == (0, 0)
    assert factories.events("invoicing.numbered") == ["invoicing.numbered"] * 2


def test_the_same_file_twice_changes_nothing(waiting: list[str], take_back: TakeBack) -> None:
    row = f"{waiting[0]},L-1,2026-01-20,2026-01-22,2026-02-10,1000"
    take_back(row)
    take_back(row)
    assert (Payment.objects.count(), Receipt.objects.count()) == (1, 1)
    assert factories.numbers() == ["L-1"]


def test_a_part_payment_of_another_day_or_amount_is_new_and_the_same_row_again_is_not(
    waiting: list[str], take_back: TakeBack, cast: SimpleNamespace
) -> None:
    row = f"{waiting[0]},L-1,2026-01-20,,"
    for came in ("2026-02-10,1000", "2026-02-11,1000", "2026-02-10,500"):
        for _again in range(2):
            take_back(row + came)
    paid = Payment.objects.order_by("pk").values_list("paid_on", "amount_kr")
    assert [(day.day, amount_kr) for day, amount_kr in paid] == [(10, 1000), (11, 1000), (10, 500)]
    assert queries.left_to_pay_kr(queries.invoice(cast.controller, "L-1")) == 84_461 - 2_500


def test_the_last_part_pays_the_invoice_and_more_is_refused(
    waiting: list[str], take_back: TakeBack, cast: SimpleNamespace
) -> None:
    row = f"{waiting[0]},L-1,2026-01-20,,"
    take_back(row + "2026-02-10,84000")
    take_back(row + "2026-02-12,")
    take_back(row + "2026-02-12,")
    assert queries.left_to_pay_kr(queries.invoice(cast.controller, "L-1")) == 0
    with pytest.raises(FaultsInFile) as refusal:
        take_back(row + "2026-02-13,1")
    assert "redan helt betald" in str(refusal.value.faults[0])
    assert Payment.objects.count() == 2


GOOD = "{0},L-1,2026-01-20,,,"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("H9999999,L-2,2026-01-20,,,", "H9999999"),
        (",L-2,2026-01-20,,,", "Referensen"),
        ("202600001,L-2,2026-01-20,,,", "202600001"),
        ("{1},,2026-01-20,,,", "1–30 tecken"),
        ("{1},L-1,2026-01-20,,,", "L-1 står redan på rad 2"),
        ("{0},L-2,2026-01-20,,,", "står redan på rad 2"),
        ("{1}," + "9" * 31 + ",2026-01-20,,,", "1–30 tecken"),
        ("{1},L-2,2026-02-21,,,", "har inte varit än"),
        ("{1},L-2,20 januari,,,", "20 januari"),
        ("{1},L-2,2026-01-20,2026-01-19,,", "2026-01-19"),
        ("{1},L-2,2026-01-20,,2026-02-01,999999999", "kvar att betala"),
        ("{1},L-2,2026-01-20,,,500", "saknar dag"),
        ("{1},L-2,2026-01-20,,2026-02-01,tusen", "tusen"),
    ],
)
def test_one_bad_row_and_nothing_is_taken_back(
    bad: str, words: str, waiting: list[str], take_back: TakeBack
) -> None:
    with pytest.raises(FaultsInFile) as refusal:
        take_back(GOOD.format(*waiting), bad.format(*waiting))
    faults = [str(fault) for fault in refusal.value.faults]
    assert len(faults) == 1
    assert faults[0].startswith("Rad 3: ") and words in faults[0]
    assert factories.numbers() == []
    assert not Payment.objects.exists() and not Receipt.objects.exists()


@pytest.mark.parametrize("row", ["L-9,2026-01-20", "L-1,2026-01-21"])
def test_a_number_or_date_that_came_back_is_never_changed(
    row: str, waiting: list[str], take_back: TakeBack
) -> None:
    take_back(GOOD.format(*waiting))
    with pytest.raises(FaultsInFile) as refusal:
        take_back(f"{waiting[0]},{row},,,")
    assert "En faktura ändras inte" in str(refusal.value.faults[0])


def test_a_number_of_another_invoice_is_refused(waiting: list[str], take_back: TakeBack) -> None:
    take_back(GOOD.format(*waiting))
    with pytest.raises(FaultsInFile) as refusal:
        take_back(f"{waiting[1]},L-1,2026-01-20,,,")
    assert "L-1 finns redan" in str(refusal.value.faults[0])


def test_a_credit_of_a_ledger_invoice_is_handed_over_with_a_minus(
    waiting: list[str],
    take_back: TakeBack,
    hand_over: HandOver,
    cast: SimpleNamespace,
    plain_press: Any,
) -> None:
    take_back(GOOD.format(*waiting))
    note = actions.credit(
        number="L-1",
        reason="Fel",
        amount_kr=461,
        today=TODAY,
        by=cast.controller,
        press=plain_press,
    )
    row = next(row for row in hand_over() if row["reference"] == note.reference)
    assert (row["amount_kr"], row["credits"], row["kind"]) == ("-461", "L-1", "credit")
