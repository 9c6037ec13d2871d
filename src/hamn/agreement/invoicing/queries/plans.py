"""What a year would bring: the plans of a run, and what stands charged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import Status
from hamn.agreement.tariffs import queries as tariffs
from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.register.organisations import queries as organisations

from ..document import Kind
from ..drafting import Buyer, Seller, invoice_party
from ..models import (
    Invoice,
    NoticeDecision,
)
from ..rules import (
    Outcome,
    Plan,
    Reading,
    Terms,
    charged_period,
    check_year,
    plan,
)
from .invoices import BATCH, is_credited, profile, with_credited

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.agreement.tariffs.models import TariffLine
    from hamn.guards.access.models import Person


def seller(on: date) -> Seller:
    """The provider as seller on the date."""
    party = organisations.provider()
    contact = organisations.contacts_on([party.pk], on).get(party.pk)
    return Seller(party=invoice_party(party, contact, bills=False), profile=profile())


def buyers(rows: Sequence["Agreement"], on: date) -> dict[int, Buyer]:
    """Whom to invoice, by agreement id."""
    contacts = organisations.contacts_on([row.party_id for row in rows], on)
    return {
        row.pk: Buyer(
            party=row.party,
            contact=contacts.get(row.party_id),
            agreement_reference=row.reference,
        )
        for row in rows
    }


# What a pass has planned so far, by party: agreement, number, first and last day.
Planned = dict[int, list[tuple[int, str, tuple[date, date]]]]


def to_look_at(viewer: "Person", *, only: str | None = None) -> QuerySet["Agreement"]:
    """The agreements that a run looks at, by id; withdrawn drafts are passed over."""
    permits.require(viewer, "invoicing.see")
    rows = agreements.agreements_for(viewer).exclude(status=Status.WITHDRAWN).order_by("pk")
    return rows.filter(party__municipality=only) if only else rows


def codes_to_look_at(viewer: "Person", *, only: str | None = None) -> set[str]:
    """The codes of the municipalities whose agreements a run looks at."""
    rows = to_look_at(viewer, only=only).order_by()
    return set(rows.values_list("party__municipality", flat=True))


def in_batches(
    rows: QuerySet["Agreement"], size: int = BATCH, *, after: int = 0
) -> Iterator[list["Agreement"]]:
    """The agreements in batches by id, so that memory stays flat however many there are.

    after: the id of the last one that is done already.
    """
    last = after
    while batch := list(rows.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk


def plans(
    rows: Sequence["Agreement"],
    *,
    year: int,
    anew: bool = False,
    when_mended: bool = False,
    planned: Planned | None = None,
) -> list[Plan]:
    """What each agreement is charged for the year, or why not; six queries for any number.

    anew: a fully credited charge is planned once more (`reissue`).
    when_mended: as it would be with nothing missing, and the whole year for one under notice.
    planned: what earlier batches of the same pass have planned; this one's is added.
    """
    charged = {} if anew else newest_charges([row.pk for row in rows], year)
    decisions = _decisions([row.pk for row in rows], year)
    paid = _paid_periods(rows, year)
    lines = agreements.tariff_lines(rows)
    planned = {} if planned is None else planned
    found: list[Plan] = []
    for row in rows:
        own = charged.get(row.pk)
        before = [*paid.get(row.party_id, []), *planned.get(row.party_id, [])]
        terms = replace(
            _terms(row, lines, decisions.get(row.pk)),
            charged=str(own) if own else None,
            is_credited=own is not None and is_credited(own),
            paid_periods=[
                (number, *period) for agreement, number, period in before if agreement != row.pk
            ],
        )
        if when_mended:
            terms = replace(terms, missing=[], decision=terms.decision or Reading.WHOLE_YEAR)
        found.append(plan(terms, year=year))
        if period := found[-1].period:
            # Two agreements of one municipality in the same run: the second must see the first.
            planned.setdefault(row.party_id, []).append((row.pk, _("samma körning"), period))
    return found


def preview(viewer: "Person", *, year: int, only: str | None = None) -> Iterator[Plan]:
    """What a run would do, municipality by municipality, with the code that issues."""
    check_year(year)
    seen: set[str] = set()
    planned: Planned = {}
    for batch in in_batches(to_look_at(viewer, only=only)):
        seen.update(row.party.municipality_id for row in batch)
        yield from plans(batch, year=year, planned=planned)
    yield from without_agreement(viewer, seen, only=only)


def without_agreement(
    viewer: "Person", seen: Iterable[str], *, only: str | None = None
) -> Iterator[Plan]:
    """A line with its reason for each municipality of the tariff that has no agreement."""
    yield from bare(
        code for code in tariffs.codes_in_use(viewer) - set(seen) if only in (None, code)
    )


def bare(codes: Iterable[str]) -> list[Plan]:
    """The lines of municipalities that have no agreement, in code order."""
    provider = organisations.provider().municipality_id
    names = organisations.known_municipalities()
    return [
        Plan(
            code=code,
            name=names[code],
            outcome=Outcome.PROVIDER if code == provider else Outcome.NO_AGREEMENT,
            facts={},
        )
        for code in sorted(codes)
    ]


def charges(agreement_ids: Sequence[int], year: int) -> dict[int, str]:
    """The number or reference of the year's charge that still stands, by agreement id."""
    newest = newest_charges(agreement_ids, year)
    return {pk: str(row) for pk, row in newest.items() if not is_credited(row)}


def newest_charges(agreement_ids: Sequence[int], year: int) -> dict[int, Invoice]:
    """The year's newest charge by agreement id, with what is credited of it."""
    rows = Invoice.objects.filter(agreement__in=agreement_ids, year=year).exclude(kind=Kind.CREDIT)
    return {row.agreement_id: row for row in with_credited(rows).order_by("round")}


def unbilled(viewer: "Person", *, before: int) -> list[tuple["Agreement", int]]:
    """Agreements with an earlier year, since the first invoice in Hamn, that nobody has charged."""
    found: list[tuple[Agreement, int]] = []
    for batch in in_batches(to_look_at(viewer).filter(starts_on__year__lt=before)):
        for year in range(min(row.starts_on.year for row in batch if row.starts_on), before):
            by_id = {row.pk: row for row in batch}
            found += [
                (by_id[item.agreement_id], year)
                for item in plans(batch, year=year)
                if item.outcome in (Outcome.TO_ISSUE, Outcome.HELD, Outcome.INCOMPLETE)
                and item.agreement_id is not None
            ]
    return found


def _paid_periods(rows: Sequence["Agreement"], year: int) -> Planned:
    """What these parties are charged for in the year and still stands."""
    parties = [row.party_id for row in rows]
    found = with_credited(Invoice.objects.filter(year=year).exclude(kind=Kind.CREDIT))
    standing = [
        one
        for one in found.filter(agreement__party__in=parties).select_related("agreement")
        if not is_credited(one)
    ]
    readings = _decisions([one.agreement_id for one in standing], year) if standing else {}
    paid: Planned = {}
    for one in standing:
        period = charged_period(
            one.agreement.starts_on or date(year, 1, 1),
            one.agreement.ends_on,
            readings.get(one.agreement_id),
            year=year,
        )
        paid.setdefault(one.agreement.party_id, []).append((one.agreement_id, str(one), period))
    return paid


def _decisions(agreement_ids: Sequence[int], year: int) -> dict[int, Reading]:
    found = NoticeDecision.objects.filter(agreement__in=agreement_ids, year=year)
    return {
        agreement: Reading(text) for agreement, text in found.values_list("agreement", "reading")
    }


def _terms(
    row: "Agreement",
    lines: dict[tuple[int, str], "TariffLine"],
    decision: Reading | None,
) -> Terms:
    code = row.party.municipality_id
    return Terms(
        agreement_id=row.pk,
        code=code,
        name=row.party.name,
        starts=row.starts_on,
        ends=row.ends_on,
        index_base_year=row.index_base_year,
        index_percent=row.tariff.index_percent,
        price_level_year=row.tariff.price_level_year,
        basis=tariffs.basis_of(row.tariff, lines[row.tariff_id, code]),
        charged=None,
        decision=decision,
        missing=[item.name for item in agreements.missing_before_invoicing(row.party)],
    )
