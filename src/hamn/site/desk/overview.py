"""The first page after sign-in: the county at a glance, the year's money, what is to be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import LIVING, NAMES, Status
from hamn.agreement.invoicing import queries as invoicing
from hamn.agreement.tariffs import queries as tariffs
from hamn.core.dates import month_of
from hamn.core.errors import _ as marked
from hamn.guards.access import permits
from hamn.guards.access import queries as access
from hamn.guards.access.permits import permit, staff
from hamn.guards.audit import queries as audit
from hamn.register.organisations import queries as organisations
from hamn.ui.lists import Column, Link, Listing, Tag, table
from hamn.ui.maps import Drawing, MapArea, covers, drawing
from hamn.ui.pages import page
from hamn.ui.words import said

from . import year
from .entries import WALLED, told

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

MOST = 8  # rows of each list; the rest is a link away
MOST_IN_SIGHT = 100  # municipalities told one by one; a larger area is told in numbers
PROVIDER, NONE = "provider", "none"
WORDS = {**{status.value: name for status, name in NAMES.items()}}
WORDS |= {PROVIDER: marked("anordnare"), NONE: marked("inget avtal")}
COLOURS = {
    Status.IN_FORCE.value: "green",
    Status.UNDER_NOTICE.value: "orange",
    Status.SIGNED_BY_ONE.value: "yellow",
    Status.DRAFT.value: "turquoise",
    PROVIDER: "blue",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a municipality of the offer area stands."""

    code: str
    name: str
    status: str
    starts_on: date | None = None
    ends_on: date | None = None
    agreement_id: int | None = None

    @property
    def url(self) -> str:
        """To its agreement, or to the municipality when it has none."""
        if self.agreement_id is None:
            return reverse("organisations:show", args=[self.code])
        return reverse("agreements:show", args=[self.agreement_id])


@permit("desk.overview")
def overview(request: HttpRequest) -> HttpResponse:
    """What the person's roles may see, most urgent first."""
    on = timezone.localdate()
    return page(request, "desk/overview.html", year=on.year, **facts(staff(request), on))


def facts(person: "Person", on: date) -> dict[str, Any]:
    """What the page tells this person, by the name that the template has for it."""
    context: dict[str, Any] = {"events": told(person, audit.latest(_rooms(person), most=MOST))}
    codes = tariffs.codes_in_use(person) if permits.allows(person, "agreements.see") else set()
    is_in_sight = len(codes) <= MOST_IN_SIGHT
    if codes:
        context |= _county(person, codes) if is_in_sight else _in_numbers(person)
    if permits.allows(person, "invoicing.see"):
        plans = year.plans_of(person, codes, on.year) if is_in_sight else None
        context["money"] = year.money(person, on, plans)
        context["steps"] = list(year.steps(person, on, plans or []))
        context |= _due(person, on)
    if permits.allows(person, "invoicing.prepare"):
        context |= _to_do(person, on)
    if permits.allows(person, "access.see"):
        context |= _people(person)
    return context


def standings(person: "Person", codes: Collection[str]) -> list[Standing]:
    """Each of the municipalities with its living agreement, or else its last one."""
    names = organisations.known_municipalities()
    rows = agreements.agreements_for(person).filter(party__municipality__in=codes)
    found: dict[str, Standing] = {}
    fields = ("party__municipality", "status", "starts_on", "ends_on", "pk")
    for code, status, starts, ends, pk in rows.order_by("pk").values_list(*fields):
        before = found.get(code)
        if before is None or before.status not in LIVING or status in LIVING:
            found[code] = Standing(code, names[code], status, starts, ends, pk)
    provider = organisations.provider().municipality_id
    found[provider] = Standing(provider, names[provider], PROVIDER)
    return [found.get(code) or Standing(code, names[code], NONE) for code in sorted(codes)]


def _county(person: "Person", codes: Collection[str]) -> dict[str, Any]:
    rows = sorted(standings(person, codes), key=lambda row: row.name)
    return {
        "map": _map(rows) if covers(row.code for row in rows) else None,
        "standings": _standings_table(rows),
        "affiliated": sum(row.status in ("in_force", "under_notice") for row in rows),
        "possible": sum(row.status != PROVIDER for row in rows),
    }


def _in_numbers(person: "Person") -> dict[str, Any]:
    """How many agreements stand how, where there are too many to tell one by one."""
    counted = agreements.agreements_for(person).order_by().values_list("status")
    rows = sorted(counted.annotate(count=Count("pk")))
    columns = [
        Column("status", _("Avtal"), lambda row: Tag(said(WORDS[row[0]]), _colour(row[0])), "tag"),
        Column("count", _("Antal"), lambda row: row[1], "integer"),
    ]
    counts = dict(rows)
    return {
        "standings": table(rows, columns, caption=_("Avtalsläge")),
        "affiliated": counts.get("in_force", 0) + counts.get("under_notice", 0),
        "possible": sum(counts.values()),
    }


def _colour(status: str) -> str:
    return COLOURS.get(status, "grey")


def _map(rows: list[Standing]) -> Drawing:
    areas = {
        row.code: MapArea(status=_drawn_status(row), told=said(WORDS[row.status]), href=row.url)
        for row in rows
    }
    return drawing(
        areas,
        names={status: said(name) for status, name in WORDS.items()},
        title=_("Avtal i länet och på Gotland"),
        description=_("Varje kommun är en länk till sitt avtal. Samma uppgifter står i tabellen."),
        skip_to="avtalslage",
    )


def _drawn_status(row: Standing) -> str:
    # A draft that was put away leaves the municipality as if it had none.
    return NONE if row.status == Status.WITHDRAWN else row.status


def _standings_table(rows: list[Standing]) -> Listing:
    columns = [
        Column("name", _("Kommun"), lambda row: Link(row.name, row.url)),
        Column(
            "status",
            _("Avtal"),
            lambda row: Tag(said(WORDS[row.status]), _colour(row.status)),
            "tag",
        ),
        Column("starts", _("Gäller från"), lambda row: row.starts_on, "date"),
        Column("ends", _("Sista dag"), lambda row: row.ends_on, "date"),
    ]
    return table(rows, columns, caption=_("Avtalsläge per kommun"))


def _due(person: "Person", on: date) -> dict[str, Any]:
    first, last = month_of(on)
    rows = list(invoicing.due_between(person, first, last)[:MOST])
    columns = [
        Column("number", _("Faktura"), _invoice_link),
        Column("name", _("Kommun"), lambda row: row.agreement.party.name),
        Column("due", _("Förfaller"), invoicing.real_due_on, "date"),
        Column("left", _("Kvar att betala"), invoicing.left_to_pay_kr, "kr"),
    ]
    return {"due": table(rows, columns, caption=_("Förfaller den här månaden"))}


def _to_do(person: "Person", on: date) -> dict[str, Any]:
    rows = list(invoicing.missing_before_invoicing(person, on.year, limit=MOST + 1))
    columns = [
        Column(
            "name",
            _("Kommun"),
            lambda row: Link(
                row[0].party.name,
                reverse("organisations:edit", args=[row[0].party.municipality_id]),
            ),
        ),
        Column("missing", _("Saknas"), _lacking),
    ]
    return {
        "missing": table(rows[:MOST], columns, caption=_("Saknas före fakturering")),
        "missing_more": len(rows) > MOST,
    }


def _lacking(row: Any) -> str:
    return ", ".join(said(one.name) for one in row[1])


def _people(person: "Person") -> dict[str, Any]:
    return {"people": access.people_counts(person)}


def _invoice_link(row: Any) -> Link:
    return Link(str(row), reverse("invoicing:show", args=[str(row)]))


def _rooms(person: "Person") -> list[str]:
    """The rooms whose events the person may see: those whose things she may."""
    rooms = {name.partition(".")[0] for name in permits.registered()} - WALLED
    return [room for room in sorted(rooms) if permits.allows(person, f"{room}.see")]
