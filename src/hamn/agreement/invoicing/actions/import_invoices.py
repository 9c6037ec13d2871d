"""Invoices that were issued before the centre took Hamn into use, so that none is issued again."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.agreement.agreements import queries as agreements
from hamn.core import tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, _
from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.register.organisations.queries import known_municipalities
from hamn.register.organisations.rules import known_code

from .. import queries, rules
from ..document import Kind
from ..events import Event
from ..models import Invoice, InvoiceLine
from ..rules import Origin
from .hand_over import optional_dates, record_what_came, refuse_taken

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person

LARGEST_KR = 1_000_000_000
COLUMNS = ("municipality_code", "year", "number", "amount_kr", "issued_on")


@transaction.atomic
def import_invoices(*, path: Path, today: date, by: "Person") -> int:
    """Invoices from elsewhere out of a CSV, all or none; returns how many.

    Columns: municipality_code, year, number, amount_kr, issued_on; optional received_on, paid_on,
    paid_kr. An agreement and year that has one is never invoiced again.
    Raises FaultsInFile with every fault by row.
    """
    permits.require(by, "invoicing.import_invoices")
    rows = tabular.read_all(path, required=COLUMNS, read=lambda row: _read(row, today, by))
    tabular.refuse_repeats(path, [(n, f["number"]) for n, f in rows], what=_("Fakturanumret"))
    tabular.refuse_repeats(
        path,
        [(n, f"{f['code']} {f['year']} ({f['agreement'].starts_on}–)") for n, f in rows],
        what=_("Kommun, år och avtal"),
    )
    tabular.store_all(path, rows, lambda fields: _store(fields, today, by))
    return len(rows)


def _read(row: tabular.Row, today: date, by: "Person") -> dict[str, Any]:
    code = known_code(row["municipality_code"], known_municipalities())
    year = tabular.whole_number(row["year"], what=_("Året"))
    rules.check_year(year)
    issued_on = parse_date(row["issued_on"])
    if issued_on > today:
        raise BadInput(_("Fakturadagen {day} har inte varit än. Rätta dagen."), day=issued_on)
    agreement = _held_on(agreements.holding_in(by, code, year), issued_on)
    if charged := queries.charges([agreement.pk], year).get(agreement.pk):
        raise BadInput(
            _("{code} är redan fakturerad för {year} med {number}. Ta bort raden."),
            code=code,
            year=year,
            number=charged,
        )
    return {
        **optional_dates(row),
        "agreement": agreement,
        "code": code,
        "year": year,
        "number": rules.check_number(row["number"], series_prefix=queries.profile().series_prefix),
        "amount_kr": _amount_kr(row["amount_kr"]),
        "issued_on": issued_on,
    }


def _held_on(found: Sequence["Agreement"], day: date) -> "Agreement":
    """Of several agreements in a year the one that held on the invoice's day, else the first."""
    holds = [
        row
        for row in found
        if row.starts_on is not None and row.starts_on <= day and (row.ends_on or day) >= day
    ]
    return holds[0] if holds else found[0]


def _amount_kr(text: str) -> int:
    amount_kr = tabular.whole_number(text, what=_("Beloppet"))
    if not 0 < amount_kr <= LARGEST_KR:
        raise BadInput(_("Beloppet {amount} kan inte stämma. Rätta det."), amount=kronor(amount_kr))
    return amount_kr


def _store(fields: dict[str, Any], today: date, by: "Person") -> None:
    agreement, amount_kr = fields["agreement"], fields["amount_kr"]
    refuse_taken(fields["number"])
    started = agreement.starts_on is not None and agreement.starts_on.year == fields["year"]
    invoice = Invoice.objects.create(
        agreement=agreement,
        origin=Origin.ELSEWHERE,
        kind=Kind.FIRST if started else Kind.YEARLY,
        year=fields["year"],
        number=fields["number"],
        issued_on=fields["issued_on"],
        due_on=rules.due_on(issued_on=fields["issued_on"], received_on=None),
        amount_kr=amount_kr,
        explanation=[_step(fields)],
        created_by=by,
    )
    InvoiceLine.objects.create(
        invoice=invoice, position=1, text=_("Utfärdad på annat håll"), amount_kr=amount_kr
    )
    audit.record(
        Event.IMPORTED,
        by=by,
        on=invoice,
        number=invoice.number,
        year=invoice.year,
        amount_kr=amount_kr,
    )
    record_what_came(fields["number"], fields, today, by)


def _step(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": "elsewhere",
        "label": rules.ELSEWHERE,
        "value": kronor(fields["amount_kr"]),
        "clause": "",
        "facts": {},
    }
