"""Every read of tariffs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hamn.core import tabular
from hamn.core.errors import BadInput, NotVisible, _
from hamn.core.money import half_up
from hamn.guards.access import permits
from hamn.register.organisations.queries import (
    known_municipalities,
    populations,
    reference_populations,
)
from hamn.register.organisations.rules import known_code, positive_population

from . import reference
from .models import Tariff, TariffLine
from .reference import ReferenceTariff
from .rules import Basis, Gotland, fees_with, index_factor

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def in_use(viewer: "Person") -> Tariff:
    """The tariff that new agreements get: the latest by date of validity.

    Raises NotVisible before the first tariff.
    """
    permits.require(viewer, "tariffs.see")
    found = Tariff.objects.order_by("-valid_from", "-pk").first()
    if found is None:
        raise NotVisible(_("Ingen taxa är upplagd. Kör ”hamn setup” först."))
    return found


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


def _today(
    viewer: "Person | None",
) -> tuple[Tariff | ReferenceTariff, dict[str, int], set[str]]:
    """The terms, the populations they rest on, and the codes that pay on top of the total."""
    if viewer is None:
        counts = {**reference.populations(), **reference.ADDITIONS}
        return ReferenceTariff(), counts, set(reference.ADDITIONS)
    tariff = in_use(viewer)
    rows = list(TariffLine.objects.filter(tariff=tariff))
    counts = {line.municipality_id: line.population for line in rows}
    return tariff, counts, {line.municipality_id for line in rows if line.is_addition}


def _populations(viewer: "Person | None", year: int | None, codes: Iterable[str]) -> dict[str, int]:
    if viewer is not None and year is not None:
        return populations(viewer, year=year, codes=codes)
    return reference_populations(year or 0, codes)
