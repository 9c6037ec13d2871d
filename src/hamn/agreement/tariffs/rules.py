"""What an affiliated municipality pays, from which month, and why (taxa).

Whole kronor, rounded half up: the annex amount, then the invoiced amount once, last. Pure: no
clock, no database, no settings.
Source: agreement template 2021 § 6 and annex; requirements H3-H9, H16, Z3, Z8-Z10.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from hamn.core.dates import is_in_later_half, swedish_date
from hamn.core.errors import BadInput, _
from hamn.core.money import NO_BREAK_SPACE, decimal_comma, grouped, half_up, kronor, split

SERVICES: dict[str, str] = {
    "mika": _("Mikamottagningen"),
    "kast": _("KAST"),
    "coordinator_adult": _("regionkoordinator vuxna"),
    "coordinator_child": _("regionkoordinator barn och unga"),
}
LARGEST_TOTAL_KR = 2_000_000_000  # what the database's whole numbers hold
MOST_POSTS = 99
_DECIMAL = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")
CLAUSE_6 = _("avtalet § 6")
ANNEX = _("avtalet, bilagan")


class Method(StrEnum):
    """How the total is split."""

    LARGEST_REMAINDER = "largest_remainder"  # by population, whole kronor, exact sum


LABELS: dict[str, str] = {
    "population": _("Kommunens folkmängd 31 december {year}"),
    "share": _("Kommunens andel av länets {all_population} invånare"),
    "rate": _("Bilagans belopp per invånare: {total} delat på {all_population} invånare"),
    "annex_amount": _("Kommunens del av {total}, i hela kronor"),
    "addition": _("Folkmängd gånger belopp per invånare, i hela kronor"),
    "index": _("Uppräkning med {percent} % per år från {base_year} till {year}"),
    "no_index": _("Ingen uppräkning: {year} är avtalets basår för index"),
    "before_index": _("Ingen uppräkning: {year} ligger före basåret {base_year}"),
    "twelfths": _("Återstående tolftedelar av {year}, i kraft från {in_force}"),
    "later_half": _(
        "Återstående tolftedelar av {year}, i kraft från {in_force}, senare halvan av månaden"
    ),
    "whole_year": _("Helt kalenderår {year}"),
    "until_end": _("Tolftedelar av {year} till och med sista dagen {last_day}"),
    "amount": _("Belopp att betala, avrundat till hela kronor"),
}


class Gotland(StrEnum):
    """What a what-if does with the municipalities outside the county (Z3)."""

    ADDED = "added"  # at the annex's rate, on top of the total
    LEFT_OUT = "left_out"
    REDISTRIBUTED = "redistributed"  # shares the total, so that all others pay less


GOTLAND_NAMES: dict[Gotland, str] = {
    Gotland.ADDED: _("betalar utöver totalen, till bilagans belopp per invånare"),
    Gotland.LEFT_OUT: _("är inte med"),
    Gotland.REDISTRIBUTED: _("delar på totalen, så att alla andra betalar mindre"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation: its label's facts, its value in words, its clause."""

    code: str
    facts: Mapping[str, Any]
    value: str
    clause: str

    @property
    def label(self) -> str:
        """The step in Swedish; `LABELS[code]` is the key of the catalogue."""
        return LABELS[self.code].format(**self.facts)

    def as_data(self) -> dict[str, Any]:
        """The step as it is stored and shown to programs."""
        return {
            "code": self.code,
            "label": self.label,
            "value": self.value,
            "clause": self.clause,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a municipality's annex amount is computed from."""

    total_kr: int
    population: int
    all_population: int  # of the municipalities that share the total
    population_year: int
    annex_kr: int
    is_addition: bool  # Gotland: at the annex's rate, on top of the total (Z3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What is to be paid for a calendar year, with its parts."""

    amount_kr: int
    year: int
    twelfths: int
    index_factor: Fraction
    annex_amount_kr: int
    steps: tuple[Step, ...]


def annex_fees(
    total_kr: int, populations: Mapping[str, int], additions: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Each municipality's yearly fee in whole kronor, by code (H3, H4).

    The total is split by population to an exact sum, the kronor left over going to the largest
    remainders, ties by code; for the annex of 2018 this equals rounding half up. Additions pay
    the same rate per inhabitant on top of the total and change nobody else's fee (Z3).
    """
    fees = split(total_kr, populations)
    everyone = sum(populations.values())
    for code, population in sorted((additions or {}).items()):
        fees[code] = half_up(Fraction(total_kr * population, everyone))
    return fees


def share_percent(population: int, everyone: int) -> Decimal:
    """The displayed share with two decimals, rounded half up; never used for computing (H4)."""
    hundredths = Decimal(half_up(Fraction(10_000 * population, everyone)))
    return (hundredths / 100).quantize(Decimal("0.01"))


def fees_with(
    total_kr: int, counts: Mapping[str, int], added: Collection[str], gotland: Gotland
) -> dict[str, int]:
    """Fees by code when the municipalities in `added` are treated as `gotland` says."""
    if gotland == Gotland.REDISTRIBUTED:
        return annex_fees(total_kr, counts)
    sharing = {code: count for code, count in counts.items() if code not in added}
    extra = {code: count for code, count in counts.items() if code in added}
    return annex_fees(total_kr, sharing, extra if gotland == Gotland.ADDED else None)


def index_factor(index_percent: Decimal, base_year: int, year: int) -> Fraction:
    """The compound factor from the base year; 1 for the base year and before (H9, Z8)."""
    return (1 + Fraction(index_percent) / 100) ** max(0, year - base_year)


def remaining_twelfths(in_force: date) -> int:
    """Months to pay for in the first calendar year, 0-12 (H7, H8).

    A start in the later half of a month counts from the next month; the later half begins where
    day × 2 exceeds the days of the month (Z10).
    """
    return 12 - in_force.month + (not is_in_later_half(in_force))


def fee(
    basis: Basis, *, index_percent: Decimal, base_year: int, year: int, twelfths: int, why: Step
) -> Fee:
    """The year's fee: annex amount × index × twelfths / 12, rounded half up once, last.

    why: the step that tells where the twelfths come from.
    """
    factor = index_factor(index_percent, base_year, year)
    amount_kr = half_up(basis.annex_kr * factor * Fraction(twelfths, 12))
    last = Step("amount", {}, kronor(amount_kr), CLAUSE_6)
    steps = (*_annex_steps(basis), _index_step(basis, index_percent, base_year, year), why, last)
    return Fee(
        amount_kr=amount_kr,
        year=year,
        twelfths=twelfths,
        index_factor=factor,
        annex_amount_kr=basis.annex_kr,
        steps=steps,
    )


def first_year_step(in_force: date) -> Step:
    """Why the first year has its number of twelfths."""
    facts = {"year": in_force.year, "in_force": swedish_date(in_force)}
    code = "later_half" if is_in_later_half(in_force) else "twelfths"
    return Step(code, facts, f"{remaining_twelfths(in_force)}/12", CLAUSE_6)


def whole_year_step(year: int) -> Step:
    """Why a later year is paid in full."""
    return Step("whole_year", {"year": year}, "12/12", CLAUSE_6)


def fee_for(
    basis: Basis, *, index_percent: Decimal, base_year: int, year: int, in_force: date
) -> Fee:
    """The fee of a calendar year for an agreement in force from a date (H6, H7).

    The year of the start is paid by remaining twelfths, later years in full, earlier ones not.
    """
    if in_force.year == year:
        why, twelfths = first_year_step(in_force), remaining_twelfths(in_force)
    else:
        why, twelfths = whole_year_step(year), 12 if year > in_force.year else 0
    return fee(
        basis,
        index_percent=index_percent,
        base_year=base_year,
        year=year,
        twelfths=twelfths,
        why=why,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A what-if: today's fees beside other ones, and what the provider is left to bear (H16)."""

    cost_kr: int
    fees: Mapping[str, int]
    signed: frozenset[str]

    @property
    def invoiced_kr(self) -> int:
        """What the municipalities that have signed pay together."""
        return sum(amount for code, amount in self.fees.items() if code in self.signed)

    @property
    def borne_kr(self) -> int:
        """What the provider bears itself: its own share and what nobody else pays."""
        return self.cost_kr - self.invoiced_kr


def compare(
    *, cost_kr: int, fees: Mapping[str, int], signed: Collection[str], provider: str
) -> Comparison:
    """The comparison for these fees; the provider signs with no one (Z1)."""
    paying = frozenset(code for code in signed if code != provider and code in fees)
    return Comparison(cost_kr=cost_kr, fees=fees, signed=paying)


def side_by_side(
    now: Comparison, then: Comparison, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A row for each municipality, by code: the fee today, with the change, and the difference."""
    return [
        {
            "municipality_code": code,
            "name": names.get(code, code),
            "signed": code in then.signed or code in now.signed,
            "today_sek": now.fees.get(code, 0),
            "what_if_sek": then.fees.get(code, 0),
            "difference_sek": then.fees.get(code, 0) - now.fees.get(code, 0),
        }
        for code in sorted({*now.fees, *then.fees})
    ]


def summary(comparison: Comparison) -> dict[str, int]:
    """What it costs, what is paid for and what the provider bears, in kronor."""
    return {
        "total_sek": comparison.cost_kr,
        "invoiced_sek": comparison.invoiced_kr,
        "provider_bears_sek": comparison.borne_kr,
        "signed": len(comparison.signed),
    }


def check_terms(*, total_kr: int, posts: Mapping[str, Decimal], index_percent: Decimal) -> None:
    """A tariff's total, services and index are such as can be.

    Raises BadInput.
    """
    if not 0 < total_kr <= LARGEST_TOTAL_KR:
        raise BadInput(
            _(
                "Taxans totalbelopp kan inte vara {total} kronor. Ange beloppet i hela kronor, "
                "till exempel 4000000."
            ),
            total=total_kr,
        )
    unknown = sorted(set(posts) - set(SERVICES))
    if unknown:
        raise BadInput(
            _("Tjänsten ”{service}” är okänd. Kända tjänster: {known}."),
            service=unknown[0],
            known=", ".join(SERVICES),
        )
    many = sorted(service for service, count in posts.items() if not 0 < count <= MOST_POSTS)
    if many:
        raise BadInput(
            _("Antalet anställningar, {count}, kan inte stämma. Ange till exempel 1 eller 0,5."),
            count=posts[many[0]],
        )
    if not 0 <= index_percent < 100:
        raise BadInput(
            _("Uppräkningen kan inte vara {percent} procent. Ange till exempel 2."),
            percent=index_percent,
        )


def check_shares(populations: Mapping[str, int], additions: Mapping[str, int]) -> None:
    """Somebody shares the total, nobody pays twice, and everyone has inhabitants.

    Raises BadInput.
    """
    if not populations:
        raise BadInput(_("Taxan har inga kommuner att dela beloppet på. Ange minst en."))
    twice = sorted(set(populations) & set(additions))
    if twice:
        raise BadInput(
            _("Kommun {code} både delar beloppet och betalar utöver det. Ange den på ett ställe."),
            code=twice[0],
        )
    empty = sorted(code for code, n in {**populations, **additions}.items() if n <= 0)
    if empty:
        raise BadInput(
            _("Folkmängden för kommun {code} ska vara större än noll. Rätta den."), code=empty[0]
        )


def read_decimal(text: str) -> Decimal:
    """A number with at most two decimals, by comma or point.

    Raises BadInput for anything else.
    """
    if not _DECIMAL.fullmatch(text.strip()):
        raise BadInput(_("”{text}” är inget tal. Skriv till exempel 2 eller 2,5."), text=text[:40])
    return Decimal(text.strip().replace(",", "."))


def written_decimal(number: Decimal) -> str:
    """A number as people write it, without zeros at its end: `2`, `2,5`."""
    return f"{number.normalize():f}".replace(".", ",")


def _annex_steps(basis: Basis) -> tuple[Step, ...]:
    everyone = {"all_population": grouped(basis.all_population)}
    total = {"total": kronor(basis.total_kr)}
    people = Step(
        "population",
        {"year": basis.population_year},
        f"{grouped(basis.population)} invånare",
        ANNEX,
    )
    annex = kronor(basis.annex_kr)
    if basis.is_addition:
        rate = decimal_comma(Fraction(basis.total_kr, basis.all_population), 5)
        rate_step = Step("rate", everyone | total, f"{rate}{NO_BREAK_SPACE}kr", ANNEX)
        return people, rate_step, Step("addition", {}, annex, CLAUSE_6)
    share = decimal_comma(Fraction(100 * basis.population, basis.all_population), 5)
    fraction = f"{grouped(basis.population)} / {grouped(basis.all_population)}"
    share_step = Step("share", everyone, f"{fraction} = {share}{NO_BREAK_SPACE}%", ANNEX)
    return people, share_step, Step("annex_amount", total, annex, CLAUSE_6)


def _index_step(basis: Basis, percent: Decimal, base_year: int, year: int) -> Step:
    facts: dict[str, Any] = {"year": year, "base_year": base_year}
    if year <= base_year:
        code = "no_index" if year == base_year else "before_index"
        return Step(code, facts, kronor(basis.annex_kr), CLAUSE_6)
    facts["percent"] = written_decimal(percent)
    factor = index_factor(percent, base_year, year)
    indexed = decimal_comma(basis.annex_kr * factor, 2)
    value = f"× {decimal_comma(factor, 6)} = {indexed}{NO_BREAK_SPACE}kr"
    return Step("index", facts, value, CLAUSE_6)
