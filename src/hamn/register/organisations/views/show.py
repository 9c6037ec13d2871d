"""One municipality: who it is, what is missing, whom to reach, how many live there."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.core.identifiers import hyphenated
from hamn.core.money import grouped
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.charts import NARROW, WIDE, Point, line_chart, svg_response
from hamn.ui.lists import Column, Link, Listing, table
from hamn.ui.pages import page
from hamn.ui.words import NONE, said

from .. import queries
from ..rules import FIELD_NAMES, ROLE_NAMES, Missing

if TYPE_CHECKING:
    from ..models import ContactPerson, Party, Population

MAY = {
    "save_party": "organisations.save_party",
    "save_contact": "organisations.save_contact",
    "end_contact": "organisations.end_contact",
    "import_population": "organisations.import_population",
    # What stands in the rooms above is linked only for those who may open it.
    "see_agreements": "agreements.see",
    "draft": "agreements.draft",
    "see_invoices": "invoicing.see",
}


@permit("organisations.see")
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Everything the register knows of a municipality, each lack with a link that mends it."""
    person, on = staff(request), timezone.localdate()
    municipality = queries.by_code(person, code)
    party = queries.party_of(municipality)
    may = {name: permits.allows(person, permit) for name, permit in MAY.items()}
    years = queries.population_years(person, code)
    context: dict[str, Any] = {"municipality": municipality, "party": party, "may": may}
    if party is not None:
        context |= _party(party, code, may) | _contacts(party, code, may)
    return page(
        request,
        "organisations/show.html",
        **context,
        on=on,
        latest=years[-1] if years else None,
        years=_years(years),
        alt=_alt(years),
    )


@permit("organisations.see")
def population_chart(request: HttpRequest, code: str) -> HttpResponse:
    """The population over the years as an image; the page has the same figures in a table."""
    person = staff(request)
    municipality = queries.by_code(person, code)
    years = queries.population_years(person, code)
    if not years:
        raise NotVisible(marked("Kommunen har ingen folkmängd att visa."))
    chart = line_chart(
        [Point(row.year, row.inhabitants) for row in years],
        title=_("Folkmängd i {name} 31 december").format(name=municipality.name),
        x_title=_("År"),
        y_title=_("Invånare"),
        width=NARROW if "smal" in request.GET else WIDE,
    )
    return svg_response(request, chart)


def _party(party: "Party", code: str, may: dict[str, bool]) -> dict[str, Any]:
    url = reverse("organisations:edit", args=[code]) if may["save_party"] else ""
    return {"facts": [_fact(name, value, url) for name, value in _told(party)]}


def _told(party: "Party") -> Iterator[tuple[str, str]]:
    yield "name", party.name
    yield "organisation_number", _number(party)
    yield "department", party.department
    yield "postal_street", _address(party.postal_street, party.postal_code, party.postal_city)
    yield "billing_street", _address(party.billing_street, party.billing_code, party.billing_city)
    yield "participant_id", party.participant_id
    yield "buyer_reference", party.buyer_reference


def _number(party: "Party") -> str:
    number = hyphenated(party.organisation_number) if party.organisation_number else ""
    return _("{number} (påhittat)").format(number=number) if party.is_example_number else number


def _address(street: str, code: str, city: str) -> str:
    place = f"{code[:3]} {code[3:]} {city}".strip()
    return ", ".join(part for part in (street, place) if part)


def _fact(field: str, value: str, url: str) -> dict[str, Any]:
    """A row of the summary, with a link that lands in the field's box."""
    keys = {
        "name": _("Namn"),
        "postal_street": _("Postadress"),
        "billing_street": _("Faktureringsadress"),
    }
    key = keys.get(field) or _capital(said(FIELD_NAMES[field]))
    row: dict[str, Any] = {"key": {"text": key}, "value": {"text": value or _("Saknas")}}
    if url:
        link = {"href": f"{url}#id_{field}", "text": _("Ändra"), "visuallyHiddenText": key.lower()}
        row["actions"] = {"items": [link]}
    return row


def _contacts(party: "Party", code: str, may: dict[str, bool]) -> dict[str, Any]:
    on = timezone.localdate()
    now, past = queries.contacts_of(party, on)
    reachable = queries.is_reachable(now, on)
    lacks = queries.lacks(party, has_contact=reachable)
    columns = _contact_columns(code, may)
    return {
        "contacts": table(now, columns, caption=_("Kontaktpersoner")),
        "past": table(past, columns[:-1], caption=_("Tidigare kontaktpersoner")),
        "to_sign": _mending(lacks.to_sign, code, may),
        "to_invoice": _mending(lacks.to_invoice, code, may),
    }


def _mending(lacking: Sequence[Missing], code: str, may: dict[str, bool]) -> list[Link]:
    """What is missing, each with the address of the box that it is typed into."""
    return [Link(_capital(said(one.name)), _mend_url(one.field, code, may)) for one in lacking]


def _mend_url(field: str, code: str, may: dict[str, bool]) -> str:
    if field == "contact":
        url = reverse("organisations:add_contact", args=[code])
        return url if may["save_contact"] else ""
    url = reverse("organisations:edit", args=[code])
    return f"{url}#id_{field}" if may["save_party"] else ""


def _contact_columns(code: str, may: dict[str, bool]) -> list[Column]:
    def title(row: "ContactPerson") -> Link | str:
        url = reverse("organisations:edit_contact", args=[code, row.pk])
        return Link(row.title, url) if may["save_contact"] else row.title

    def end(row: "ContactPerson") -> Link | str:
        url = reverse("organisations:end_contact", args=[code, row.pk])
        return Link(_("Avsluta {title}").format(title=row.title), url) if may["end_contact"] else ""

    return [
        Column("title", _("Titel eller namn"), title),
        Column("role", _("Gäller"), lambda row: said(ROLE_NAMES.get(row.role, "")) or row.role),
        Column("email", _("E-post"), lambda row: row.email),
        Column("phone", _("Telefon"), lambda row: row.phone),
        Column("from", _("Från och med"), lambda row: row.valid_from, "date"),
        Column("until", _("Till och med"), lambda row: row.valid_until, "date"),
        Column("end", _("Avsluta"), end),
    ]


def _years(rows: "list[Population]") -> Listing:
    """The latest year first, each with the change since the year before."""
    before = {row.year: row.inhabitants for row in rows}
    columns = [
        Column("year", _("31 december"), lambda row: row.year),
        Column("inhabitants", _("Folkmängd"), lambda row: row.inhabitants, "integer"),
        Column("change", _("Ändring"), lambda row: _change(row, before.get(row.year - 1))),
        Column("source", _("Källa"), lambda row: row.source),
    ]
    return table(rows[::-1], columns, caption=_("Folkmängd år för år"))


def _change(row: "Population", before: int | None) -> str:
    if before is None:
        return NONE
    change = row.inhabitants - before
    return f"+{grouped(change)}" if change > 0 else grouped(change)


def _alt(rows: "list[Population]") -> str:
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    return _(
        "Linje: {before} invånare {first}, {after} invånare {last}. Tabellen visar alla år."
    ).format(
        before=grouped(first.inhabitants),
        first=first.year,
        after=grouped(last.inhabitants),
        last=last.year,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
