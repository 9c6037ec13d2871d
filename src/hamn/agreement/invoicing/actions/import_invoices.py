"""Invoices that were issued before the centre took Hamn into use, so that none is issued again."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.agreement.agreements import queries as agreements
from hamn.core import tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput, NotVisible, _
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
from .hand_over import optional_dates, record_what_came

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

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
        [(n, f"{f['agreement'].party.municipality_id} {f['year']}") for n, f in rows],
        what=_("Kommun och år"),
    )
    tabular.store_all(path, rows, lambda fields: _store(fields, today, by))
    return len(rows)


def _read(row: tabular.Row, today: date, by: "Person") -> dict[str, Any]:
    code = known_code(row["municipality_code"], known_municipalities())
    try:
        agreement = agreements.latest(by, code)
    except NotVisible as refusal:
        raise BadInput(refusal.sentence, **refusal.facts) from None
    year = tabular.whole_number(row["year"], what=_("Året"))
    rules.check_year(year)
    issued_on = parse_date(row["issued_on"])
    if issued_on > today:
        raise BadInput(_("Fakturadagen {day} har inte varit än. Rätta dagen."), day=issued_on)
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
        "year": year,
        "number": _number(row["number"]),
        "amount_kr": tabular.whole_number(row["amount_kr"], what=_("Beloppet")),
        "issued_on": issued_on,
    }


def _number(text: str) -> str:
    """A number that is free and cannot collide with Hamn's own series."""
    if not text or len(text) > 30:
        raise BadInput(_("Fakturanumret ”{number}” ska ha 1–30 tecken."), number=text)
    prefix = queries.profile().series_prefix
    own = text.removeprefix(prefix)
    if text.startswith(prefix) and own.isdigit() and len(own) == 9 and own.startswith("20"):
        raise BadInput(
            _(
                "Numret {number} har samma form som Hamns egna. Välj en annan början på "
                "nummerserien i centre.toml och läs in igen."
            ),
            number=text,
        )
    if Invoice.objects.filter(number=text).exists():
        raise BadInput(_("Numret {number} finns redan på en annan faktura."), number=text)
    return text


def _store(fields: dict[str, Any], today: date, by: "Person") -> None:
    agreement, amount_kr = fields["agreement"], fields["amount_kr"]
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
