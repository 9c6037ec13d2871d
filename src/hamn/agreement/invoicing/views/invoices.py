"""The invoices as a list, as a file, and one by one with every document, date and step."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import allows, permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.uploads import on_disk
from hamn.ui.words import said

from .. import actions, queries
from ..document import Kind
from ..forms.invoices import CheckInvoiceForm, ImportInvoicesForm, InvoiceFilter
from ..models import Invoice, InvoiceFile
from ..queries import lists
from ..rules import INVOICE_STATE_NAMES, KIND_NAMES, InvoiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..peppol.violation import Violation

CONTENT_TYPES = {
    InvoiceFile.Format.PDF: "application/pdf",
    InvoiceFile.Format.UBL: "application/xml",
}
# Stored bytes are shown to no other page and run nothing, whatever a browser makes of them.
FILE_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
)
COLOURS = {
    InvoiceState.CREDIT_NOTE: "purple",
    InvoiceState.WAITING: "grey",
    InvoiceState.CREDITED: "purple",
    InvoiceState.PAID: "green",
    InvoiceState.OVERDUE: "red",
    InvoiceState.PART_PAID: "yellow",
    InvoiceState.UNPAID: "blue",
}
_IMPORTED = (
    ("municipality_code", marked("Kommunens kod, fyra siffror")),
    ("year", marked("Året som avgiften gäller")),
    ("number", marked("Fakturans nummer i det gamla systemet")),
    ("amount_kr", marked("Belopp i hela kronor")),
    ("issued_on", marked("Fakturadag, till exempel 2025-01-15")),
    ("received_on", marked("Dagen då kommunen fick fakturan (frivilligt)")),
    ("paid_on", marked("Dagen då den betalades (frivilligt)")),
    ("paid_kr", marked("Betalt belopp (frivilligt; tomt betyder allt)")),
)


@permit("invoicing.see")
def invoices(request: HttpRequest) -> HttpResponse:
    """The invoices that were asked for, with what they come to together."""
    viewer = staff(request)
    form, rows = _chosen(request)
    page_of = listing(request, rows, _columns(), caption=_("Fakturor"), default="-nummer")
    return page(
        request,
        "invoicing/invoices.html",
        form=form,
        page_of=page_of,
        sums=lists.sums(viewer, form.wanted, on=timezone.localdate()),
        may_import=allows(viewer, "invoicing.import_invoices"),
        files=[
            (name, f"{reverse('invoicing:export', args=[form_])}?{form.query}")
            for name, form_ in ((_("CSV-fil"), "csv"), (_("Excel-fil"), "xlsx"))
        ],
    )


@permit("invoicing.see")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same invoices as a file: names for people in Excel, codes for programs in CSV."""
    asked, rows = _chosen(request)
    year = asked.wanted.year
    return as_file(
        _file_columns(),
        _file_rows(rows, in_words=form == "xlsx"),
        form=form,
        name=f"fakturor-{year}" if year else "fakturor",
        title=_("Fakturor"),
    )


@permit("invoicing.see")
def file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The document as it was issued, byte for byte."""
    if form not in CONTENT_TYPES:
        raise NotVisible(marked("Filen finns inte. Välj pdf eller xml."))
    kind = InvoiceFile.Format(form)
    row = queries.invoice(staff(request), number)
    stored = queries.file_of(row, kind)
    return HttpResponse(
        bytes(stored.content),
        content_type=CONTENT_TYPES[kind],
        headers={
            "Content-Disposition": content_disposition_header(True, f"{row}.{kind}"),
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@permit("invoicing.import_invoices")
def import_invoices(request: HttpRequest) -> HttpResponse:
    """Invoices from before Hamn out of a CSV; every fault by row, and all or none stored."""
    viewer = staff(request)
    form = ImportInvoicesForm.of(request)
    counts: list[int] = []

    def read(given: dict[str, Any]) -> None:
        with on_disk(given["file"]) as path:
            today = timezone.localdate()
            counts.append(actions.import_invoices(path=path, today=today, by=viewer))

    if form.sent(read):
        told = _("{count} fakturor från annat håll lästes in.").format(count=counts[0])
        return done(request, told, "invoicing:list")
    columns = [
        Column("name", _("Kolumn"), lambda row: row[0]),
        Column("told", _("Vad som ska stå där"), lambda row: said(row[1])),
    ]
    return page(
        request,
        "invoicing/import_invoices.html",
        form=form,
        heading=_("Läs in fakturor från tiden före Hamn"),
        lead=_("Ett år som är fakturerat på annat håll faktureras aldrig igen av Hamn."),
        columns=table(_IMPORTED, columns, caption=_("Filens kolumner")),
        button=_("Läs in fakturorna"),
        back_url=reverse("invoicing:list"),
    )


@permit("invoicing.see")
def check(request: HttpRequest) -> HttpResponse:
    """An e-invoice held to every rule, without being stored or leaving this machine."""
    form = CheckInvoiceForm.of(request)
    judged: list[list[Violation]] = []
    names: list[str] = []

    def judge(given: dict[str, Any]) -> None:
        from ..peppol.validate import validate  # the rules weigh 15 MB: only for those who judge

        folder = Path(settings.PEPPOL_RULES) if settings.PEPPOL_RULES else None
        names.append(given["file"].name)
        judged.append(validate(given["file"].read(), rules_folder=folder))

    is_judged = form.sent(judge)
    found = judged[0] if is_judged else []
    return page(
        request,
        "invoicing/check_invoice.html",
        form=CheckInvoiceForm() if is_judged else form,
        heading=_("Pröva en e-faktura"),
        lead=_("Filen prövas mot samma regler som Hamns egna fakturor, utan att lämna servern."),
        back_url=reverse("invoicing:list"),
        name=names[0] if is_judged else "",
        is_sendable=not any(violation.is_fatal for violation in found),
        found=table(found, _violation_columns(), caption=_("Regler som filen bryter mot")),
    )


def state_tag(state: str) -> Tag:
    """How an invoice stands, as a coloured label."""
    return Tag(said(INVOICE_STATE_NAMES[InvoiceState(state)]), COLOURS[InvoiceState(state)])


def _chosen(request: HttpRequest) -> tuple[InvoiceFilter, QuerySet[Invoice]]:
    viewer = staff(request)
    form = InvoiceFilter.asked(request, years=queries.years_with_invoices(viewer))
    return form, lists.chosen(viewer, form.wanted, on=timezone.localdate())


def _columns() -> list[Column]:
    return [
        Column("nummer", _("Faktura"), _link, sort="pk"),
        Column(
            "kommun",
            _("Kommun"),
            lambda row: row.agreement.party.name,
            sort="agreement__party__municipality__name",
        ),
        Column("ar", _("År"), lambda row: str(row.year), sort="year"),
        Column("slag", _("Slag"), lambda row: said(KIND_NAMES[Kind(row.kind)])),
        Column("belopp", _("Belopp"), lambda row: row.amount_kr, "kr", sort="amount_kr"),
        Column("kvar", _("Kvar att betala"), _left_kr, "kr"),
        Column("utfardad", _("Utfärdad"), lambda row: row.issued_on, "date"),
        Column("forfaller", _("Förfaller"), _due_on, "date"),
        Column("lage", _("Läge"), lambda row: state_tag(row.state), "tag"),
    ]


def _link(row: Invoice) -> Link:
    return Link(str(row), reverse("invoicing:show", args=[row]))


def _left_kr(row: Invoice) -> int | None:
    return None if row.kind == Kind.CREDIT else queries.left_to_pay_kr(row)


def _due_on(row: Invoice) -> Any:
    return None if row.kind == Kind.CREDIT else queries.real_due_on(row)


def _file_columns() -> list[FileColumn]:
    return [
        FileColumn("number", _("Faktura"), "text"),
        FileColumn("kind", _("Slag"), "text"),
        FileColumn("municipality_code", _("Kod"), "text"),
        FileColumn("name", _("Kommun"), "text"),
        FileColumn("year", _("År"), "text"),
        FileColumn("state", _("Läge"), "text"),
        FileColumn("amount_kr", _("Belopp kr"), "kr"),
        FileColumn("credited_kr", _("Krediterat kr"), "kr"),
        FileColumn("paid_kr", _("Betalt kr"), "kr"),
        FileColumn("left_kr", _("Kvar kr"), "kr"),
        FileColumn("issued_on", _("Utfärdad"), "date"),
        FileColumn("received_on", _("Mottagen"), "date"),
        FileColumn("due_on", _("Förfaller"), "date"),
        FileColumn("credits", _("Krediterar"), "text"),
        FileColumn("reason", _("Skäl"), "text"),
    ]


def _file_rows(rows: QuerySet[Any], *, in_words: bool) -> "Iterator[dict[str, Any]]":
    for row in rows.order_by("pk").iterator(queries.BATCH):
        party = row.agreement.party
        kind, state = KIND_NAMES[Kind(row.kind)], INVOICE_STATE_NAMES[InvoiceState(row.state)]
        yield {
            "number": str(row),
            "kind": said(kind) if in_words else row.kind,
            "municipality_code": party.municipality_id,
            "name": party.name,
            "year": str(row.year),
            "state": said(state) if in_words else row.state,
            "amount_kr": row.amount_kr,
            "credited_kr": row.credited_kr,
            "paid_kr": row.paid_kr,
            "left_kr": _left_kr(row),
            "issued_on": row.issued_on,
            "received_on": row.received_on,
            "due_on": _due_on(row),
            "credits": str(row.credits or ""),
            "reason": row.reason,
        }


def _violation_columns() -> list[Column]:
    is_english = get_language() == "en"
    return [
        Column("regel", _("Regel"), lambda one: one.rule_id),
        Column("slag", _("Slag"), _severity, "tag"),
        Column("text", _("Vad som är fel"), lambda one: one.text_en if is_english else one.text),
        Column("falt", _("Fält att rätta"), lambda one: "" if is_english else one.field),
        Column("plats", _("Plats i filen"), lambda one: one.location),
    ]


def _severity(violation: "Violation") -> Tag:
    return Tag(_("fel"), "red") if violation.is_fatal else Tag(_("varning"), "yellow")
