"""Times for staff: those of their units, and a worker's own calendar."""

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.facts import MEETING
from hamn.guards.access.queries import member_units, open_memberships
from hamn.guards.access.rules import units as known_units
from hamn.ui.words import said

from ..models import Booking, CalendarKey, Slot
from ..rules.calendars import BOOKED, FREE, Meeting, digest_of
from ..rules.words import MEETINGS

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

CALENDAR_BACK, CALENDAR_AHEAD = timedelta(days=30), timedelta(days=200)
MOST_MEETINGS = 2000


def slots_for(viewer: "Person", now: datetime) -> QuerySet[Slot]:
    """Her units' times from now on, withdrawn ones apart; `standing` holds who has booked each.

    Raises NotVisible to those without the permit.
    """
    permits.require(viewer, "door.publish_times")
    rows = Slot.objects.filter(unit__in=member_units(viewer), withdrawn_at__isnull=True)
    return _with_bookings(rows.filter(starts_at__gt=now - timedelta(hours=4)))


def slot_for(viewer: "Person", slot_id: UUID) -> Slot:
    """The time of one of her units, withdrawn or not. Raises NotVisible for any other."""
    permits.require(viewer, "door.publish_times")
    rows = _with_bookings(Slot.objects.filter(unit__in=member_units(viewer)))
    slot = rows.filter(pk=slot_id).first()
    if slot is None:
        raise NotVisible(_("Tiden finns inte för dig. Kontrollera adressen."))
    return slot


def slots_of_leavers(now: datetime) -> QuerySet[Slot]:
    """Times to come, not withdrawn, of workers who belong to the unit no more, or have no role in
    which they meet people (`WORKERS`); for the worker.

    Who rests, as a cover outside her days, still belongs; who is only proposed does not yet.
    """
    rows = open_memberships(known_units()).filter(granted_at__isnull=False)
    rows = rows.filter(person__role_rows__role__in=MEETING)
    belongs = Exists(rows.filter(unit=OuterRef("unit"), person=OuterRef("worker")))
    ahead = Slot.objects.filter(~belongs, withdrawn_at__isnull=True, starts_at__gt=now)
    return ahead.order_by("starts_at", "id")


def units_to_offer(viewer: "Person") -> dict[str, str]:
    """The units whose times she may publish, name by code."""
    own = member_units(viewer)
    return {code: name for code, name in known_units().items() if code in own}


def calendar_key_of(viewer: "Person") -> CalendarKey | None:
    """The key of her own calendar, when she has made one."""
    permits.require(viewer, "door.publish_times")
    return CalendarKey.objects.filter(pk=viewer.pk).first()


def whose_calendar(email: str, key: str) -> "Person | None":
    """Who has this address and this key, may sign in, and still meets people; else None."""
    rows = CalendarKey.objects.select_related("person")
    row = rows.filter(person__email=email.strip().lower(), person__is_active=True).first()
    # Compared also where there is none, so that time does not tell who has made a key.
    stored = bytes(row.digest) if row else bytes(32)
    if not hmac.compare_digest(stored, digest_of(key[:200])) or row is None:
        return None
    return row.person if permits.allows(row.person, "door.publish_times") else None


def calendar_of(person: "Person", now: datetime) -> list[Meeting]:
    """Her own times in the units that she belongs to, with nobody's name."""
    rows = Slot.objects.filter(worker=person, unit__in=member_units(person))
    rows = rows.filter(withdrawn_at__isnull=True, starts_at__gt=now - CALENDAR_BACK)
    rows = rows.filter(starts_at__lt=now + CALENDAR_AHEAD)
    booked = Exists(Booking.objects.filter(slot=OuterRef("pk"), cancelled_at__isnull=True))
    rows = rows.annotate(is_booked=booked).order_by("starts_at", "id")
    return [_meeting(row) for row in rows[:MOST_MEETINGS]]


def _meeting(row: Slot) -> Meeting:
    is_booked = bool(row.is_booked)  # type: ignore[attr-defined]
    title = f"{said(BOOKED if is_booked else FREE)}: {said(MEETINGS[row.form])}"
    # The link of a video meeting opens it: it stays in here.
    place = "" if row.form == "video" else row.place
    return Meeting(str(row.pk), row.starts_at, row.minutes, title, place, is_booked)


def _with_bookings(rows: QuerySet[Slot]) -> QuerySet[Slot]:
    standing = Booking.objects.filter(cancelled_at__isnull=True)
    booked = Prefetch("bookings", standing, to_attr="standing")
    return rows.select_related("worker").prefetch_related(booked)
