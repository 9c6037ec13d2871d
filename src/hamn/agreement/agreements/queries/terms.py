"""What an agreement comes to: fees by year with both readings of § 6, and what a move leads to.

The actions ask the same functions as the pages that show a consequence before it is confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hamn.agreement.tariffs import queries as tariffs
from hamn.agreement.tariffs.rules import Basis, Fee, fee_for
from hamn.core.errors import BadInput, _

from .. import rules
from ..models import Agreement
from ..rules import LIVING, Side, Status
from .rows import missing_before_signing, signatures, version

if TYPE_CHECKING:
    from fractions import Fraction

    from hamn.agreement.tariffs.models import Tariff
    from hamn.guards.access.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A year's fee with one base year for the index."""

    base_year: int
    fee: Fee

    @property
    def factor(self) -> "Fraction":
        """What the annex amount is multiplied by."""
        return self.fee.index_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFee:
    """What a calendar year costs, by the agreement's base year and by the other reading (Z8)."""

    year: int
    own: Reading
    other: Reading

    @property
    def fee(self) -> Fee:
        """The one that is charged."""
        return self.own.fee

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Both; one alone when they come to the same base year."""
        return (self.own,) if self.own.base_year == self.other.base_year else (self.own, self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What a signature leads to. starts_on: None while the other party has still to sign."""

    status: Status
    agreed_start: date | None
    starts_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notice leads to: the last day, and whether its year's fee needs a decision."""

    ends_on: date
    never_begins: bool

    @property
    def year(self) -> int:
        """The year that the agreement ends in."""
        return self.ends_on.year


def basis(row: Agreement) -> Basis:
    """What the agreement's annex amount is computed from."""
    return tariffs.basis_of(row.tariff, tariffs.line_for(row.tariff, row.party.municipality_id))


def fees_ahead(row: Agreement, *, on: date) -> list[YearFee]:
    """The fee of the year that is charged now or first and of the one after it.

    None for an agreement that is over; a draft's are counted from `expected_start`.
    """
    if row.status not in LIVING:
        return []
    starts = row.starts_on or expected_start(row, on=on)
    return fees(row, starts=starts, years=rules.years_ahead(starts, row.ends_on, on=on))


def fees(row: Agreement, *, starts: date, years: Iterable[int]) -> list[YearFee]:
    """The fees of some years if the agreement holds from the date."""
    found = basis(row)
    return [
        year_fee(found, row.tariff, base_year=row.index_base_year, starts=starts, year=year)
        for year in years
    ]


def year_fee(found: Basis, tariff: "Tariff", *, base_year: int, starts: date, year: int) -> YearFee:
    """A year's fee by both readings."""
    other = rules.other_base_year(
        base_year, price_level_year=tariff.price_level_year, start_year=starts.year
    )
    own_reading, other_reading = (
        Reading(
            base_year=base,
            fee=fee_for(
                found,
                index_percent=tariff.index_percent,
                base_year=base,
                year=year,
                in_force=starts,
            ),
        )
        for base in (base_year, other)
    )
    return YearFee(year=year, own=own_reading, other=other_reading)


def expected_start(row: Agreement, *, on: date) -> date:
    """When a draft would begin to hold if the other signature came today."""
    signed = [one.signed_on for one in signatures(row)]
    return rules.expected_start(signed, row.agreed_start_on, on)


def foresee_draft(viewer: "Person", code: str, *, on: date) -> tuple["Tariff", list[YearFee]]:
    """The tariff a new agreement would get, and the fees of this and next year from today.

    Raises BadInput when the tariff has no line for the municipality.
    """
    tariff = tariffs.in_use(viewer)
    found = tariffs.basis_of(tariff, tariffs.line_for(tariff, code))
    base = tariff.price_level_year
    years = rules.years_ahead(on, None, on=on)
    return tariff, [year_fee(found, tariff, base_year=base, starts=on, year=y) for y in years]


def foresee_signature(
    row: Agreement,
    *,
    side: Side,
    signed_on: date,
    agreed_start: date | None,
    today: date,
    seen: str = "",
) -> Signing:
    """What the signature leads to; with the second one the agreement is in force (F4, Z12).

    agreed_start: replaces the draft's agreed start when given. seen: the version it is based on.
    Raises WrongState, Changed, NotComplete when § 1 is not filled in, BadInput for an impossible
    date.
    """
    earlier = {one.side: one.signed_on for one in signatures(row)}
    wanted = Status.IN_FORCE if earlier else Status.SIGNED_BY_ONE
    rules.check_move(Status(row.status), wanted)
    _refuse_same_side(side, earlier)
    rules.check_seen(seen, version(row))
    rules.check_signature(signed_on, valid_from=row.tariff.valid_from, today=today)
    _refuse_incomplete(row, today)
    agreed = agreed_start or row.agreed_start_on
    if wanted != Status.IN_FORCE:
        return Signing(status=wanted, agreed_start=agreed, starts_on=None)
    starts = rules.starts_on([*earlier.values(), signed_on], agreed)
    rules.check_index_base(
        row.index_base_year,
        price_level_year=row.tariff.price_level_year,
        start_year=starts.year,
    )
    refuse_overlap(row, starts)
    return Signing(status=wanted, agreed_start=agreed, starts_on=starts)


def foresee_notice(row: Agreement, *, received: date, today: date, seen: str = "") -> Notice:
    """What a notice received on the date leads to (F6, Z14).

    Raises WrongState unless in force, Changed, BadInput for an impossible date.
    """
    rules.check_move(Status(row.status), Status.UNDER_NOTICE)
    rules.check_seen(seen, version(row))
    signed = max(one.signed_on for one in signatures(row))
    rules.check_notice(received, signed=signed, today=today)
    ends = rules.notice_ends(received)
    return Notice(ends_on=ends, never_begins=row.starts_on is not None and ends < row.starts_on)


def refuse_overlap(row: Agreement, starts: date) -> None:
    """Pass only a start after the party's last agreement: two on one day would bill it twice.

    Raises BadInput.
    """
    others = Agreement.objects.filter(party=row.party, ends_on__gte=starts).exclude(pk=row.pk)
    if row.ends_on:
        others = others.filter(starts_on__lte=row.ends_on)
    if (last := others.order_by("-ends_on").first()) is not None:
        raise BadInput(
            _(
                "Avtalet skulle börja gälla {starts}, men det förra gäller till och med {last}. "
                "Avtala en start efter den dagen."
            ),
            starts=starts,
            last=last.ends_on,
        )


def _refuse_same_side(side: Side, earlier: dict[str, date]) -> None:
    if side.value in earlier:
        raise rules.WrongState(
            _("Avtalet är redan undertecknat av {side} {day}. Det är den andra parten som fattas."),
            side=rules.SIDE_NAMES[side],
            day=earlier[side.value],
        )


def _refuse_incomplete(row: Agreement, today: date) -> None:
    lacking = missing_before_signing(row.party, today)
    if lacking:
        raise rules.NotComplete(
            _("{name} saknar: {fields}. Komplettera kommunens uppgifter före underskriften."),
            name=row.party.name,
            fields=[item.name for item in lacking],
        )
