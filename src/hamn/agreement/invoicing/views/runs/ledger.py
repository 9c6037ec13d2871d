"""When the provider's ledger numbers and sends: the basis it gets, and its numbers read back."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, Link, listing
from hamn.ui.pages import done, page
from hamn.ui.uploads import on_disk

from ... import actions, queries, rules
from ...forms.runs import TakeBackForm

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import Invoice


@permit("invoicing.deliver")
def basis(request: HttpRequest, year: int) -> HttpResponse:
    """What of the year waits for the ledger's number; by POST the file itself, noted in the trail.

    The same rows are given until their numbers have come back, so that nothing is lost.
    """
    viewer = staff(request)
    rules.check_year(year)
    if request.method == "POST" and (content := _basis(year, viewer)) is not None:
        return _file(content, f"basis-{year}.csv")
    waiting = queries.awaiting_number(viewer, year=year)
    return page(
        request,
        "invoicing/run_basis.html",
        year=year,
        count=waiting.count(),
        page=listing(
            request,
            waiting,
            _columns(),
            caption=_("Fakturor för {year} som väntar på nummer").format(year=year),
            default="reference",
        ),
        may_take_back=permits.allows(viewer, "invoicing.import_invoices"),
        back_url=f"{reverse('invoicing:runs')}?ar={year}",
    )


@permit("invoicing.import_invoices")
def take_back(request: HttpRequest) -> HttpResponse:
    """The ledger's numbers, dates and payments read from a file, all or none."""
    viewer = staff(request)
    form = TakeBackForm.of(request)
    counts: list[int] = []

    def act(given: dict[str, Any]) -> None:
        with on_disk(given["file"]) as path:
            counts.append(actions.take_back(path=path, today=timezone.localdate(), by=viewer))

    if form.sent(act):
        told = _("Numren är inlästa. Fakturor som fanns i filen: {count}.").format(count=counts[0])
        return done(request, told, "invoicing:runs")
    return page(
        request,
        "invoicing/run_form.html",
        form=form,
        is_multipart=True,
        heading=_("Läs in nummer från ekonomisystemet"),
        lead=_(
            "Filen har en rad för varje underlag, med referensen (H följt av sju siffror), numret "
            "och fakturadagen. Är en rad fel sparas ingenting."
        ),
        button=_("Läs in filen"),
        back_url=reverse("invoicing:runs"),
    )


def _basis(year: int, by: "Person") -> bytes | None:
    """The basis as CSV; None when nothing waits for a number."""
    with tempfile.TemporaryDirectory(prefix="hamn-") as folder:
        path = Path(folder) / f"basis-{year}.csv"
        count = actions.hand_over(path=path, year=year, today=timezone.localdate(), by=by)
        return path.read_bytes() if count else None


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _columns() -> list[Column]:
    return [
        Column("reference", _("Referens"), _invoice, sort="pk"),
        Column("municipality", _("Kommun"), lambda row: row.agreement.party.name),
        Column("year", _("År"), lambda row: str(row.year)),
        Column("amount_kr", _("Belopp"), lambda row: row.amount_kr, "kr", sort="amount_kr"),
        Column("credits", _("Krediterar"), lambda row: str(row.credits or "")),
    ]


def _invoice(row: "Invoice") -> Link:
    return Link(str(row), reverse("invoicing:show", args=[str(row)]))
