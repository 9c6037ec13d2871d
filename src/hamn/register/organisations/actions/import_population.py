"""Population on 31 December, from a file or from Statistics Sweden."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from hamn.core import tabular
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules, scb
from ..events import Event
from ..models import Municipality, Population

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

SCB_SOURCE = f"SCB, {scb.TABLE} {scb.CONTENTS}"


@transaction.atomic
def save_populations(
    *, year: int, inhabitants: Mapping[str, int], source: str, by: "Person"
) -> int:
    """Population on 31 December of the year; returns how many figures are new.

    Raises BadInput when a stored figure would change: a tariff may rest on it.
    """
    permits.require(by, "organisations.import_population")
    stored = dict(Population.objects.filter(year=year).values_list("municipality", "inhabitants"))
    changed = sorted(c for c, n in inhabitants.items() if stored.get(c, n) != n)
    if changed:
        raise BadInput(
            _(
                "Folkmängden {year} för {code} är redan {stored} och skulle bli {new}. Inget har "
                "ändrats. Kontrollera källan; en taxa kan vila på den gamla siffran."
            ),
            year=year,
            code=changed[0],
            stored=stored[changed[0]],
            new=inhabitants[changed[0]],
        )
    new = {code: count for code, count in inhabitants.items() if code not in stored}
    Population.objects.bulk_create(
        Population(municipality_id=code, year=year, inhabitants=count, source=source)
        for code, count in sorted(new.items())
    )
    # The name of a file is somebody's own words, so that the trail holds its kind alone.
    kind = "scb" if source == SCB_SOURCE else "file"
    audit.record(Event.POPULATION_IMPORTED, by=by, year=year, figures=len(new), source=kind)
    return len(new)


@transaction.atomic
def import_population(*, path: Path, by: "Person") -> dict[int, int]:
    """The population of a CSV with `municipality_code,year,population`; new figures by year."""
    permits.require(by, "organisations.import_population")
    known = set(Municipality.objects.values_list("code", flat=True))
    rows = read_populations(path, known=known)
    years: dict[int, dict[str, int]] = {}
    for _number, (code, year, count) in rows:
        years.setdefault(year, {})[code] = count
    return {
        year: save_populations(year=year, inhabitants=figures, source=path.name[:200], by=by)
        for year, figures in sorted(years.items())
    }


def fetch_population(*, year: int, today: date, address: str, by: "Person") -> dict[int, int]:
    """The year's population from Statistics Sweden; how many figures are new, by year.

    address: of the service. Asked before anything is written, since its answer may take a minute.
    Raises BadInput for a year that has not ended, and when the service does not answer in full.
    """
    permits.require(by, "organisations.import_population")
    if year >= today.year:
        raise BadInput(
            _("Folkmängden 31 december {year} finns inte än. Välj ett år som har gått."), year=year
        )
    figures = scb.population(year, sorted(queries.known_municipalities()), address=address)
    return {year: save_populations(year=year, inhabitants=figures, source=SCB_SOURCE, by=by)}


def read_populations(path: Path, *, known: Iterable[str]) -> list[tuple[int, tuple[str, int, int]]]:
    """Rows of (code, year, population) with their row numbers, all checked."""
    codes = frozenset(known)
    column = tabular.column_like(path, "population")
    rows = tabular.read_all(
        path,
        required=("municipality_code", "year", column),
        read=lambda row: _read_population(row, column, codes),
    )
    tabular.refuse_repeats(path, [(n, f"{r[0]} {r[1]}") for n, r in rows], what=_("Kommun och år"))
    return rows


def _read_population(row: tabular.Row, column: str, known: frozenset[str]) -> tuple[str, int, int]:
    code = rules.known_code(row["municipality_code"], known)
    year = tabular.whole_number(row["year"], what=_("Året"))
    if not 1968 <= year <= 2100:
        raise BadInput(_("Året {year} kan inte stämma. Skriv till exempel 2024."), year=year)
    return code, year, rules.positive_population(row[column])
