"""The monthly reviews of reads that a viewer signs, and the reads that were questioned."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hamn.guards.access import permits
from hamn.register.staff import queries as staff
from hamn.register.staff.rules import CoverState

from ..models import AccessReview, ReviewedRead
from .access import reviewed_units
from .walls import no_such_case

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def reviews_for(viewer: "Person", now: datetime) -> QuerySet[AccessReview]:
    """Her units' reviews: how many picks, in `count`, and how many not judged, in `left`."""
    rows = AccessReview.objects.filter(unit__in=reviewed_units(viewer, now))
    return rows.select_related("signed_by").annotate(
        count=Count("picks"), left=Count("picks", filter=Q(picks__was_right__isnull=True))
    )


def unsigned(viewer: "Person", now: datetime) -> QuerySet[AccessReview]:
    """Her units' reviews that wait for a signature, the oldest first."""
    rows = reviews_for(viewer, now).filter(signed_at__isnull=True)
    return rows.order_by("year", "month", "unit")


def review_for(
    viewer: "Person", review_id: UUID, now: datetime, *, lock: bool = False
) -> AccessReview:
    """One review of her units. Raises NotVisible for any other."""
    rows = AccessReview.objects.filter(unit__in=reviewed_units(viewer, now), pk=review_id)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("signed_by")
    review = rows.first()
    if review is None:
        raise no_such_case()
    return review


def picks_of(review: AccessReview) -> QuerySet[ReviewedRead]:
    """The reads of the review in the order they were made."""
    rows = review.picks.select_related("read__person", "read__case", "read__contact")
    return rows.order_by("read_id")


def questioned(viewer: "Person", now: datetime) -> QuerySet[ReviewedRead]:
    """The reads of her units that a review found questionable, for a list."""
    rows = ReviewedRead.objects.filter(
        review__unit__in=reviewed_units(viewer, now), was_right=False
    )
    return rows.select_related("review", "read__person", "read__case", "read__contact")


def has_other_reviewer(unit: str, viewer: "Person", on: date) -> bool:
    """Whether somebody but the viewer may judge the unit's reads: another head, or a cover."""
    if permits.acting_heads().filter(unit=unit).exclude(person=viewer).exists():
        return True
    return any(
        one.membership.person_id != viewer.pk and one.state_on(on) is CoverState.IN_FORCE
        for one in staff.covers_of(viewer, unit)
    )
