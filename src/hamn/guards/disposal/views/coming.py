"""The first page: what comes, the lists, the holds and the certificates; and the rules."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import page
from hamn.ui.words import said

from .. import queries, rules
from ..actions.plan import Unit
from ..models import Certificate, Hold
from ..rules import Base, Reason, RuleClass
from . import told

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries import Coming

MOST = 20  # holds and certificates on the first page


@permit("disposal.see")
def start(request: HttpRequest) -> HttpResponse:
    """What comes in the viewer's units, the lists, what is kept and what is proved."""
    viewer, today = staff(request), timezone.localdate()
    holds = list(queries.holds_for(viewer, today)[:MOST])
    return page(
        request,
        "disposal/start.html",
        coming=table(
            queries.coming(viewer, today), _coming_columns(viewer), caption=_("Det som kommer")
        ),
        page=listing(
            request,
            queries.lists_for(viewer),
            told.list_columns(),
            caption=_("Gallringslistor"),
            default="-list",
        ),
        holds=table(holds, _hold_columns(viewer), caption=_("Undantag")),
        certificates=table(
            list(queries.certificates_for(viewer)[:MOST]),
            _certificate_columns(),
            caption=_("Gallringsbevis"),
        ),
    )


@permit("disposal.see")
def rule_table(request: HttpRequest) -> HttpResponse:
    """The rule classes with their sources, for whoever has to judge them."""
    rows = list(rules.rule_classes().values())
    columns = [
        Column("name", _("Slag av uppgifter"), lambda one: said(one.name)),
        Column("kept", _("Sparas"), _kept),
        Column("clause", _("Regel"), lambda one: said(one.clause)),
        Column("source", _("Källa"), lambda one: one.source),
        Column("confirmed", _("Läge"), lambda _one: said(rules.TO_BE_CONFIRMED)),
    ]
    shown = table(rows, columns, caption=_("Gallringsregler"))
    return page(request, "disposal/rules.html", page=shown)


def _coming_columns(viewer: "Person") -> list[Column]:
    return [
        Column("unit", _("Enhet"), lambda one: told.unit_name(one.unit)),
        Column("soon", _("Mogna inom ett år"), lambda one: one.soon, "integer"),
        Column("due", _("Mogna nu"), lambda one: one.due, "integer"),
        Column("breach", _("Skulle ha gallrats"), _breach, "tag"),
        Column("plan", _("Nästa steg"), lambda one: _next(viewer, one)),
    ]


def _breach(one: "Coming") -> Tag | None:
    return Tag(_("{count} för sent").format(count=one.breach), "red") if one.breach else None


def _next(viewer: "Person", one: "Coming") -> Link | None:
    """The list that is open, or the way to a new one."""
    row = queries.open_list(one.unit)
    if row is not None:
        text = _("Lista {number}").format(number=row.pk)
        return Link(text, reverse("disposal:show_list", args=[row.pk]))
    if one.due and permits.allows(viewer, "disposal.plan", Unit(one.unit)):
        return Link(_("Ta fram en lista"), reverse("disposal:plan_list", args=[one.unit]))
    return None


def _hold_columns(viewer: "Person") -> list[Column]:
    def lift(row: Hold) -> Link | None:
        if not permits.allows(viewer, "disposal.hold", row):
            return None
        return Link(_("Ta bort undantaget"), reverse("disposal:lift_hold", args=[row.pk]))

    return [
        Column("unit", _("Enhet"), lambda row: told.unit_name(row.unit)),
        Column("reason", _("Skäl"), lambda row: said(rules.REASON_NAMES[Reason(row.reason)])),
        Column("until", _("Till och med"), lambda row: row.until, "date"),
        Column("by", _("Beslutat"), lambda row: told.who(row.placed_by, row.placed_at)),
        Column("lift", _("Ändra"), lift),
    ]


def _certificate_columns() -> list[Column]:
    def link(row: Certificate) -> Link:
        text = _("Bevis {number}").format(number=row.pk)
        return Link(text, reverse("disposal:certificate", args=[row.pk]))

    return [
        Column("number", _("Bevis"), link),
        Column("unit", _("Enhet"), lambda row: told.unit_name(row.unit)),
        Column("finished", _("Gallrat"), lambda row: row.finished_on, "date"),
        Column("count", _("Antal"), _count, "integer"),
    ]


def _count(row: Certificate) -> int:
    return sum(count for by_class in row.records.values() for count in by_class.values())


def _kept(one: RuleClass) -> str:
    if one.base is Base.EXEMPT:
        return _("tills något annat är beslutat")
    if one.base is Base.BIRTH:
        return _("tills barnet är {years} år").format(years=one.years)
    return _("{years} år efter sista anteckningen").format(years=one.years)
