"""Invoices and runs as lists: states for people, due dates, pages, each in few questions."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamn.agreement.invoicing import actions, queries, rules
from hamn.agreement.invoicing.models import Invoice, InvoiceRun
from hamn.agreement.invoicing.rules import InvoiceState, Outcome
from hamn.agreement.invoicing.tests import factories
from hamn.agreement.invoicing.tests.factories import CODES

pytestmark = pytest.mark.slow

LATE = date(2026, 3, 1)  # what is due on 14 February is overdue
DUE = date(2026, 2, 14)
InForce = Callable[..., Any]


@pytest.fixture
def year(
    in_force: InForce, run_year: Any, cast: SimpleNamespace, plain_press: Any, tmp_path: Path
) -> InvoiceRun:
    """Eleven invoices of 15 January 2026, and one that waits for the ledger's number.

    …1 and …2 untouched, …3 received in February, …4 part paid, …5 part paid and received, …6 paid,
    …7 paid and credited in part, …8 credited, …9 credited in part, …10 paid, and one that waits.
    """
    factories.sign(in_force, CODES)
    run: InvoiceRun = run_year(2026)
    do = {"today": LATE, "by": cast.controller}
    for number in ("202600003", "202600005"):
        actions.record_receipt(number=number, on=date(2026, 2, 3), **do)
    for number, paid in (("202600004", 1), ("202600005", 1), ("202600006", None)):
        actions.record_payment(number=number, on=date(2026, 2, 10), amount_kr=paid, **do)
    for number, credited in (("202600007", 5), ("202600008", None), ("202600009", 5)):
        actions.credit(number=number, reason="Fel", amount_kr=credited, press=plain_press, **do)
    for number in ("202600007", "202600010"):
        actions.record_payment(number=number, on=date(2026, 2, 10), amount_kr=None, **do)
    in_force("0160", date(2024, 6, 1))
    run_year(2026, hands_over=True)
    return run


STATES: dict[InvoiceState, set[str]] = {
    InvoiceState.CREDIT_NOTE: {"202600012", "202600013", "202600014"},
    InvoiceState.WAITING: {"0160"},
    InvoiceState.CREDITED: {"202600008"},
    InvoiceState.PAID: {"202600006", "202600007", "202600010"},
    InvoiceState.OVERDUE: {"202600001", "202600002", "202600004", "202600009", "202600011"},
    InvoiceState.PART_PAID: {"202600005"},
    InvoiceState.UNPAID: {"202600003"},
}


def names(rows: Any) -> set[str]:
    return {row.number or row.agreement.party.municipality_id for row in rows}


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("state", InvoiceState)
def test_a_list_can_be_asked_for_the_invoices_in_a_state(
    state: InvoiceState, cast: SimpleNamespace
) -> None:
    rows = queries.invoices_list(cast.reader, on=LATE)
    assert names(rows.filter(state=state)) == STATES[state]
    assert names(queries.invoices_list(cast.reader, on=LATE, state=state)) == STATES[state]
    on_the_day = queries.invoices_list(cast.reader, on=DUE)
    chosen = queries.invoices_list(cast.reader, on=DUE, state=state)
    assert names(on_the_day.filter(state=state)) == names(chosen)


@pytest.mark.usefixtures("year")
def test_on_its_due_date_nothing_is_overdue(cast: SimpleNamespace) -> None:
    for on, count in ((DUE, 0), (DUE + timedelta(days=1), 5)):
        rows = queries.invoices_list(cast.reader, on=on, state=InvoiceState.OVERDUE)
        assert rows.count() == count


@pytest.mark.usefixtures("year")
def test_the_lists_due_date_and_money_are_those_of_one_invoice(cast: SimpleNamespace) -> None:
    rows = list(queries.invoices_list(cast.reader, on=LATE))
    assert len(rows) == 15
    for row in rows:
        one = queries.invoice(cast.reader, str(row))
        assert row.falls_due_on == queries.real_due_on(one) == queries.real_due_on(row)
        assert queries.left_to_pay_kr(row) == queries.left_to_pay_kr(one)


@pytest.mark.usefixtures("year")
def test_a_list_is_one_question_however_many_rows_it_shows(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    list(queries.invoices_list(cast.reader, on=LATE)[:1])
    with django_assert_num_queries(1):
        for row in queries.invoices_list(cast.reader, on=LATE):
            assert str(row.agreement.party.municipality) and str(row.state) and row.pays_from != 1


@pytest.mark.usefixtures("year")
def test_what_falls_due_in_a_period_counts_from_receipt_and_leaves_out_what_is_settled(
    cast: SimpleNamespace,
) -> None:
    def due(first: date, last: date) -> list[str]:
        return [str(row) for row in queries.due_between(cast.reader, first, last)]

    untouched = ["202600001", "202600002", "202600004", "202600009", "202600011"]
    received = ["202600003", "202600005"]
    assert due(DUE, DUE) == untouched
    assert due(date(2026, 3, 5), date(2026, 3, 5)) == received
    assert due(date(2026, 2, 1), date(2026, 3, 31)) == [*untouched, *received]
    assert due(date(2026, 2, 15), date(2026, 3, 4)) == []
    row = queries.due_between(cast.reader, DUE, DUE, on=LATE)[0]
    assert (row.falls_due_on, row.state) == (DUE, InvoiceState.OVERDUE)


@pytest.mark.usefixtures("year")
def test_the_years_with_invoices_are_told_newest_first(
    cast: SimpleNamespace, run_year: Any
) -> None:
    run_year(2025, today=date(2026, 1, 16))
    assert queries.years_with_invoices(cast.reader) == [2026, 2025]


@pytest.mark.usefixtures("year")
def test_what_belongs_to_an_invoice_comes_oldest_first(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    actions.record_payment(
        number="202600004", on=date(2026, 2, 1), amount_kr=2, today=LATE, by=cast.controller
    )
    row = queries.invoice(cast.reader, "202600004")
    payments = queries.payments_of(cast.reader, row)
    assert [(one.paid_on.day, one.amount_kr) for one in payments] == [(1, 2), (10, 1)]
    for _again in range(2):
        folder = tmp_path / str(_again)
        actions.deliver_to_folder(invoices=[row], folder=folder, by=cast.controller)
    assert [one.is_replay for one in queries.deliveries_of(cast.reader, row)] == [False, True]
    credited = queries.invoice(cast.reader, "202600009")
    notes = queries.credit_notes_of(cast.reader, credited)
    assert [str(note) for note in notes] == ["202600014"]
    assert queries.credit_notes_of(cast.reader, row) == []


def test_every_invoice_state_has_a_name() -> None:
    assert set(rules.INVOICE_STATE_NAMES) == set(InvoiceState)


def turned(cast: SimpleNamespace, run: InvoiceRun, limit: int, outcome: Any) -> list[Any]:
    found: list[Any] = []
    while page := queries.run_page(
        cast.reader,
        run,
        after=found[-1]["municipality_code"] if found else None,
        limit=limit,
        outcome=outcome,
    ):
        found += page
    return found


def test_the_pages_of_a_runs_result_are_its_rows(
    year: InvoiceRun, run_year: Any, cast: SimpleNamespace
) -> None:
    again = run_year(2026)
    for run in (year, again):
        rows = queries.run_rows(cast.reader, run)
        counts = queries.run_counts(cast.reader, run)
        for limit in (1, 5, 100):
            assert turned(cast, run, limit, None) == rows
            for outcome in Outcome:
                chosen = [row for row in rows if row["outcome"] == outcome]
                assert turned(cast, run, limit, outcome) == chosen
                assert counts.get(outcome, 0) == len(chosen)


def test_a_page_of_a_result_asks_as_often_for_many_rows_as_for_one(
    year: InvoiceRun, cast: SimpleNamespace
) -> None:
    counts = []
    for limit in (1, 27):
        with CaptureQueriesContext(connection) as asked:
            queries.run_page(cast.reader, year, limit=limit)
        counts.append(len(asked))
    assert counts[0] >= counts[1] - 1 and counts[1] <= 5


def test_the_latest_run_is_of_all_and_has_begun(
    year: InvoiceRun, run_year: Any, cast: SimpleNamespace, in_force: InForce
) -> None:
    newest = queries.latest_run(2026)
    assert newest.pk > year.pk
    in_force("0162", date(2024, 6, 1))
    actions.prepare_run(year=2026, today=LATE, by=cast.controller)
    run_year(2026, only="0114")
    assert queries.latest_run(2026) == newest
    assert Invoice.objects.filter(run=newest).count() == 1
