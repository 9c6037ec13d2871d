"""New agreements: a draft with one municipality, or those that began elsewhere from a file."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import Refusal
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, table
from hamn.ui.pages import done, not_now, page
from hamn.ui.uploads import on_disk
from hamn.ui.words import said

from .. import actions, queries
from ..forms import ChooseMunicipalityForm, DraftForm, ImportForm
from ..rules import Side
from .one import reading_rows

if TYPE_CHECKING:
    from ..models import Agreement

# The columns of the file, as `actions.import_agreements` reads them.
COLUMNS = (
    ("municipality_code", marked("kommunens kod, till exempel 0117")),
    ("signed_on", marked("dagen för den sista underskriften, till exempel 2024-06-01")),
    ("starts_on", marked("avtalad start, om den är senare än underskriften (frivillig)")),
    ("index_base_year", marked("basår för index, om det inte är taxans prisnivå (frivillig)")),
    ("reference", marked("diarienummer (frivillig)")),
    ("notice_received_on", marked("dagen då en uppsägning kom fram (frivillig)")),
    ("notice_by", marked("vem som sade upp, något av {sides} (frivillig)")),
)


@permit("agreements.draft")
def draft(request: HttpRequest) -> HttpResponse:
    """Whom the new agreement is with."""
    found = queries.candidates(staff(request))
    names = {code: f"{name} ({code})" for code, name in found.known.items()}
    form = ChooseMunicipalityForm.of(request, names=names)
    if form.sent(lambda _given: None):
        return HttpResponseRedirect(
            reverse("agreements:draft_for", args=[form.cleaned_data["code"]])
        )
    return page(
        request,
        "agreements/choose.html",
        form=form,
        candidates=found,
        heading=_("Lägg upp ett avtal"),
        button=_("Fortsätt"),
        back_url=reverse("agreements:list"),
    )


@permit("agreements.draft")
def draft_for(request: HttpRequest, code: str) -> HttpResponse:
    """The terms of a new agreement with the municipality."""
    by, on = staff(request), timezone.localdate()
    party = queries.party_to_draft_with(by, code)
    if request.method == "GET":
        try:
            queries.refuse_second(party)
        except Refusal as refusal:
            return _closed(request, refusal, queries.living_with(party))
    form = DraftForm.of(request)
    drafted: list[Agreement] = []

    def act(given: dict[str, Any]) -> None:
        actions.end_due(today=on)
        drafted.append(actions.draft(code=party.municipality_id, by=by, **given))

    if form.sent(act):
        told = _("Utkastet är upplagt. Anteckna underskrifterna när de finns.")
        return done(request, told, "agreements:show", drafted[0].pk)
    tariff, fees = queries.foresee_draft(by, party.municipality_id, on=on)
    return page(
        request,
        "agreements/draft.html",
        form=form,
        party=party,
        tariff=tariff,
        fees=fees,
        readings=reading_rows(fees),
        heading=_("Nytt avtal med {name}").format(name=party.name),
        button=_("Lägg upp utkastet"),
        back_url=reverse("agreements:draft"),
    )


@permit("agreements.import_agreements")
def import_agreements(request: HttpRequest) -> HttpResponse:
    """Agreements that began elsewhere, from a file; all or none."""
    by, on = staff(request), timezone.localdate()
    form = ImportForm.of(request)
    saved: list[Agreement] = []

    def act(given: dict[str, Any]) -> None:
        with on_disk(given["file"]) as path:
            saved.extend(actions.import_agreements(path=path, today=on, by=by))

    if form.sent(act):
        told = _("{count} avtal lästes in.").format(count=len(saved))
        return done(request, told, "agreements:list")
    columns = [
        Column("name", _("Kolumn"), lambda one: one[0]),
        Column("told", _("Innehåll"), lambda one: said(one[1], sides=", ".join(Side))),
    ]
    return page(
        request,
        "agreements/import.html",
        form=form,
        columns=table(COLUMNS, columns, caption=_("Filens kolumner")),
        heading=_("Läs in avtal som började på annat håll"),
        button=_("Läs in"),
        back_url=reverse("agreements:list"),
    )


def _closed(request: HttpRequest, refusal: Refusal, living: "Agreement | None") -> HttpResponse:
    """A page that says why no agreement can be drafted, with the way to the one there is."""
    back = reverse("agreements:show", args=[living.pk]) if living else reverse("agreements:draft")
    return not_now(request, refusal, back_url=back)
