"""Contacts without a case, and the answers that are promised."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import every_unit_name
from hamn.support.services.rules import CHANNELS, CONTACT_KINDS
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import page
from hamn.ui.words import NONE, long_date, said

from ... import actions
from ...queries import lists
from ...queries.contacts import contacts_without_case

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import Contact
    from ...rules.content import ContactContent

MOST = 25  # of children's contacts above the others


@dataclass(frozen=True, slots=True)
class Row:
    """A contact in a list, with what it says when it can be read here."""

    contact: "Contact"
    says: "ContactContent | None"


@permit("cases.see")
def contacts(request: HttpRequest) -> HttpResponse:
    """The contacts without a case: hers, and those that nobody has taken."""
    return _list(
        request,
        contacts_without_case(staff(request), timezone.now()),
        heading=_("Kontakter utan ärende"),
        empty=_("Inga kontakter utan ärende."),
    )


@permit("cases.see")
def free_contacts(request: HttpRequest) -> HttpResponse:
    """The contacts that nobody in the unit has taken yet."""
    return _list(
        request,
        lists.free_contacts(staff(request), timezone.now()).select_related("responsible"),
        heading=_("Kontakter som ingen har tagit"),
        empty=_("Alla kontakter har någon som tar hand om dem."),
    )


@permit("cases.see")
def answers(request: HttpRequest) -> HttpResponse:
    """The contacts with a promised answer, the earliest promise first."""
    rows = lists.unanswered_contacts(staff(request), timezone.now())
    return _list(
        request,
        rows.select_related("responsible"),
        heading=_("Svar som är lovade"),
        empty=_("Inga svar väntar."),
        default="svar",
        more=[Column("svar", _("Svar senast"), _promised, "tag", "answer_by")],
    )


def _list(
    request: HttpRequest,
    rows: Any,
    *,
    heading: str,
    empty: str,
    default: str = "-datum",
    more: list[Column] | None = None,
) -> HttpResponse:
    """A page of the contacts; a child's stands above all others, however the rest is sorted."""
    person, now = staff(request), timezone.now()
    columns = [*_columns(), *(more or [])]
    children = list(rows.filter(is_child=True).order_by("on", "pk")[: MOST + 1])
    if len(children) <= MOST:
        rows = rows.filter(is_child=False)
    found = listing(
        request,
        rows,
        columns,
        caption=heading,
        default=default,
        shown=lambda things: _rows(things, person, now),
    )
    return page(
        request,
        "cases/contacts.html",
        heading=heading,
        children=table(_rows(children[:MOST], person, now), columns, caption=_("Barn")),
        found=found,
        empty=empty,
    )


def _rows(things: list["Contact"], person: "Person", now: datetime) -> list[Row]:
    says = actions.list_contacts(contacts=things, by=person, now=now)
    return [Row(one, says.get(one.pk)) for one in things]


def _columns() -> list[Column]:
    units = every_unit_name()
    return [
        Column("datum", _("Datum"), _day, sort="on"),
        Column("markt", _("Märkt"), _marks, "tag"),
        Column("kallas", _("Kallas"), lambda row: row.says.called if row.says else NONE),
        Column("hur", _("Hur"), lambda row: _said(row, "channel", CHANNELS)),
        Column("vad", _("Vad"), lambda row: _said(row, "kind", CONTACT_KINDS)),
        Column("enhet", _("Enhet"), lambda row: _(units.get(row.contact.unit, NONE))),
        Column("vem", _("Tar hand om den"), _who),
    ]


def _day(row: Row) -> Link:
    return Link(long_date(row.contact.on), reverse("cases:contact", args=[row.contact.pk]))


def _marks(row: Row) -> list[Tag] | str:
    """What whoever chooses among the contacts must see first."""
    tags = [Tag(_("barn"), "red")] if row.contact.is_child else []
    if row.says and row.says.is_acute:
        tags.append(Tag(_("akut"), "orange"))
    return tags or NONE


def _said(row: Row, name: str, names: dict[str, str]) -> str:
    return said(names[getattr(row.says, name)]) if row.says else NONE


def _who(row: Row) -> str:
    return row.contact.responsible.title if row.contact.responsible else _("ingen ännu")


def _promised(row: Row) -> Tag:
    by = row.contact.answer_by
    is_late = by is not None and by < timezone.localdate()
    told = long_date(by)
    return Tag(
        _("{day}, försenat").format(day=told) if is_late else told, "red" if is_late else "grey"
    )
