"""What is issued stays: the database refuses every change, on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F

from hamn.agreement.invoicing import actions
from hamn.agreement.invoicing.models import DeliveryEvent, Invoice, InvoiceFile, InvoiceLine
from hamn.agreement.invoicing.tests import factories

KEPT: tuple[type[models.Model], ...] = (Invoice, InvoiceLine, InvoiceFile, DeliveryEvent)
FIELDS = [(model, field.name) for model in KEPT for field in model._meta.concrete_fields]


@pytest.fixture
def issued(
    cast: SimpleNamespace,
    in_force: Callable[..., Any],
    run_year: Callable[..., Any],
    tmp_path: Path,
) -> Invoice:
    row = factories.issued(cast, in_force, run_year)
    actions.deliver_to_folder(invoices=[row], folder=tmp_path, by=cast.controller)
    return row


@pytest.fixture
def waiting(
    cast: SimpleNamespace, in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> Invoice:
    """An invoice that waits for the ledger's number."""
    in_force("0117", date(2024, 6, 1))
    run_year(2026, hands_over=True)
    return Invoice.objects.get()


def refused(change: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="hamn: "), transaction.atomic():
        change()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize(("model", "name"), FIELDS, ids=[f"{m.__name__}.{n}" for m, n in FIELDS])
def test_no_field_of_what_is_issued_can_be_set_again(model: Any, name: str) -> None:
    table = model._meta.db_table
    assert model.objects.exists()
    refused(lambda: model.objects.update(**{name: F(name)}))
    other = "id + 1000" if name == "id" else "NULL"
    refused(lambda: run(f'UPDATE {table} SET "{column(model, name)}" = {other}'))
    refused(lambda: model.objects.get(pk=model.objects.first().pk).save(update_fields=None))


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("model", KEPT)
def test_nothing_that_is_issued_can_be_deleted(model: Any) -> None:
    table = model._meta.db_table
    refused(lambda: model.objects.all()._raw_delete("default"))
    refused(lambda: run(f"DELETE FROM {table}"))
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        refused(lambda: run(f"TRUNCATE {table} CASCADE"))
    else:
        refused(lambda: run(f"REPLACE INTO {table} SELECT * FROM {table}"))


ONCE = {"number", "issued_on", "due_on"}


@pytest.mark.parametrize(
    "name", [f.name for f in Invoice._meta.concrete_fields if f.name not in ONCE]
)
def test_an_invoice_that_waits_for_its_number_is_otherwise_immutable(
    name: str, waiting: Invoice
) -> None:
    refused(lambda: Invoice.objects.filter(pk=waiting.pk).update(**{name: F(name)}))


def test_the_ledgers_number_comes_once_and_never_again(waiting: Invoice) -> None:
    row = Invoice.objects.filter(pk=waiting.pk)
    row.update(number="L-1", issued_on=date(2026, 1, 20), due_on=date(2026, 2, 19))
    refused(lambda: row.update(number="L-2"))
    refused(lambda: row.update(issued_on=date(2026, 1, 21)))
    refused(lambda: row.update(due_on=date(2027, 1, 1)))
    refused(lambda: row.update(number=None, issued_on=None))
    refused(lambda: run("DELETE FROM invoicing_invoice"))
    assert Invoice.objects.get().number == "L-1"


def test_an_invoice_from_elsewhere_is_immutable(
    cast: SimpleNamespace, in_force: Callable[..., Any], tmp_path: Path
) -> None:
    in_force("0117", date(2024, 6, 1))
    path = tmp_path / "elsewhere.csv"
    path.write_text(
        "municipality_code,year,number,amount_kr,issued_on\n0117,2025,A-1,78029,2025-01-20\n"
    )
    actions.import_invoices(path=path, today=date(2026, 1, 1), by=cast.controller)
    refused(lambda: Invoice.objects.update(amount_kr=1))
    refused(lambda: run("DELETE FROM invoicing_invoiceline"))
