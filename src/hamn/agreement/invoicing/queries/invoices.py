"""The invoices: what is issued, paid, credited, due and delivered."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.register.organisations import queries as organisations

from ..document import Kind
from ..models import (
    DeliveryEvent,
    Invoice,
    InvoiceFile,
    InvoiceRun,
    InvoicingProfile,
)
from ..rules import (
    DeliveryState,
    Outcome,
    Plan,
    due_on,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


BATCH = 50  # agreements or invoices held in memory at a time


def profile() -> InvoicingProfile:
    """How the provider invoices.

    Raises NotVisible before `hamn setup`.
    """
    found = InvoicingProfile.objects.first()
    if found is None:
        raise NotVisible(_("Inga uppgifter om fakturering är inlagda. Kör ”hamn setup” först."))
    return found


def is_example() -> bool:
    """Whether this is the demonstration centre."""
    return InvoicingProfile.objects.filter(is_example=True).exists()


def is_credited(row: Invoice) -> bool:
    """Whether all of an invoice from `newest_charges` is credited."""
    return row.amount_kr == (row.credited_kr or 0)  # type: ignore[attr-defined]


def invoices_for(viewer: "Person") -> QuerySet[Invoice]:
    """The invoices that the viewer may see, with what is paid and credited in kronor."""
    permits.require(viewer, "invoicing.see")
    rows = Invoice.objects.select_related("agreement__party__municipality", "credits")
    return with_credited(rows).annotate(
        paid_kr=Sum("payments__amount_kr", default=0), received_on=F("receipt__received_on")
    )


def invoice(viewer: "Person", number: str) -> Invoice:
    """The invoice with the number, or the ledger reference while it has none.

    Raises NotVisible.
    """
    wanted = number.strip()
    match = Q(number=wanted)
    if wanted[:1] in "Hh" and wanted[1:].isdecimal() and len(wanted) < 18:
        match |= Q(pk=int(wanted[1:]), number__isnull=True)
    found = invoices_for(viewer).filter(match).first()
    if found is None:
        raise NotVisible(
            _("Ingen faktura har numret ”{number}”. Numren står i körningens summary.csv."),
            number=wanted,
        )
    return found


def locked(by: "Person", number: str) -> Invoice:
    """The invoice, locked until the transaction ends, so that money is not counted twice."""
    found = invoice(by, number)
    Invoice.objects.select_for_update().get(pk=found.pk)
    return invoice(by, number)


def left_to_pay_kr(row: Invoice) -> int:
    """What is neither paid nor credited of an invoice from `invoices_for`."""
    return row.amount_kr - row.paid_kr - (row.credited_kr or 0)  # type: ignore[attr-defined,no-any-return]


def file_of(row: Invoice, file_format: str) -> InvoiceFile:
    """The stored bytes of an issued document.

    Raises BadInput when the invoice has none, because another system made it.
    """
    found = InvoiceFile.objects.filter(invoice=row, format=file_format).first()
    if found is None:
        raise BadInput(
            _("Faktura {number} har utfärdats i ett annat system och har inget dokument här."),
            number=str(row),
        )
    return found


def delivery_state(row: Invoice) -> DeliveryState | None:
    """Where the document stands on its way; None when it was never handed over.

    Handing the same bytes over again takes nothing back of what the receiver has said.
    """
    events = DeliveryEvent.objects.filter(invoice=row).order_by("-pk")
    newest, said = events.first(), events.filter(is_replay=False).first()
    if said is not None and said.state == DeliveryState.ACCEPTED:
        newest = said
    return DeliveryState(newest.state) if newest else None


def with_documents(viewer: "Person", *, year: int, only: str | None = None) -> Iterator[Invoice]:
    """The year's invoices that Hamn has made documents for, in order, streamed."""
    rows = invoices_for(viewer).filter(year=year, files__format=InvoiceFile.Format.UBL)
    if only:
        rows = rows.filter(agreement__party__municipality=only)
    return rows.exclude(kind=Kind.CREDIT).order_by("pk").iterator(BATCH)


def awaiting_number(viewer: "Person", *, year: int) -> QuerySet[Invoice]:
    """What of the year waits for the ledger's number, oldest first."""
    return invoices_for(viewer).filter(number__isnull=True, year=year).order_by("pk")


def year_totals(viewer: "Person", year: int) -> dict[str, int]:
    """Number of invoices, invoiced less credited, and paid, in kronor, for a year (H16)."""
    permits.require(viewer, "invoicing.see")
    rows = Invoice.objects.filter(year=year)
    credit = Q(kind=Kind.CREDIT)
    sums = rows.aggregate(
        invoiced=Sum("amount_kr", filter=~credit, default=0),
        credited=Sum("amount_kr", filter=credit, default=0),
        count=Count("pk", filter=~credit),
    )
    paid = rows.aggregate(paid=Sum("payments__amount_kr", default=0))["paid"]
    return {
        "count": sums["count"],
        "invoiced_kr": sums["invoiced"] - sums["credited"],
        "paid_kr": paid,
    }


def plan_row(item: Plan) -> dict[str, Any]:
    """A plan as a row of the preview."""
    other = item.other_reading
    return {
        "municipality_code": item.code,
        "name": item.name,
        "outcome": item.outcome,
        "facts": item.facts,
        "number": "",
        "twelfths": item.fee.twelfths if item.fee else None,
        "amount_kr": item.fee.amount_kr if item.fee else None,
        "other_base_year": str(item.other_base_year or ""),
        "other_amount_kr": other.amount_kr if other else None,
        "difference_kr": other.amount_kr - item.fee.amount_kr if other and item.fee else None,
        "due_on": None,
    }


def latest_run(year: int) -> InvoiceRun:
    """The newest run of the year that looked at every agreement.

    Raises NotVisible when there is none.
    """
    found = InvoiceRun.objects.filter(year=year).order_by("-pk").first()
    if found is None:
        raise NotVisible(_("Ingen körning har gjorts för {year}."), year=year)
    return found


def run_rows(viewer: "Person", run: InvoiceRun) -> list[dict[str, Any]]:
    """What came of a run, by municipality: what was issued, and why the rest was not."""
    permits.require(viewer, "invoicing.see")
    names = organisations.known_municipalities()
    charges_of_year = invoices_for(viewer).filter(year=run.year).exclude(kind=Kind.CREDIT)
    by_number = {str(row): row for row in charges_of_year}
    rows = [_issued_row(row) for row in by_number.values() if row.run_id == run.pk]
    rows += [
        {
            # What was invoiced before keeps its number and amount in every later summary.
            **_issued_row(
                by_number.get(str(row.facts.get("number")))
                if row.outcome == Outcome.ALREADY_INVOICED
                else None
            ),
            "municipality_code": row.code,
            "name": row.agreement.party.name if row.agreement else names[row.code],
            "outcome": row.outcome,
            "facts": row.facts,
        }
        for row in run.outcomes.select_related("agreement__party")
    ]
    return sorted(rows, key=lambda row: str(row["municipality_code"]))


def invoice_rows(viewer: "Person", *, year: int) -> Iterator[dict[str, Any]]:
    """The year's invoices and credit notes as rows of a list, streamed."""
    for row in invoices_for(viewer).filter(year=year).order_by("pk").iterator(BATCH):
        party = row.agreement.party
        yield {
            "number": str(row),
            "kind": row.kind,
            "municipality_code": party.municipality_id,
            "name": party.name,
            "amount_kr": row.amount_kr,
            "left_kr": None if row.kind == Kind.CREDIT else left_to_pay_kr(row),
            "issued_on": row.issued_on,
            "due_on": None if row.kind == Kind.CREDIT else real_due_on(row),
        }


def _issued_row(row: Invoice | None) -> dict[str, Any]:
    party = row.agreement.party if row else None
    return {
        "municipality_code": party.municipality_id if party else "",
        "name": party.name if party else "",
        "outcome": Outcome.ISSUED,
        "facts": {},
        "number": str(row) if row else "",
        "twelfths": row.twelfths if row else None,
        "amount_kr": row.amount_kr if row else None,
        "other_base_year": "",
        "other_amount_kr": None,
        "difference_kr": None,
        "due_on": real_due_on(row) if row else None,
    }


def real_due_on(row: Invoice) -> date | None:
    """The due date of a row from `invoices_for`, from receipt when that is known (H11, Z13)."""
    if row.issued_on is None:
        return None
    return due_on(issued_on=row.issued_on, received_on=row.received_on)  # type: ignore[attr-defined]


def with_credited(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with what is credited of each, in kronor."""
    credited = Invoice.objects.filter(credits=OuterRef("pk")).order_by().values("credits")
    return rows.annotate(
        credited_kr=Subquery(credited.annotate(sum=Sum("amount_kr")).values("sum"))
    )
