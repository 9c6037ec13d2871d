"""When the provider's own ledger numbers and sends: the basis it gets, and what it gives back."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.core import tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, Refusal, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.papers.tables import Column, to_csv

from .. import queries, rules
from ..document import Kind
from ..events import Event
from ..models import Invoice, InvoicingProfile
from .deliver import make
from .record import record_payment, record_receipt

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

TAKEN_BACK = ("reference", "number", "issued_on")
COLUMNS = [
    Column("reference", _("Referens"), "text"),
    Column("kind", _("Slag"), "text"),
    Column("municipality_code", _("Kommunkod"), "text"),
    Column("name", _("Kommun"), "text"),
    Column("counterparty", _("Motpart"), "text"),
    Column("account", _("Konto"), "text"),
    Column("period", _("Period"), "text"),
    Column("amount_kr", _("Belopp"), "integer"),
    Column("text", _("Text"), "text"),
    Column("buyer_reference", _("Er referens"), "text"),
    Column("credits", _("Krediterar"), "text"),
]


@transaction.atomic
def hand_over(*, path: Path, year: int, today: date, by: "Person") -> int:
    """Write what of the year waits for a number as a basis (CSV); returns how many rows.

    Handing over again writes the same rows until their numbers have come back; with nothing
    waiting, a basis that lies there is left alone.
    """
    permits.require(by, "invoicing.deliver")
    profile = queries.profile()
    rows = [basis_row(row, profile, today) for row in queries.awaiting_number(by, year=year)]
    if not rows:
        return 0
    make(path.parent)
    passing = path.with_name(f".{path.name}.part")
    with passing.open("w", encoding="utf-8", newline="") as stream:
        to_csv(COLUMNS, rows, stream)
    passing.replace(path)
    audit.record(
        Event.HANDED_OVER, by=by, file=path.name, references=[row["reference"] for row in rows]
    )
    return len(rows)


def basis_row(row: Invoice, profile: InvoicingProfile, today: date) -> dict[str, Any]:
    """One row of the basis: account, counterparty and period as the profile says."""
    party = row.agreement.party
    counterparty = {
        "organisation_number": party.organisation_number,
        "municipality_code": party.municipality_id,
    }
    line = row.lines.order_by("position")[0]
    sign = -1 if row.kind == Kind.CREDIT else 1
    return {
        "reference": row.reference,
        "kind": row.kind,
        "municipality_code": party.municipality_id,
        "name": party.name,
        "counterparty": counterparty[profile.ledger_counterparty],
        "account": profile.ledger_account,
        "period": _period(row.year, today).strftime(profile.ledger_period),
        "amount_kr": sign * row.amount_kr,
        "text": line.text,
        "buyer_reference": party.buyer_reference,
        "credits": str(row.credits) if row.credits else "",
    }


@transaction.atomic
def take_back(*, path: Path, today: date, by: "Person") -> int:
    """Number, date, receipt and payment from the ledger's CSV, all or none; returns how many rows.

    Columns: reference, number, issued_on; optional received_on, paid_on, paid_kr. A row that is
    already taken back is passed over when it says the same.
    Raises FaultsInFile with every fault by row.
    """
    permits.require(by, "invoicing.import_invoices")
    waiting = {row.reference: row for row in queries.invoices_for(by).filter(origin="ledger")}
    rows = tabular.read_all(path, required=TAKEN_BACK, read=lambda row: _read(row, waiting, today))
    tabular.refuse_repeats(path, [(n, f["number"]) for n, f in rows], what=_("Fakturanumret"))
    references = [(n, f["invoice"].reference) for n, f in rows]
    tabular.refuse_repeats(path, references, what=_("Referensen"))
    tabular.store_all(path, rows, lambda fields: _number(fields, today, by))
    return len(rows)


def _period(year: int, today: date) -> date:
    return today if today.year == year else date(year, 12, 1)


def _read(row: tabular.Row, waiting: dict[str, Invoice], today: date) -> dict[str, Any]:
    found = waiting.get(row["reference"].upper())
    if found is None:
        raise BadInput(
            _("Referensen {reference} finns inte bland det som har lämnats över. Rätta den."),
            reference=row["reference"],
        )
    issued_on = parse_date(row["issued_on"])
    if issued_on > today:
        raise BadInput(_("Fakturadagen {day} har inte varit än. Rätta dagen."), day=issued_on)
    profile = queries.profile()
    rules.check_number(
        row["number"],
        series_prefix=None if profile.uses_ledger else profile.series_prefix,
    )
    if found.number is not None and (found.number, found.issued_on) != (row["number"], issued_on):
        raise BadInput(
            _("{reference} har redan numret {number} från {day}. En faktura ändras inte."),
            reference=found.reference,
            number=found.number,
            day=found.issued_on,
        )
    return {
        **optional_dates(row),
        "invoice": found,
        "number": row["number"],
        "issued_on": issued_on,
    }


def optional_dates(row: tabular.Row) -> dict[str, Any]:
    """The optional columns received_on, paid_on and paid_kr of a row; None where empty."""
    received, paid, paid_kr = (row.get(n, "") for n in ("received_on", "paid_on", "paid_kr"))
    if paid_kr and not paid:
        raise BadInput(_("Betalningen saknar dag. Fyll i paid_on."))
    return {
        "received_on": parse_date(received) if received else None,
        "paid_on": parse_date(paid) if paid else None,
        "paid_kr": tabular.whole_number(paid_kr, what=_("Betalningen")) if paid_kr else None,
    }


def _number(fields: dict[str, Any], today: date, by: "Person") -> None:
    row: Invoice = fields["invoice"]
    number, issued_on = fields["number"], fields["issued_on"]
    if row.number is None:
        refuse_taken(number)
        Invoice.objects.filter(pk=row.pk).update(
            number=number,
            issued_on=issued_on,
            due_on=rules.due_on(issued_on=issued_on, received_on=None),
        )
        audit.record(Event.NUMBERED, by=by, on=row, number=number, issued_on=issued_on)
    record_what_came(number, fields, today, by)


def refuse_taken(number: str) -> None:
    """Raise BadInput when another invoice has the number."""
    if Invoice.objects.filter(number=number).exists():
        raise BadInput(_("Numret {number} finns redan på en annan faktura."), number=number)


def record_what_came(number: str, fields: dict[str, Any], today: date, by: "Person") -> None:
    """Receipt and payment of a row, where it has them and they are not recorded yet."""
    try:
        if fields["received_on"]:
            record_receipt(number=number, on=fields["received_on"], today=today, by=by)
        if fields["paid_on"] and not _is_recorded(number, fields, by):
            record_payment(
                number=number, on=fields["paid_on"], amount_kr=fields["paid_kr"], today=today, by=by
            )
    except BadInput:
        raise
    except Refusal as refusal:
        raise BadInput(refusal.sentence, **refusal.facts) from refusal


def _is_recorded(number: str, fields: dict[str, Any], by: "Person") -> bool:
    """Whether the row's payment stands already: the same day and amount, or nothing left to pay."""
    row = queries.invoice(by, number)
    if fields["paid_kr"] is None:
        return queries.left_to_pay_kr(row) <= 0
    return row.payments.filter(paid_on=fields["paid_on"], amount_kr=fields["paid_kr"]).exists()
