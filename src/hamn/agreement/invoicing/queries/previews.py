"""A year's preview a page at a time, and its totals, quick however many agreements there are.

What dates and charges alone decide is counted by the database; everything else is planned by
`plans`, the code that issues. A test holds the two together.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.tariffs import queries as tariffs
from hamn.guards.access import permits
from hamn.guards.audit import queries as audit
from hamn.register.organisations.rules import NEEDED_TO_INVOICE, Missing

from ..document import Kind
from ..models import Invoice, NoticeDecision
from ..rules import Outcome, Plan, check_year
from .plans import (
    Planned,
    bare,
    codes_to_look_at,
    in_batches,
    plans,
    to_look_at,
    without_agreement,
)

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person

CODE = "party__municipality"
TOTALS_BATCH = 500  # plans alone are small
WITHOUT_AGREEMENT = (Outcome.PROVIDER, Outcome.NO_AGREEMENT)


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What a run would issue, in number and kronor, and how many get each outcome."""

    count: int
    sum_kr: int
    other_kr: int  # with the other reading of § 6 (Z8)
    by_outcome: Mapping[Outcome, int]


# The rooms whose changes can change a plan.
ROOMS = ("organisations", "tariffs", "agreements", "invoicing")
# The last answer for each year and scope, with the hash of what had happened last.
_ANSWERS: dict[tuple[int, str | None], tuple[str, RunTotals]] = {}


def run_totals(viewer: "Person", year: int, only: str | None = None) -> RunTotals:
    """What a run would do with the year; counted anew when anything has happened since.

    Whatever could change the answer stands in the trail, so its newest entry tells whether
    anything did.
    """
    permits.require(viewer, "invoicing.see")
    latest = audit.latest(ROOMS, most=1)
    end = latest[0].hash if latest else ""
    known = _ANSWERS.get((year, only))
    if known is None or known[0] != end:
        known = _ANSWERS[year, only] = (end, totals_now(viewer, year, only))
    return known[1]


def totals_now(viewer: "Person", year: int, only: str | None = None) -> RunTotals:
    """What a run would do with the year, counted now, in one pass."""
    check_year(year)
    rows = to_look_at(viewer, only=only)
    settled = _settled(year)
    counts = Counter(
        rows.order_by().aggregate(
            **{outcome.value: Count("pk", filter=fits) for outcome, fits in settled.items()}
        )
    )
    count = sum_kr = other_kr = 0
    for item in _unsettled(rows, year):
        counts[item.outcome] += 1
        if item.fee and item.other_reading:
            count += 1
            sum_kr += item.fee.amount_kr
            other_kr += item.other_reading.amount_kr
    seen = codes_to_look_at(viewer, only=only)
    counts.update(item.outcome for item in without_agreement(viewer, seen, only=only))
    by_outcome = {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}
    return RunTotals(count, sum_kr, other_kr, by_outcome)


def preview_page(
    viewer: "Person",
    *,
    year: int,
    after: str | None = None,
    limit: int = 50,
    outcome: Outcome | None = None,
) -> list[Plan]:
    """What a run would do with the next municipalities after a code, in code order.

    outcome: only those; a municipality's agreements always stand on one page.
    """
    check_year(year)
    rows = to_look_at(viewer)
    if outcome is None:
        own = _codes_after(rows, after, limit)
        others = sorted(code for code in tariffs.codes_in_use(viewer) if code > (after or ""))
        codes = sorted({*own, *others[:limit]})[:limit]
        found = [*_plans_of(rows, codes, year), *bare(set(codes) - set(own))]
        return sorted(found, key=lambda item: item.code)
    if outcome in WITHOUT_AGREEMENT:
        codes = sorted(tariffs.codes_in_use(viewer) - codes_to_look_at(viewer))
        return [one for one in bare(codes) if one.outcome == outcome and one.code > (after or "")][
            :limit
        ]
    return _page_of(rows, year, after, limit, outcome)


def missing_before_invoicing(
    viewer: "Person", year: int, *, limit: int = 50
) -> list[tuple["Agreement", list[Missing]]]:
    """The agreements that the year's invoice waits for, each with what its party lacks."""
    rows = to_look_at(viewer).filter(_open(year) & ~_is_charged(year) & _lacks())
    return [
        (row, agreements.missing_before_invoicing(row.party)) for row in rows.order_by(CODE)[:limit]
    ]


def _page_of(
    rows: QuerySet["Agreement"], year: int, after: str | None, limit: int, outcome: Outcome
) -> list[Plan]:
    """The next plans with the outcome: the database finds who may have it, the plan decides."""
    likely = rows.filter(_likely(rows, year).get(outcome, Q(pk__in=[])))
    found: list[Plan] = []
    while len(found) < limit and (codes := _codes_after(likely, after, limit)):
        planned = sorted(_plans_of(rows, codes, year), key=lambda item: item.code)
        found += [item for item in planned if item.outcome == outcome]
        after = codes[-1]
        if len(codes) < limit:
            break
    last = {item.code for item in found[:limit]}
    return [item for item in found if item.code in last]


def _plans_of(rows: QuerySet["Agreement"], codes: list[str], year: int) -> list[Plan]:
    return plans(list(rows.filter(**{f"{CODE}__in": codes})), year=year)


def _codes_after(rows: QuerySet["Agreement"], after: str | None, limit: int) -> list[str]:
    found = rows.filter(**{f"{CODE}__gt": after or ""}).order_by(CODE)
    return list(found.values_list(CODE, flat=True).distinct()[:limit])


def _unsettled(rows: QuerySet["Agreement"], year: int) -> Iterator[Plan]:
    planned: Planned = {}
    left = rows.filter(_open(year) & (~_is_charged(year) | _has_credit(year)))
    for batch in in_batches(left, TOTALS_BATCH):
        yield from plans(batch, year=year, planned=planned)


def _settled(year: int) -> dict[Outcome, Q]:
    """The outcomes that dates and charges alone decide, in the order of `rules.plan`."""
    return {
        Outcome.NOT_IN_FORCE: Q(starts_on__isnull=True),
        Outcome.STARTS_LATER: Q(starts_on__gt=date(year, 12, 31)),
        Outcome.ENDED: Q(starts_on__lte=date(year, 12, 31)) & _ended(year),
        Outcome.ALREADY_INVOICED: _open(year) & _is_charged(year) & ~_has_credit(year),
    }


def _likely(rows: QuerySet["Agreement"], year: int) -> dict[Outcome, Q]:
    """Who may have each outcome; all who have it, and few others."""
    decided = Q(Exists(NoticeDecision.objects.filter(agreement=OuterRef("pk"), year=year)))
    held = Q(ends_on__year=year) & ~decided
    free = _open(year) & ~_is_charged(year)
    other = rows.order_by().filter(party=OuterRef("party")).exclude(pk=OuterRef("pk"))
    return {
        **_settled(year),
        Outcome.ALREADY_INVOICED: _open(year) & _is_charged(year),
        Outcome.CREDITED: _open(year) & _has_credit(year),
        Outcome.HELD: free & held,
        Outcome.NOTHING_THIS_YEAR: free & Q(starts_on__year=year, starts_on__month=12),
        Outcome.DECIDED_NOTHING: free & decided,
        Outcome.PAID_BEFORE: free & ~held & Q(Exists(other)),
        Outcome.INCOMPLETE: free & ~held & _lacks(),
        Outcome.TO_ISSUE: free & ~held & ~_lacks(),
    }


def _open(year: int) -> Q:
    """The agreement holds some day of the year."""
    return Q(starts_on__lte=date(year, 12, 31)) & ~_ended(year)


def _ended(year: int) -> Q:
    before = Q(ends_on__lt=date(year, 1, 1)) | Q(ends_on__lt=F("starts_on"))
    return Q(ends_on__isnull=False) & before


def _is_charged(year: int) -> Q:
    charges = Invoice.objects.filter(agreement=OuterRef("pk"), year=year)
    return Q(Exists(charges.exclude(kind=Kind.CREDIT)))


def _has_credit(year: int) -> Q:
    notes = Invoice.objects.filter(year=year, kind=Kind.CREDIT)
    return Q(pk__in=notes.values("agreement"))


def _lacks() -> Q:
    """The party lacks something that an invoice needs."""
    lacks = Q()
    for name in NEEDED_TO_INVOICE:
        lacks |= Q(**{f"party__{name}": ""})
    return lacks
