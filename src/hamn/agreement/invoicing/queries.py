"""Every read of invoicing: the plans of a year, the invoices, what is paid and due."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import Status
from hamn.agreement.tariffs import queries as tariffs
from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.register.organisations import queries as organisations

from .document import Kind
from .drafting import Buyer, Seller, invoice_party
from .models import (
    DeliveryEvent,
    Invoice,
    InvoiceFile,
    InvoiceRun,
    InvoicingProfile,
    NoticeDecision,
    Receipt,
)
from .rules import DeliveryState, Outcome, Plan, Reading, Terms, due_on, plan

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.agreement.tariffs.models import TariffLine
    from hamn.guards.access.models import Person

BATCH = 25


def profile() -> InvoicingProfile:
    """How the provider invoices.

    Raises NotVisible before `hamn setup`.
    """
    found = InvoicingProfile.objects.first()
    if found is None:
        raise NotVisible(_("Inga uppgifter om fakturering är inlagda. Kör ”hamn setup” först."))
    return found


def seller(on: date) -> Seller:
    """The provider as seller on the date."""
    party = organisations.provider()
    contact = organisations.contacts_on([party.pk], on).get(party.pk)
    return Seller(party=invoice_party(party, contact, bills=False), profile=profile())


def buyers(rows: Sequence["Agreement"], on: date) -> dict[int, Buyer]:
    """Whom to invoice, by agreement id."""
    contacts = organisations.contacts_on([row.party_id for row in rows], on)
    return {
        row.pk: Buyer(
            party=row.party,
            contact=contacts.get(row.party_id),
            agreement_reference=row.reference,
        )
        for row in rows
    }


def to_look_at(viewer: "Person", *, only: str | None = None) -> QuerySet["Agreement"]:
    """The agreements that a run looks at, by id; withdrawn drafts are passed over."""
    permits.require(viewer, "invoicing.see")
    rows = agreements.agreements_for(viewer).exclude(status=Status.WITHDRAWN).order_by("pk")
    return rows.filter(party__municipality=only) if only else rows


def in_batches(rows: QuerySet["Agreement"], size: int = BATCH) -> Iterator[list["Agreement"]]:
    """The agreements in batches by id, so that memory stays flat however many there are."""
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk


def plans(rows: Sequence["Agreement"], *, year: int, anew: bool = False) -> list[Plan]:
    """What each agreement is charged for the year, or why not; four queries for any number.

    anew: a fully credited charge is planned once more (`reissue`).
    """
    charged = {} if anew else charges([row.pk for row in rows], year)
    decisions = _decisions(rows, year)
    lines = agreements.tariff_lines(rows)
    return [
        plan(_terms(row, lines, charged.get(row.pk), decisions.get(row.pk)), year=year)
        for row in rows
    ]


def preview(viewer: "Person", *, year: int, only: str | None = None) -> Iterator[Plan]:
    """What a run would do, municipality by municipality, with the code that issues."""
    seen: set[str] = set()
    for batch in in_batches(to_look_at(viewer, only=only)):
        seen.update(row.party.municipality_id for row in batch)
        yield from plans(batch, year=year)
    yield from without_agreement(viewer, seen, only=only)


def without_agreement(
    viewer: "Person", seen: Iterable[str], *, only: str | None = None
) -> Iterator[Plan]:
    """A line with its reason for each municipality of the tariff that has no agreement."""
    provider = organisations.provider().municipality_id
    names = organisations.known_municipalities()
    for code in sorted(tariffs.codes_in_use(viewer) - set(seen)):
        if only in (None, code):
            outcome = Outcome.PROVIDER if code == provider else Outcome.NO_AGREEMENT
            yield Plan(code=code, name=names[code], outcome=outcome, facts={})


def charges(agreement_ids: Sequence[int], year: int) -> dict[int, str]:
    """The number or reference of the year's newest charge, by agreement id."""
    rows = Invoice.objects.filter(agreement__in=agreement_ids, year=year).exclude(kind=Kind.CREDIT)
    return {
        row.agreement_id: str(row) for row in rows.only("agreement", "number").order_by("round")
    }


def invoices_for(viewer: "Person") -> QuerySet[Invoice]:
    """The invoices that the viewer may see, with what is paid and credited in kronor."""
    permits.require(viewer, "invoicing.see")
    credited = (
        Invoice.objects.filter(credits=OuterRef("pk"))
        .order_by()
        .values("credits")
        .annotate(sum=Sum("amount_kr"))
        .values("sum")
    )
    return Invoice.objects.select_related("agreement__party__municipality", "credits").annotate(
        paid_kr=Sum("payments__amount_kr", default=0), credited_kr=Subquery(credited)
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


def real_due_on(row: Invoice) -> date | None:
    """The due date, counted from receipt when receipt is known (H11, Z13)."""
    if row.issued_on is None:
        return None
    received = Receipt.objects.filter(invoice=row).values_list("received_on", flat=True).first()
    return due_on(issued_on=row.issued_on, received_on=received)


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
    """Where the document stands on its way; None when it was never handed over."""
    newest = DeliveryEvent.objects.filter(invoice=row).order_by("-pk").first()
    return DeliveryState(newest.state) if newest else None


def with_documents(viewer: "Person", *, year: int) -> Iterator[Invoice]:
    """The year's invoices that Hamn has made documents for, in order, streamed."""
    rows = invoices_for(viewer).filter(year=year, files__format=InvoiceFile.Format.UBL)
    return rows.exclude(kind=Kind.CREDIT).order_by("pk").iterator(BATCH)


def awaiting_number(viewer: "Person") -> QuerySet[Invoice]:
    """What was handed over to the ledger and has no number yet, oldest first."""
    return invoices_for(viewer).filter(number__isnull=True).order_by("pk")


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
    issued = invoices_for(viewer).filter(run=run)
    rows = [_issued_row(row) for row in issued]
    rows += [
        {
            **_issued_row(None),
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
            "due_on": None if row.kind == Kind.CREDIT else row.due_on,
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
        "due_on": row.due_on if row else None,
    }


def _decisions(rows: Sequence["Agreement"], year: int) -> dict[int, Reading]:
    found = NoticeDecision.objects.filter(agreement__in=[row.pk for row in rows], year=year)
    return {
        agreement: Reading(text) for agreement, text in found.values_list("agreement", "reading")
    }


def _terms(
    row: "Agreement",
    lines: dict[tuple[int, str], "TariffLine"],
    charged: str | None,
    decision: Reading | None,
) -> Terms:
    code = row.party.municipality_id
    return Terms(
        agreement_id=row.pk,
        code=code,
        name=row.party.name,
        starts=row.starts_on,
        ends=row.ends_on,
        index_base_year=row.index_base_year,
        index_percent=row.tariff.index_percent,
        price_level_year=row.tariff.price_level_year,
        basis=tariffs.basis_of(row.tariff, lines[row.tariff_id, code]),
        charged=charged,
        decision=decision,
        missing=[item.name for item in agreements.missing_before_invoicing(row.party)],
    )
