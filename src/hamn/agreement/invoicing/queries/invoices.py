"""The invoices: what is issued, paid, credited, due and delivered."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits

from ..document import Kind
from ..models import (
    DeliveryEvent,
    Invoice,
    InvoiceFile,
    InvoicingProfile,
    Payment,
    Receipt,
)
from ..rules import DAYS_TO_PAY, DeliveryState, InvoiceState, due_on

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


CHARGES = [kind.value for kind in Kind if kind != Kind.CREDIT]
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
    return row.amount_kr == row.credited_kr  # type: ignore[attr-defined,no-any-return]


def invoices_for(viewer: "Person") -> QuerySet[Invoice]:
    """The invoices that the viewer may see, with what is paid and credited in kronor.

    Also with received_on, and pays_from: the day from which the days to pay count (H11, Z13).
    """
    permits.require(viewer, "invoicing.see")
    rows = Invoice.objects.select_related("agreement__party__municipality", "credits")
    return _with_money(rows).annotate(received_on=F("receipt__received_on"))


def invoices_list(
    viewer: "Person", *, on: date, state: InvoiceState | None = None
) -> QuerySet[Invoice]:
    """The same for lists: with falls_due_on and state (InvoiceState) to show and sort by.

    on: the day on which an invoice is overdue or not. state: only those.
    """
    due = ExpressionWrapper(_pays_from() + timedelta(days=DAYS_TO_PAY), DateTimeField())
    rows = invoices_for(viewer).defer("document", "explanation")
    rows = rows.annotate(falls_due_on=Cast(due, DateField()), state=_state(on))
    if state == InvoiceState.PAID:
        return rows.filter(state=state)  # most are: the first page is found at once
    return rows if state is None else rows.filter(pk__in=_in_state(state, on))


def due_between(
    viewer: "Person", first: date, last: date, *, on: date | None = None
) -> QuerySet[Invoice]:
    """Invoices with something left to pay that fall due in the period, first due first.

    The real due date: from receipt when that is known (H11, Z13). on: for the state; the first day
    unless given.
    """
    days = timedelta(days=DAYS_TO_PAY)
    period = (first - days, last - days)
    received = Receipt.objects.filter(received_on__range=period).values("invoice")
    issued = Invoice.objects.filter(
        kind__in=CHARGES, issued_on__range=period, receipt__isnull=True
    ).values("pk")
    return (
        invoices_list(viewer, on=on or first)
        .filter(pk__in=received.union(issued))
        .exclude(kind=Kind.CREDIT)
        .filter(amount_kr__gt=F("paid_kr") + F("credited_kr"))
        .order_by(_pays_from(), "pk")
    )


def years_with_invoices(viewer: "Person") -> list[int]:
    """The years that someone has been invoiced for, newest first."""
    permits.require(viewer, "invoicing.see")
    years = Invoice.objects.order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def payments_of(viewer: "Person", row: Invoice) -> list[Payment]:
    """The money that came for the invoice, oldest first."""
    permits.require(viewer, "invoicing.see")
    return list(row.payments.order_by("paid_on", "pk"))


def deliveries_of(viewer: "Person", row: Invoice) -> list[DeliveryEvent]:
    """The steps of the document's way to its receiver, oldest first."""
    permits.require(viewer, "invoicing.see")
    return list(row.deliveries.order_by("pk"))


def credit_notes_of(viewer: "Person", row: Invoice) -> list[Invoice]:
    """The credit notes on the invoice, oldest first."""
    permits.require(viewer, "invoicing.see")
    return list(row.credit_notes.order_by("pk"))


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


def id_of_number(number: str) -> int | None:
    """The id under which the trail knows the invoice with the number; None when there is none."""
    return Invoice.objects.filter(number=number).values_list("pk", flat=True).first()


def locked(by: "Person", number: str) -> Invoice:
    """The invoice, locked until the transaction ends, so that money is not counted twice."""
    found = invoice(by, number)
    Invoice.objects.select_for_update().get(pk=found.pk)
    return invoice(by, number)


def left_to_pay_kr(row: Invoice) -> int:
    """What is neither paid nor credited of an invoice from `invoices_for`."""
    return row.amount_kr - row.paid_kr - row.credited_kr  # type: ignore[attr-defined,no-any-return]


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


def real_due_on(row: Invoice) -> date | None:
    """The due date of a row from `invoices_for`, from receipt when that is known (H11, Z13)."""
    if row.issued_on is None:
        return None
    return due_on(issued_on=row.issued_on, received_on=row.received_on)  # type: ignore[attr-defined]


def with_credited(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with what is credited of each, in kronor."""
    credited = Invoice.objects.filter(credits=OuterRef("pk")).order_by().values("credits")
    return rows.annotate(
        credited_kr=Coalesce(Subquery(credited.annotate(sum=Sum("amount_kr")).values("sum")), 0)
    )


def _with_money(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    paid = Payment.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    return with_credited(rows).annotate(
        paid_kr=Coalesce(Subquery(paid.annotate(sum=Sum("amount_kr")).values("sum")), 0),
        pays_from=_pays_from(),
    )


def _pays_from() -> Coalesce:
    return Coalesce("receipt__received_on", "issued_on")


def _state(on: date) -> Case:
    """The invoice's state in the order of InvoiceState, on the day."""
    ways: dict[InvoiceState, Q] = {
        InvoiceState.CREDIT_NOTE: Q(kind=Kind.CREDIT),
        InvoiceState.WAITING: Q(issued_on__isnull=True),
        InvoiceState.CREDITED: Q(credited_kr__gte=F("amount_kr")),
        InvoiceState.PAID: Q(amount_kr__lte=F("paid_kr") + F("credited_kr")),
        InvoiceState.OVERDUE: _is_overdue(on),
        InvoiceState.PART_PAID: Q(paid_kr__gt=0),
    }
    cases = [When(fits, then=Value(state.value)) for state, fits in ways.items()]
    return Case(*cases, default=Value(InvoiceState.UNPAID.value))


def _in_state(state: InvoiceState, on: date) -> QuerySet[Invoice, Any]:
    """The ids of the invoices in the state: the same as `_state`, by an index alone."""
    rows = _with_money(Invoice.objects.filter(kind__in=CHARGES))
    numbered = rows.filter(issued_on__isnull=False)
    left = numbered.filter(amount_kr__gt=F("paid_kr") + F("credited_kr"))
    overdue = _is_overdue(on)
    ways: dict[InvoiceState, QuerySet[Invoice]] = {
        InvoiceState.CREDIT_NOTE: Invoice.objects.filter(kind=Kind.CREDIT),
        InvoiceState.WAITING: rows.filter(issued_on__isnull=True),
        InvoiceState.CREDITED: numbered.filter(Q(credited_kr__gte=F("amount_kr"))),
        InvoiceState.OVERDUE: left.filter(overdue),
        InvoiceState.PART_PAID: left.filter(~overdue & Q(paid_kr__gt=0)),
        InvoiceState.UNPAID: left.filter(~overdue & Q(paid_kr=0)),
    }
    return ways[state].values("pk")


def _is_overdue(on: date) -> Q:
    return Q(pays_from__lt=on - timedelta(days=DAYS_TO_PAY))
