"""A year's consultations in counts: one's own units exactly, the centre with small ones left out.

The centre is counted by the months that have ended, so that nobody outside learns what came in
between two askings. Source: requirements C2, C6, C7, I8, I24.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from hamn.core.dates import ended_through, months_ended
from hamn.core.errors import BadInput, _
from hamn.core.figures import if_many
from hamn.guards.access import permits
from hamn.register.staff import queries as staff
from hamn.support.services import queries as services

from ..models import ConsultationFact
from ..rules import counting
from .lists import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FIRST_YEAR = 2018
_MUNICIPALITIES = "municipality"


@dataclass(frozen=True, slots=True)
class Line:
    """One count with its words. count: None for one that is too small to be told."""

    unit: str
    what: str
    part: str
    count: int | str | None


@dataclass(frozen=True, slots=True)
class Exact:
    """A unit's year in full, for its own people."""

    unit: str
    name: str
    tally: counting.Tally


@dataclass(frozen=True, slots=True)
class Whole:
    """The centre's year as it may be told outside the units. through: up to which month."""

    through: str | None
    given: int | None
    supervisions: int | None
    by_class: dict[str, int | None]
    by_municipality: dict[str, int | None]


def exact_of(viewer: "Person", year: int, *, today: date) -> list[Exact]:
    """The year of each of her own units, exact and by every class.

    Raises NotVisible to who belongs to none, BadInput for a year that cannot be counted.
    """
    permits.require(viewer, "consultations.count")
    own, names = units_of(viewer), staff.every_unit_name()
    found = counting.tallied(_rows(year, today))
    return [
        Exact(code, name, found.get(code, counting.Tally()))
        for code, name in names.items()
        if code in own
    ]


def whole_of(viewer: "Person", year: int, *, today: date) -> Whole:
    """The centre's ended months by class and municipality (I24), the small counts left out.

    Raises NotVisible, PermissionDenied; BadInput for a year that cannot be counted.
    """
    permits.require(viewer, "consultations.count_all")
    rows = list(_rows(year, today, months=months_ended(year, today=today)))
    tally = counting.together(rows)
    parts = {"given": tally.given - tally.supervisions, "supervisions": tally.supervisions}
    told = counting.protected(parts)
    names = services.municipality_names()
    by_class = counting.protected(tally.parts["municipality_class"])
    by_municipality = counting.protected_within(rows, by_class)
    return Whole(
        through=ended_through(year, today=today),
        given=if_many(tally.given),
        supervisions=told["supervisions"],
        by_class=by_class,
        by_municipality={code: by_municipality[code] for code in names if code in by_municipality},
    )


def lines_of(one: Exact) -> Iterator[Line]:
    """Every count of the unit's year, totals first."""
    for name, what in counting.TOTALS.items():
        yield Line(one.name, what, "", getattr(one.tally, name))
    yield from part_lines(one)


def part_lines(one: Exact) -> Iterator[Line]:
    """The counts of each class, in the order of its names."""
    for part, counts in one.tally.parts.items():
        yield from _lines(one.name, part, counts)


def whole_lines(whole: Whole, name: str) -> Iterator[Line]:
    """The centre's counts. name: the centre's, as the lines begin."""
    yield Line(name, counting.THROUGH, "", whole.through)
    yield Line(name, counting.TOTALS["given"], "", whole.given)
    yield Line(name, counting.TOTALS["supervisions"], "", whole.supervisions)
    yield from _lines(name, "municipality_class", whole.by_class)
    yield from _lines(name, _MUNICIPALITIES, whole.by_municipality)


def years(today: date) -> list[int]:
    """The years that have facts, and this one, the latest first."""
    found = ConsultationFact.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*found, today.year}, reverse=True)


def _lines(unit: str, part: str, counts: Mapping[str, int | None]) -> Iterator[Line]:
    names = dict(_names(part))
    known = [code for code in names if code in counts]
    for code in [*known, *sorted(set(counts) - set(known))]:
        yield Line(unit, counting.PARTS[part], names.get(code, code), counts[code])


def _names(part: str) -> dict[str, str]:
    if part == _MUNICIPALITIES:
        return {**services.municipality_names(), "": counting.CLASSES[counting.NOWHERE]}
    if part == "month":
        return {str(month): f"{month:02}" for month in range(1, 13)}
    return dict(counting.NAMES[part])


def _rows(year: int, today: date, *, months: int = 12) -> list[counting.Row]:
    """The year's facts, or those of so many months, those alike together, in one query."""
    if not FIRST_YEAR <= year <= today.year:
        raise BadInput(
            _("Året {year} kan inte räknas. Välj ett år från {first} till {last}."),
            year=year,
            first=FIRST_YEAR,
            last=today.year,
        )
    columns = [name for name in counting.Row._fields if name != "weight"]
    facts = ConsultationFact.objects.filter(year=year, month__lte=months)
    rows = facts.order_by().values_list(*columns)
    return [counting.Row(*row) for row in rows.annotate(sum=Sum("weight")).exclude(sum=0)]
