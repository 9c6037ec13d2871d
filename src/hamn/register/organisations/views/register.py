"""The register: municipalities, what they lack, and the same as a file."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import page

from .. import queries
from ..forms import MunicipalityFilter
from ..rules import LONG_FIELD_NAMES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ..models import Municipality


@permit("organisations.see")
def register(request: HttpRequest) -> HttpResponse:
    """The municipalities, found by name, county and what is missing."""
    person = staff(request)
    form = MunicipalityFilter.asked(request, counties=queries.counties(person))
    found = listing(
        request,
        _chosen(request, form),
        _columns(),
        caption=_("Kommuner"),
        default="name",
    )
    return page(
        request,
        "organisations/list.html",
        filter=form,
        found=found,
        query=request.GET.urlencode(),
        may_save=permits.allows(person, "organisations.save_party"),
        may_import=permits.allows(person, "organisations.import_population"),
    )


@permit("organisations.see")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The chosen municipalities as a file that can be changed and read in again."""
    asked = MunicipalityFilter.asked(request, counties=queries.counties(staff(request)))
    rows = queries.exported(_chosen(request, asked), timezone.localdate())
    return as_file(_file_columns(), rows, form=form, name="hamn-kommuner", title=_("Kommuner"))


def _chosen(request: HttpRequest, form: MunicipalityFilter) -> "QuerySet[Municipality]":
    asked = form.cleaned_data
    return queries.municipalities_for(
        staff(request),
        on=timezone.localdate(),
        text=asked.get("namn") or "",
        county=asked.get("lan") or "",
        data=asked.get("uppgifter") or "",
    )


def _columns() -> list[Column]:
    return [
        Column("name", _("Kommun"), _name, sort="name"),
        Column("code", _("Kod"), lambda row: row.code, sort="code"),
        Column("county", _("Län"), lambda row: row.county.name),
        Column("inhabitants", _("Folkmängd"), lambda row: row.inhabitants, "integer"),
        Column("data", _("Uppgifter"), _data, "tag"),
    ]


def _name(row: "Municipality") -> Link:
    return Link(row.name, reverse("organisations:show", args=[row.code]))


def _data(row: "Municipality") -> Tag | list[Tag]:
    party = queries.party_of(row)
    if party is None:
        return Tag(_("saknas"), "grey")
    if party.is_provider:
        return Tag(_("anordnare"), "blue")
    lacks = queries.lacks(party, has_contact=row.has_contact)  # type: ignore[attr-defined]
    if lacks.is_nothing:
        return Tag(_("kompletta"), "green")
    told = []
    if lacks.to_sign:
        told.append(Tag(_("{count} saknas för avtal").format(count=len(lacks.to_sign)), "yellow"))
    if lacks.to_invoice:
        count = len(lacks.to_invoice)
        told.append(Tag(_("{count} saknas för faktura").format(count=count), "orange"))
    return told


def _file_columns() -> list[FileColumn]:
    fields: list[Any] = ["municipality_code", *queries.PARTY_FIELDS]
    fields += [f"contact_{name}" for name in queries.CONTACT_FIELDS]
    titles = {"municipality_code": _("Kommunkod"), "is_example_number": _("Påhittat nummer")}
    titles |= {"contact_valid_from": _("Kontaktperson från och med")}
    titles |= {"contact_valid_until": _("Kontaktperson till och med")}
    titles |= {"contact_phone": _("Kontaktpersonens telefon")}
    texts = [FileColumn(name, titles.get(name) or _title(name)) for name in fields]
    return [
        *texts,
        FileColumn("county", _("Län")),
        FileColumn("inhabitants", _("Folkmängd"), "integer"),
    ]


def _title(field: str) -> str:
    title = _(LONG_FIELD_NAMES[field.removeprefix("contact_")])
    return title[:1].upper() + title[1:]
