"""Who may open a case, who did, and whose glass-breaking waits for a head."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.access.queries import headed_units
from hamn.register.staff import queries as staff

from ..models import BreakGlass, Case, CaseRead, Participant, Share
from ..rules.access import BrokenGlass
from .opened import content_of
from .walls import no_such_case, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from .opened import OpenCase

NEWS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Broken:
    """A break-glass with what it says."""

    row: BreakGlass
    says: BrokenGlass


def participants(opened: "OpenCase") -> list[Participant]:
    """Who takes part in the case."""
    rows = opened.case.participants.select_related("person", "added_by")
    return list(rows.order_by("added_at", "pk"))


def open_shares(opened: "OpenCase", on: "datetime") -> list[Share]:
    """The units that may read the case now."""
    day = timezone.localdate(on)
    rows = opened.case.shares.filter(
        Q(until__isnull=True) | Q(until__gte=day), ended_at__isnull=True
    )
    return list(rows.select_related("shared_by").order_by("shared_at", "pk"))


def broken(opened: "OpenCase") -> list[Broken]:
    """Every time somebody broke the glass of the case, and why; the latest first."""
    rows = opened.case.break_glasses.select_related("person", "reviewed_by")
    return [
        Broken(row, content_of(row, opened.box, BrokenGlass))
        for row in rows.order_by("-opened_at", "pk")
    ]


def unreviewed(case: Case) -> QuerySet[BreakGlass]:
    """The break-glasses of the case that no head has signed yet."""
    rows = case.break_glasses.filter(reviewed_at__isnull=True)
    return rows.select_related("person").order_by("opened_at", "pk")


def open_now(case: Case, now: datetime) -> QuerySet[BreakGlass]:
    """The break-glasses by which the case is open to somebody now."""
    rows = case.break_glasses.filter(opened_at__lte=now, until__gt=now)
    return rows.select_related("person").order_by("until", "pk")


def covers_of(viewer: "Person", case: Case, now: datetime) -> list[str]:
    """The titles of the unit's accepted covers today; none to a viewer of another unit."""
    if case.unit not in units_of(viewer):
        return []
    people = staff.workers(viewer, case.unit, timezone.localdate(now))
    return [one.person.title for one in people if one.is_cover]


def reads_of(opened: "OpenCase") -> QuerySet[CaseRead]:
    """Who read and wrote in the case, for a list."""
    return opened.case.reads.select_related("person")


def open_glasses(viewer: "Person", now: datetime) -> QuerySet[BreakGlass]:
    """What the viewer has broken open and still reads."""
    rows = BreakGlass.objects.filter(person=viewer, opened_at__lte=now, until__gt=now)
    rows = rows.filter(case__unit__in=units_of(viewer))
    return rows.select_related("case").order_by("until", "pk")


def news_for(viewer: "Person", now: datetime) -> QuerySet[BreakGlass]:
    """Her cases whose glass another has broken: until reviewed, and two weeks at least."""
    recent = Q(reviewed_at__isnull=True) | Q(opened_at__gte=now - NEWS)
    rows = BreakGlass.objects.filter(
        recent, case__responsible=viewer, case__unit__in=units_of(viewer)
    ).exclude(person=viewer)
    return rows.select_related("case", "person").order_by("-opened_at", "pk")


def reviewed_units(viewer: "Person", on: datetime) -> frozenset[str]:
    """The units whose reads she reviews: those she heads, and those she is cover of."""
    if not permits.allows(viewer, "cases.review"):
        return frozenset()
    return headed_units(viewer) | staff.covers(viewer, timezone.localdate(on))


def to_review(viewer: "Person", now: datetime) -> list[BreakGlass]:
    """The break-glasses that she may sign: not her own; as cover only what a head did."""
    headed = headed_units(viewer)
    rows = BreakGlass.objects.filter(
        unit__in=reviewed_units(viewer, now), reviewed_at__isnull=True
    ).exclude(person=viewer)
    rows = rows.select_related("case", "person").order_by("opened_at", "pk")
    return [row for row in rows if row.unit in headed or row.unit in headed_units(row.person)]


def break_glass_to_review(
    viewer: "Person", break_glass_id: UUID, now: datetime, *, lock: bool = False
) -> BreakGlass:
    """One that she may sign, or has signed. Raises NotVisible for any other."""
    rows = BreakGlass.objects.filter(pk=break_glass_id, unit__in=reviewed_units(viewer, now))
    if lock:
        list(rows.select_for_update(of=("self",)))
    row = rows.exclude(person=viewer).select_related("case", "person", "reviewed_by").first()
    if row is None:
        raise no_such_case()
    if row.unit in headed_units(viewer) or row.unit in headed_units(row.person):
        return row
    raise no_such_case()
