"""A year in identity-free counts by unit: from the facts alone, never from cases.

Outside the unit only months that have ended are counted: who asks twice in one month is told the
same, so that nobody learns that a case was opened in between (docs/law.md section 4, rules 3, 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from hamn.core.dates import months_ended
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.register.staff import queries as staff
from hamn.support.services import queries as services

from ..models import Fact
from ..rules import stats as rules
from ..rules.outcomes import MEASURES
from .walls import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FIRST_YEAR = 2010
_TOWNS = "clients_municipality"


@dataclass(frozen=True, slots=True)
class Totals:
    """A unit's totals of a year; None for one so small that it is told to the unit alone."""

    unit: str
    name: str
    totals: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One count; what it is of, in marked sentences. base: of how many answers it is one."""

    unit: str
    what: str
    part: str
    count: int
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """A unit's year in full, for its own people."""

    unit: str
    name: str
    tally: rules.Tally


def totals_of(viewer: "Person", year: int, *, today: date) -> list[Totals]:
    """Every unit's totals of the year's ended months, the small ones left out.

    No class, no municipality. Raises BadInput for a year that cannot be counted.
    """
    permits.require(viewer, "cases.count_all")
    found = _tallies(viewer, year, today, months=months_ended(year, today=today))
    return [Totals(one.unit, one.name, rules.protected(one.tally.totals)) for one in found]


def exact_of(viewer: "Person", year: int, *, today: date) -> list[Exact]:
    """The year of each of her own units, exact and by every class.

    Raises NotVisible to who belongs to none, BadInput for a year that cannot be counted.
    """
    permits.require(viewer, "cases.count")
    own = units_of(viewer)
    return [one for one in _tallies(viewer, year, today) if one.unit in own]


def lines_of(one: Exact) -> Iterator[Line]:
    """Every count of the unit's year, totals first."""
    for name, count in one.tally.totals.items():
        yield Line(one.name, rules.TOTALS[name], "", count)
    yield from part_lines(one)
    yield from outcome_lines(one)


def part_lines(one: Exact) -> Iterator[Line]:
    """The counts of each class."""
    towns = services.municipality_names() if one.tally.parts.get(_TOWNS) else {}
    for part, counts in one.tally.parts.items():
        names = towns if part == _TOWNS else rules.NAMES.get(part, {})
        for code, count in counts.items():
            shown = names.get(code) or (code.zfill(2) if code.isdigit() else code)
            yield Line(one.name, rules.PARTS[part], shown or rules.NOT_SAID, count)


def outcome_lines(one: Exact) -> Iterator[Line]:
    """The answers to each measure of the follow-ups."""
    for outcome in one.tally.outcomes:
        measure = MEASURES[outcome.measure]
        for code, count in outcome.answers.items():
            answer = measure.answers.get(code, code)
            yield Line(one.name, measure.question, answer, count, outcome.base)


def years(today: date) -> list[int]:
    """The years that have facts, and this one, the latest first."""
    found = Fact.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*found, today.year}, reverse=True)


def _tallies(viewer: "Person", year: int, today: date, *, months: int = 12) -> list[Exact]:
    """Each unit's year, or so many months of it."""
    if not FIRST_YEAR <= year <= today.year:
        raise BadInput(
            _("Året {year} kan inte räknas. Välj ett år från {first} till {last}."),
            year=year,
            first=FIRST_YEAR,
            last=today.year,
        )
    found = rules.tallied(_rows(year, months))
    away = _turned_away(viewer, year, months)
    units = []
    for code, name in staff.every_unit_name().items():
        tally = found.get(code, rules.Tally())
        tally.totals["turned_away"] = away.get(code, 0)
        units.append(Exact(code, name, tally))
    return units


def _rows(year: int, months: int) -> list[rules.Row]:
    """The facts of so many months of the year, those alike together, in one query."""
    columns = [name for name in rules.Row._fields if name != "weight"]
    rows = Fact.objects.filter(year=year, month__lte=months).order_by().values_list(*columns)
    return [rules.Row(*row) for row in rows.annotate(sum=Sum("weight")).exclude(sum=0)]


def _turned_away(viewer: "Person", year: int, months: int) -> dict[str, int]:
    found: dict[str, int] = {}
    counts = services.turned_away_by_service(viewer, year=year, months=months)
    for service in services.services(viewer):
        found[service.unit] = found.get(service.unit, 0) + counts.get(service.code, 0)
    return found
