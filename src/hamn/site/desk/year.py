"""The year on the overview: its money, what is still to be invoiced, and what waits for whom."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import NAMES, Status
from hamn.agreement.invoicing import queries as invoicing
from hamn.agreement.invoicing.document import Kind
from hamn.agreement.invoicing.queries.lists import Asked, sums
from hamn.agreement.invoicing.rules import InvoiceState, Outcome, Plan, RunState
from hamn.agreement.tariffs import queries as tariffs
from hamn.core.dates import swedish_date
from hamn.guards.access import permits
from hamn.guards.access import queries as access
from hamn.guards.access.rules import every_unit
from hamn.ui.lists import Link
from hamn.ui.words import said

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

MOST = 8  # of each sort of step
WAITING = {Outcome.HELD, Outcome.INCOMPLETE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A year's money in whole kronor; what cannot be told at a glance is None."""

    count: int
    invoiced_kr: int
    paid_kr: int
    cost_kr: int  # the services in the year's prices
    to_invoice_kr: int | None = None  # agreements in force, not yet charged
    overdue_kr: int | None = None
    overdue: int = 0

    @property
    def borne_kr(self) -> int | None:
        """What the provider bears: its own share and those of municipalities that pay nothing."""
        if self.to_invoice_kr is None:
            return None
        return self.cost_kr - self.invoiced_kr - self.to_invoice_kr


def plans_of(person: "Person", codes: Collection[str], year: int) -> list[Plan]:
    """What the year brings for the municipalities; fees also where something is still missing."""
    rows = list(invoicing.to_look_at(person).filter(party__municipality__in=codes))
    found = invoicing.plans(rows, year=year)
    waiting = {one.agreement_id for one in found if one.outcome in WAITING}
    if not waiting:
        return found
    part = [row for row in rows if row.pk in waiting]
    mended = {
        one.agreement_id: one.fee for one in invoicing.plans(part, year=year, when_mended=True)
    }
    return [one if one.fee else replace(one, fee=mended.get(one.agreement_id)) for one in found]


def money(person: "Person", on: date, plans: list[Plan] | None) -> Money:
    """The year's money. plans: of `plans_of`; None where there are too many to tell one by one."""
    totals = invoicing.year_totals(person, on.year)
    cost = tariffs.indexed_total(tariffs.in_use(person), on.year)
    if plans is None:
        return Money(**totals, cost_kr=cost)
    overdue = sums(person, Asked(state=InvoiceState.OVERDUE), on=on)
    return Money(
        **totals,
        cost_kr=cost,
        to_invoice_kr=sum(one.fee.amount_kr for one in plans if one.fee),
        overdue_kr=overdue.left_kr,
        overdue=overdue.count,
    )


def steps(person: "Person", on: date, plans: list[Plan]) -> Iterator[Link]:
    """What waits for this person, most urgent first."""
    if permits.allows(person, "invoicing.release"):
        yield from _runs_to_release(person)
    if permits.allows(person, "invoicing.decide"):
        yield from _decisions(plans, on.year)
    if permits.allows(person, "invoicing.prepare"):
        yield from _to_prepare(person, plans, on.year)
    if permits.allows(person, "agreements.sign"):
        yield from _half_signed(person)
    if permits.allows(person, "access.grant_member"):
        yield from _members(person)


def _runs_to_release(person: "Person") -> Iterator[Link]:
    waiting = invoicing.runs_for(person).filter(state=RunState.PREPARED)
    for run in waiting.exclude(prepared_by=person)[:MOST]:
        text = _("Granska och godkänn faktureringen för {year}, förberedd {day}").format(
            year=run.year, day=swedish_date(timezone.localdate(run.prepared_at))
        )
        yield Link(text, reverse("invoicing:release", args=[run.pk]))


def _decisions(plans: list[Plan], year: int) -> Iterator[Link]:
    for one in plans:
        if one.outcome == Outcome.HELD:
            text = _("Besluta om {name}: avtalet upphör {year}").format(name=one.name, year=year)
            yield Link(text, reverse("invoicing:decide", kwargs={"year": year, "code": one.code}))


def _to_prepare(person: "Person", plans: list[Plan], year: int) -> Iterator[Link]:
    open_runs = invoicing.runs_for(person).filter(
        year=year, state__in=[RunState.PREPARED, RunState.RELEASED, RunState.RUNNING]
    )
    ready = [one for one in plans if one.outcome == Outcome.TO_ISSUE]
    if not ready or open_runs.exists():
        return
    address = reverse("invoicing:prepare", args=[year])
    for one in [one for one in ready if one.kind == Kind.FIRST][:MOST]:
        text = _("Förbered första fakturan till {name}").format(name=one.name)
        yield Link(text, f"{address}?kommun={one.code}")
    if any(one.kind == Kind.YEARLY for one in ready):
        text = _("Förbered faktureringen för {year}, antal fakturor: {count}").format(
            year=year, count=len(ready)
        )
        yield Link(text, reverse("invoicing:preview", args=[year]))


def _half_signed(person: "Person") -> Iterator[Link]:
    waiting = agreements.agreements_for(person).filter(
        status__in=[Status.DRAFT, Status.SIGNED_BY_ONE]
    )
    for row in waiting.order_by("pk")[:MOST]:
        text = _("{name}: avtalet är {status}").format(
            name=row.party.name, status=said(NAMES[Status(row.status)])
        )
        yield Link(text, reverse("agreements:show", args=[row.pk]))


def _members(person: "Person") -> Iterator[Link]:
    names = every_unit()
    for one in access.waiting_grants(person)[:MOST]:
        text = _("{title} är föreslagen till {unit}").format(
            title=one.person.title, unit=said(names.get(one.unit, one.unit))
        )
        yield Link(text, reverse("access:unit"))
    for one in access.own_proposals(person).filter(is_head=True)[:MOST]:
        text = _("Du är föreslagen som chef för {unit}").format(
            unit=said(names.get(one.unit, one.unit))
        )
        yield Link(text, reverse("access:unit"))
