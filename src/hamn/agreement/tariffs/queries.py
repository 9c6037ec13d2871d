"""Every read of tariffs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum

from hamn.core import tabular
from hamn.core.errors import BadInput, NotVisible, _
from hamn.core.money import half_up
from hamn.guards.access import permits
from hamn.register.organisations.queries import (
    known_municipalities,
    municipalities,
    names,
    populations,
    provider,
    reference_populations,
)
from hamn.register.organisations.rules import known_code, positive_population

from . import reference
from .models import Tariff, TariffLine
from .reference import ReferenceTariff
from .rules import (
    Basis,
    Comparison,
    Gotland,
    annex_fees,
    check_shares,
    check_terms,
    compare,
    fees_with,
    index_factor,
    share_percent,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def in_use(viewer: "Person") -> Tariff:
    """The tariff that new agreements get: the latest by date of validity.

    Raises NotVisible before the first tariff.
    """
    permits.require(viewer, "tariffs.see")
    found = _latest()
    if found is None:
        raise NotVisible(_("Ingen taxa är upplagd. Kör ”hamn setup” först."))
    return found


def _latest() -> Tariff | None:
    return Tariff.objects.order_by("-valid_from", "-pk").first()


def tariffs_for(viewer: "Person") -> QuerySet[Tariff]:
    """Every tariff, with `agreements` that refer to it when the viewer may see agreements."""
    permits.require(viewer, "tariffs.see")
    rows = Tariff.objects.all()
    if permits.allows(viewer, "agreements.see"):
        rows = rows.annotate(agreements=Count("agreement"))
    return rows


def tariff(viewer: "Person", tariff_id: int) -> Tariff:
    """The tariff, as `tariffs_for` reads it, with its posts.

    Raises NotVisible for one that does not exist.
    """
    found = tariffs_for(viewer).prefetch_related("posts").filter(pk=tariff_id).first()
    if found is None:
        raise NotVisible(_("Taxan finns inte. Gå tillbaka till listan över taxor."))
    return found


def annex_of(viewer: "Person", row: Tariff) -> QuerySet[TariffLine]:
    """The tariff's lines with their municipalities (bilagan)."""
    permits.require(viewer, "tariffs.see")
    return TariffLine.objects.filter(tariff=row).select_related("municipality")


def sums_of(viewer: "Person", row: Tariff) -> dict[str, int]:
    """How many share the total and how many pay on top of it, and what each sort pays in kronor."""
    added = Q(is_addition=True)
    found = annex_of(viewer, row).aggregate(
        sharing=Count("pk", filter=~added),
        shared_kr=Sum("annex_kr", filter=~added),
        additions=Count("pk", filter=added),
        added_kr=Sum("annex_kr", filter=added),
    )
    return {name: value or 0 for name, value in found.items()}


def line_for(tariff: Tariff, code: str) -> TariffLine:
    """The municipality's line in the tariff.

    Raises BadInput when the tariff has none.
    """
    line = TariffLine.objects.filter(tariff=tariff, municipality=code).first()
    if line is None:
        raise no_line(tariff.name, code)
    return line


def no_line(name: str, code: str) -> BadInput:
    """The refusal for a municipality that a tariff has no line for."""
    return BadInput(
        _("Taxan ”{tariff}” har ingen rad för kommun {code}. Lägg upp en taxa som har det."),
        tariff=name,
        code=code,
    )


def lines(tariff_ids: Iterable[int], codes: Iterable[str]) -> dict[tuple[int, str], TariffLine]:
    """Lines by (tariff id, municipality code), in one query."""
    rows = TariffLine.objects.filter(tariff__in=set(tariff_ids), municipality__in=list(codes))
    return {(line.tariff_id, line.municipality_id): line for line in rows}


def codes_in_use(viewer: "Person") -> set[str]:
    """The codes of the municipalities that the tariff in use has a line for: the offer area."""
    rows = TariffLine.objects.filter(tariff=in_use(viewer))
    return set(rows.values_list("municipality", flat=True))


def indexed_total(tariff: Tariff, year: int) -> int:
    """What the services cost in the year's prices, in whole kronor (H16)."""
    factor = index_factor(tariff.index_percent, tariff.price_level_year, year)
    return half_up(tariff.total_kr * factor)


def named(name: str) -> Tariff | None:
    """The tariff of that name, if there is one."""
    return Tariff.objects.filter(name=name).first()


def refuse_taken(name: str) -> None:
    """Raise BadInput when a tariff has the name already."""
    if named(name) is not None:
        raise name_taken(name)


def name_taken(name: str) -> BadInput:
    """The refusal of a name that a tariff has."""
    return BadInput(
        _("Det finns redan en taxa som heter ”{name}”. Välj ett annat namn."), name=name
    )


def read_codes(text: str) -> tuple[str, ...]:
    """Municipality codes from codes or names with commas between: `0980` or `Gotland`.

    Raises BadInput for one that no municipality has.
    """
    known = known_municipalities()
    by_name = {name.casefold(): code for code, name in known.items()}
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    codes = (by_name.get(part.casefold()) or known_code(part, known) for part in parts)
    return tuple(dict.fromkeys(codes))


def shares(
    viewer: "Person", *, counties: Iterable[str], additions: Iterable[str], population_year: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Populations of the counties' municipalities, and of those that pay on top of the total.

    Raises BadInput when a figure for the year is missing.
    """
    sharing = [row.code for row in municipalities(viewer, counties=counties)]
    return (
        populations(viewer, year=population_year, codes=sharing),
        populations(viewer, year=population_year, codes=additions),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a tariff would give before it is adopted, beside the one in use."""

    rows: list[dict[str, Any]]
    sharing: int
    shared_kr: int
    added_kr: int
    in_use: Tariff | None


def preview(
    viewer: "Person",
    *,
    name: str,
    total_kr: int,
    posts: Mapping[str, Decimal],
    index_percent: Decimal,
    populations: Mapping[str, int],
    additions: Mapping[str, int],
) -> Preview:
    """Each municipality's fee under the terms, refused where `actions.adopt` would refuse.

    Raises BadInput.
    """
    permits.require(viewer, "tariffs.adopt")
    refuse_taken(name)
    check_terms(total_kr=total_kr, posts=posts, index_percent=index_percent)
    check_shares(populations, additions)
    fees = annex_fees(total_kr, populations, additions)
    present, everyone = _latest(), sum(populations.values())
    today = _amounts(present)
    counts = {**populations, **additions}
    rows = [
        {
            "name": name,
            "population": counts[code],
            "share": share_percent(counts[code], everyone),
            "fee_kr": fees[code],
            "today_kr": today.get(code),
            "difference_kr": fees[code] - today[code] if code in today else None,
            "is_addition": code in additions,
        }
        for code, name in names(viewer, fees).items()
    ]
    added_kr = sum(fees[code] for code in additions)
    return Preview(
        rows=rows,
        sharing=len(populations),
        shared_kr=sum(fees.values()) - added_kr,
        added_kr=added_kr,
        in_use=present,
    )


def _amounts(row: Tariff | None) -> dict[str, int]:
    """The tariff's yearly fees by code."""
    rows = TariffLine.objects.filter(tariff=row) if row else TariffLine.objects.none()
    return dict(rows.values_list("municipality", "annex_kr"))


def basis_of(tariff: Tariff, line: TariffLine) -> Basis:
    """What the line's amount is computed from."""
    return Basis(
        total_kr=tariff.total_kr,
        population=line.population,
        all_population=tariff.all_population,
        population_year=tariff.population_year,
        annex_kr=line.annex_kr,
        is_addition=line.is_addition,
    )


def read_allocation(path: Path) -> dict[str, tuple[str, int]]:
    """Name and population by code from a CSV: `municipality_code,name,population`.

    Raises BadInput or FaultsInFile for a file that cannot be right.
    """
    column = tabular.column_like(path, "population")
    known = known_municipalities()
    rows = tabular.read_all(
        path,
        required=("municipality_code", "name", column),
        read=lambda row: (
            known_code(row["municipality_code"], known),
            row["name"],
            positive_population(row[column]),
        ),
    )
    tabular.refuse_repeats(path, [(n, code) for n, (code, _n, _p) in rows], what=_("Kommunkoden"))
    return {code: (name, count) for _n, (code, name, count) in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Fees by code today and under the other terms, with both totals in kronor."""

    today: Mapping[str, int]
    today_total_kr: int
    fees: Mapping[str, int]
    total_kr: int


def basis_for(viewer: "Person | None", code: str) -> tuple[Tariff | ReferenceTariff, Basis]:
    """The terms and the municipality's basis: the centre's, or without one the annex of 2018.

    Raises BadInput when the tariff has no line for the municipality.
    """
    if viewer is not None:
        tariff = in_use(viewer)
        return tariff, basis_of(tariff, line_for(tariff, code))
    found = reference.basis(code)
    if found is None:
        raise no_line("2018", code)
    return ReferenceTariff(), found


def what_if(
    viewer: "Person | None",
    *,
    total_kr: int | None,
    population_year: int | None,
    gotland: Gotland | None,
    signed: Collection[str],
) -> WhatIf:
    """Fees if the tariff had another total, other populations or treated Gotland otherwise.

    None leaves that part as it is today; Gotland then counts when it is among the signed. Without
    a centre, the annex of 2018 is today.
    Raises BadInput when a population of that year is missing.
    """
    terms, counts, added = _today(viewer)
    chosen = gotland or (Gotland.ADDED if added & set(signed) else Gotland.LEFT_OUT)
    total = total_kr or terms.total_kr
    other = counts
    if population_year not in (None, terms.population_year):
        other = _populations(viewer, population_year, counts)
    present = Gotland.LEFT_OUT if chosen == Gotland.LEFT_OUT else Gotland.ADDED
    return WhatIf(
        today=fees_with(terms.total_kr, counts, added, present),
        today_total_kr=terms.total_kr,
        fees=fees_with(total, other, added, chosen),
        total_kr=total,
    )


def compared(
    viewer: "Person | None",
    *,
    total_kr: int | None,
    population_year: int | None,
    gotland: Gotland | None,
    signed: Collection[str],
) -> tuple[Comparison, Comparison]:
    """Today's fees and those of the what-if, each with what the provider bears (H16).

    Arguments and refusals as `what_if` has them.
    """
    outcome = what_if(
        viewer, total_kr=total_kr, population_year=population_year, gotland=gotland, signed=signed
    )
    bearer = provider().municipality_id if viewer else reference.PROVIDER_CODE
    return (
        compare(cost_kr=outcome.today_total_kr, fees=outcome.today, signed=signed, provider=bearer),
        compare(cost_kr=outcome.total_kr, fees=outcome.fees, signed=signed, provider=bearer),
    )


def latest_terms(viewer: "Person") -> tuple[Tariff, list[str], list[str]] | None:
    """The tariff in use, the counties that share its total, and the names of those on top of it."""
    permits.require(viewer, "tariffs.see")
    found = _latest()
    if found is None:
        return None
    sharing = annex_of(viewer, found).filter(is_addition=False)
    in_counties = sharing.values_list("municipality__county", flat=True).distinct()
    return found, sorted(in_counties), list(additions_in_use(viewer).values())


def additions_in_use(viewer: "Person") -> dict[str, str]:
    """Name by code of the municipalities that pay on top of the total in the tariff in use."""
    rows = annex_of(viewer, in_use(viewer)).filter(is_addition=True)
    return dict(rows.order_by("municipality").values_list("municipality", "municipality__name"))


def _today(
    viewer: "Person | None",
) -> tuple[Tariff | ReferenceTariff, dict[str, int], set[str]]:
    """The terms, the populations they rest on, and the codes that pay on top of the total."""
    if viewer is None:
        counts = {**reference.populations(), **reference.ADDITIONS}
        return ReferenceTariff(), counts, set(reference.ADDITIONS)
    tariff = in_use(viewer)
    lines = TariffLine.objects.filter(tariff=tariff)
    rows = list(lines.values_list("municipality", "population", "is_addition"))
    counts = {code: count for code, count, _is_addition in rows}
    return tariff, counts, {code for code, _count, is_addition in rows if is_addition}


def _populations(viewer: "Person | None", year: int | None, codes: Iterable[str]) -> dict[str, int]:
    if viewer is not None and year is not None:
        return populations(viewer, year=year, codes=codes)
    return reference_populations(year or 0, codes)
