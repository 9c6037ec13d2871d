"""Every read of follow-up."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits

from .models import PublishedTotal
from .rules import Base, Figure, Measure, Residence, Unit, together

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FIGURE_FIELDS = tuple(field.name for field in fields(Figure))


def totals_for(
    viewer: "Person", *, measure: str = "", service: str = "", year: int | None = None
) -> QuerySet[PublishedTotal]:
    """The published totals that hold: corrected ones are left out, their corrections are in."""
    permits.require(viewer, "followup.see")
    rows = PublishedTotal.objects.filter(correction__isnull=True).select_related("entered_by")
    if measure:
        rows = rows.filter(measure=measure)
    if service:
        rows = rows.filter(service=service)
    if year is not None:
        rows = rows.filter(from_year__lte=year, to_year__gte=year)
    return rows


def total(viewer: "Person", total_id: int) -> PublishedTotal:
    """One published total, corrected or not.

    Raises NotVisible when there is none.
    """
    permits.require(viewer, "followup.see")
    rows = PublishedTotal.objects.select_related("entered_by", "supersedes", "correction")
    found = rows.filter(pk=total_id).first()
    if found is None:
        raise NotVisible(_("Den publicerade siffran finns inte."))
    return found


def versions(viewer: "Person", row: PublishedTotal) -> list[PublishedTotal]:
    """The total and all its corrections and forerunners, the one that holds first."""
    permits.require(viewer, "followup.see", row)
    return [*reversed(list(_later(row))), row, *_earlier(row)]


def figure_of(row: PublishedTotal) -> Figure:
    """What was published, apart from who entered it and when."""
    plain = {name: getattr(row, name) for name in FIGURE_FIELDS}
    return Figure(
        **plain
        | {
            "measure": Measure(row.measure),
            "residence": Residence(row.residence),
            "unit": Unit(row.unit),
            "base_state": Base(row.base_state),
        }
    )


def share_of_all(viewer: "Person", rows: QuerySet[PublishedTotal]) -> Decimal:
    """One share of all whom the rows tell of, where every base is known.

    Raises BadInput where it cannot be said, with the reason.
    """
    permits.require(viewer, "followup.see")
    return together([figure_of(row) for row in rows])


def _later(row: PublishedTotal) -> Iterator[PublishedTotal]:
    """Corrections of the row, the oldest first."""
    rows = PublishedTotal.objects.select_related("entered_by")
    while (found := rows.filter(supersedes=row).first()) is not None:
        yield found
        row = found


def _earlier(row: PublishedTotal) -> Iterator[PublishedTotal]:
    """What the row corrects, the newest first."""
    while row.supersedes is not None:
        row = row.supersedes
        yield row
