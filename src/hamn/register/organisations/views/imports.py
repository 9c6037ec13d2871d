"""Reading in many municipalities at once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, table
from hamn.ui.pages import done, page
from hamn.ui.uploads import on_disk

from .. import actions, queries
from ..forms import SCB, ImportPartiesForm, ImportPopulationForm
from ..rules import LONG_FIELD_NAMES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from hamn.guards.access.models import Person


@permit("organisations.save_party")
def import_parties(request: HttpRequest) -> HttpResponse:
    """The form for a file of parties; every fault of the file is listed by its row."""
    form = ImportPartiesForm.of(request)
    saved: list[Any] = []
    if form.sent(lambda given: saved.extend(_import_parties(given["file"], staff(request)))):
        told = _("{count} kommuners uppgifter sparades.").format(count=len(saved))
        return done(request, told, "organisations:list")
    return page(
        request,
        "organisations/import.html",
        form=form,
        heading=_("Läs in kommuner från en fil"),
        lead=_("Finns det ett enda fel i filen sparas ingenting, och du får veta varje rad."),
        button=_("Läs in filen"),
        back_url=reverse("organisations:list"),
        columns=table(_party_columns(), _description(), caption=_("Filens kolumner")),
        example_url=reverse("organisations:export", args=["csv"]) + "?uppgifter=med&lan=alla",
    )


@permit("organisations.import_population")
def import_population(request: HttpRequest) -> HttpResponse:
    """The form for population from a file or from Statistics Sweden."""
    form = ImportPopulationForm.of(request)
    new: dict[int, int] = {}
    if form.sent(lambda given: new.update(_import_population(given, staff(request)))):
        for year, count in new.items():
            told = _("Ny folkmängd för {year}, antal kommuner: {count}.").format(
                year=year, count=count
            )
            messages.success(request, told)
        return done(request, _("Folkmängden är inläst."), "organisations:list")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Läs in folkmängd"),
        lead=_(
            "En siffra som redan finns ändras aldrig, eftersom en taxa kan vila på den. Från SCB "
            "kan det ta en minut. I en fil ska kolumnerna heta {columns}."
        ).format(columns="municipality_code, year, population"),
        button=_("Läs in folkmängden"),
        back_url=reverse("organisations:list"),
    )


def _import_parties(file: "UploadedFile[Any]", by: "Person") -> list[Any]:
    with on_disk(file) as path:
        return list(actions.import_parties(path=path, today=timezone.localdate(), by=by))


def _import_population(given: Mapping[str, Any], by: "Person") -> dict[int, int]:
    if given["source"] == SCB:
        return actions.fetch_population(
            year=given["year"], today=timezone.localdate(), address=settings.SCB_ADDRESS, by=by
        )
    with on_disk(given["file"]) as path:
        return actions.import_population(path=path, by=by)


def _party_columns() -> list[tuple[str, str, bool]]:
    """Each column that the import reads, what it holds, and whether it must be there."""
    needed = {"municipality_code": _("kommunkod, fyra siffror")}
    names = {
        name: _(LONG_FIELD_NAMES[name]) for name in queries.PARTY_FIELDS if name in LONG_FIELD_NAMES
    }
    contact = {
        "contact_role": _("vad kontaktpersonen gäller: avtal eller faktura"),
        "contact_title": _("kontaktpersonens titel eller namn"),
        "contact_email": _("kontaktpersonens e-postadress"),
        "contact_phone": _("kontaktpersonens telefon"),
        "contact_valid_from": _("kontaktperson från och med, till exempel 2026-01-15"),
        "contact_valid_until": _("kontaktperson till och med"),
    }
    return [
        (name, text, name in actions.PARTY_COLUMNS)
        for name, text in (needed | names | contact).items()
    ]


def _description() -> list[Column]:
    return [
        Column("column", _("Kolumn"), lambda row: row[0]),
        Column("told", _("Innehåll"), lambda row: row[1]),
        Column("needed", _("Måste finnas"), lambda row: _("ja") if row[2] else ""),
    ]
