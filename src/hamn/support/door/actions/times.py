"""Staff publish times, withdraw them, and book for one who calls."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.guards.access import permits
from hamn.guards.access.queries import member_units
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import Booking, CalendarKey, Slot
from ..queries import times as queries
from ..queries.booking import slot_to_book
from ..queries.inbox import dialogue_for
from ..queries.keeping import rules_in_force
from ..queries.reaching import check_allowed
from ..rules import booking as rules
from ..rules import offers
from ..rules.calendars import digest_of, new_key
from ..rules.words import State
from .booking import book_time
from .notices import tell_of_news

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

LONGEST_PLACE = 120


@transaction.atomic
def publish_times(
    *, unit: str, form: str, place: str, offer: offers.Offer, by: "Person", now: datetime
) -> list[Slot]:
    """The worker's own times, free for the unit's dialogues to book.

    Raises NotVisible, PermissionDenied, BadInput; TimesOverlap when she has one already.
    """
    permits.require(by, "door.publish_times", unit)
    if unit not in member_units(by):
        raise BadInput(_("Välj en enhet som du hör till."))
    place = offers.check_place(form, clean_text(place, LONGEST_PLACE).strip())
    starts = offers.times_of(offer, now)
    offers.check_apart(starts, offer.minutes, _taken(by, starts))
    rows = [
        Slot(unit=unit, starts_at=at, minutes=offer.minutes, form=form, place=place, worker=by)
        for at in starts
    ]
    try:
        with transaction.atomic():
            Slot.objects.bulk_create(rows)
    except IntegrityError:
        # The same form at the same moment from two windows.
        raise offers.TimesOverlap(starts[0]) from None
    audit.record(Event.SLOT_PUBLISHED, by=by, on=rows[0], unit=unit, count=len(rows))
    return rows


@transaction.atomic
def withdraw_time(*, slot_id: UUID, by: "Person", now: datetime) -> bool:
    """Nobody can book the time any more; whether somebody had, whose booking is then cancelled.

    The person sees it where she reads her answers, and is told by the notice she asked for.
    Raises NotVisible; BookingGone for a time that has begun or is withdrawn.
    """
    slot = queries.slot_for(by, slot_id)
    permits.require(by, "door.publish_times", slot)
    # Waits for a booking that is being written, and lets none in after it.
    slot = Slot.objects.select_for_update().get(pk=slot.pk)
    if slot.withdrawn_at is not None or slot.starts_at <= now:
        raise rules.BookingGone
    return _withdraw(slot, now, by=by)


def withdraw_times_of_leavers(*, now: datetime) -> int:
    """Times to come of workers who no longer belong to their unit, or have lost the role in which
    they met people there, withdrawn; how many.

    Nobody would be there. Who had booked one is told of it as when staff withdraw it.
    """
    ids = list(queries.slots_of_leavers(now).values_list("pk", flat=True))
    return sum(_withdraw_leavers(slot_id, now) for slot_id in ids)


@transaction.atomic
def cancel_for_person(*, slot_id: UUID, by: "Person", now: datetime) -> None:
    """The booking is cancelled, as for one who calls; the time is free for others.

    Raises NotVisible; BookingGone where nobody has booked, or the time has begun.
    """
    slot = queries.slot_for(by, slot_id)
    permits.require(by, "door.publish_times", slot)
    slot = Slot.objects.select_for_update().get(pk=slot.pk)
    if slot.starts_at <= now or not _cancel_by_staff(slot, now):
        raise rules.BookingGone
    audit.record(Event.BOOKING_CANCELLED, by=by, on=slot, unit=slot.unit)


@transaction.atomic
def book_for_person(*, dialogue_id: UUID, slot_id: UUID, by: "Person", now: datetime) -> Booking:
    """A time booked for one who calls or is here, as her case allows.

    Raises NotVisible, SlotTaken, TooManyBooked, UnsafeContact for a form of meeting or an hour that
    the dialogue's case forbids.
    """
    dialogue = dialogue_for(by, dialogue_id)
    permits.require(by, "door.write", dialogue)
    if dialogue.state != State.OPEN:
        raise offers.DialogueOver
    slot = slot_to_book(dialogue, slot_id)
    if slot is not None:
        check_allowed(dialogue, slot.form, slot.starts_at)
    booking = book_time(dialogue=dialogue, slot_id=slot_id, wants_reminder=False, now=now)
    audit.record(Event.BOOKED_FOR, by=by, on=booking.slot, unit=dialogue.unit)
    return booking


@transaction.atomic
def make_calendar_key(*, by: "Person", today: date) -> str:
    """A key for her calendar program, shown once; one that she had before no longer holds."""
    permits.require(by, "door.publish_times")
    key = new_key()
    CalendarKey.objects.update_or_create(
        person=by, defaults={"digest": digest_of(key), "made_on": today}
    )
    audit.record(Event.CALENDAR_KEY_MADE, by=by, on=by)
    return key


@transaction.atomic
def remove_calendar_key(*, by: "Person") -> None:
    """Her calendar is read by no program any more."""
    permits.require(by, "door.publish_times")
    CalendarKey.objects.filter(person=by).delete()
    audit.record(Event.CALENDAR_KEY_REMOVED, by=by, on=by)


def forget_past_times(*, today: date) -> int:
    """Past times that nobody has a booking of, removed under their unit's rule; how many.

    After as many days as what was written, and without a decision never, as all else here.
    """
    count = 0
    for unit, rule in rules_in_force(today).items():
        before = datetime.combine(today - timedelta(days=rule.days), time.min)
        rows = Slot.objects.filter(unit=unit, starts_at__lt=timezone.make_aware(before))
        count += rows.filter(bookings__isnull=True).delete()[0]
    return count


@transaction.atomic
def _withdraw_leavers(slot_id: UUID, now: datetime) -> bool:
    """Whether the slot was withdrawn here; not when another process did, or she is back."""
    rows = queries.slots_of_leavers(now).filter(pk=slot_id)
    slot = rows.select_for_update(of=("self",)).first()
    if slot is not None:
        _withdraw(slot, now, by=None)
    return slot is not None


def _withdraw(slot: Slot, now: datetime, *, by: "Person | None") -> bool:
    """The locked slot, and the booking of it when there is one; whether there was."""
    slot.withdrawn_at = now
    slot.save(update_fields=["withdrawn_at"])
    was_booked = _cancel_by_staff(slot, now)
    audit.record(Event.SLOT_WITHDRAWN, by=by, on=slot, unit=slot.unit, was_booked=was_booked)
    return was_booked


def _taken(worker: "Person", starts: Sequence[datetime]) -> list[tuple[datetime, int]]:
    """The worker's times around those."""
    day = timedelta(days=1)
    rows = Slot.objects.filter(worker=worker, withdrawn_at__isnull=True)
    rows = rows.filter(starts_at__gt=starts[0] - day, starts_at__lt=starts[-1] + day)
    return list(rows.values_list("starts_at", "minutes"))


def _cancel_by_staff(slot: Slot, now: datetime) -> bool:
    booking = slot.bookings.filter(cancelled_at__isnull=True).select_related("dialogue").first()
    if booking is None:
        return False
    booking.cancelled_at, booking.cancelled_by = now, "staff"
    booking.save(update_fields=["cancelled_at", "cancelled_by"])
    tell_of_news(booking.dialogue, now=now)
    booking.dialogue.seen_by_person = False
    booking.dialogue.save(update_fields=["seen_by_person"])
    return True
