"""How long people waited for an answer in a year: from the facts alone, never from dialogues.

Outside the unit only months that have ended are counted, so that nobody learns that a dialogue was
opened between two askings.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count

from hamn.core.dates import months_ended
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.register.staff import queries as staff

from ..models import DialogueFact
from ..rules import response as rules
from .inbox import reading_units

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FIRST_YEAR = 2018


@dataclass(frozen=True, slots=True)
class Exact:
    """A unit's year in full, for its own people."""

    unit: str
    name: str
    times: rules.Times


@dataclass(frozen=True, slots=True)
class Totals:
    """A unit's counts; None for one so small that it is told to the unit alone.

    median: the class of working days that half of the answers came within.
    """

    unit: str
    name: str
    totals: dict[str, int | None]
    median: int | None


def totals_of(viewer: "Person", year: int, *, today: date) -> list[Totals]:
    """Every unit's ended months of the year, the small counts left out.

    Raises BadInput for an impossible year.
    """
    permits.require(viewer, "door.count")
    months = months_ended(year, today=today)
    return [_protected(one) for one in _years(year, today, months=months)]


def exact_of(viewer: "Person", year: int, *, today: date) -> list[Exact]:
    """The year of each of her own units; none to who belongs to none."""
    permits.require(viewer, "door.count")
    own = reading_units(viewer)
    return [one for one in _years(year, today) if one.unit in own]


def years(today: date) -> list[int]:
    """The years that have facts, and this one, the latest first."""
    found = DialogueFact.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*found, today.year}, reverse=True)


def _protected(one: Exact) -> Totals:
    totals = rules.protected(one.times.totals)
    median = one.times.median if totals["answers"] is not None else None
    return Totals(one.unit, one.name, totals, median)


def _years(year: int, today: date, *, months: int = 12) -> list[Exact]:
    """Each unit's year, or so many months of it, in two queries."""
    if not FIRST_YEAR <= year <= today.year:
        raise BadInput(
            _("Året {year} kan inte räknas. Välj ett år från {first} till {last}."),
            year=year,
            first=FIRST_YEAR,
            last=today.year,
        )
    columns = ("unit", "kind", "working_days", "was_in_time")
    facts = DialogueFact.objects.filter(year=year, month__lte=months)
    rows = facts.order_by().values_list(*columns)
    found = rules.tallied(rules.Row(*row) for row in rows.annotate(number=Count("pk")))
    names = staff.every_unit_name()
    return [Exact(code, name, found.get(code, rules.Times())) for code, name in names.items()]
