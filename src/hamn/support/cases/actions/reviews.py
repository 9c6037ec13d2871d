"""The monthly review of reads: drawn by the clock, judged and signed by the unit's head."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.register.staff.queries import all_units

from ..events import Event
from ..models import AccessReview, CaseRead, ReviewedRead
from ..queries.reviews import has_other_reviewer, picks_of, review_for
from ..rules.access import ALWAYS_REVIEWED
from ..rules.reviews import (
    KEPT_YEARS,
    check_all_judged,
    check_not_her_own,
    check_not_signed,
    ended_months,
    sample_size,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_ALWAYS = Q(why__in=ALWAYS_REVIEWED)


def draw_reviews(*, now: datetime) -> int:
    """How many reviews were drawn: one for each unit and ended month with reads, and once only."""
    today = timezone.localdate(now)
    months = list(ended_months(today))
    drawn = set(AccessReview.objects.values_list("unit", "year", "month"))
    units = all_units().values_list("code", flat=True)
    wanted = [(unit, *month) for unit in units for month in months]
    return sum(_draw(*one, now) for one in wanted if one not in drawn)


@transaction.atomic
def read_review(*, review_id: UUID, by: "Person", now: datetime) -> list[ReviewedRead]:
    """The picks of a review, for who signs it; that she looked is recorded. Raises NotVisible."""
    review = review_for(by, review_id, now)
    permits.require(by, "cases.review", review)
    audit.record(Event.REVIEW_READ, by=by, on=review)
    return list(picks_of(review))


@transaction.atomic
def judge_reads(
    *, review_id: UUID, verdicts: Mapping[UUID, bool], is_signed: bool, by: "Person", now: datetime
) -> AccessReview:
    """The picks with her verdicts (whether the read was right), and the review signed if asked.

    verdicts: by the id of the pick; those of other reviews change nothing.
    Raises NotVisible, AlreadySigned, BadInput for her own reads where another can judge them, and
    for a signature while picks are left.
    """
    review = review_for(by, review_id, now, lock=True)
    permits.require(by, "cases.review", review)
    check_not_signed(is_signed=review.signed_at is not None)
    picks = review.picks.filter(pk__in=verdicts).select_related("read")
    changed = [pick for pick in picks if pick.was_right != verdicts[pick.pk]]
    own = sum(pick.read.person_id == by.pk for pick in changed)
    check_not_her_own(
        own, others=bool(own) and has_other_reviewer(review.unit, by, timezone.localdate(now))
    )
    for pick in changed:
        pick.was_right = verdicts[pick.pk]
    ReviewedRead.objects.bulk_update(changed, ["was_right"])
    # How many and not which: a read leads to the case, and goes when the case does.
    wrong = sum(not pick.was_right for pick in changed)
    audit.record(
        Event.READS_JUDGED, by=by, on=review, judged=len(changed), questioned=wrong, own=own
    )
    if is_signed:
        _sign(review, by, now)
    return review


@transaction.atomic
def purge_reviews(*, now: datetime) -> int:
    """How many reviews were older than they are kept, and are gone."""
    oldest = timezone.localdate(now).year - KEPT_YEARS
    rows = AccessReview.objects.filter(year__lt=oldest)
    count = rows.count()
    if count:
        rows.delete()
        audit.record(Event.REVIEWS_PURGED, by=None, count=count)
    return count


def _sign(review: AccessReview, by: "Person", now: datetime) -> None:
    check_all_judged(review.picks.filter(was_right__isnull=True).count())
    review.signed_by, review.signed_at = by, now
    review.save(update_fields=["signed_by", "signed_at"])
    audit.record(Event.REVIEW_SIGNED, by=by, on=review, picks=review.picks.count())


@transaction.atomic
def _draw(unit: str, year: int, month: int, now: datetime) -> bool:
    """Whether there was something to draw, and nobody had drawn it meanwhile."""
    reads = _reads_of(unit, year, month)
    always = list(reads.filter(_ALWAYS).values_list("pk", flat=True))
    others = list(reads.exclude(_ALWAYS).values_list("pk", flat=True))
    if not (always or others):
        return False
    review, is_new = AccessReview.objects.get_or_create(
        unit=unit, year=year, month=month, defaults={"drawn_at": now}
    )
    if not is_new:
        return False
    # Nobody can foresee which reads are looked at.
    picked = secrets.SystemRandom().sample(others, sample_size(len(others)))
    ReviewedRead.objects.bulk_create(
        ReviewedRead(review=review, read_id=pk) for pk in sorted([*always, *picked])
    )
    audit.record(
        Event.REVIEW_DRAWN, by=None, on=review, reads=len(always) + len(others), drawn=len(picked)
    )
    return True


def _reads_of(unit: str, year: int, month: int) -> QuerySet[CaseRead]:
    """The unit's reads of a month, by Swedish days."""
    first = date(year, month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    starts, ends = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, after))
    return CaseRead.objects.filter(unit=unit, at__gte=starts, at__lt=ends)
